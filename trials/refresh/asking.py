"""Puts one question to the registry until all its studies have come, or nothing more helps."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from trials.registry.client import Page, Registry
from trials.registry.errors import OutOfTime, PagesBroken, RegistryError, RegistryRefused
from trials.registry.numbers import registry_number

logger = logging.getLogger("trials.refresh")

RESTARTS = 2  # further times that a question is put from its first page on
IN_VAIN = 2  # questions without an answer, one after the other: then nobody is there
ABOUT_THE_QUESTION = frozenset({400, 404, 410, 414})  # refusals that say nothing of the next one


class Came(NamedTuple):
    """A record as it stood on a page. `number` is "" where it has none."""

    name: str
    number: str
    record: Any


class Patience:
    """Tells when it is no longer worth asking: the time is up, or nobody answers."""

    def __init__(self) -> None:
        self.ended = ""  # why, in words
        self._in_vain = 0

    def note(self, error: RegistryError | None) -> None:
        """How a question ended: by this error, or with an answer."""
        if isinstance(error, OutOfTime):
            self.ended = str(error)
        elif error is None or _is_about_the_question(error):
            self._in_vain = 0
        else:
            self._in_vain += 1
            if self._in_vain >= IN_VAIN:
                self.ended = f"the registry gave no answer {self._in_vain} times in a row"


class Asking:
    """One question, and what is known of its answer.

    Once `records` has ended, `fault` says why the answer is not whole; empty, every study has come.
    `error` is what the registry ended it by, if it did.
    """

    def __init__(
        self, registry: Registry, label: str, params: Mapping[str, str], page_size: int
    ) -> None:
        self.label = label  # 'query “joints”'
        self.expected: int | None = None  # studies, as the registry counted them
        self.numbers: dict[str, None] = {}  # that came, in this order
        self.fault = ""
        self.error: RegistryError | None = None
        self._registry, self._params, self._page_size = registry, params, page_size
        self._nameless = 0
        self._most = 0

    @property
    def came(self) -> int:
        """Different studies in the present attempt; a record without a number is one."""
        return len(self.numbers) + self._nameless

    @property
    def left(self) -> int:
        """Studies that have yet to come, or never came, as far as is known."""
        return max(0, (self.expected or 0) - max(self.came, self._most))

    def records(self) -> Iterator[Came]:
        """Every record of every page; after a new beginning, those of the first pages again."""
        for restarts in range(RESTARTS + 1):
            self.fault = ""
            self.numbers, self._nameless = {}, 0
            try:
                yield from self._attempt()
            except PagesBroken as error:
                self.fault = error.reason
            except RegistryError as error:
                self.fault, self.error = str(error), error
            self._most = max(self._most, self.came)
            if not self.fault or self.error is not None or restarts == RESTARTS:
                break
            logger.warning(
                "%s: %s; from the beginning (%d of %d)",
                *(self.label, self._described(), restarts + 1, RESTARTS),
            )
        if not self.fault and self.expected is None:
            self.fault = "the registry did not say how many studies there are"
        if self.fault:
            self.fault = self._described()
            logger.warning("%s: incomplete: %s", self.label, self.fault)
        else:
            logger.info("%s: all %s studies came", self.label, f"{self.came:,}")

    def _attempt(self) -> Iterator[Came]:
        for page in self._registry.studies(self._params, page_size=self._page_size):
            self.expected = page.expected
            yield from self._of_page(page)
            del page  # nobody's any more, while the next one comes
        if self.came < (self.expected or 0):
            self.fault = "the last page came too early"

    def _of_page(self, page: Page) -> Iterator[Came]:
        came = [self._named(page.number, place, raw) for place, raw in enumerate(page.studies, 1)]
        nameless = sum(not one.number for one in came)
        so_far = len(self.numbers.keys() | {one.number for one in came if one.number})
        logger.info(
            "%s page %d: %d studies, %s of %s",
            *(self.label, page.number, len(came), f"{so_far + self._nameless + nameless:,}"),
            "?" if self.expected is None else f"{self.expected:,}",
        )
        for one in came:
            if one.number:
                self.numbers[one.number] = None
            else:
                self._nameless += 1
            yield one

    def _named(self, page: int, place: int, raw: Any) -> Came:
        number = number_in(raw)
        return Came(number or f"{self.label}, page {page}, study {place}", number, raw)

    def _described(self) -> str:
        """The fault, with how many of how many came."""
        if self.expected is None:
            return self.fault
        return f"{self._most:,} of {self.expected:,} studies came: {self.fault}"


def updated_since(day: str, params: Mapping[str, str]) -> dict[str, str]:
    """The same question, for studies alone whose last update was posted on this day or later."""
    wanted = f"AREA[LastUpdatePostDate]RANGE[{day},MAX]"
    if before := params.get("filter.advanced"):
        wanted = f"({before}) AND {wanted}"
    return dict(params) | {"filter.advanced": wanted}


def number_in(raw: object) -> str:
    """The study's number in its proper spelling; "" where there is none."""
    for key in ("protocolSection", "identificationModule", "nctId"):
        raw = raw.get(key) if isinstance(raw, dict) else None
    return registry_number(raw) or ""


def _is_about_the_question(error: RegistryError) -> bool:
    return isinstance(error, RegistryRefused) and error.status in ABOUT_THE_QUESTION
