"""The tables of the trials themselves: what is said of each, in rows as a database wants them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from django.conf import settings
from django.db.models import Value
from django.db.models.functions import Coalesce, NullIf

from catalog.api.documents import rows as objects
from catalog.exports.around import SHOWN, TRIAL
from catalog.exports.tables import (
    DAY,
    JSON_LIST,
    LIST,
    MOMENT,
    NUMBER,
    PARTIAL,
    WHOLE,
    YES_NO,
    Column,
    Table,
    plain,
    table,
)
from trials.models import (
    Arm,
    Fact,
    Intervention,
    Outcome,
    Reference,
    Site,
    Trial,
    TrialAlias,
    TrialPhase,
    TrialSponsor,
)

_POSITION = Column("position", kind=WHOLE)
_IN_ITS_TABLE = "As in a table of its own; here as a JSON list, to be counted and filtered by."
# From the API's object: a path is where the value is in it.
_FROM_THE_API = (
    Column("id", ("id",), about="The registry's number, or the catalogue's own (SCT-0001)."),
    Column("url", ("url",), about="Its address in the API."),
    *(Column(name, (name,)) for name in ("registry", "registry_id", "registry_url")),
    Column("title", ("title", "en")),
    Column("title_zh", ("title", "zh")),
    *(Column(name, (name,)) for name in ("official_title", "acronym", "status", "study_type")),
    *(
        Column(name, (name,), about=PARTIAL)
        for name in ("start_date", "primary_completion_date", "completion_date")
    ),
    Column("enrollment", ("enrollment", "count"), WHOLE, about="Not known is null, never zero."),
    Column("enrollment_type", ("enrollment", "type")),
    Column("sponsor", ("sponsor", "slug"), refers_to="sponsors"),
    Column("donor_type", ("donor_type",)),
    Column("preparation", ("preparation",)),
    Column("administrations", ("administrations",), WHOLE),
    *(Column(name, (name,), LIST, about=_IN_ITS_TABLE) for name in ("phases", "routes")),
    Column("countries", ("countries", "code"), LIST, about=_IN_ITS_TABLE),
    *(
        Column(name, (name, "slug"), LIST, about=_IN_ITS_TABLE)
        for name in ("cell_sources", "indications", "products")
    ),
    Column("has_results", ("has_results",), YES_NO),
    Column("first_posted", ("first_posted",), DAY),
    Column("last_updated", ("last_updated",), DAY),
    Column("refreshed_at", ("refreshed_at",), MOMENT),
    Column("curated", ("curated",), YES_NO, about="Whether a person's decision stands on it."),
)
# What the API's lists leave to the trial's own page.
_LONG = (
    *(Column(name) for name in ("last_known_status", "why_stopped", "org_study_id")),
    *(Column(name) for name in ("allocation", "intervention_model", "primary_purpose", "masking")),
    *(Column(name) for name in ("brief_summary", "detailed_description", "eligibility_criteria")),
    *(Column(name) for name in ("sex", "minimum_age", "maximum_age")),
    *(Column(name, kind=WHOLE) for name in ("minimum_age_days", "maximum_age_days")),
    Column("healthy_volunteers", kind=YES_NO),
    *(Column(name, kind=LIST, about=JSON_LIST) for name in ("conditions", "keywords")),
    Column("registry_as_of", about=PARTIAL),
    *(Column(name) for name in ("registry_origin", "doubt", "note")),
)


def tables_of_trials(batches: Callable[[], Iterable[list[int]]]) -> tuple[Table, ...]:
    """`batches`: the primary keys of the trials, some at a time, anew for each reading."""
    return (_trials(batches), _facts(), _sites(), *_small(), *_design())


def _trials(batches: Callable[[], Iterable[list[int]]]) -> Table:
    def rows() -> Iterator[tuple[Any, ...]]:
        for keys in batches():
            yield from _rows(keys)

    return Table(
        "trials",
        "The trials of the catalogue, one a row.",
        (*_FROM_THE_API, *_LONG),
        ("id",),
        rows,
    )


def _rows(keys: Sequence[int]) -> Iterator[tuple[Any, ...]]:
    names = [column.name for column in _LONG]
    long = Trial.objects.filter(pk__in=keys).order_by().values_list("number", *names)
    rest = {number: tuple(map(plain, values)) for number, *values in long}
    for trial in objects(keys, settings.PUBLIC_URL):
        yield (*(_at(trial, *column.path) for column in _FROM_THE_API), *rest[trial["id"]])


def _at(value: Any, name: str, *rest: str) -> Any:
    """What stands at a path in the API's object; of a list of objects, of each of them."""
    found = value[name]
    if not rest or found is None:
        return found
    if isinstance(found, list):
        return list(dict.fromkeys(_at(each, *rest) for each in found))
    return _at(found, *rest)


