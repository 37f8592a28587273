"""Sends one request at a time, politely and patiently, and gives its answer whole or not at all.

The retries are a small loop of our own. urllib3's Retry, behind requests, sees the status and the
headers, but never the body: a body that was cut off or is no JSON would pass as a success.
"""

import logging
import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

import requests
from urllib3.exceptions import HTTPError

from trials.registry.decoding import Undecodable, decode
from trials.registry.errors import RegistryRefused, RegistryUnavailable
from trials.registry.fields import clean
from trials.registry.watch import BUFFER, TooSlow, Watch, WatchedAdapter

# What a refresh has to tell stands in one log, whoever tells it.
logger = logging.getLogger("trials.refresh")

TRIES = 5
LONGEST_PAUSE = 300.0  # seconds; a server that asks for more is taken as unavailable
MOST_SECONDS = 600.0  # for all tries of one request; after that no further one begins
MOST_BYTES = 512 * 1024 * 1024  # of one answer, unpacked: a page of 1,000 studies has about 20 MB
MOST_WORDS = 500  # letters of a refusal, and bytes of an address, that are told
WORTH_ANOTHER_TRY = frozenset({408, 429, 500, 502, 503, 504})

Params = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Answer:
    url: str
    status: int
    value: Any = None  # the body's JSON, where the status is 200
    words: str = ""  # the beginning of the body, where it is another
    kind: str = ""  # the content's type
    location: str = ""  # where a redirect leads


class _TryAgain(Exception):
    """This try failed in a way that another may not."""

    def __init__(self, reason: str, pause: float = 0.0) -> None:
        super().__init__(clean(" ".join(reason.split()))[:MOST_WORDS])
        self.pause = pause  # seconds that the registry asks for


class Transport:
    """GET, at most one request per `interval` seconds; `sent` counts every try.

    `connect` is the time-out of connecting, `pause` the seconds before a second try, of which a
    half or one and a half are waited by chance, and twice as long before each further one.
    RegistryUnavailable when tries run out, RegistryRefused when the answer is no, OutOfTime when
    the watch says so.
    """

    def __init__(  # noqa: PLR0913 - each is a word of its own
        self,
        watch: Watch,
        *,
        user_agent: str,
        interval: float,
        connect: float,
        pause: float,
        jitter: Callable[[], float] = random.random,
    ) -> None:
        self.sent = 0
        self._watch = watch
        self._interval = interval
        self._timeout = (connect, watch.wait)
        self._pause = pause
        self._jitter = jitter
        self._last_sent: float | None = None
        self._session = requests.Session()
        self._session.headers.update(
            {
                "User-Agent": user_agent,
                "Accept": "application/json",
                "Accept-Encoding": "gzip, deflate",
            }
        )
        for scheme in ("http://", "https://"):
            self._session.mount(scheme, WatchedAdapter(watch))

    def close(self) -> None:
        self._session.close()

    def get(
        self,
        url: str,
        params: Params,
        *,
        accepted: tuple[int, ...] = (200,),
        check: Callable[[Any], object] = lambda value: None,
    ) -> Answer:
        """The answer to one question. `check` raises ValueError for a value of another shape."""
        began = self._watch.clock()
        for tries in range(1, TRIES + 1):
            try:
                answer = self._try(url, params, accepted)
                if answer.status == 200:
                    _check(check, answer.value)
                return answer
            except _TryAgain as error:
                pause = max(error.pause, self._pause * 2 ** (tries - 1) * (0.5 + self._jitter()))
                if pause > LONGEST_PAUSE:
                    asks = f"{error}; it asks to wait {pause:.0f} seconds"
                    raise RegistryUnavailable(url, asks) from error
                if tries == TRIES or self._watch.clock() - began + pause > MOST_SECONDS:
                    count = "1 try" if tries == 1 else f"{tries} tries"
                    raise RegistryUnavailable(url, f"{error} ({count})") from error
                logger.warning("%s: %s; again in %.1f seconds", url, error, pause)
                self._watch.sleep(pause)
        raise AssertionError("unreachable: the last try returns or raises")

    def _try(self, url: str, params: Params, accepted: tuple[int, ...]) -> Answer:
        self._wait_for_turn()
        self._watch.begin_answer()
        self._last_sent = self._watch.clock()
        self.sent += 1
        try:
            with self._session.get(
                url, params=params, timeout=self._timeout, allow_redirects=False, stream=True
            ) as response:
                return _read(response, accepted)
        except TooSlow as error:
            raise _TryAgain(str(error)) from error
        except (
            requests.exceptions.ChunkedEncodingError,
            requests.exceptions.ContentDecodingError,
        ) as error:
            raise _TryAgain(f"the answer was cut off: {_cause(error)}") from error
        except (requests.ConnectionError, requests.Timeout) as error:
            raise _TryAgain(f"no connection, or it broke: {_cause(error)}") from error
        except (requests.RequestException, HTTPError, UnicodeError) as error:
            raise RegistryUnavailable(url, str(error)) from error

    def _wait_for_turn(self) -> None:
        if self._last_sent is not None:
            left = self._last_sent + self._interval - self._watch.clock()
            if left > 0:
                self._watch.sleep(left)


