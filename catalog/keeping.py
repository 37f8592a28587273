"""Keeps one worker beside the web server of `make serve`: `python -m catalog.keeping PID`.

A small process of its own, without Django. PID is the server, whose child it is. It starts the
worker again when that dies, later each time, and ends it when the server ends in whatever way.
"""

import os
import signal
import subprocess
import sys
import time
from types import FrameType

FIRST_START_AFTER = 1.0  # seconds; the site comes up first, on machines with few cores
PAUSE_AFTER_DEATH, LONGEST_PAUSE = 1.0, 60.0  # seconds; doubled from death to death
WELL_AFTER = 60.0  # seconds of life after which a death counts as the first again
GRACE = 15.0  # seconds for the worker to break its task off
LOOK_EVERY = 0.25  # seconds


class Keeper:
    """Starts `command` with its own process number at the end, and keeps it running."""

    def __init__(self, server: int, command: list[str]) -> None:
        self.server, self.command = server, command
        self.ending = False
        self.worker: subprocess.Popen[bytes] | None = None

    def keep(self) -> None:
        """Returns when the server has ended, or a signal came; the worker is gone then too."""
        for each in (signal.SIGTERM, signal.SIGINT):
            signal.signal(each, self.end)
        pause = PAUSE_AFTER_DEATH
        self._wait(FIRST_START_AFTER)
        while not self.over:
            begun = time.monotonic()
            self.worker = subprocess.Popen(  # noqa: S603  every word of the command is ours
                [*self.command, str(os.getpid())], stdin=subprocess.DEVNULL
            )
            while not self.over and self.worker.poll() is None:
                time.sleep(LOOK_EVERY)
            if self.over:
                break
            pause = PAUSE_AFTER_DEATH if time.monotonic() - begun > WELL_AFTER else pause * 2
            pause = min(pause, LONGEST_PAUSE)
            sys.stderr.write(f"The worker ended by itself; it is started again in {pause:g} s.\n")
            self._wait(pause)
        self._end_worker()

    @property
    def over(self) -> bool:
        """Whether there is nothing left to keep a worker for."""
        return self.ending or os.getppid() != self.server

    def end(self, signum: int, frame: FrameType | None) -> None:
        self.ending = True

    def _wait(self, seconds: float) -> None:
        until = time.monotonic() + seconds
        while not self.over and time.monotonic() < until:
            time.sleep(LOOK_EVERY)

    def _end_worker(self) -> None:
        if self.worker is None or self.worker.poll() is not None:
            return
        self.worker.terminate()
        try:
            self.worker.wait(GRACE)
        except subprocess.TimeoutExpired:
            self.worker.kill()
            self.worker.wait()


def command_for(server: int) -> list[str]:
    """The command that keeps a worker beside the server with this process number."""
    return [sys.executable, "-m", "catalog.keeping", str(server)]


if __name__ == "__main__":
    Keeper(int(sys.argv[1]), [sys.executable, "manage.py", "work", "--end-with"]).keep()
