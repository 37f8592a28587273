"""Where study records come from: the registry's answers to stored queries, or files."""

from __future__ import annotations

import logging
import reprlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from trials.models import HarvestQuery
from trials.refresh.asking import Asking, Came, Patience, updated_since
from trials.refresh.by_number import ByNumber
from trials.registry.client import Registry
from trials.registry.errors import RegistryError, UnusableRecord
from trials.registry.fields import clean
from trials.registry.files import read_records
from trials.registry.numbers import registry_number

logger = logging.getLogger("trials.refresh")

PAGE_SIZE = 250  # studies: some five megabytes, decoded at one go

Named = tuple[str, dict[str, Any] | UnusableRecord]


@dataclass(frozen=True, slots=True)
class Question:
    """A stored query as it will be asked: everything, or what was updated since a day."""

    name: str
    parameters: Mapping[str, str]  # the registry's own: query.cond, query.intr …
    since: str = ""  # "2026-11-01"

    def asked(self) -> Mapping[str, str]:
        """The parameters that the registry is sent."""
        return updated_since(self.since, self.parameters) if self.since else self.parameters


@dataclass(frozen=True, slots=True)
class Plan:
    """What a run asks. `known` are our trials: those that no query returned, and that are not
    `done` (harvested by an earlier run that was cut short), are asked for by number.
    """

    questions: tuple[Question, ...] = ()
    done: frozenset[str] = frozenset()
    known: frozenset[str] = frozenset()
    nothing_new: str = ""  # why nothing is asked at all
    adopted: tuple[int, ...] = ()  # rows of HarvestedQuery that gave `done`


@dataclass(frozen=True, slots=True)
class Harvested:
    """Comes among the records, after the last study of a query whose studies have all come."""

    question: Question
    expected: int
    numbers: tuple[str, ...]


class Harvest(Protocol):
    """Gives records one by one. What it says of itself is final once they have all been taken."""

    origin: str
    data_timestamp: str
    missing: list[str]  # what should have come and did not, in words; empty = complete
    gone: list[str]  # numbers that the registry no longer knows
    renamed: dict[str, str]  # old number: present number
    pulse: Callable[[], object]  # called every few seconds, whatever the harvest waits for
    plan: Plan | None  # what the registry is asked, once that is known

    @property
    def expected(self) -> int | None: ...

    @property
    def requests(self) -> int: ...

    def records(self) -> Iterator[Any]: ...


class FileHarvest:
    """Study records of a file or folder."""

    requests = 0
    plan: Plan | None = None

    def __init__(self, path: Path) -> None:
        self.path = path
        self.origin = f"file {path.name}"
        self.data_timestamp = ""
        self.expected: int | None = None
        self.missing: list[str] = []
        self.gone: list[str] = []
        self.renamed: dict[str, str] = {}
        self.pulse: Callable[[], object] = lambda: None

    def records(self) -> Iterator[Named]:
        return read_records(self.path)


