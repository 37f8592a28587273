"""Writes a study into the tables: the registry's columns of a trial, and nobody else's."""

from __future__ import annotations

from collections.abc import Sequence
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
from trials.refresh.sponsors import Sponsors
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


def save_study(
    study: Study, trial: Trial | None, *, sponsors: Sponsors, origin: str, now: datetime
) -> Trial:
    """The study's trial, made (None) or brought up to date. Call it inside a transaction."""
    trial = _renumbered(trial, study) if trial else _new_trial(study)
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
    is_new = trial.pk is None
    trial.save()
    if not is_new:
        _clear_parts(trial)
    _save_parts(trial, study, sponsors)
    return trial


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


def _clear_parts(trial: Trial) -> None:
    """All that hangs on the trial comes with the record; what is not in it any more is gone."""
    for parts in (
        trial.interventions,
        trial.arms,
        trial.phases,
        trial.sponsorships,
        trial.sites,
        trial.outcomes,
        trial.references,
    ):
        parts.all().delete()


def _save_parts(trial: Trial, study: Study, sponsors: Sponsors) -> None:
    TrialPhase.objects.bulk_create([TrialPhase(trial=trial, phase=phase) for phase in study.phases])
    _save_sponsorships(trial, study, sponsors)
    _save_aliases(trial, study.aliases)
    Site.objects.bulk_create(_sites(trial, study))
    Outcome.objects.bulk_create(
        [
            Outcome(
                trial=trial,
                position=place,
                kind=outcome.kind,
                measure=outcome.measure,
                description=outcome.description,
                time_frame=outcome.time_frame,
            )
            for place, outcome in enumerate(study.outcomes)
        ],
    )
    Reference.objects.bulk_create(
        [
            Reference(
                trial=trial,
                position=place,
                pmid=reference.pmid[:20],
                type=reference.type,
                citation=reference.citation,
                retracted=bool(reference.retractions),
            )
            for place, reference in enumerate(study.references)
        ],
    )
    _save_arms(trial, study)


def _sites(trial: Trial, study: Study) -> list[Site]:
    return [
        Site(
            trial=trial,
            position=place,
            facility=location.facility,
            city=location.city,
            state=location.state,
            country_id=location.country_code or None,
            country_name=location.country,
            status=location.status,
            latitude=location.latitude,
            longitude=location.longitude,
        )
        for place, location in enumerate(study.locations)
    ]


def _save_sponsorships(trial: Trial, study: Study, sponsors: Sponsors) -> None:
    parts: dict[tuple[int, str], TrialSponsor] = {}
    named = [(SponsorRole.LEAD, study.lead_sponsor)] if study.lead_sponsor else []
    named += [(SponsorRole.COLLABORATOR, sponsor) for sponsor in study.collaborators]
    for role, described in named:
        sponsor = sponsors.named(described.name, described.sponsor_class)
        part = TrialSponsor(trial=trial, sponsor=sponsor, role=role)
        parts.setdefault((sponsor.pk, role), part)
    TrialSponsor.objects.bulk_create(parts.values())


def _save_aliases(trial: Trial, numbers: Sequence[str]) -> None:
    # A number that is another trial's own leads to that trial.
    taken = set(Trial.objects.filter(number__in=numbers).values_list("number", flat=True))
    for number in numbers:
        if number not in taken:
            TrialAlias.objects.get_or_create(number=number, defaults={"trial": trial})


def _save_arms(trial: Trial, study: Study) -> None:
    arms = Arm.objects.bulk_create(
        [
            Arm(
                trial=trial, position=n, label=arm.label, type=arm.type, description=arm.description
            )
            for n, arm in enumerate(study.arms)
        ],
    )
    interventions = Intervention.objects.bulk_create(
        Intervention(
            trial=trial,
            position=n,
            type=intervention.type,
            name=intervention.name,
            description=intervention.description,
            other_names=list(intervention.other_names),
        )
        for n, intervention in enumerate(study.interventions)
    )
    joined = Intervention.arms.through
    joined.objects.bulk_create(
        joined(intervention_id=row.pk, arm_id=arms[place].pk)
        for row, intervention in zip(interventions, study.interventions, strict=True)
        for place in intervention.arms
    )
