"""A stand-in for the registry: a real HTTP server on a loopback socket, with faults on request.

It obeys the API's own description: paging by opaque tokens that grow, errors as plain text. Where
the real words of an error are known they are these; where not, a comment says "words invented".
"""

import gzip
import json
import socket
import struct
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from time import sleep
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest

from tests.stand_in_search import BadRequest, check_known, matching
from trials.registry.numbers import registry_number

BASE = "/api/v2"
MAY_DIFFER_BY_PAGE = ("countTotal", "pageSize", "pageToken")


@dataclass
class Fault:
    """What goes wrong, and where. `kind` is one of the functions of _Handler named _fault_…

    It strikes requests whose path and parameters satisfy `on`, after the first `skip` of them, and
    `times` times; then the registry is well again.
    """

    kind: str  # "status", "truncated", "not_json", "reset" or "delay"
    status: int = 500
    words: str = "Internal Server Error"
    headers: dict[str, str] = field(default_factory=dict)
    seconds: float = 0.0
    skip: int = 0
    times: int = 1
    on: Callable[[str, dict[str, str]], bool] = lambda path, params: True

    def strikes(self, path: str, params: dict[str, str]) -> bool:
        if self.times == 0 or not self.on(path, params):
            return False
        if self.skip:
            self.skip -= 1
            return False
        self.times -= 1
        return True


def token_refused(**more: Any) -> Fault:
    """The registry no longer knows a page's token (words invented)."""
    with_token = lambda path, params: "pageToken" in params  # noqa: E731
    return Fault("status", 400, "Invalid `pageToken`", on=with_token, **more)


@dataclass
class Asked:
    """One request as it arrived."""

    path: str  # below the base
    params: dict[str, str]
    headers: dict[str, str]


@dataclass
class Answer:
    status: int
    content_type: str
    body: bytes
    headers: dict[str, str] = field(default_factory=dict)


class RegistryStandIn:
    """The state of the registry that tests arrange and look at, and the server around it."""

    def __init__(self) -> None:
        self.studies: dict[str, dict[str, Any]] = {}
        self.aliases: dict[str, str] = {}
        self.data_timestamp = "2024-03-01T09:00:05"
        self.faults: list[Fault] = []
        self.empty_pages: set[int] = set()  # numbers of pages that come empty but with a token
        self.asked: list[Asked] = []
        self.accidents: list[BaseException] = []
        self._tokens: dict[str, tuple[dict[str, str], int, int]] = {}
        self._lock = threading.Lock()
        self._server = _Server(("127.0.0.1", 0), _Handler)
        self._server.stand_in = self
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}{BASE}"

    def add(self, *records: dict[str, Any]) -> None:
        """Puts studies into the registry, under the numbers that they bear."""
        for record in records:
            number = record["protocolSection"]["identificationModule"]["nctId"]
            self.studies[number] = record

    def paths(self) -> list[str]:
        return [asked.path for asked in self.asked]

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def fault_for(self, path: str, params: dict[str, str]) -> Fault | None:
        with self._lock:
            return next((fault for fault in self.faults if fault.strikes(path, params)), None)

    def answer(self, path: str, params: dict[str, str]) -> Answer:
        try:
            if path == "/version":
                return _json({"apiVersion": "2.0.5", "dataTimestamp": self.data_timestamp})
            if path == "/studies":
                with self._lock:
                    return _json(self._page(params))
            if path.startswith("/studies/"):
                return self._one(path.removeprefix("/studies/"))
        except BadRequest as error:
            return _words(400, str(error))
        return _words(404, "Not Found")  # words invented

    def _one(self, asked: str) -> Answer:
        number = registry_number(asked)
        if number is None:
            return _words(400, "Parameter `nctId` has incorrect format")
        if number in self.aliases:
            location = f"{BASE}/studies/{self.aliases[number]}"
            return Answer(301, "text/plain", b"", {"Location": location})
        if number not in self.studies:
            return _words(404, f"NCT number {number} not found")
        return _json(self.studies[number])

    def _page(self, params: dict[str, str]) -> dict[str, Any]:
        check_known(params)
        lasting = {name: params[name] for name in params if name not in MAY_DIFFER_BY_PAGE}
        number, start = 1, 0
        if token := params.get("pageToken"):
            first, number, start = self._tokens.get(token, (None, 0, 0))
            if first != lasting:
                raise BadRequest("Invalid `pageToken`")  # words invented
        found = matching(self.studies, params)
        end = start if number in self.empty_pages else start + _page_size(params)
        page: dict[str, Any] = {"studies": found[start:end]}
        if params.get("countTotal") == "true" and not token:
            page["totalCount"] = len(found)
        if end < len(found):
            page["nextPageToken"] = self._new_token(lasting, number + 1, end)
        return page

    def _new_token(self, lasting: dict[str, str], number: int, start: int) -> str:
        digest = sha256(repr((sorted(lasting.items()), number, start)).encode()).hexdigest()
        token = (digest * 8)[: 8 + 13 * number % 400]
        self._tokens[token] = (lasting, number, start)
        return token


