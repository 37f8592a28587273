"""Writes trials: the registry's columns until a refresh takes them over, and what the files own."""

from __future__ import annotations

from typing import Any

from trials.models import (
    Mention,
    Site,
    Trial,
    TrialAlias,
    TrialPhase,
    TrialPublication,
    TrialSponsor,
)
from trials.seeding.evidence import Keys
from trials.seeding.ledger import Values
from trials.seeding.report import SeedReport
from trials.seeding.tables import day, differs, mirror
from trials.seeding.trial_shapes import RegistryDate
from trials.seeding.trial_shapes import Trial as Entry
from trials.vocabulary import Basis, SponsorRole

# A registry's year: the refresh counts ages by the same (tests hold the two together).
DAYS_IN_A_YEAR = 365.25
# The registry's columns whose names the files share.
_SAME = (
    "registry",
    "title",
    "official_title",
    "acronym",
    "org_study_id",
    "why_stopped",
    "allocation",
    "intervention_model",
    "primary_purpose",
    "masking",
    "first_posted",
    "last_updated",
    "conditions",
    "keywords",
    "healthy_volunteers",
    "std_ages",
    "registry_origin",
)
_LISTED = ("status", "last_known_status", "study_type", "sex", "minimum_age", "maximum_age")


def save_trials(entries: list[Entry], keys: Keys, report: SeedReport) -> dict[str, Trial]:
    """The trials by the files' numbers. A trial that was renumbered is found by its old number."""
    numbers = {entry.number: entry.number for entry in entries}
    aliases = TrialAlias.objects.select_related("trial").filter(number__in=numbers)
    numbers |= {alias.number: alias.trial.number for alias in aliases}
    known = {trial.number: trial for trial in Trial.objects.filter(number__in=numbers.values())}
    tally = report.kinds["trials"]
    trials: dict[str, Trial] = {}
    for entry in entries:
        trial = known.get(numbers[entry.number])
        if trial is None:
            trial = Trial(number=entry.number, **_own_columns(entry), **_registry_columns(entry))
            trial.save()
            tally.created += 1
        elif differs(trial, values := _columns_to_write(entry, trial)):
            for name, value in values.items():
                setattr(trial, name, value)
            trial.save()
            tally.changed += 1
        else:
            tally.unchanged += 1
        trials[entry.number] = trial
    _save_registry_parts(entries, trials, keys, report)
    return trials


def _columns_to_write(entry: Entry, trial: Trial) -> dict[str, Any]:
    values = _own_columns(entry)
    if trial.screening_basis == Basis.CURATOR:
        for name in ("screening", "screening_basis", "screening_reason"):
            del values[name]
    if trial.refreshed_at is None:
        values |= _registry_columns(entry)
    return values


def _own_columns(entry: Entry) -> dict[str, Any]:
    return {
        "title_zh": entry.title_zh,
        "title_zh_note": entry.title_zh_note,
        "screening": entry.screening,
        "screening_basis": Basis.DOCUMENT,
        "screening_reason": entry.screening_reason,
        "doubt": entry.doubt,
        "note": entry.note,
    }


def _registry_columns(entry: Entry) -> dict[str, Any]:
    enrollment = entry.enrollment
    return {
        **{name: getattr(entry, name) for name in _SAME},
        **{name: getattr(entry, name) or "" for name in _LISTED},
        **_date_columns("start_date", entry.start),
        **_date_columns("primary_completion_date", entry.primary_completion),
        **_date_columns("completion_date", entry.completion),
        "registry_id": entry.number if entry.registry else None,
        "status_verified": day(entry.status_verified),
        "registry_as_of": day(entry.registry_as_of),
        "checked_on": entry.checked,
        "enrollment_count": enrollment.count if enrollment else None,
        "enrollment_type": (enrollment.type if enrollment else None) or "",
        "minimum_age_days": _days(entry.minimum_age),
        "maximum_age_days": _days(entry.maximum_age),
    }


def _date_columns(name: str, given: RegistryDate | None) -> dict[str, Any]:
    return {
        name: day(given.date) if given else None,
        f"{name}_type": (given.type if given else None) or "",
    }


def _days(age: str | None) -> int | None:
    return None if age is None else int(int(age.split()[0]) * DAYS_IN_A_YEAR)


def _save_registry_parts(
    entries: list[Entry], trials: dict[str, Trial], keys: Keys, report: SeedReport
) -> None:
    """Phases, sites and sponsors of the trials whose registry columns no refresh has written."""
    own = [(trials[e.number].pk, e) for e in entries if trials[e.number].refreshed_at is None]
    within = [pk for pk, _ in own]
    phases: dict[tuple[int, str], Values] = {
        (pk, phase): {"trial_id": pk, "phase": phase} for pk, entry in own for phase in entry.phases
    }
    mirror(
        TrialPhase,
        phases,
        key=lambda row: (row.trial_id, row.phase),
        within=TrialPhase.objects.filter(trial__in=within),
        tally=report.kinds["phases"],
    )
    sites: dict[tuple[int, int], Values] = {
        (pk, n): {
            **site.model_dump(exclude={"country"}),
            "trial_id": pk,
            "position": n,
            "country_id": site.country,
        }
        for pk, entry in own
        for n, site in enumerate(entry.sites)
    }
    mirror(
        Site,
        sites,
        key=lambda row: (row.trial_id, row.position),
        within=Site.objects.filter(trial__in=within),
        tally=report.kinds["sites"],
    )
    mirror(
        TrialSponsor,
        _sponsorships(own, keys),
        key=lambda row: (row.trial_id, row.sponsor_id, row.role),
        within=TrialSponsor.objects.filter(trial__in=within),
        tally=report.kinds["sponsorships"],
    )


def _sponsorships(own: list[tuple[int, Entry]], keys: Keys) -> dict[tuple[int, int, str], Values]:
    parts: dict[tuple[int, int, str], Values] = {}
    for pk, entry in own:
        named = [(SponsorRole.LEAD, entry.sponsor)] if entry.sponsor else []
        named += [(SponsorRole.COLLABORATOR, slug) for slug in entry.collaborators]
        for role, slug in named:
            sponsor = keys.sponsors[slug]
            parts[pk, sponsor, role] = {"trial_id": pk, "sponsor_id": sponsor, "role": role}
    return parts


def save_trial_links(entries: list[Entry], keys: Keys, report: SeedReport) -> None:
    """Where documents name the trials, and the papers on them."""
    mentions: dict[tuple[int, int, str], Values] = {}
    papers: dict[tuple[int, int], Values] = {}
    for entry in entries:
        pk = keys.trials[entry.number]
        for mention in entry.mentions:
            document = keys.documents[mention.document]
            mentions[pk, document, mention.place] = {
                **mention.model_dump(exclude={"document"}),
                "trial_id": pk,
                "document_id": document,
            }
        for paper in entry.publications:
            publication = keys.publications[paper.publication]
            papers[pk, publication] = {
                **paper.model_dump(exclude={"publication"}),
                "trial_id": pk,
                "publication_id": publication,
            }
    mirror(
        Mention,
        mentions,
        key=lambda row: (row.trial_id, row.document_id, row.place),
        tally=report.kinds["mentions"],
    )
    mirror(
        TrialPublication,
        papers,
        key=lambda row: (row.trial_id, row.publication_id),
        tally=report.kinds["papers of trials"],
    )
