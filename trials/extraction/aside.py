"""Reads records in a process beside this one, which meanwhile saves those that were read before.

Reading is more than half of the work of a refresh and touches no database. Who would have to wait
for the process reads a batch here instead, so that both are busy. The process speaks pickles on its
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
from dataclasses import dataclass
from pathlib import Path
from queue import Empty, SimpleQueue
from threading import Condition, Thread
from typing import IO

from trials.extraction.records import ReadRecord, read_record
from trials.extraction.tables import Lexicon, lexicon
from trials.registry.errors import UnusableRecord, first_line

logger = logging.getLogger("trials.refresh")

WORTH_A_PROCESS = 300  # records; fewer are read here before a process has begun
AHEAD = 4  # batches that are on their way: what is saved in the meantime

Outcome = ReadRecord | UnusableRecord | str  # the text: a fault of ours, in words
Batch = Sequence[bytes]


def read_all(batch: Batch, words: Lexicon | None = None) -> list[Outcome]:
    """What each of these records (canonical JSON) comes to; nothing is raised.

    They are read by the words that are given; without any, by those of the files.
    """
    return [_outcome(written, words) for written in batch]


def _outcome(written: bytes, words: Lexicon | None) -> Outcome:
    try:
        return read_record(written, words)
    except UnusableRecord as error:
        return error
    except Exception as error:
        logger.exception("a record could not be read")
        return first_line(error)


@dataclass(slots=True, eq=False)
class _Slot:
    """A batch on its way, in the order in which batches were given."""

    batch: Batch
    outcomes: list[Outcome] | None = None  # once it is read


class Aside:
    """Batches of records go in, and come out read by these words, in the same order."""

    def __init__(self, words: Lexicon | None = None) -> None:
        self._words = words or lexicon()
        self._slots: deque[_Slot] = deque()
        self._waiting: deque[_Slot] = deque()  # of these, those that nobody reads yet
        self._beside: deque[_Slot] = deque()  # those that the process has
        self._change = Condition()
        self._is_over = False
        self._read_here = 0
        self._has_died = False  # then it is not begun again
        self._process: subprocess.Popen[bytes] | None = None
        self._results: SimpleQueue[list[Outcome] | None] = SimpleQueue()

    @property
    def process_number(self) -> int | None:
        """Of the process beside this one, if there is one."""
        return self._process.pid if self._process else None

    def give(self, batch: Batch) -> None:
        """Take a batch to read."""
        slot = _Slot(batch)
        self._slots.append(slot)
        if self._process is None and (self._has_died or self._read_here < WORTH_A_PROCESS):
            self._read_here += len(batch)
            slot.outcomes = read_all(batch, self._words)
            return
        if self._process is None:
            self._begin()
        with self._change:
            self._waiting.append(slot)
            self._change.notify()

    def read(
        self, *, everything: bool = False, pulse: Callable[[], object] = lambda: None
    ) -> Iterator[list[Outcome]]:
        """The batches that are read; where too many are on their way, or `everything`, all but few.

        `pulse` is called every few seconds of waiting.
        """
        while self._slots:
            outcomes = self._slots[0].outcomes
            if outcomes is not None:
                self._slots.popleft()
                yield outcomes
            elif not self._results.empty():
                self._take_result(self._results.get())
            elif not everything and len(self._slots) <= AHEAD:
                return
            elif (slot := self._unread_slot()) is not None:
                slot.outcomes = read_all(slot.batch, self._words)
                pulse()
            else:
                self._take_result(self._next_result(pulse))

    def _unread_slot(self) -> _Slot | None:
        """The batch that the process would come to last."""
        with self._change:
            return self._waiting.pop() if self._waiting else None

    def _take_result(self, result: list[Outcome] | None) -> None:
        if result is not None:
            with self._change:
                slot = self._beside.popleft()
            slot.outcomes = result
            return
        # It died: nothing of what it was given is lost.
        logger.warning("the reading process has ended; records are read here")
        self._has_died = True
        self._end_process()
        for slot in self._slots:
            slot.outcomes = slot.outcomes or read_all(slot.batch, self._words)

    def _next_result(self, pulse: Callable[[], object]) -> list[Outcome] | None:
        while True:
            try:
                return self._results.get(timeout=2)
            except Empty:
                pulse()

    def end(self) -> None:
        """End the process; what it was given and did not give back is forgotten."""
        self._end_process()
        self._slots.clear()

    def _end_process(self) -> None:
        process, self._process = self._process, None
        with self._change:
            self._is_over = True
            self._waiting.clear()
            self._beside.clear()
            self._change.notify()
        if process is None:
            return
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
        Thread(target=self._speak, args=(self._process,), daemon=True).start()
        Thread(target=_listen, args=(self._process, self._results), daemon=True).start()

    def _speak(self, process: subprocess.Popen[bytes]) -> None:
        assert process.stdin is not None  # noqa: S101 - it is a pipe
        # It died, as the listener tells: OSError; or it was ended in mid-batch: ValueError.
        with contextlib.suppress(OSError, ValueError):
            _send(self._words.additions, process.stdin)
            while True:
                with self._change:
                    self._change.wait_for(lambda: self._waiting or self._is_over)
                    if self._is_over:
                        return
                    slot = self._waiting.popleft()
                    self._beside.append(slot)
                _send(slot.batch, process.stdin)


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


def _send(what: object, stream: IO[bytes]) -> None:
    pickle.dump(what, stream, pickle.HIGHEST_PROTOCOL)
    stream.flush()


def main() -> None:
    """What the process beside does: it is told the words that were added, then what to read."""
    try:
        words = lexicon(pickle.load(sys.stdin.buffer))  # noqa: S301 - our own process wrote it
    except EOFError:
        return
    while True:
        try:
            batch: Batch = pickle.load(sys.stdin.buffer)  # noqa: S301 - our own process wrote it
        except EOFError:
            return
        _send(read_all(batch, words), sys.stdout.buffer)


if __name__ == "__main__":
    main()
