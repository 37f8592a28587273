"""One refresh at a time, from whatever process or host, and none that a dead one holds up.

The running `RefreshRun` is the lock: the database takes no second. Whether the process that holds
it is alive is told, on PostgreSQL, by an advisory lock of its connection, which ends with the
connection; on SQLite by its process number and its heartbeat.
"""

from __future__ import annotations

import os
import socket
import threading
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, OperationalError, connection, transaction
from django.utils import timezone

from trials.models import RefreshRun
from trials.vocabulary import RunKind, RunStatus

ADVISORY_LOCK = 7_301_944_517  # any number that nothing else uses; one database, one lock
BEAT = timedelta(seconds=5)
# A process of this machine that lives but does not beat is stuck, or is another with its number.
STUCK_HERE = timedelta(minutes=15)
SILENT_ELSEWHERE = timedelta(minutes=3)
DIED = "the process ended before the run did"

_in_this_process = threading.Lock()


class AlreadyRunning(Exception):
    """Another refresh works on this database; the message says who, since when."""


class Turn:
    """The right to refresh: from `begin` to `end`."""

    def __init__(self, run: RefreshRun) -> None:
        self.run = run
        connection.ensure_connection()
        self._connection = connection.connection

    @classmethod
    def begin(cls, **columns: Any) -> Turn:
        """Take the turn and make the run's row. AlreadyRunning where somebody else has it."""
        if not _in_this_process.acquire(blocking=False):
            raise AlreadyRunning(_who(_running()))
        try:
            _lock()
            try:
                return cls(_make(columns))
            except BaseException:
                _unlock()
                raise
        except BaseException:
            _in_this_process.release()
            raise

    def is_ours(self) -> bool:
        """Whether nobody can have taken the turn: the connection that holds the lock stands."""
        return connection.connection is self._connection and connection.is_usable()

    def beat(self) -> None:
        """Give a sign of life, at most every few seconds."""
        now = timezone.now()
        # Within a transaction nobody would see it, and its end is near.
        if connection.in_atomic_block or now - (self.run.beat_at or now) < BEAT:
            return
        self.run.beat_at = now
        try:
            self.run.save(update_fields=["beat_at", "fetched"])
        except OperationalError:  # somebody writes for long; the next beat is soon
            if not self.is_ours():
                raise

    def end(self) -> None:
        """Give the turn back. The run's row has its last status by now."""
        try:
            _unlock()
        finally:
            _in_this_process.release()


def _make(columns: dict[str, Any]) -> RefreshRun:
    row = {
        "status": RunStatus.RUNNING,
        "holder": _holder(),
        "beat_at": timezone.now(),
        **columns,
    }
    for _ in range(2):
        try:
            with transaction.atomic():
                return RefreshRun.objects.create(**row)
        except IntegrityError:
            other = _running()
            if other is not None and _is_alive(other):
                raise AlreadyRunning(_who(other)) from None
            _bury(other)
    raise AlreadyRunning(_who(_running()))


def _running() -> RefreshRun | None:
    return RefreshRun.objects.filter(status=RunStatus.RUNNING).first()


def _bury(run: RefreshRun | None) -> None:
    """End the run of a process that is no more. What it saved stays, and can be gone on from."""
    if run is not None:
        RefreshRun.objects.filter(pk=run.pk, status=RunStatus.RUNNING).update(
            status=RunStatus.INCOMPLETE, message=DIED, finished_at=run.beat_at or timezone.now()
        )


def _is_alive(run: RefreshRun) -> bool:
    if connection.vendor == "postgresql":
        return False  # we hold the lock that it would hold
    host, _, process = run.holder.partition(" process ")
    silent = timezone.now() - (run.beat_at or run.started_at)
    if host != socket.gethostname():
        return silent < SILENT_ELSEWHERE
    return process.isdigit() and _exists(int(process)) and silent < STUCK_HERE


def _exists(process: int) -> bool:
    if process == os.getpid():
        return False  # this process has no other turn, as begin() saw
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:  # somebody else's, and alive
        return True
    return True


def _holder() -> str:
    return f"{socket.gethostname()[:80]} process {os.getpid()}"


def _who(run: RefreshRun | None) -> str:
    if run is None:
        return "Another refresh is just beginning."
    work = "An extraction" if run.kind == RunKind.EXTRACT else "A refresh"
    return (
        f"{work} is running since {_moment(run.started_at)} ({run.holder or 'unknown process'}, "
        f"last sign of life {_moment(run.beat_at or run.started_at)}): "
        f"{run.fetched} studies so far. Wait until it has ended."
    )


def _moment(moment: datetime) -> str:
    return timezone.localtime(moment).strftime("%Y-%m-%d %H:%M:%S")


def _lock() -> None:
    if connection.vendor != "postgresql":
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [ADVISORY_LOCK])
        if not cursor.fetchone()[0]:
            raise AlreadyRunning(_who(_running()))


def _unlock() -> None:
    if connection.vendor == "postgresql" and connection.connection is not None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [ADVISORY_LOCK])
