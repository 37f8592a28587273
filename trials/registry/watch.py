"""Keeps the time while the registry is asked: sleeps, bytes that come slowly, and the budget.

`requests` limits the time between two bytes, and no more: a server that sends a byte a minute, in
the headers or in the body, would hold us for ever. So the bytes are read here, below requests and
urllib3, in waits that are short enough to give signs of life in between.
"""

import io
import socket
import time
from collections.abc import Callable
from functools import partial
from http.client import HTTPResponse
from typing import Any, BinaryIO

from requests.adapters import HTTPAdapter

from trials.registry.errors import OutOfTime

BEAT = 2.0  # seconds, the longest time without a sign of life
BUFFER = 256 * 1024  # bytes


class TooSlow(Exception):
    """An answer takes longer than it may."""


class Watch:
    """The seconds that are left: of all (`budget`, from the first request on), and of one answer.

    `pulse` is called at least every BEAT seconds while we sleep or wait for bytes.
    """

    def __init__(
        self,
        *,
        budget: float | None = None,
        silence: float = 60,
        answer: float = 300,
        sleep: Callable[[float], object] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.pulse: Callable[[], object] = lambda: None
        self.clock = clock
        self.wait = min(BEAT, silence)  # seconds of one wait for bytes
        self._budget, self._silence, self._answer = budget, silence, answer
        self._sleep = sleep
        self._end: float | None = None
        self._answer_end = 0.0
        self._silent = 0.0
        self._last_pulse = clock()

    def begin_answer(self) -> None:
        """A request is about to be sent. OutOfTime if there is no time left for it."""
        now = self.clock()
        if self._end is None and self._budget is not None:
            self._end = now + self._budget
        self._check_budget(now)
        self._answer_end = now + self._answer
        self._silent = 0.0

    def sleep(self, seconds: float) -> None:
        """Sleep, giving signs of life; OutOfTime, at once, if that would last too long."""
        self._check_budget(self.clock() + seconds)
        while seconds > 0:
            self._sleep(min(seconds, BEAT))
            seconds -= BEAT
            self._beat()

    def bytes_came(self) -> None:
        """Bytes of an answer came. TooSlow or OutOfTime if there should be no more."""
        self._silent = 0.0
        now = self.clock()
        self._check_answer(now)
        if now - self._last_pulse >= BEAT:
            self._beat()

    def no_bytes_came(self, seconds: float) -> None:
        """None came for another so many seconds. TooSlow or OutOfTime if that is enough."""
        self._silent += seconds
        self._beat()
        self._check_answer(self.clock())
        if self._silent >= self._silence:
            raise TooSlow(f"nothing came for {self._silence:g} seconds")

    def _beat(self) -> None:
        self._last_pulse = self.clock()
        self.pulse()

    def _check_budget(self, moment: float) -> None:
        if self._budget is not None and self._end is not None and moment >= self._end:
            raise OutOfTime(self._budget)

    def _check_answer(self, now: float) -> None:
        self._check_budget(now)
        if now > self._answer_end:
            raise TooSlow(f"it did not end within {self._answer:g} seconds")


class WatchedAdapter(HTTPAdapter):
    """Sends the requests of a session; reads their answers under a watch."""

    def __init__(self, watch: Watch) -> None:
        self._watch = watch
        super().__init__()

    def get_connection_with_tls_context(self, *args: Any, **kwargs: Any) -> Any:
        pool: Any = super().get_connection_with_tls_context(*args, **kwargs)
        if "ConnectionCls" not in vars(pool):  # the pool is kept and comes again
            pool.ConnectionCls = partial(self._connection, pool.ConnectionCls)
        return pool

    def _connection(self, make: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        connection = make(*args, **kwargs)
        connection.response_class = partial(_WatchedResponse, watch=self._watch)
        return connection


class _WatchedResponse(HTTPResponse):
    def __init__(self, sock: socket.socket, *args: Any, watch: Watch, **kwargs: Any) -> None:
        super().__init__(_Source(sock, watch), *args, **kwargs)  # type: ignore[arg-type]


class _Source:
    """Stands for the socket where http.client makes a file of it, which is all it does with it."""

    def __init__(self, sock: socket.socket, watch: Watch) -> None:
        self._sock, self._watch = sock, watch

    def makefile(self, mode: str) -> BinaryIO:
        return io.BufferedReader(_WatchedBytes(self._sock, self._watch), BUFFER)


class _WatchedBytes(io.RawIOBase):
    def __init__(self, sock: socket.socket, watch: Watch) -> None:
        self._sock, self._watch = sock, watch
        self._keeps_open = sock.makefile("rb", buffering=0)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        # Not through makefile's file: that one is dead once a wait was in vain.
        while True:
            try:
                count = self._sock.recv_into(buffer)
            except TimeoutError:
                self._watch.no_bytes_came(self._sock.gettimeout() or 0)
            else:
                self._watch.bytes_came()
                return count

    def close(self) -> None:
        self._keeps_open.close()
        super().close()
