"""Leaving an item of the queue as it is, until something about it changes; and taking that back."""

from __future__ import annotations

from datetime import datetime

from django.contrib.auth.models import User
from django.utils import timezone

from trials.curation.decisions import undo, undo_all
from trials.curation.reports import reopen_report
from trials.models import Decision, Left, Report
from trials.search.kept import writing


def leave(kind: str, *, key: str, said: str, by: User, at: datetime | None = None) -> None:
    """Remember that a person looked at the item as it is now; `said` tells that from later."""
    Left.objects.get_or_create(
        kind=kind, key=key, said=said, defaults={"by": by, "at": at or timezone.now()}
    )


def latest_of(person: User) -> Decision | Left | Report | None:
    """What the person did last and can undo: a decision that stands, an item left, a report closed.

    Of a report that was closed by deciding, the report.
    """
    decision = Decision.objects.filter(by=person, undone_at=None).order_by("-pk").first()
    left = Left.objects.filter(by=person).order_by("-pk").first()
    report = Report.objects.filter(closed_by=person).order_by("-closed_at", "-pk").first()
    acts: list[tuple[datetime, Decision | Left | Report]] = []
    if report is not None and report.closed_at is not None:
        acts.append((report.closed_at, report))
    if decision is not None:
        acts.append((decision.at, decision))
    if left is not None:
        acts.append((left.at, left))
    return max(acts, key=lambda act: act[0], default=(None, None))[1]


@writing()
def take_back(act: Decision | Left | Report, *, by: User, note: str) -> int:
    """Undo it, with all that was done at once with it; of how many decisions.

    Raises ValidationError as those do.
    """
    if isinstance(act, Left):
        act.delete()
        return 0
    if isinstance(act, Report):
        assert act.closed_at is not None  # noqa: S101 - `latest_of` finds closed ones
        together = Decision.objects.filter(
            trial=act.trial_id, by=act.closed_by, at=act.closed_at, undone_at=None
        )
        for decision in (decisions := list(together.order_by("-pk"))):
            undo(decision, by=by, note=note)
        reopen_report(act, by=by, note=note)
        return len(decisions)
    if act.batch is not None:  # what was decided together is taken back together
        return undo_all(act.batch, by=by, note=note)
    undo(act, by=by, note=note)
    return 1
