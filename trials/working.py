"""The worker's loop: looks at the schedule, takes tasks from the queue, ends when it is told to.

One process does one task at a time. Told to end (SIGTERM, Ctrl-C), it breaks a refresh off in the
way that the refresh knows, so that what came is kept; a second signal changes nothing.
"""

from __future__ import annotations

import logging
import os
import select
import signal
import socket
import threading
import time
from pathlib import Path
from types import FrameType

from django.db import DatabaseError, InterfaceError, close_old_connections
from django.utils.crypto import get_random_string
from django_tasks_db.management.commands.db_worker import Worker
from django_tasks_db.models import DBTaskResult

from trials.tasks import ask_if_due, is_at_work, tidy

logger = logging.getLogger(__name__)
LOOK_EVERY = 1.0  # seconds between two looks into an empty queue
SCHEDULE_EVERY = 30.0  # seconds between two looks at the schedule
TIDY_EVERY = 3600.0  # seconds
LONGEST_PAUSE = 30.0  # seconds, while the database does not answer
QUIET_FOR = 90.0  # seconds without a turn of the loop, after which an idle worker is not well


class Work:
    """The loop. `beat` is a file that is touched at every turn; `parent` a process to end with."""

    def __init__(self, *, schedule: str, beat: Path, parent: int | None = None) -> None:
        self.schedule, self.beat, self.parent = schedule, beat, parent
        self.ending = False
        self.taker = Worker(
            queue_names=["*"],
            excluded_queue_names=[],
            interval=0,
            batch=True,  # returns when the queue is empty: the pauses between are ours
            backend_name="default",
            startup_delay=False,
            max_tasks=None,
            worker_id=f"{socket.gethostname()[:40]}:{os.getpid()}:{get_random_string(6)}",
        )
        self._next = {"schedule": 0.0, "tidy": 0.0}
        self._woken, self._waker = os.pipe()

    def run(self) -> None:
        """Work until told to end. Wants the main thread, for the signals."""
        os.set_blocking(self._waker, False)
        signal.set_wakeup_fd(self._waker, warn_on_full_buffer=False)
        for each in (signal.SIGTERM, signal.SIGINT):
            signal.signal(each, self.end)
        if self.parent is not None:
            threading.Thread(target=self._end_with_parent, daemon=True).start()
        logger.info("worker %s waits for tasks", self.taker.worker_id)
        pause = LOOK_EVERY
        while not self.ending:
            try:
                self._turn()
                pause = LOOK_EVERY
            except KeyboardInterrupt:
                pass  # it came between the task and the note of how it ended: `tidy` will write one
            except (DatabaseError, InterfaceError) as error:
                pause = min(pause * 2, LONGEST_PAUSE)
                logger.warning("the database does not answer (%s); again in %g s", error, pause)
            # Not sleep(): a signal that arrives just before it would be slept over.
            select.select([self._woken], [], [], 0 if self.ending else pause)
        logger.info("worker %s ends", self.taker.worker_id)

    def end(self, signum: int, frame: FrameType | None) -> None:
        """Answer a signal: the task is broken off once, the loop is not entered again."""
        if self.ending:
            return
        self.ending, self.taker.running = True, False
        if self.taker.running_task:
            raise KeyboardInterrupt

    def _turn(self) -> None:
        self.beat.touch()
        close_old_connections()
        if self._time_for("tidy", TIDY_EVERY):
            tidy()
        if self._time_for("schedule", SCHEDULE_EVERY):
            ask_if_due(self.schedule)
        # A plain read: the look that takes a task locks SQLite for every writer.
        if not self.ending and DBTaskResult.objects.ready().exists():
            self.taker.run()
            self._next["tidy"] = 0.0

    def _time_for(self, what: str, every: float) -> bool:
        now = time.monotonic()
        if now < self._next[what]:
            return False
        self._next[what] = now + every
        return True

    def _end_with_parent(self) -> None:
        while os.getppid() == self.parent:
            time.sleep(0.5)
        os.kill(os.getpid(), signal.SIGTERM)


def trouble(beat: Path) -> str:
    """What is wrong with the worker that touches this file, in words; empty where it is well."""
    try:
        quiet = time.time() - beat.stat().st_mtime
    except FileNotFoundError:
        return "no worker has begun here"
    if quiet <= QUIET_FOR:
        return ""
    # While it does a task the loop stands still: then the task's own signs of life count.
    try:
        busy = is_at_work()
    except (DatabaseError, InterfaceError):
        busy = False
    return "" if busy else f"the worker gave no sign of life for {quiet:.0f} s"
