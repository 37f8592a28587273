"""Rows for tests: each function makes one thing with plain defaults, and takes what matters."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import count
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.models import User

from trials.curation import call, reports
from trials.models import (
    Approval,
    CellSource,
    Citation,
    Claim,
    Country,
    Document,
    Fact,
    HarvestedQuery,
    HarvestQuery,
    Indication,
    LexiconTerm,
    Mention,
    Product,
    Publication,
    RecordChange,
    RefreshRun,
    Report,
    Site,
    Sponsor,
    SponsorAlias,
    StoredRecord,
    Trial,
    TrialAlias,
    TrialPhase,
    TrialPublication,
    TrialSponsor,
)
from trials.models.sponsor import normalise_name
from trials.refresh.harvest import parameters
from trials.search import kept
from trials.showing import settle
from trials.vocabulary import (
    NOT_STATED,
    AliasKind,
    Basis,
    ClaimTopic,
    DocumentKind,
    FactKind,
    IsStemCell,
    Role,
    RunKind,
    RunStatus,
    Screening,
    ScreeningRule,
    SponsorRole,
    Status,
    StudyType,
    Verdict,
)

THEN = datetime(2026, 3, 15, 12, 0, tzinfo=UTC)  # a moment that every builder may use
COUNTRIES = {
    "CN": ("China", "中国"),
    "DE": ("Germany", "德国"),
    "ES": ("Spain", "西班牙"),
    "HK": ("Hong Kong", "香港"),
    "KR": ("South Korea", "韩国"),
    "TW": ("Taiwan", "台湾"),
    "US": ("United States", "美国"),
}
_next = count(1)


def make_trial(
    number: str = "",
    *,
    phases: tuple[str, ...] = (),
    countries: tuple[str, ...] = (),
    sponsor: Sponsor | str | None = None,
    sources: tuple[CellSource | str, ...] = (),
    indications: tuple[Indication | str, ...] = (),
    products: tuple[Product | str, ...] = (),
    donors: tuple[str, ...] = (),
    preparations: tuple[str, ...] = (),
    routes: tuple[str, ...] = (),
    documents: tuple[Document | str, ...] = (),
    aliases: tuple[str, ...] = (),
    **changes: Any,
) -> Trial:
    """A trial of the catalogue; every fact given here is shown, read in the record.

    Text for a sponsor, source, indication, product or document is its slug: made if missing.
    """
    number = number or f"NCT{next(_next):08d}"
    registered = number.startswith("NCT")
    row: dict[str, Any] = {
        "number": number,
        "registry": "ClinicalTrials.gov" if registered else "",
        "registry_id": number if registered else None,
        "title": f"Trial {number}",
        "status": Status.RECRUITING,
        "study_type": StudyType.INTERVENTIONAL,
    }
    trial = Trial.objects.create(**{**row, **changes})
    for phase in phases:
        TrialPhase.objects.create(trial=trial, phase=phase)
    for code in countries:
        make_site(trial, code)
    if sponsor is not None:
        make_sponsorship(trial, sponsor)
    facts: tuple[tuple[str, tuple[Any, ...]], ...] = (
        (FactKind.CELL_SOURCE, sources),
        (FactKind.INDICATION, indications),
        (FactKind.PRODUCT, products),
        (FactKind.DONOR_TYPE, donors),
        (FactKind.PREPARATION, preparations),
        (FactKind.ROUTE, routes),
    )
    for kind, values in facts:
        for value in values:
            state_fact(trial, kind, value)
    if any(values for _kind, values in facts):
        settle([trial])
    for position, document in enumerate(documents, start=1):
        make_mention(trial, document, place=f"place {trial.number} {position}")
    for alias in aliases:
        TrialAlias.objects.create(trial=trial, number=alias)
    return trial


def make_fact(
    trial: Trial,
    kind: str,
    value: CellSource | Indication | Product | str = NOT_STATED,
    *,
    role: str = Role.EXPERIMENTAL,
    basis: str = Basis.RECORD,
    **changes: Any,
) -> Fact:
    """A live fact; which facts of the trial are shown is worked out as everywhere else."""
    fact = state_fact(trial, kind, value, role=role, basis=basis, **changes)
    settle([trial])
    fact.refresh_from_db()
    return fact


def state_fact(
    trial: Trial,
    kind: str,
    value: CellSource | Indication | Product | str = NOT_STATED,
    *,
    role: str = Role.EXPERIMENTAL,
    basis: str = Basis.RECORD,
    **changes: Any,
) -> Fact:
    """A live fact of a trial that is still to be settled, for a test that makes many.

    `value` is a row, a slug (made if missing) or a word of the kind's closed list. A dose or a
    number of administrations is given by keywords: `dose_min=2e7, dose_max=2e7, dose_unit="cells"`.
    """
    row: dict[str, Any] = {
        "trial": trial,
        "kind": kind,
        "role": role,
        "basis": basis,
        "decided_at": THEN,
    }
    makers: dict[str, Any] = {
        FactKind.CELL_SOURCE: make_source,
        FactKind.INDICATION: make_indication,
        FactKind.PRODUCT: make_product,
    }
    measured = "dose_min" in changes or "number" in changes
    if value == NOT_STATED:
        row["value"] = "" if measured else NOT_STATED
    elif kind in makers:
        row[kind] = makers[kind](value) if isinstance(value, str) else value
    else:
        row["value"] = value
    if basis == Basis.CURATOR:
        row |= {"decided_by": changes.get("decided_by") or make_curator(), "note": "I read it."}
    return Fact.objects.create(**{**row, **changes})


def make_source(
    slug: str = "bone-marrow", parent: CellSource | str | None = None, **changes: Any
) -> CellSource:
    """The cell source of this slug, made if it is missing."""
    return _branch(CellSource, slug, parent, changes)


def make_indication(
    slug: str = "knee-osteoarthritis", parent: Indication | str | None = None, **changes: Any
) -> Indication:
    """The indication of this slug, made if it is missing."""
    return _branch(Indication, slug, parent, changes)


def _branch(model: Any, slug: str, parent: Any, changes: dict[str, Any]) -> Any:
    if isinstance(parent, str):
        parent = _branch(model, parent, None, {})
    name = slug.replace("-", " ").capitalize()
    defaults = {"name": name, "parent": parent, **changes}
    return model.objects.get_or_create(slug=slug, defaults=defaults)[0]


def make_country(code: str = "CN") -> Country:
    name, name_zh = COUNTRIES.get(code, (code, code))
    return Country.objects.get_or_create(code=code, defaults={"name": name, "name_zh": name_zh})[0]


def make_site(trial: Trial, code: str | None = "CN", **changes: Any) -> Site:
    country = make_country(code) if code else None
    row: dict[str, Any] = {
        "trial": trial,
        "position": trial.sites.count(),
        "country": country,
        "country_name": country.name if country else "",
    }
    return Site.objects.create(**{**row, **changes})


def make_sponsor(slug: str = "", *, aliases: tuple[str, ...] = (), **changes: Any) -> Sponsor:
    """The sponsor of this slug, made if it is missing, with its name among its aliases."""
    slug = slug or f"sponsor-{next(_next)}"
    name = changes.pop("name", slug.replace("-", " ").title())
    sponsor, new = Sponsor.objects.get_or_create(slug=slug, defaults={"name": name, **changes})
    if new:
        make_alias(sponsor, sponsor.name, AliasKind.REGISTRY)
    for alias in aliases:
        make_alias(sponsor, alias)
    return sponsor


def make_alias(sponsor: Sponsor, name: str, kind: str = AliasKind.OTHER) -> SponsorAlias:
    return SponsorAlias.objects.create(
        sponsor=sponsor, name=name, normalised=normalise_name(name), kind=kind
    )


def make_sponsorship(
    trial: Trial, sponsor: Sponsor | str, role: str = SponsorRole.LEAD
) -> TrialSponsor:
    if isinstance(sponsor, str):
        sponsor = make_sponsor(sponsor)
    return TrialSponsor.objects.create(trial=trial, sponsor=sponsor, role=role)


def make_product(slug: str = "", **changes: Any) -> Product:
    slug = slug or f"product-{next(_next)}"
    row = {"name": slug.replace("-", " ").title(), "is_stem_cell": IsStemCell.YES}
    return Product.objects.get_or_create(slug=slug, defaults={**row, **changes})[0]


def make_approval(product: Product, **changes: Any) -> Approval:
    row = {"product": product, "position": product.approvals.count(), "regulator": "MFDS"}
    return Approval.objects.create(**{**row, "kind": "approval", **changes})


def make_document(slug: str = "", **changes: Any) -> Document:
    slug = slug or f"document-{next(_next)}"
    row = {"title": f"Document {slug}", "language": "en", "kind": DocumentKind.CLINIC}
    return Document.objects.get_or_create(slug=slug, defaults={**row, **changes})[0]


def make_mention(trial: Trial, document: Document | str, **changes: Any) -> Mention:
    if isinstance(document, str):
        document = make_document(document)
    row = {"trial": trial, "document": document, "place": f"paragraph {next(_next)}"}
    return Mention.objects.create(**{**row, **changes})


def make_claim(document: Document, **changes: Any) -> Claim:
    """A claim of the document: unverified, with words, place and finding."""
    row = {
        "document": document,
        "slug": f"claim-{next(_next)}",
        "topic": ClaimTopic.EFFICACY,
        "place": "paragraph 1",
        "words": "Nine in ten improved.",
        "gist": "Nine in ten improved",
        "verdict": Verdict.UNVERIFIED,
        "finding": "No source was found.",
    }
    return Claim.objects.create(**{**row, **changes})


def make_publication(slug: str = "", trial: Trial | None = None, **changes: Any) -> Publication:
    slug = slug or f"publication-{next(_next)}"
    row = {"slug": slug, "title": f"Publication {slug}", "identified": True}
    publication = Publication.objects.create(**{**row, **changes})
    if trial is not None:
        TrialPublication.objects.create(trial=trial, publication=publication, relation="results")
    return publication


def make_citation(document: Document, publication: Publication, **changes: Any) -> Citation:
    row = {"document": document, "publication": publication, "place": "note 1", "words": "Li 2024"}
    return Citation.objects.create(**{**row, **changes})


def make_curator(name: str = "curator", *, public_name: str = "") -> User:
    """The curator of this log-in name, made if missing; readers see the public name, if any."""
    person = get_user_model().objects.get_or_create(username=name)[0]
    if public_name:
        call(person, public_name)
    return person


def make_report(trial: Trial | None = None, **changes: Any) -> Report:
    said = {"aspect": "", "fault": "wrong", "words": "It is wrong.", "language": "en"}
    return reports.make_report(trial or make_trial(), **{**said, **changes})


def make_run(**changes: Any) -> RefreshRun:
    row = {"origin": "tests", "status": RunStatus.COMPLETE, "started_at": THEN}
    return RefreshRun.objects.create(**{**row, **changes})


def make_record(trial: Trial, **changes: Any) -> StoredRecord:
    row = {
        "registry_id": trial.number,
        "trial": trial,
        "body": b"",
        "content_hash": "0" * 64,
        "first_seen_at": THEN,
        "changed_at": THEN,
        "screening": Screening.INCLUDED,
    }
    return StoredRecord.objects.create(**{**row, **changes})


def make_left_out(number: str = "", rule: str = "no-cells", **changes: Any) -> StoredRecord:
    """A stored record that is no trial of the catalogue."""
    number = number or f"NCT{next(_next):08d}"
    row = {
        "registry_id": number,
        "title": f"Study {number}",
        "body": b"",
        "content_hash": "0" * 64,
        "first_seen_at": THEN,
        "changed_at": THEN,
        "screening": Screening.REVIEW if rule == ScreeningRule.UNSURE else Screening.EXCLUDED,
        "screening_rule": rule,
        "screening_reason": "“MSC” (conditions[0]) named, but none given",
    }
    return StoredRecord.objects.create(**{**row, **changes})


def make_term(phrase: str, value: str = "adipose", **changes: Any) -> LexiconTerm:
    """A phrase that an editor added: without more, to the named sources."""
    row = {"table": "sources", "section": "named", "added_at": THEN}
    return LexiconTerm.objects.create(**{**row, "phrase": phrase, "value": value, **changes})


def make_harvested(query: HarvestQuery, *numbers: str, **changes: Any) -> HarvestedQuery:
    """The query as the last complete run had it: all these studies came."""
    run = RefreshRun.objects.filter(kind=RunKind.FULL).first()
    row = {
        "run": run or make_run(kind=RunKind.FULL, data_timestamp="2026-03-14T09:00:05"),
        "name": query.name,
        "parameters": parameters(query),
        "expected": len(numbers),
        "numbers": list(numbers),
        "finished_at": THEN,
    }
    return HarvestedQuery.objects.create(**{**row, **changes})


def make_change(trial: Trial, field: str = "status", **changes: Any) -> RecordChange:
    """A change of the trial's stored record, made with its record and run if they are missing."""
    record = StoredRecord.objects.filter(trial=trial).first() or make_record(trial)
    run = RefreshRun.objects.first() or make_run()
    row = {"record": record, "trial": trial, "run": run, "field": field}
    row |= {"old": "A", "new": "B", "seen_at": THEN}
    return RecordChange.objects.create(**{**row, **changes})


def make_ready() -> None:
    """All that is kept of trials and made ready of them is as the trials are now."""
    kept.catch_up("default")
    kept.make_later("default", list(Trial.objects.values_list("pk", flat=True)))
