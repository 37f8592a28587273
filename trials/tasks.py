"""The refresh as a task of the queue: asking for it, what waits or runs, and the task itself.

Whoever asks returns at once; `manage.py work` takes the task. The queue says what is asked for and
the running `RefreshRun` what is done: a worker that is killed leaves no task that blocks the next.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.contrib.auth.models import User
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django_tasks import TaskResultStatus, task
from django_tasks_db.models import DBTaskResult

from trials.curation import forget_emails
from trials.freshness import WHOLE
from trials.models import RefreshRun
from trials.schedule import is_due
from trials.vocabulary import RunStatus

if TYPE_CHECKING:
    from django_tasks_db.models import DBTaskResultQuerySet

logger = logging.getLogger(__name__)
SILENT_AFTER = timedelta(minutes=3)  # without a sign of life from a run: its process is gone
UNTAKEN_AFTER = timedelta(seconds=20)  # a worker looks every second
BEGINS_WITHIN = timedelta(minutes=1)  # from taking the task to the row of the run
KEPT_FOR = timedelta(days=90)  # what became of a task
DIED = "The worker that did it ended without a word."
LONGEST = timedelta(hours=6)  # of any other task
LOOKED_AT = 10  # of the newest tasks: two never wait at once


class NotAsked(Exception):
    """A refresh is not asked for, because one waits or runs; the message says which."""


@task
def refresh_from_registry(*, full: bool = False, asked_by: int | None = None) -> dict[str, Any]:
    """Bring in what the stored queries find. `asked_by` is a user's key; None: the schedule."""
    # Here alone, so that the web server, which only asks, does not load what reads records.
    from trials import refresh  # noqa: PLC0415

    by = User.objects.filter(pk=asked_by).first() if asked_by else None
    try:
        report = refresh.refresh_from_registry(full=full, asked_by=by)
    except refresh.AlreadyRunning as other:
        logger.warning("not refreshed: %s", other)
        return {"status": "refused", "message": str(other)}
    return {"status": str(report.status), "message": report.message}


@dataclass(frozen=True, slots=True)
class Standing:
    """What is asked for and what is done about it, at one moment."""

    now: datetime
    waiting: DBTaskResult | None  # the oldest that no worker has taken
    begun: DBTaskResult | None  # taken a moment ago, and not yet to be seen as a run
    running: RefreshRun | None
    last: DBTaskResult | None  # the one that was asked for last, whatever became of it

    @property
    def accident(self) -> str:
        """What the last one broke off with, where it was by an error and nothing came after."""
        if self.last is None or self.last.status != TaskResultStatus.FAILED:
            return ""
        return (self.last.traceback.strip().splitlines() or [""])[-1]

    @property
    def silent(self) -> bool:
        """Whether the running one gives no sign of life any more."""
        return self.running is not None and self.now - _sign_of_life(self.running) > SILENT_AFTER

    @property
    def busy(self) -> bool:
        """Whether a refresh runs, or is just beginning."""
        return self.begun is not None or (self.running is not None and not self.silent)

    @property
    def untaken(self) -> bool:
        """Whether a refresh waits though nothing else is done: no worker runs."""
        if self.waiting is None or self.busy:
            return False
        return self.now - self.waiting.enqueued_at > UNTAKEN_AFTER

    def refusal(self) -> str:
        """Why no other refresh is asked for now; empty where one may be."""
        if self.waiting is not None:
            since = _moment(self.waiting.enqueued_at)
            return _("A refresh was asked for at %(since)s and waits.") % {"since": since}
        if not self.busy:
            return ""
        if self.running is None or self.silent:
            return _("A refresh is about to begin.")
        words = _("A refresh is running since %(since)s, asked for by %(who)s.")
        if self.running.asked_by is None:
            words = _("A refresh is running since %(since)s.")
        return words % {
            "since": _moment(self.running.started_at),
            "who": self.running.asked_by,
        }


def standing(now: datetime | None = None) -> Standing:
    """What waits, begins and runs, in two queries."""
    now = now or timezone.now()
    newest = list(_tasks().order_by("-enqueued_at")[:LOOKED_AT])
    waiting = [each for each in newest if each.status == TaskResultStatus.READY]
    taken = [each for each in newest if each.status == TaskResultStatus.RUNNING]
    runs = RefreshRun.objects.filter(status=RunStatus.RUNNING).select_related("asked_by")
    return Standing(
        now=now,
        waiting=waiting[-1] if waiting else None,
        begun=next((each for each in taken if now - each.started_at < BEGINS_WITHIN), None),
        running=runs.first(),
        last=newest[0] if newest else None,
    )


def is_at_work(now: datetime | None = None) -> bool:
    """Whether a worker does something now, as far as can be told."""
    now = now or timezone.now()
    taken = DBTaskResult.objects.filter(
        status=TaskResultStatus.RUNNING, started_at__gt=now - LONGEST
    )
    others = taken.exclude(task_path=refresh_from_registry.module_path)
    return standing(now).busy or others.exists()


def ask_for_refresh(*, full: bool = False, by: User | None = None) -> None:
    """Queue a refresh. Raises NotAsked where one already waits, begins or runs."""
    with transaction.atomic():
        # Two who ask at once must see each other; this row, which always exists, stands for both.
        ContentType.objects.select_for_update().get(app_label="trials", model="refreshrun")
        if refusal := standing().refusal():
            raise NotAsked(refusal)
        refresh_from_registry.enqueue(full=full, asked_by=by.pk if by else None)


def ask_if_due(schedule: str, now: datetime | None = None) -> bool:
    """Queue a refresh if the schedule has come to one, and say whether it was."""
    now = now or timezone.now()
    if not is_due(schedule, last=_last_asked(), now=timezone.localtime(now)):
        return False
    try:
        ask_for_refresh()
    except NotAsked as reason:
        logger.debug("the schedule has come to a refresh, but: %s", reason)
        return False
    return True


def tidy(now: datetime | None = None) -> None:
    """Put an end to tasks whose worker died, and forget those of long ago.

    And the addresses of readers whose reports nobody closed in time.
    """
    now = now or timezone.now()
    forget_emails(now)
    if not standing(now).busy:
        running = _tasks().filter(status=TaskResultStatus.RUNNING)
        running.update(
            status=TaskResultStatus.FAILED,
            finished_at=now,
            traceback=DIED,
        )
    others = DBTaskResult.objects.filter(
        status=TaskResultStatus.RUNNING, started_at__lt=now - LONGEST
    )
    others.exclude(task_path=refresh_from_registry.module_path).update(
        status=TaskResultStatus.FAILED, finished_at=now, traceback=DIED
    )
    DBTaskResult.objects.finished().filter(finished_at__lt=now - KEPT_FOR).delete()


def _last_asked() -> datetime | None:
    """When the catalogue was last refreshed whole, or was to be, however it ended."""
    runs = RefreshRun.objects.filter(kind__in=WHOLE).order_by("-started_at")
    times = [
        runs.values_list("started_at", flat=True).first(),
        _tasks().order_by("-enqueued_at").values_list("enqueued_at", flat=True).first(),
    ]
    return max((at for at in times if at is not None), default=None)


def _tasks() -> DBTaskResultQuerySet:
    tasks: DBTaskResultQuerySet = DBTaskResult.objects.filter(
        task_path=refresh_from_registry.module_path
    )
    return tasks


def _sign_of_life(run: RefreshRun) -> datetime:
    return run.beat_at or run.started_at


def _moment(at: datetime) -> str:
    return date_format(timezone.localtime(at), "Y-m-d H:i")
