"""Asks the registry over HTTP, politely and patiently; knows nothing of what a study means.

The retries are a small loop of our own. urllib3's Retry, behind requests, sees the status and the
headers, but never the body: a body that was cut off or is no JSON would pass as a success.
"""

import random
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, Self

import requests

from trials.registry.decoding import Undecodable, decode
from trials.registry.errors import RegistryRefused, RegistryUnavailable
from trials.registry.numbers import registry_number

USER_AGENT = "stem-cell-trials/0.1 (catalogue of stem-cell trials; one request a second)"
TRIES = 5
FIRST_PAUSE = 1.0  # seconds before the second try; doubled before each further one
LONGEST_PAUSE = 300.0  # seconds; a server that asks for more is taken as unavailable
RENAMED, NOT_FOUND = 301, 404
WORTH_ANOTHER_TRY = frozenset({408, 429, 500, 502, 503, 504})

Params = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Version:
    api_version: str
    data_timestamp: str


@dataclass(frozen=True, slots=True)
class Page:
    """One page of an answer. It may hold no study and still not be the last."""

    number: int  # from 1
    studies: tuple[Any, ...]  # raw records, whatever the registry sent
    expected: int | None  # studies in all pages, as counted with the first; None: not said
    is_last: bool


@dataclass(frozen=True, slots=True)
class _Answer:
    url: str
    status: int
    location: str
    value: Any


class _TryAgain(Exception):
    """This try failed in a way that another may not."""

    def __init__(self, reason: str, pause: float | None = None) -> None:
        super().__init__(reason)
        self.pause = pause  # seconds that the registry asks for


class Registry:
    """A registry that speaks the ClinicalTrials.gov data API v2, below `base_url`.

    Sends at most one request per `interval` seconds. `timeout` is (to connect, between two bytes).
    Raises RegistryUnavailable when tries run out, and RegistryRefused when the answer is no.
    `requests_sent` counts every try.
    """

    def __init__(  # noqa: PLR0913 - each may be left out, and tests replace clock and sleep
        self,
        base_url: str,
        *,
        interval: float = 1.0,
        timeout: tuple[float, float] = (5, 60),
        user_agent: str = USER_AGENT,
        session: requests.Session | None = None,
        sleep: Callable[[float], object] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
        jitter: Callable[[], float] = random.random,
    ) -> None:
        self.base_url = base_url.rstrip("/")
        self.requests_sent = 0
        self._interval = interval
        self._timeout = timeout
        self._session = session or requests.Session()
        self._session.headers.update({"User-Agent": user_agent, "Accept": "application/json"})
        self._sleep = sleep
        self._clock = clock
        self._jitter = jitter
        self._last_sent: float | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        self._session.close()

    def version(self) -> Version:
        answer = self._get("/version")
        value = answer.value if isinstance(answer.value, dict) else {}
        version = Version(str(value.get("apiVersion", "")), str(value.get("dataTimestamp", "")))
        if not version.data_timestamp:
            raise RegistryUnavailable(answer.url, "the answer holds no dataTimestamp")
        return version

    def study(self, nct_id: str) -> dict[str, Any] | None:
        """The raw record of one study; None if the registry has none of that number.

        The number of a study that was renamed gives the study under its present number. ValueError
        for a number that cannot be one.
        """
        number = _checked(nct_id)
        for _ in range(3):
            answer = self._get(f"/studies/{number}", accepted=(200, RENAMED, NOT_FOUND))
            if answer.status == NOT_FOUND:
                return None
            if answer.status != RENAMED:
                break
            # Not followed by address: an answer must not lead us to another host.
            target = registry_number(answer.location.partition("?")[0].rpartition("/")[2])
            if target is None:
                raise RegistryRefused(answer.url, RENAMED, f"moved to “{answer.location}”")
            number = target
        else:
            raise RegistryRefused(answer.url, RENAMED, "renamed too many times")
        if not isinstance(answer.value, dict):
            raise RegistryUnavailable(answer.url, "the answer is no study")
        return answer.value

    def studies(self, params: Params, *, page_size: int = 500) -> Iterator[Page]:
        """The pages of all studies that answer the parameters, asked for one by one.

        `params` are the API's own (`query.cond`, `filter.advanced` …). A caller that finds fewer
        studies than `expected` on the pages knows that the answer was not whole.
        """
        sent = dict(params) | {"pageSize": str(page_size)}
        asked = sent | {"countTotal": "true"}
        expected: int | None = None
        tokens: set[str] = set()
        while True:
            answer = self._get("/studies", asked)
            studies, token, total = _page_parts(answer)
            expected = total if expected is None else expected
            number = len(tokens) + 1
            yield Page(number, tuple(studies), expected, is_last=token is None)
            if token is None:
                return
            if token in tokens:
                raise RegistryUnavailable(answer.url, "it gave the same page token twice")
            tokens.add(token)
            asked = sent | {"pageToken": token}

    def studies_by_id(self, ids: Iterable[str], *, batch: int = 100) -> Iterator[Any]:
        """The raw records of these studies, in no order; numbers that are unknown are left out.

        ValueError, before anything is asked, if one cannot be a number: the registry would refuse
        its whole batch for it.
        """
        numbers = list(dict.fromkeys(_checked(one) for one in ids))
        for start in range(0, len(numbers), batch):
            wanted = {"filter.ids": ",".join(numbers[start : start + batch])}
            for page in self.studies(wanted, page_size=batch):
                yield from page.studies

    def _get(
        self, path: str, params: Params | None = None, accepted: tuple[int, ...] = (200,)
    ) -> _Answer:
        url = self.base_url + path
        for tries in range(1, TRIES + 1):
            try:
                return self._try(url, params or {}, accepted)
            except _TryAgain as error:
                pause = error.pause
                if pause is None:
                    pause = FIRST_PAUSE * 2 ** (tries - 1) * (0.5 + self._jitter())
                if pause > LONGEST_PAUSE:
                    asks = f"{error}; it asks to wait {pause:.0f} seconds"
                    raise RegistryUnavailable(url, asks) from error
                if tries == TRIES:
                    raise RegistryUnavailable(url, f"{error} ({TRIES} tries)") from error
                self._sleep(pause)
        raise AssertionError("unreachable: the last try returns or raises")

    def _try(self, url: str, params: Params, accepted: tuple[int, ...]) -> _Answer:
        self._wait_for_turn()
        self.requests_sent += 1
        try:
            response = self._session.get(
                url, params=params, timeout=self._timeout, allow_redirects=False
            )
        except (requests.ConnectionError, requests.Timeout) as error:
            raise _TryAgain(f"no connection, or it broke: {error}") from error
        except (
            requests.exceptions.ChunkedEncodingError,
            requests.exceptions.ContentDecodingError,
        ) as error:
            raise _TryAgain(f"the answer was cut off: {error}") from error
        except requests.RequestException as error:
            raise RegistryUnavailable(url, str(error)) from error
        return _answer(response, accepted)

    def _wait_for_turn(self) -> None:
        if self._last_sent is not None:
            left = self._last_sent + self._interval - self._clock()
            if left > 0:
                self._sleep(left)
        self._last_sent = self._clock()


