"""Writes studies into the tables: the registry's columns of trials, and nobody else's."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from trials.models import (
    Arm,
    Intervention,
    Outcome,
    Reference,
    Site,
    Trial,
    TrialAlias,
    TrialPhase,
    TrialSponsor,
)
from trials.partial_date import PartialDate
from trials.refresh.rows import Row, give_keys, insert, insert_instances, next_keys
from trials.refresh.sponsors import Sponsors, spelled
from trials.registry.study import Study
from trials.vocabulary import Basis, Screening, SponsorRole

REGISTRY = "ClinicalTrials.gov"

# Columns that are the study's own fields, name for name.
_SAME = (
    "registry_id",
    "title",
    "official_title",
    "acronym",
    "org_study_id",
    "status",
    "last_known_status",
    "why_stopped",
    "study_type",
    "allocation",
    "intervention_model",
    "primary_purpose",
    "masking",
    "observational_model",
    "time_perspective",
    "start_date_type",
    "primary_completion_date_type",
    "completion_date_type",
    "first_posted",
    "last_updated",
    "brief_summary",
    "detailed_description",
    "eligibility_criteria",
    "sex",
    "minimum_age",
    "maximum_age",
    "minimum_age_days",
    "maximum_age_days",
    "healthy_volunteers",
    "has_results",
)
_PARTIAL_DATES = ("status_verified", "start_date", "primary_completion_date", "completion_date")
_LISTS = ("conditions", "keywords", "std_ages", "removed_countries")


def save_studies(
    studies: Sequence[tuple[Study, Trial | None]],
    *,
    sponsors: Sponsors,
    origin: str,
    now: datetime,
) -> list[Trial]:
    """The studies' trials, made (None) or brought up to date, in the same order.

    Call it inside a transaction. No two of the studies may be the same trial.
    """
    _meet_sponsors(studies, sponsors)
    trials = []
    for study, known in studies:
        trial = _renumbered(known, study) if known else _new_trial(study)
        _fill(trial, study, origin, now)
        trials.append(trial)
    saved = list(zip(trials, (study for study, _ in studies), strict=True))
    known_trials = [trial for trial in trials if trial.pk is not None]
    _clear_parts(known_trials)
    for trial in known_trials:
        trial.save()
    new_trials = [trial for trial in trials if trial.pk is None]
    give_keys(new_trials)
    insert_instances(new_trials)
    _save_parts(saved, sponsors)
    return trials


def _fill(trial: Trial, study: Study, origin: str, now: datetime) -> None:
    for name in _SAME:
        setattr(trial, name, getattr(study, name))
    for name in _PARTIAL_DATES:
        setattr(trial, name, getattr(study, name) or None)
    for name in _LISTS:
        setattr(trial, name, list(getattr(study, name)))
    trial.registry = REGISTRY
    trial.secondary_ids = [
        {"id": other.id, "type": other.type, "domain": other.domain}
        for other in study.secondary_ids
    ]
    trial.condition_meshes = [{"id": mesh.id, "term": mesh.term} for mesh in study.condition_meshes]
    trial.enrollment_count = study.enrollment.count
    known = study.enrollment.count is not None
    trial.enrollment_type = study.enrollment.type if known else ""
    trial.registry_as_of = _as_of(study)
    trial.registry_origin = origin
    trial.refreshed_at = now
    trial.gone_at = None


def _new_trial(study: Study) -> Trial:
    return Trial(number=study.registry_id, screening=Screening.INCLUDED, screening_basis=Basis.RULE)


def _renumbered(trial: Trial, study: Study) -> Trial:
    """The registry renumbers: the old number of a trial goes on leading to it."""
    if trial.number != study.registry_id:
        TrialAlias.objects.get_or_create(number=trial.number, defaults={"trial": trial})
        trial.number = study.registry_id
    return trial


def _as_of(study: Study) -> PartialDate | None:
    as_of = study.version_date or study.last_updated
    return PartialDate(as_of.isoformat()) if as_of else None


_Saved = Sequence[tuple[Trial, Study]]
_Joined = Intervention.arms.through


def _clear_parts(trials: Sequence[Trial]) -> None:
    """All that hangs on a trial comes with its record; what is not in it any more is gone."""
    if not trials:
        return
    keys = [trial.pk for trial in trials]
    _Joined.objects.filter(arm__trial__in=keys).delete()
    for part in (Intervention, Arm, TrialPhase, TrialSponsor, Site, Outcome, Reference):
        part.objects.filter(trial__in=keys).delete()


def _save_parts(saved: _Saved, sponsors: Sponsors) -> None:
    insert(TrialPhase, ("trial_id", "phase"), _phases(saved))
    _save_sponsorships(saved, sponsors)
    for trial, study in saved:
        _save_aliases(trial, study.aliases)
    insert(Site, _SITE, _sites(saved))
    insert(Outcome, _OUTCOME, _outcomes(saved))
    insert(Reference, _REFERENCE, _references(saved))
    _save_arms(saved)


def _phases(saved: _Saved) -> Iterator[Row]:
    return ((trial.pk, phase) for trial, study in saved for phase in study.phases)


_SITE = (
    "trial_id",
    "position",
    "facility",
    "city",
    "state",
    "country_id",
    "country_name",
    "status",
    "latitude",
    "longitude",
)


def _sites(saved: _Saved) -> Iterator[Row]:
    for trial, study in saved:
        for place, location in enumerate(study.locations):
            yield (
                trial.pk,
                place,
                location.facility,
                location.city,
                location.state,
                location.country_code or None,
                location.country,
                location.status,
                location.latitude,
                location.longitude,
            )


_OUTCOME = ("trial_id", "position", "kind", "measure", "description", "time_frame")


def _outcomes(saved: _Saved) -> Iterator[Row]:
    for trial, study in saved:
        for place, one in enumerate(study.outcomes):
            yield (trial.pk, place, one.kind, one.measure, one.description, one.time_frame)


_REFERENCE = ("trial_id", "position", "pmid", "type", "citation", "retracted")


def _references(saved: _Saved) -> Iterator[Row]:
    for trial, study in saved:
        for place, one in enumerate(study.references):
            yield (trial.pk, place, one.pmid[:20], one.type, one.citation, one.retracted)


def _meet_sponsors(studies: Sequence[tuple[Study, Trial | None]], sponsors: Sponsors) -> None:
    """Before anything is written, as a merging does: so neither waits for the other for ever."""
    sponsors.meet(
        one
        for study, _ in studies
        for one in (study.lead_sponsor, *study.collaborators)
        if one is not None
    )


def _save_sponsorships(saved: _Saved, sponsors: Sponsors) -> None:
    parts: dict[Row, str] = {}  # each once, under the name that is given first
    for trial, study in saved:
        if lead := study.lead_sponsor:
            parts[trial.pk, sponsors.key(lead.name), SponsorRole.LEAD.value] = spelled(lead.name)
        for one in study.collaborators:
            key = sponsors.key(one.name)
            if (trial.pk, key, SponsorRole.LEAD.value) not in parts:
                part = trial.pk, key, SponsorRole.COLLABORATOR.value
                parts.setdefault(part, spelled(one.name))
    columns = ("trial_id", "sponsor_id", "role", "named")
    insert(TrialSponsor, columns, ((*part, name) for part, name in parts.items()))


def _save_aliases(trial: Trial, numbers: Sequence[str]) -> None:
    if not numbers:
        return
    # A number that is another trial's own leads to that trial.
    taken = set(Trial.objects.filter(number__in=numbers).values_list("number", flat=True))
    for number in numbers:
        if number not in taken:
            TrialAlias.objects.get_or_create(number=number, defaults={"trial": trial})


_ARM = ("id", "trial_id", "position", "label", "type", "description")
_INTERVENTION = ("id", "trial_id", "position", "type", "name", "description", "other_names")


def _save_arms(saved: _Saved) -> None:
    arms = [(trial.pk, n, arm) for trial, study in saved for n, arm in enumerate(study.arms)]
    keys = dict(zip(((trial, n) for trial, n, _ in arms), next_keys(Arm, len(arms)), strict=True))
    insert(
        Arm,
        _ARM,
        (
            (keys[trial, n], trial, n, arm.label, arm.type, arm.description)
            for trial, n, arm in arms
        ),
    )
    given = [
        (trial.pk, n, one) for trial, study in saved for n, one in enumerate(study.interventions)
    ]
    numbered = list(zip(next_keys(Intervention, len(given)), given, strict=True))
    insert(
        Intervention,
        _INTERVENTION,
        (
            (key, trial, n, one.type, one.name, one.description, list(one.other_names))
            for key, (trial, n, one) in numbered
        ),
    )
    insert(
        _Joined,
        ("intervention_id", "arm_id"),
        ((key, keys[trial, arm]) for key, (trial, _, one) in numbered for arm in one.arms),
    )
