"""Writes the facts that the files give. Curators' decisions and rules' verdicts are not touched."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from typing import Any, TypeAlias

from trials.doses import dose_in_words
from trials.models import Fact, Trial
from trials.models.fact import LINKED
from trials.seeding.evidence import Keys
from trials.seeding.report import SeedReport, Tally
from trials.seeding.tables import differs
from trials.seeding.trial_shapes import DOSE
from trials.seeding.trial_shapes import Fact as FactEntry
from trials.seeding.trial_shapes import Trial as TrialEntry
from trials.showing import settle
from trials.vocabulary import NOT_STATED, Basis, DoseUnit, FactKind

# What the files may say. No other part of the catalogue writes facts of these bases.
FROM_FILES = (Basis.RECORD, Basis.DOCUMENT, Basis.INFERRED)
_UNITS = {
    None: DoseUnit.CELLS,
    "kg": DoseUnit.PER_KG,
    "mL": DoseUnit.PER_ML,
    "cm2": DoseUnit.PER_CM2,
}
# A statement is the same one as long as these are; its note or source may be put better.
_IDENTITY = (
    "trial_id",
    "kind",
    "role",
    "cell_source_id",
    "indication_id",
    "product_id",
    "value",
    "number",
    "basis",
    "quote",
    "place",
)
_Identity: TypeAlias = tuple[Any, ...]


def save_facts(
    entries: list[TrialEntry],
    trials: dict[str, Trial],
    keys: Keys,
    report: SeedReport,
    *,
    now: datetime,
) -> None:
    """Bring the files' facts in step: new ones made, vanished ones retired, the others kept.

    A fact that stays keeps its row and its date. One that a person ended is not brought back.
    """
    tally = report.kinds["facts"]
    wanted: dict[_Identity, dict[str, Any]] = {}
    read_on: dict[_Identity, datetime] = {}
    for entry in entries:
        for fact in entry.facts:
            columns = _columns(fact, entry, trials[entry.number].pk, keys)
            identity = tuple(columns[name] for name in _IDENTITY)
            wanted.setdefault(identity, columns)
            read_on.setdefault(identity, _midnight(entry.checked))
    live, ended_by_people = _known()
    gone = [row for identity, row in live.items() if identity not in wanted]
    made = [
        Fact(**columns, decided_at=read_on[identity])
        for identity, columns in wanted.items()
        if identity not in live and identity not in ended_by_people
    ]
    Fact.objects.filter(pk__in=[row.pk for row in gone]).update(retired_at=now, shown=False)
    Fact.objects.bulk_create(made)
    for identity in live.keys() & wanted.keys():
        _put_better(live[identity], wanted[identity], tally)
    tally.created += len(made)
    tally.removed += len(gone)
    tally.unchanged += sum(identity in ended_by_people for identity in wanted.keys() - live.keys())
    if touched := {row.trial_id for row in (*gone, *made)}:
        settle(Trial.objects.filter(pk__in=touched))


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=UTC)


def _put_better(row: Fact, columns: dict[str, Any], tally: Tally) -> None:
    """The same statement in better words: its note, its source. It keeps its date."""
    if not differs(row, columns):
        tally.unchanged += 1
        return
    for name, value in columns.items():
        setattr(row, name, value)
    row.save(update_fields=[name.removesuffix("_id") for name in columns])
    tally.changed += 1


def _known() -> tuple[dict[_Identity, Fact], set[_Identity]]:
    """The files' live facts, and those that a person ended, by what they say."""
    live: dict[_Identity, Fact] = {}
    ended_by_people: set[_Identity] = set()
    for fact in Fact.objects.filter(basis__in=FROM_FILES):
        identity = tuple(getattr(fact, name) for name in _IDENTITY)
        if fact.retired_at is None:
            live[identity] = fact
        elif fact.retired_by_id is not None:
            ended_by_people.add(identity)
    return live, ended_by_people


def _columns(fact: FactEntry, entry: TrialEntry, trial: int, keys: Keys) -> dict[str, Any]:
    columns: dict[str, Any] = {
        "trial_id": trial,
        "kind": fact.kind,
        "role": fact.role,
        "cell_source_id": None,
        "indication_id": None,
        "product_id": None,
        "value": fact.value,
        "number": None,
        "dose_min": None,
        "dose_max": None,
        "dose_unit": "",
        "text": "",
        "basis": fact.basis,
        "quote": fact.quote,
        "place": fact.place,
        "document_id": keys.documents[fact.document] if fact.document else None,
        "source": fact.source or ("" if fact.document else _origin(entry)),
        "note": fact.note,
    }
    if fact.value == NOT_STATED:
        return columns
    if fact.kind in LINKED:
        known = {
            FactKind.CELL_SOURCE: keys.cell_sources,
            FactKind.INDICATION: keys.indications,
            FactKind.PRODUCT: keys.products,
        }[fact.kind]
        columns |= {"value": "", f"{LINKED[fact.kind]}_id": known[fact.value]}
    elif fact.kind == FactKind.ADMINISTRATIONS:
        columns |= {"value": "", "number": int(fact.value)}
    elif fact.kind == FactKind.DOSE:
        columns |= _dose(fact.value)
    return columns


def _origin(entry: TrialEntry) -> str:
    return entry.facts_from or entry.registry_origin


def _dose(value: str) -> dict[str, Any]:
    """The columns of a dose as the files write it: 2e7, 1e7-2e7, 1e6/kg."""
    found = DOSE.fullmatch(value)
    assert found is not None  # noqa: S101 - the shape of the entry was checked
    least, most = found["least"], found["most"] or found["least"]
    unit = _UNITS[found["per"]]
    return {
        "dose_min": float(least),
        "dose_max": float(most),
        "dose_unit": unit,
        "text": dose_in_words(float(least), float(most), unit),
    }
