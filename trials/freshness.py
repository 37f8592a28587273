"""How fresh the catalogue is: its last refresh, its last complete one, and when that is too old."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q, QuerySet, Subquery

from trials.models import RefreshRun
from trials.vocabulary import RunKind, RunStatus

# A refresh a day and a week's grace: the registry changes on workdays, so more is a failure.
STALE_AFTER = timedelta(days=8)
# Runs that brought the catalogue up to date; one query or a few studies do not.
WHOLE = (RunKind.FULL, RunKind.INCREMENTAL)


@dataclass(frozen=True, slots=True)
class Freshness:
    """The newest refresh of the whole catalogue that ended, and the newest that ended complete."""

    last: RefreshRun | None = None
    complete: RefreshRun | None = None

    @property
    def data_date(self) -> str:
        """The day of the registry's data, as the registry gave it: "2026-08-14"; or empty."""
        return self.complete.data_timestamp[:10] if self.complete else ""

    @property
    def broken(self) -> RefreshRun | None:
        """The last refresh, where it failed or left something out."""
        return self.last if self.last != self.complete else None

    def stale(self, now: datetime) -> bool:
        """Whether no refresh was complete for longer than visitors may take for granted."""
        ended = self.complete.finished_at if self.complete else None
        return ended is None or now - ended > STALE_AFTER


def freshness() -> Freshness:
    """How fresh the catalogue is, in one query."""
    ended = RefreshRun.objects.filter(kind__in=WHOLE).exclude(status=RunStatus.RUNNING)
    wanted = Q(pk=_newest(ended)) | Q(pk=_newest(ended.filter(status=RunStatus.COMPLETE)))
    # The long columns are for the admin: a page shows a line.
    runs = list(RefreshRun.objects.filter(wanted).defer("skipped", "unknown_values", "fill"))
    complete = (run for run in runs if run.status == RunStatus.COMPLETE)
    return Freshness(last=next(iter(runs), None), complete=next(complete, None))


def _newest(runs: QuerySet[RefreshRun]) -> Subquery:
    return Subquery(runs.order_by("-started_at", "-pk").values("pk")[:1])