def _checked(nct_id: str) -> str:
    number = registry_number(nct_id)
    if number is None:
        raise ValueError(f"“{nct_id}” is no NCT number: write it as in NCT01234567.")
    return number


def _answer(response: requests.Response, accepted: tuple[int, ...]) -> _Answer:
    status = response.status_code
    if status in WORTH_ANOTHER_TRY:
        raise _TryAgain(f"status {status}", _retry_after(response.headers))
    if status not in accepted:
        words = response.text[:500].strip() or response.reason
        raise RegistryRefused(response.url, status, words)
    value = None
    if status == 200:
        try:
            value = decode(response.content)
        except Undecodable as error:
            raise _TryAgain(f"the answer cannot be read: {error}") from error
    return _Answer(response.url, status, response.headers.get("Location", ""), value)


def _retry_after(headers: Mapping[str, str]) -> float | None:
    """Seconds that a Retry-After header asks for, written as a number or as a date."""
    text = headers.get("Retry-After", "").strip()
    if text.isascii() and text.isdigit():
        return float(text)
    try:
        until = parsedate_to_datetime(text)
        now = parsedate_to_datetime(headers["Date"]) if "Date" in headers else datetime.now(UTC)
        return max(0.0, (until - now).total_seconds())
    except (ValueError, TypeError):  # no date; or one with and one without a time zone
        return None


def _page_parts(answer: _Answer) -> tuple[list[Any], str | None, int | None]:
    value = answer.value
    if not isinstance(value, dict) or not isinstance(value.get("studies"), list):
        raise RegistryUnavailable(answer.url, "the answer is no page of studies")
    token, total = value.get("nextPageToken"), value.get("totalCount")
    if not isinstance(token, str | None) or not isinstance(total, int | None):
        raise RegistryUnavailable(answer.url, "the page's token or count is of another kind")
    return value["studies"], token or None, total
