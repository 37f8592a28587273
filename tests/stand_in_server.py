"""The HTTP side of the stand-in registry: sends its answers, or breaks them as a fault wants."""

from __future__ import annotations

import gzip
import socket
import struct
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Protocol
from urllib.parse import parse_qsl, urlsplit

from tests.stand_in_faults import OF_A_PAGE, Fault

BASE = "/api/v2"
CLOSING = {"Connection": "close"}
MUCH_OF_NOTHING = gzip.compress(b" " * 1_000_000)


@dataclass
class Asked:
    """One request as it arrived."""

    path: str  # below the base
    params: dict[str, str]
    headers: dict[str, str]
    target: str  # the address as it was sent, percent signs and all


@dataclass
class Answer:
    status: int
    content_type: str
    body: bytes
    headers: dict[str, str] = field(default_factory=dict)


class Answering(Protocol):
    """The registry behind the server."""

    asked: list[Asked]
    accidents: list[BaseException]
    told: threading.Event

    def answer(self, path: str, params: dict[str, str], twist: str = "") -> Answer: ...

    def fault_for(self, path: str, params: dict[str, str]) -> Fault | None: ...


class Server(ThreadingHTTPServer):
    """Serves until `end`, which may come from one of its own answers ("die")."""

    request_queue_size = 64

    def __init__(self, registry: Answering, port: int = 0) -> None:
        super().__init__(("127.0.0.1", port), _Handler)
        self.registry = registry
        self.is_dead = False
        self._ending = threading.Lock()
        self._thread = threading.Thread(target=self.serve_forever, args=(0.005,), daemon=True)

    def start(self) -> None:
        self._thread.start()

    def end(self) -> None:
        """From now on connections are refused, and those that are open are reset."""
        with self._ending:
            if self.is_dead:
                return
            self.is_dead = True
            self.shutdown()
            self._thread.join()
            self.server_close()

    def handle_error(self, request: object, client_address: object) -> None:
        error = sys.exc_info()[1]
        # A client that hangs up is no accident of the server's.
        if error is not None and not isinstance(error, ConnectionError):
            self.registry.accidents.append(error)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # or a small answer waits for the client's acknowledgement
    server: Server

    def do_GET(self) -> None:
        registry = self.server.registry
        if self.server.is_dead:
            self._reset()
            return
        parts = urlsplit(self.path)
        path = parts.path.removeprefix(BASE)
        params = dict(parse_qsl(parts.query, keep_blank_values=True))
        registry.asked.append(Asked(path, params, dict(self.headers.items()), self.path))
        fault = registry.fault_for(path, params)
        if fault is None:
            self._send(registry.answer(path, params))
        elif fault.kind in OF_A_PAGE:
            self._send(registry.answer(path, params, twist=fault.kind))
        else:
            self._break(fault, lambda: registry.answer(path, params))

    def _break(self, fault: Fault, answer: Callable[[], Answer]) -> None:
        as_it_wants = getattr(self, f"_fault_{fault.kind}", None)
        if as_it_wants is None:
            raise LookupError(f"there is no fault of the kind “{fault.kind}”")
        as_it_wants(fault, answer)

    def log_message(self, format: str, *args: object) -> None:
        """Silent: what was asked stands in `asked`."""

    def _head(self, answer: Answer, length: int | None, encoding: str = "") -> None:
        self.send_response(answer.status)
        self.send_header("Content-Type", answer.content_type)
        if encoding:
            self.send_header("Content-Encoding", encoding)
        if length is not None:
            self.send_header("Content-Length", str(length))
        for name, value in answer.headers.items():
            self.send_header(name, value)
        self.end_headers()

    def _send(self, answer: Answer, cut: int = 0) -> None:
        body, encoding = answer.body, ""
        if body and "gzip" in self.headers.get("Accept-Encoding", ""):
            body, encoding = gzip.compress(body, compresslevel=1), "gzip"
        self._head(answer, len(body), encoding)
        self.wfile.write(body[: len(body) - cut])

    def _reset(self) -> None:
        linger_for_no_time = struct.pack("ii", 1, 0)
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger_for_no_time)
        self.close_connection = True

    def _fault_status(self, fault: Fault, answer: Callable[[], Answer]) -> None:
        headers = {"Content-Type": "text/plain"} | fault.headers
        kind = headers.pop("Content-Type")
        self._send(Answer(fault.status, kind, fault.words.encode(), headers))

    def _fault_not_json(self, fault: Fault, answer: Callable[[], Answer]) -> None:
        self._send(Answer(200, "text/html", b"<html><body>Please wait</body></html>"))

    def _fault_empty_body(self, fault: Fault, answer: Callable[[], Answer]) -> None:
        self._send(Answer(200, "application/json", b""))

    def _fault_garbage_gzip(self, fault: Fault, answer: Callable[[], Answer]) -> None:
        body = gzip.compress(answer().body)[:10] + b"\xff" * 50
        self._head(answer(), len(body), "gzip")
        self.wfile.write(body)

    def _fault_truncated(self, fault: Fault, answer: Callable[[], Answer]) -> None:
        self._send(answer(), cut=7)
        self.close_connection = True

    def _fault_truncated_quietly(self, fault: Fault, answer: Callable[[], Answer]) -> None:
        """Without a length: that something is missing shows in the JSON alone."""
        whole = answer()
        self._head(replace(whole, headers=CLOSING), None)
        self.wfile.write(whole.body[: len(whole.body) * 2 // 3])
        self.close_connection = True

    def _fault_reset(self, fault: Fault, answer: Callable[[], Answer]) -> None:
        self._reset()

    def _fault_delay(self, fault: Fault, answer: Callable[[], Answer]) -> None:
        self.server.registry.told.wait(fault.seconds)
        self._send(answer())

    def _fault_drip(self, fault: Fault, answer: Callable[[], Answer]) -> None:
        """The body byte by byte, until somebody tells us or hangs up; then the rest at once."""
        whole = answer()
        self._head(whole, len(whole.body))
        self._drip(whole.body, fault.seconds)

    def _fault_drip_head(self, fault: Fault, answer: Callable[[], Answer]) -> None:
        self._drip(b"HTTP/1.1 200 OK\r\nX-Slow: " + b"x" * 10_000 + b"\r\n\r\n", fault.seconds)
        self.close_connection = True

    def _drip(self, body: bytes, seconds: float) -> None:
        for place in range(len(body)):
            if self.server.registry.told.wait(seconds):
                self.wfile.write(body[place:])
                return
            self.wfile.write(body[place : place + 1])

    def _fault_endless(self, fault: Fault, answer: Callable[[], Answer]) -> None:
        """White space for ever, packed a thousand to one, until the client hangs up."""
        self._head(Answer(200, "application/json", b"", CLOSING), None, "gzip")
        while not self.server.registry.told.is_set():
            self.wfile.write(MUCH_OF_NOTHING)
        self.close_connection = True

    def _fault_die(self, fault: Fault, answer: Callable[[], Answer]) -> None:
        self._reset()
        self.server.end()