class _Server(ThreadingHTTPServer):
    stand_in: RegistryStandIn

    def handle_error(self, request: object, client_address: object) -> None:
        error = sys.exc_info()[1]
        # A client that hangs up is no accident of the server's.
        if error is not None and not isinstance(error, ConnectionError):
            self.stand_in.accidents.append(error)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        path = parts.path.removeprefix(BASE)
        params = dict(parse_qsl(parts.query, keep_blank_values=True))
        stand_in = self.server.stand_in
        stand_in.asked.append(Asked(path, params, dict(self.headers.items())))
        fault = stand_in.fault_for(path, params)
        if fault is None:
            self._send(stand_in.answer(path, params))
        else:
            getattr(self, f"_fault_{fault.kind}")(fault, lambda: stand_in.answer(path, params))

    def log_message(self, format: str, *args: object) -> None:
        """Silent: what was asked stands in `asked`."""

    def _send(self, answer: Answer, cut: int = 0) -> None:
        body = answer.body
        self.send_response(answer.status)
        self.send_header("Content-Type", answer.content_type)
        if "gzip" in self.headers.get("Accept-Encoding", ""):
            body = gzip.compress(body)
            self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(body)))
        for name, value in answer.headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body[: len(body) - cut])

    def _fault_status(self, fault: Fault, answer: Callable[[], Answer]) -> None:
        self._send(Answer(fault.status, "text/plain", fault.words.encode(), fault.headers))

    def _fault_not_json(self, fault: Fault, answer: Callable[[], Answer]) -> None:
        self._send(Answer(200, "text/html", b"<html><body>Please wait</body></html>"))

    def _fault_truncated(self, fault: Fault, answer: Callable[[], Answer]) -> None:
        self._send(answer(), cut=7)
        self.close_connection = True

    def _fault_reset(self, fault: Fault, answer: Callable[[], Answer]) -> None:
        linger_for_no_time = struct.pack("ii", 1, 0)
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger_for_no_time)
        self.close_connection = True

    def _fault_delay(self, fault: Fault, answer: Callable[[], Answer]) -> None:
        sleep(fault.seconds)
        self._send(answer())


def _json(value: object) -> Answer:
    return Answer(200, "application/json", json.dumps(value).encode())


def _words(status: int, words: str) -> Answer:
    return Answer(status, "text/plain; charset=UTF-8", words.encode())


def _page_size(params: dict[str, str]) -> int:
    text = params.get("pageSize", "0")
    if not text.isdigit():
        raise BadRequest("Parameter `pageSize` has incorrect format")  # words invented
    return min(int(text) or 10, 1000)


@pytest.fixture
def registry_stand_in() -> Iterator[RegistryStandIn]:
    """A running registry without studies, on a port of its own."""
    stand_in = RegistryStandIn()
    stand_in.start()
    yield stand_in
    stand_in.stop()
    assert stand_in.accidents == []
