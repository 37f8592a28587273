"""Asks the registry its questions (version, one study, pages of studies) and checks the answers.

Knows nothing of what a study means. How a request is sent is in `transport`.
"""

import random
import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Self

from trials.registry.errors import PagesBroken, RegistryRefused, RegistryUnavailable
from trials.registry.numbers import registry_number
from trials.registry.transport import Answer, Params, Transport
from trials.registry.watch import Watch

USER_AGENT = "stem-cell-trials/0.1 (catalogue of stem-cell trials; one request a second)"
FIRST_PAUSE = 1.0  # seconds before the second try; doubled before each further one
RENAMED, NOT_FOUND = 301, 404
MOST_RENAMINGS = 3
TOKEN_REFUSED = frozenset({400, 404, 410})
LARGEST_PAGE = 1000  # studies; the registry makes this of more
# Pages may come empty, and smaller than asked for; still they come to an end.
SPARE_PAGES, TIMES_AS_MANY = 100, 20
MOST_PAGES = 10_000  # where the registry did not say how many studies there are
# "2026-08-14T09:00:05", perhaps more or less exact one day.
_TIMESTAMP = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}(?:T[0-9:.]{5,20}(?:Z|[+-][0-9:]{2,6})?)?")


@dataclass(frozen=True, slots=True)
class Version:
    api_version: str
    data_timestamp: str


@dataclass(frozen=True, slots=True)
class Found:
    """A study that was asked for by its number."""

    number: str  # its present one: another than was asked for where the registry leads from it
    record: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Page:
    """One page of an answer. It may hold no study and still not be the last."""

    number: int  # from 1
    studies: tuple[Any, ...]  # raw records, whatever the registry sent
    expected: int | None  # studies in all pages, as counted with the first; None: not said
    is_last: bool