def _small() -> tuple[Table, ...]:
    return (
        table(
            "trial_numbers",
            "Other numbers that lead to a trial.",
            TrialAlias.objects.filter(**SHOWN).order_by("pk"),
            "number",
            ("number", TRIAL),
        ),
        table(
            "trial_phases",
            "The phases of a trial: a phase 1/2 trial has both.",
            TrialPhase.objects.filter(**SHOWN).order_by("pk"),
            "trial phase",
            (TRIAL, "phase"),
        ),
        table(
            "trial_sponsors",
            "Who leads a trial, and who collaborates.",
            TrialSponsor.objects.filter(**SHOWN).order_by("pk"),
            "trial sponsor role",
            (TRIAL, Column("sponsor", "sponsor__slug", refers_to="sponsors"), "role"),
        ),
        table(
            "trial_references",
            "Papers that the registry's record names.",
            Reference.objects.filter(**SHOWN).order_by("pk"),
            "trial position",
            (TRIAL, _POSITION, "pmid", "type", "citation", Column("retracted", kind=YES_NO)),
        ),
    )


def _sites() -> Table:
    return table(
        "sites",
        "Where a trial is carried out. No person is named: contacts are with the registry.",
        Site.objects.filter(**SHOWN).order_by("pk"),
        "trial position",
        (
            *(TRIAL, _POSITION, "facility", "city", "state"),
            Column("country", "country__code", refers_to="countries"),
            Column("country_name", about="As registered."),
            "status",
            Column("latitude", kind=NUMBER),
            Column("longitude", kind=NUMBER),
        ),
    )


def _design() -> tuple[Table, ...]:
    shown = {f"intervention__{path}": value for path, value in SHOWN.items()}
    given = Intervention.arms.through.objects.filter(**shown)
    return (
        table(
            "arms",
            "Groups of participants.",
            Arm.objects.filter(**SHOWN).order_by("pk"),
            "trial position",
            (TRIAL, _POSITION, "label", "type", "description"),
        ),
        table(
            "interventions",
            "What is given or done.",
            Intervention.objects.filter(**SHOWN).order_by("pk"),
            "trial position",
            (
                *(TRIAL, _POSITION, "type", "name", "description"),
                Column("other_names", kind=LIST, about=JSON_LIST),
            ),
        ),
        table(
            "arm_interventions",
            "Which intervention is given in which arm, by their positions in the trial.",
            given.order_by("pk"),
            "trial arm intervention",
            (
                Column("trial", "intervention__trial__number", refers_to="trials"),
                Column("arm", "arm__position", WHOLE),
                Column("intervention", "intervention__position", WHOLE),
            ),
        ),
        table(
            "outcomes",
            "What is measured, and when.",
            Outcome.objects.filter(**SHOWN).order_by("pk"),
            "trial position",
            (TRIAL, _POSITION, "kind", "measure", "description", "time_frame"),
        ),
    )


def _facts() -> Table:
    slug = Coalesce(
        "cell_source__slug", "indication__slug", "product__slug", NullIf("value", Value(""))
    )
    return table(
        "facts",
        "What is said of a trial's cells, each with the words it rests on. Several may disagree;"
        " `shown` marks those that stand.",
        Fact.objects.filter(retired_at=None, **SHOWN).order_by("pk"),
        "id",
        (
            Column("id", "pk", WHOLE),
            *(TRIAL, "kind", "role"),
            Column("value", slug, about="A slug, a word of a closed list, or not-stated."),
            Column("cell_source", "cell_source__slug", refers_to="cell_sources"),
            Column("indication", "indication__slug", refers_to="indications"),
            Column("product", "product__slug", refers_to="products"),
            Column("number", kind=WHOLE),
            Column("dose_min", kind=NUMBER),
            Column("dose_max", kind=NUMBER),
            *("dose_unit", Column("text", about="As written."), "basis", "quote", "place"),
            Column("document", "document__slug", refers_to="documents"),
            *("source", "rule", Column("confidence", kind=NUMBER)),
            Column("decided_at", kind=MOMENT),
            *("note", Column("shown", kind=YES_NO)),
        ),
    )
