"""Asks for studies by their numbers: in batches, and for those that are absent one by one."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence

from trials.refresh.asking import Asking, Came, Patience, number_in
from trials.registry.client import Registry
from trials.registry.errors import OutOfTime, RegistryError

logger = logging.getLogger("trials.refresh")

BATCH = 100  # numbers in one question: its address stays under 2,000 letters
NAMED = 20  # studies that could not be read and are told one by one; of the others, how many


class ByNumber:
    """The studies of these numbers, and what became of those that did not come.

    One that is absent is asked for by itself, and only the registry's own "not found" makes it
    `gone`.
    """

    def __init__(self, registry: Registry, patience: Patience) -> None:
        self.missing: list[str] = []
        self.gone: list[str] = []
        self.renamed: dict[str, str] = {}  # old number: present number
        self._registry, self._patience = registry, patience
        self._unresolved: set[str] = set()
        self._unread: list[str] = []
        self._not_asked = 0

    @property
    def left(self) -> int:
        """Studies that have yet to come, or never came, as far as is known."""
        return len(self._unresolved)

    def records(self, numbers: Sequence[str]) -> Iterator[Came]:
        self._unresolved = set(numbers)
        for start in range(0, len(numbers), BATCH):
            batch = numbers[start : start + BATCH]
            if self._patience.ended:
                self._not_asked += len(batch)
            else:
                label = f"numbers {start + 1:,} to {start + len(batch):,} of {len(numbers):,}"
                yield from self._of_batch(batch, label)
        self._tell()

    def _of_batch(self, batch: Sequence[str], label: str) -> Iterator[Came]:
        asking = Asking(self._registry, label, {"filter.ids": ",".join(batch)}, BATCH)
        absent = set(batch)
        for one in asking.records():
            absent.discard(one.number)
            self._unresolved.discard(one.number)
            yield one
        self._patience.note(asking.error)
        if asking.error is not None:
            self.missing.append(f"{label}: {len(absent)} did not come: {asking.error}")
            return
        for number in sorted(absent):
            yield from self._alone(number)

    def _alone(self, number: str) -> Iterator[Came]:
        if self._patience.ended:
            self._not_asked += 1
            return
        try:
            found = self._registry.study(number)
        except RegistryError as error:
            self._patience.note(error)
            if isinstance(error, OutOfTime):
                self._not_asked += 1
            else:
                self._unread.append(f"{number} could not be read: {error}")
            return
        self._patience.note(None)
        if found is None:
            self.gone.append(number)
            logger.info("%s: the registry does not have it", number)
        elif (came := number_in(found.record)) not in ("", found.number):
            self._unread.append(f"{number} was asked for, and {came} came")
            return
        else:
            if found.number != number:
                self.renamed[number] = found.number
                logger.info("%s: is %s now", number, found.number)
            yield Came(found.number, came, found.record)
        self._unresolved.discard(number)

    def _tell(self) -> None:
        """What is missing, in a few words even where it is thousands."""
        self.missing += self._unread[:NAMED]
        if (more := len(self._unread) - NAMED) > 0:
            self.missing.append(f"and {more:,} more could not be read")
        if self._not_asked:
            words = f"not asked for by number: {_studies(self._not_asked)}"
            self.missing.append(f"{words}: {self._patience.ended}")


def _studies(count: int) -> str:
    return "1 study" if count == 1 else f"{count:,} studies"
