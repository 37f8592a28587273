"""Writes trials: the registry's columns until a refresh takes them over, and what the files own."""

from __future__ import annotations

from typing import Any

from trials.curation.titles import titled
from trials.models import (
    Mention,
    Site,
    Trial,
    TrialAlias,
    TrialPhase,
    TrialPublication,
    TrialSponsor,
)
from trials.papers import decided_links
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
    """The trials by the files' numbers. A trial that was renumbered is found by its old number.

    So is one that was joined to another: then two entries may be of one trial. The columns are of
    the entry that has the trial's present number; the other gives what that one leaves blank.
    """
    numbers = _present_numbers([entry.number for entry in entries])
    of_trial: dict[str, list[Entry]] = {}
    for entry in sorted(entries, key=lambda entry: entry.number != numbers[entry.number]):
        of_trial.setdefault(numbers[entry.number], []).append(entry)
    known = {trial.number: trial for trial in Trial.objects.filter(number__in=of_trial)}
    named = titled([trial.pk for trial in known.values()])
    tally = report.kinds["trials"]
    trials: dict[str, Trial] = {}
    for number, its in of_trial.items():
        trial = known.get(number)
        if trial is None:
            trial = Trial(number=number, **_own_columns(its), **_registry_columns(its[0]))
            trial.save()
            tally.created += 1
        elif differs(trial, values := _columns_to_write(its, trial, named)):
            for name, value in values.items():
                setattr(trial, name, value)
            trial.save()
            tally.changed += 1
        else:
            tally.unchanged += 1
        trials |= dict.fromkeys((entry.number for entry in its), trial)
    first = [its[0] for its in of_trial.values()]
    _save_registry_parts(first, trials, keys, report)
    return trials


def present_first(entries: list[Entry], trials: dict[str, Trial]) -> list[Entry]:
    """The entries, those under an older number last: where two say the same, the first counts."""
    return sorted(entries, key=lambda entry: entry.number != trials[entry.number].number)


def _present_numbers(numbers: list[str]) -> dict[str, str]:
    """The number that each trial has now."""
    aliases = TrialAlias.objects.filter(number__in=numbers)
    joined = Trial.objects.filter(number__in=numbers, joined_to__isnull=False)
    return {
        **{number: number for number in numbers},
        **dict(aliases.values_list("number", "trial__number")),
        **dict(joined.values_list("number", "joined_to__number")),
    }


def _columns_to_write(entries: list[Entry], trial: Trial, named: set[int]) -> dict[str, Any]:
    """What the files may write of a trial; `named` are those whose title a person gave."""
    entry, values = entries[0], _own_columns(entries)
    if trial.pk in named:
        del values["title_zh"], values["title_zh_note"]
    if trial.screening_basis == Basis.CURATOR:
        for name in ("screening", "screening_basis", "screening_reason"):
            del values[name]
    if trial.refreshed_at is None:
        values |= _registry_columns(entry)
    return values


def _own_columns(entries: list[Entry]) -> dict[str, Any]:
    entry = entries[0]
    titled = next((one for one in entries if one.title_zh), entry)
    return {
        "title_zh": titled.title_zh,
        "title_zh_note": titled.title_zh_note,
        "screening": entry.screening,
        "screening_basis": Basis.DOCUMENT,
        "screening_reason": entry.screening_reason,
        "doubt": next((one.doubt for one in entries if one.doubt), ""),
        "note": next((one.note for one in entries if one.note), ""),
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


def _completed(values: Values, other: Values) -> Values:
    """The values, and those of the other entry where they are blank."""
    return {name: values.get(name) or value for name, value in other.items()}


def save_trial_links(entries: list[Entry], keys: Keys, report: SeedReport) -> None:
    """Where documents name the trials, and the papers on them."""
    mentions: dict[tuple[int, int, str], Values] = {}
    papers: dict[tuple[int, int], Values] = {}
    for entry in entries:
        pk = keys.trials[entry.number]
        for mention in entry.mentions:
            document = keys.documents[mention.document]
            values = mention.model_dump(exclude={"document"})
            row = {**values, "trial_id": pk, "document_id": document}
            place = pk, document, mention.place
            mentions[place] = _completed(mentions.get(place, {}), row)
        for paper in entry.publications:
            publication = keys.publications[paper.publication]
            values = paper.model_dump(exclude={"publication"})
            row = {**values, "trial_id": pk, "publication_id": publication}
            papers[pk, publication] = _completed(papers.get((pk, publication), {}), row)
    mirror(
        Mention,
        mentions,
        key=lambda row: (row.trial_id, row.document_id, row.place),
        tally=report.kinds["mentions"],
    )
    decided = decided_links()
    rows = TrialPublication.objects.all()
    theirs = [r.pk for r in rows if (r.trial_id, r.publication_id) in decided] if decided else []
    mirror(
        TrialPublication,
        {pair: values for pair, values in papers.items() if pair not in decided},
        key=lambda row: (row.trial_id, row.publication_id),
        within=rows.exclude(pk__in=theirs),
        tally=report.kinds["papers of trials"],
    )