class RegistryHarvest:
    """Every study that the planned questions find, then by number our trials that none returned.

    `plan` is given the time stamp of the registry's data. Nothing that the registry does is raised:
    what it kept from us stands in `missing`.
    """

    def __init__(
        self,
        registry: Registry,
        *,
        plan: Callable[[str], Plan],
        page_size: int = PAGE_SIZE,
    ) -> None:
        self._make_plan = plan
        self.plan: Plan | None = None
        self.origin = registry.base_url
        self.data_timestamp = ""
        self.missing: list[str] = []
        self.gone: list[str] = []
        self.renamed: dict[str, str] = {}
        self.pulse: Callable[[], object] = lambda: None
        self._registry, self._page_size = registry, page_size
        self._patience = Patience()
        self._seen: set[str] = set()
        self._waiting_for: Asking | ByNumber | None = None
        self._never_came = 0
        self._is_counted = False  # whether anybody said how many studies there are

    @classmethod
    def at(
        cls, url: str, *, interval: float, budget: float | None = None, **wanted: Any
    ) -> RegistryHarvest:
        """A harvest from the registry at this address, one request per `interval` seconds.

        `budget` seconds after its first request it ends, with what has come by then.
        """
        return cls(Registry(url, interval=interval, budget=budget), **wanted)

    @property
    def requests(self) -> int:
        return self._registry.requests_sent

    @property
    def expected(self) -> int | None:
        """Studies that should come in all, as far as is known by now."""
        at_work = self._waiting_for
        is_counted = isinstance(at_work, Asking) and at_work.expected is not None
        if not (is_counted or self._is_counted):
            return None
        return len(self._seen) + self._never_came + (at_work.left if at_work else 0)

    def records(self) -> Iterator[Named | Harvested]:
        self._registry.pulse = self._beat
        try:
            yield from self._records()
        finally:
            self._registry.close()

    def _records(self) -> Iterator[Named | Harvested]:
        try:
            self.data_timestamp = self._registry.version().data_timestamp
        except RegistryError as error:
            self.missing.append(f"nothing was asked: {error}")
            return
        plan = self.plan = self._make_plan(self.data_timestamp)
        if plan.nothing_new:
            logger.info("nothing is asked: %s", plan.nothing_new)
            self._is_counted = True
            return
        for question in plan.questions:
            if self._patience.ended:
                self.missing.append(
                    f"query “{question.name}” was not asked: {self._patience.ended}"
                )
            else:
                yield from self._of_question(question)
        yield from self._of_numbers(plan)
        if plan.questions:
            self._look_again()

    def _look_again(self) -> None:
        """Data that changed in between shift the pages: a study may have been on none of them."""
        if self.missing:
            return
        try:
            now = self._registry.version().data_timestamp
        except RegistryError as error:
            self.missing.append(f"whether the data changed meanwhile is not known: {error}")
            return
        if now != self.data_timestamp:
            self.missing.append(
                f"the registry's data changed meanwhile, from those of {self.data_timestamp} "
                f"to those of {now}"
            )

    def _of_question(self, question: Question) -> Iterator[Named | Harvested]:
        label = f"query “{question.name}”"
        asking = Asking(self._registry, label, question.asked(), self._page_size)
        self._waiting_for = asking
        for one in asking.records():
            yield from self._once(one)
        self._patience.note(asking.error)
        self._no_longer_waiting()
        if asking.fault:
            self.missing.append(f"{label}: {asking.fault}")
        else:
            yield Harvested(question, asking.expected or 0, tuple(asking.numbers))

    def _of_numbers(self, plan: Plan) -> Iterator[Named]:
        numbers = {text: registry_number(text) for text in sorted(plan.known)}
        for text, number in numbers.items():
            if number is None:
                self.missing.append(f"“{clean(text)}” was not asked for: it is no NCT number")
        wanted = {number for number in numbers.values() if number} - self._seen - plan.done
        if not plan.questions or wanted:
            self._is_counted = True
        by_number = ByNumber(self._registry, self._patience)
        self.gone, self.renamed = by_number.gone, by_number.renamed
        self._waiting_for = by_number
        for one in by_number.records(sorted(wanted)):
            yield from self._once(one)
        self._no_longer_waiting()
        self.missing += by_number.missing

    def _no_longer_waiting(self) -> None:
        self._is_counted = self.expected is not None
        if self._waiting_for is not None:
            self._never_came += self._waiting_for.left
        self._waiting_for = None

    def _beat(self) -> None:
        self.pulse()  # which may have been set since

    def _once(self, one: Came) -> Iterator[Named]:
        if one.name in self._seen:
            return
        self._seen.add(one.name)
        if isinstance(one.record, dict):
            yield one.name, one.record
        else:
            yield one.name, UnusableRecord(one.name, "it is no JSON object")


def number_of(raw: Any) -> str:
    """The study's number as far as it can be seen without reading the record whole."""
    try:
        number = clean(str(raw["protocolSection"]["identificationModule"]["nctId"]))
    except (KeyError, TypeError):
        return f"record without a number ({clean(reprlib.repr(raw))[:60]})"
    return registry_number(number) or number


def parameters(query: HarvestQuery) -> dict[str, str]:
    """The query in the registry's own parameter names."""
    named = {
        "query.cond": query.condition,
        "query.intr": query.intervention,
        "query.term": query.term,
        "query.titles": query.titles,
    }
    return {name: words for name, words in named.items() if words}
