"""How much memory a process and all that it starts hold together, looked at again and again."""

from __future__ import annotations

from pathlib import Path
from threading import Event, Thread
from types import TracebackType
from typing import Self

EVERY = 0.05  # seconds
_PROCESSES = Path("/proc")


class MemoryUse:
    """Watches while it is open. `peak` is in megabytes; 0 where the system does not tell."""

    def __init__(self, process: int) -> None:
        self.peak = 0.0
        self._process = process
        self._is_over = Event()
        self._thread = Thread(target=self._watch, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._is_over.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._is_over.wait(EVERY):
            self.peak = max(self.peak, held_together(self._process))


def held_together(process: int) -> float:
    """Megabytes of memory that the process and all that it started hold for themselves."""
    return sum(map(held, _family(process))) / 1e6


def _family(process: int) -> list[int]:
    """The process, its children, and theirs."""
    try:
        told = (_PROCESSES / f"{process}/task/{process}/children").read_text()
    except OSError:
        return [process]
    return [process, *(one for child in told.split() for one in _family(int(child)))]


def held(process: int) -> int:
    """Bytes of memory that are the process's own: those of files that it maps are the system's."""
    try:
        told = (_PROCESSES / f"{process}/status").read_text()
    except OSError:
        return 0
    lines = (line.split() for line in told.splitlines() if line.startswith("RssAnon:"))
    return sum(int(words[1]) * 1024 for words in lines)