def _cause(error: Exception) -> str:
    """What happened, out of the exceptions that urllib3 and requests wrapped round it."""
    inner: object = error
    while isinstance(inner, Exception):
        error = inner
        wrapped = [getattr(error, "reason", None), *reversed(error.args)]
        inner = next((one for one in wrapped if isinstance(one, Exception)), None)
    return f"{type(error).__name__}: {error}"


def _check(check: Callable[[Any], object], value: Any) -> None:
    try:
        check(value)
    except ValueError as error:
        raise _TryAgain(str(error)) from error


def _read(response: requests.Response, accepted: tuple[int, ...]) -> Answer:
    status = response.status_code
    if status in WORTH_ANOTHER_TRY:
        raise _TryAgain(f"status {status}", _retry_after(response.headers))
    if status == 200:
        try:
            return Answer(response.url, status, value=decode(_body(response)))
        except Undecodable as error:
            raise _TryAgain(f"the answer cannot be read: {error}") from error
    words, location = _words(response), response.headers.get("Location", "")
    if status not in accepted:
        leads = f" (it leads to {location[:MOST_WORDS]})" if location else ""
        raise RegistryRefused(_shown(response.url), status, words + leads)
    kind = response.headers.get("Content-Type", "")
    return Answer(response.url, status, words=words, kind=kind, location=location)


def _body(response: requests.Response) -> bytearray:
    body = bytearray()
    for chunk in response.iter_content(BUFFER):
        body += chunk
        if len(body) > MOST_BYTES:
            reason = f"the answer is longer than {MOST_BYTES // 1024**2} MB"
            raise RegistryUnavailable(_shown(response.url), reason)
    return body


def _words(response: requests.Response) -> str:
    """The beginning of a refusal, in one line."""
    first = next(response.iter_content(4 * MOST_WORDS), b"")
    words = clean(" ".join(first.decode("utf-8", "replace").split()))
    return words[:MOST_WORDS] or str(response.reason)


def _shown(url: str) -> str:
    return url if len(url) <= MOST_WORDS else f"{url[:MOST_WORDS]}…"


def _retry_after(headers: Mapping[str, str]) -> float:
    """Seconds that a Retry-After header asks for, written as a number or as a date; else 0."""
    text = headers.get("Retry-After", "").strip()
    if text.isascii() and text.isdigit():
        return float(text)
    try:
        until = parsedate_to_datetime(text)
        now = parsedate_to_datetime(headers["Date"]) if "Date" in headers else datetime.now(UTC)
        return max(0.0, (until - now).total_seconds())
    except (ValueError, TypeError, OverflowError):  # no date; or one of two without a time zone
        return 0.0