class Registry:
    """A registry that speaks the ClinicalTrials.gov data API v2, below `base_url`.

    Sends at most one request per `interval` seconds. `timeout` is (to connect, without a byte),
    `answer` the seconds for one answer from its request to its last byte, `budget` those for
    everything from the first request on. Raises RegistryUnavailable when tries run out,
    RegistryRefused when the answer is no, OutOfTime when the budget is used up. `pulse` is called
    every few seconds while it sleeps or reads.
    """

    def __init__(  # noqa: PLR0913 - each may be left out, and tests replace clock and sleep
        self,
        base_url: str,
        *,
        interval: float = 1.0,
        timeout: tuple[float, float] = (5, 60),
        answer: float = 300,
        budget: float | None = None,
        user_agent: str = USER_AGENT,
        sleep: Callable[[float], object] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
        jitter: Callable[[], float] = random.random,
    ) -> None:
        self.base_url = base_url.rstrip("/")
        connect, silence = timeout
        self._watch = Watch(budget=budget, silence=silence, answer=answer, sleep=sleep, clock=clock)
        self._transport = Transport(
            self._watch,
            user_agent=user_agent,
            interval=interval,
            connect=connect,
            pause=FIRST_PAUSE,
            jitter=jitter,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        self._transport.close()

    @property
    def requests_sent(self) -> int:
        """Every try counts."""
        return self._transport.sent

    @property
    def pulse(self) -> Callable[[], object]:
        return self._watch.pulse

    @pulse.setter
    def pulse(self, pulse: Callable[[], object]) -> None:
        self._watch.pulse = pulse

    def version(self) -> Version:
        value = self._get("/version", {}, check=_check_version).value
        return Version(str(value.get("apiVersion", "")), value["dataTimestamp"])

    def study(self, nct_id: str) -> Found | None:
        """One study; None if the registry has none of that number.

        The number of a study that was renamed gives the study under its present number. ValueError
        for a number that cannot be one.
        """
        number = registry_number(nct_id)
        if number is None:
            raise ValueError(f"“{nct_id}” is no NCT number: write it as in NCT01234567.")
        for _ in range(MOST_RENAMINGS):
            answer = self._get(
                f"/studies/{number}", {}, accepted=(200, RENAMED, NOT_FOUND), check=_check_study
            )
            if answer.status == NOT_FOUND:
                _check_not_found(number, answer)
                return None
            if answer.status != RENAMED:
                return Found(number, answer.value)
            # Not followed by address: an answer must not lead us to another host.
            target = registry_number(answer.location.partition("?")[0].rpartition("/")[2])
            if target is None:
                raise RegistryRefused(answer.url, RENAMED, f"moved to “{answer.location[:200]}”")
            number = target
        raise RegistryRefused(answer.url, RENAMED, "renamed too many times")

    def studies(self, params: Params, *, page_size: int = 250) -> Iterator[Page]:
        """The pages of all studies that answer the parameters, asked for one by one.

        `params` are the API's own (`query.cond`, `filter.advanced` …). A caller that finds fewer
        studies than `expected` on the pages knows that the answer was not whole. PagesBroken where
        it may help to begin again: the registry no longer takes its own token, or gave it twice.
        """
        sent = dict(params) | {"pageSize": str(page_size)}
        page, token = self._page(sent | {"countTotal": "true"}, 1, None)
        expected, number, tokens = page.expected, 1, set[str]()
        while True:
            yield page
            del page  # nobody's any more, while the next one comes
            if token is None:
                return
            if token in tokens:
                raise PagesBroken(self._studies, "it gave the same page token twice")
            tokens.add(token)
            if number >= _most_pages(expected, page_size):
                raise RegistryUnavailable(self._studies, f"{number} pages came, and no last one")
            number += 1
            try:
                page, token = self._page(sent | {"pageToken": token}, number, expected)
            except RegistryRefused as error:
                if error.status in TOKEN_REFUSED:
                    reason = f"status {error.status} for its own page token: {error.words}"
                    raise PagesBroken(self._studies, reason) from error
                raise

    def _page(self, params: Params, number: int, expected: int | None) -> tuple[Page, str | None]:
        value = self._get("/studies", params, check=_check_page).value
        token = value.get("nextPageToken") or None
        expected = value.get("totalCount") if number == 1 else expected
        return Page(number, tuple(value["studies"]), expected, is_last=token is None), token

    @property
    def _studies(self) -> str:
        return f"{self.base_url}/studies"

    def _get(self, path: str, params: Params, **wanted: Any) -> Answer:
        return self._transport.get(self.base_url + path, params, **wanted)


def _check_not_found(number: str, answer: Answer) -> None:
    """That it does not know a number, the registry says in plain text, and names the number.

    A page of HTML is somebody else's, who stands in its place: it says nothing of the study.
    """
    is_plain = "html" not in answer.kind and "json" not in answer.kind
    if not is_plain and number not in answer.words:
        raise RegistryRefused(answer.url, NOT_FOUND, answer.words)


def _most_pages(expected: int | None, page_size: int) -> int:
    if expected is None:
        return MOST_PAGES
    needed = expected // max(1, min(page_size, LARGEST_PAGE)) + 1
    return SPARE_PAGES + TIMES_AS_MANY * needed


def _check_version(value: Any) -> None:
    stamp = value.get("dataTimestamp") if isinstance(value, dict) else None
    if not isinstance(stamp, str) or not _TIMESTAMP.fullmatch(stamp):
        raise ValueError("the answer holds no dataTimestamp")


def _check_study(value: Any) -> None:
    if not isinstance(value, dict) or not isinstance(value.get("protocolSection"), dict):
        raise ValueError("the answer is no study")


def _check_page(value: Any) -> None:
    if not isinstance(value, dict) or not isinstance(value.get("studies"), list):
        raise ValueError("the answer is no page of studies")
    token, total = value.get("nextPageToken"), value.get("totalCount")
    is_count = total is None or (type(total) is int and total >= 0)
    if not isinstance(token, str | None) or not is_count:
        raise ValueError("the page's token or count is of another kind")
