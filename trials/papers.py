"""How papers belong to trials: the rows themselves, and those that people's decisions ask for."""

from __future__ import annotations

from typing import TypedDict

from django.db.models import QuerySet

from trials.models import Decision, Publication, Trial, TrialPublication
from trials.vocabulary import DecisionKind


class Link(TypedDict):
    """How a paper belongs to a trial, as decisions keep it."""

    relation: str
    basis: str
    note: str


def link_between(trial: Trial, publication: int) -> Link | None:
    """How the paper belongs to the trial now; None where it does not."""
    row = trial.publication_links.filter(publication=publication).first()
    return None if row is None else Link(relation=row.relation, basis=row.basis, note=row.note)


def put_link(trial: Trial, publication: int, link: Link | None) -> None:
    """Let the paper belong to the trial in this way, or not at all."""
    if link is None:
        trial.publication_links.filter(publication=publication).delete()
    else:
        TrialPublication.objects.update_or_create(
            trial=trial, publication_id=publication, defaults={**link}
        )


def put_links_as_decided(trial: Trial) -> None:
    """Of each paper that people decided about for the trial, let the latest decision stand."""
    decisions = _standing().filter(trial=trial).order_by("pk")
    latest = {int(decision.aspect): decision for decision in decisions}
    for publication in Publication.objects.filter(pk__in=latest):
        put_link(trial, publication.pk, (latest[publication.pk].after or {}).get("link"))


def decided_links(trial: Trial | None = None) -> set[tuple[int, int]]:
    """The pairs of keys, trial and publication, about which a person's decision stands."""
    decisions = _standing() if trial is None else _standing().filter(trial=trial)
    pairs = decisions.order_by().values_list("trial", "aspect")
    return {(trial, int(publication)) for trial, publication in pairs if trial is not None}


def _standing() -> QuerySet[Decision]:
    return Decision.objects.filter(kind=DecisionKind.PUBLICATION, undone_at=None)
