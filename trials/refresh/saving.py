"""Writes a study into the tables: the registry's columns of a trial, and nobody else's."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db import models

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


def save_study(study: Study, *, sponsors: Sponsors, origin: str, now: datetime) -> Trial:
    """The trial of this study, made or brought up to date. Call it inside a transaction."""
    trial = _trial_of(study)
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
    trial.save()
    _save_parts(trial, study, sponsors)
    return trial


def _trial_of(study: Study) -> Trial:
    known = Trial.objects.filter(registry_id=study.registry_id).first()
    if known is None:
        # The registry renumbers: a trial under an older number is the same trial.
        known = Trial.objects.filter(registry_id__in=study.aliases).first()
        if known is not None:
            TrialAlias.objects.get_or_create(number=known.number, defaults={"trial": known})
            known.number = study.registry_id
    if known is not None:
        return known
    return Trial(number=study.registry_id, screening=Screening.INCLUDED, screening_basis=Basis.RULE)


def _as_of(study: Study) -> PartialDate | None:
    as_of = study.version_date or study.last_updated
    return PartialDate(as_of.isoformat()) if as_of else None


def _save_parts(trial: Trial, study: Study, sponsors: Sponsors) -> None:
    _replace(trial.phases, [TrialPhase(trial=trial, phase=phase) for phase in study.phases])
    _save_sponsorships(trial, study, sponsors)
    _save_aliases(trial, study.aliases)
    _replace(trial.sites, _sites(trial, study))
    _replace(
        trial.outcomes,
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
    _replace(
        trial.references,
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
    _replace(trial.sponsorships, parts.values())


def _save_aliases(trial: Trial, numbers: Sequence[str]) -> None:
    for number in numbers:
        TrialAlias.objects.get_or_create(number=number, defaults={"trial": trial})


def _save_arms(trial: Trial, study: Study) -> None:
    trial.interventions.all().delete()
    arms = _replace(
        trial.arms,
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


def _replace(manager: Any, rows: Iterable[models.Model]) -> list[Any]:
    """All rows that hang on the trial, as the record has them now."""
    manager.all().delete()
    return list(manager.model.objects.bulk_create(rows))
