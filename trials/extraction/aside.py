"""Reads records in a process beside this one, which meanwhile saves those that were read before.

Reading is half of the work of a refresh and touches no database. The process speaks pickles on its
standard streams, ends when its input does (when this process ends, however it ends), and is not
reached by a Ctrl-C in the terminal. If it should die, its work is done here.
"""

from __future__ import annotations

import contextlib
import logging
import pickle
import subprocess
import sys
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from queue import Empty, SimpleQueue
from threading import Thread

from trials.extraction.records import ReadRecord, read_record
from trials.registry.errors import UnusableRecord

logger = logging.getLogger("trials.refresh")

WORTH_A_PROCESS = 300  # records; fewer are read here before a process has begun
AHEAD = 4  # batches that are on their way: what is saved in the meantime

Outcome = ReadRecord | UnusableRecord | str  # the text: a fault of ours, in words
Batch = Sequence[bytes]


def read_all(batch: Batch) -> list[Outcome]:
    """What each of these records (canonical JSON) comes to; nothing is raised."""
    return [_outcome(written) for written in batch]


def _outcome(written: bytes) -> Outcome:
    try:
        return read_record(written)
    except UnusableRecord as error:
        return error
    except Exception as error:
        logger.exception("a record could not be read")
        return (str(error).splitlines() or [""])[0] or type(error).__name__


class Aside:
    """Batches of records go in, and come out read, in the same order."""

    def __init__(self) -> None:
        self._given: deque[Batch] = deque()
        self._done: deque[list[Outcome]] = deque()  # of the batches that were read here
        self._read_here = 0
        self._has_died = False  # then it is not begun again
        self._process: subprocess.Popen[bytes] | None = None
        self._results: SimpleQueue[list[Outcome] | None] = SimpleQueue()
        self._sent: SimpleQueue[Batch | None] = SimpleQueue()  # None: there is no more

    @property
    def process_number(self) -> int | None:
        """Of the process beside this one, if there is one."""
        return self._process.pid if self._process else None

    def give(self, batch: Batch) -> None:
        """Take a batch to read."""
        if self._process is None and (self._has_died or self._read_here < WORTH_A_PROCESS):
            self._read_here += len(batch)
            self._done.append(read_all(batch))
            return
        if self._process is None:
            self._begin()
        self._given.append(batch)
        self._sent.put(batch)

    def read(
        self, *, everything: bool = False, pulse: Callable[[], object] = lambda: None
    ) -> Iterator[list[Outcome]]:
        """The batches that are read; where too many are on their way, or `everything`, waits.

        `pulse` is called every few seconds of waiting.
        """
        while self._done:
            yield self._done.popleft()
        while self._given and (everything or len(self._given) > AHEAD or not self._results.empty()):
            result = self._next_result(pulse)
            if result is None:  # it died: nothing of what it was given is lost
                logger.warning("the reading process has ended; records are read here")
                left = list(self._given)
                self._has_died = True
                self.end()
                yield from map(read_all, left)
                return
            self._given.popleft()
            yield result

    def _next_result(self, pulse: Callable[[], object]) -> list[Outcome] | None:
        while True:
            try:
                return self._results.get(timeout=2)
            except Empty:
                pulse()

    def end(self) -> None:
        """End the process; what it was given and did not give back is forgotten."""
        process, self._process = self._process, None
        self._given.clear()
        if process is None:
            return
        self._sent.put(None)
        process.kill()
        process.wait()
        for stream in (process.stdin, process.stdout):
            if stream is not None:
                with contextlib.suppress(OSError):  # a batch was on its way
                    stream.close()

    def _begin(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "trials.extraction.aside"],
            cwd=Path(__file__).resolve().parents[2],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            start_new_session=True,
        )
        # Both pipes are narrow: somebody has to put batches in and to take results out, so that
        # the process has work while this one saves, and this one can save while it has.
        for task, queue in ((_speak, self._sent), (_listen, self._results)):
            Thread(target=task, args=(self._process, queue), daemon=True).start()


def _speak(process: subprocess.Popen[bytes], batches: SimpleQueue[Batch | None]) -> None:
    assert process.stdin is not None  # noqa: S101 - it is a pipe
    # It died, as the listener tells: OSError; or it was ended while a batch waited: ValueError.
    with contextlib.suppress(OSError, ValueError):
        while (batch := batches.get()) is not None:
            pickle.dump(batch, process.stdin, pickle.HIGHEST_PROTOCOL)
            process.stdin.flush()


def _listen(process: subprocess.Popen[bytes], results: SimpleQueue[list[Outcome] | None]) -> None:
    assert process.stdout is not None  # noqa: S101 - it is a pipe
    try:
        while True:
            results.put(pickle.load(process.stdout))  # noqa: S301 - our own process wrote it
    except Exception as error:
        # Whatever it is: somebody waits for the next result, and must not wait for ever.
        if not isinstance(error, EOFError):
            logger.warning("what the reading process says cannot be read: %s", error)
        results.put(None)


def main() -> None:
    """What the process beside does."""
    while True:
        try:
            batch: Batch = pickle.load(sys.stdin.buffer)  # noqa: S301 - our own process wrote it
        except EOFError:
            return
        pickle.dump(read_all(batch), sys.stdout.buffer, pickle.HIGHEST_PROTOCOL)
        sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
