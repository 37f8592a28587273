"""A stand-in for the registry: a real HTTP server on a loopback socket, with faults on request.

It obeys the API's own description: paging by opaque tokens that grow, errors as plain text. Where
the real words of an error are known they are these; where not, a comment says "words invented".

As a process of its own, with the studies of a file (it prints its address first):

    python -m tests.stand_in --records records.jsonl --port 8010
"""

from __future__ import annotations

import argparse
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from hashlib import sha256
from typing import Any

from tests.clock import Clock
from tests.stand_in_faults import Fault, token_refused
from tests.stand_in_fields import BadField, chosen, in_order
from tests.stand_in_search import (
    OF_ONE_STUDY,
    BadRequest,
    Search,
    aliases_of,
    check_known,
    encode,
)
from tests.stand_in_server import BASE, Answer, Asked, Server
from trials.registry.client import Registry
from trials.registry.files import read_records
from trials.registry.numbers import registry_number

__all__ = ["Answer", "Asked", "Clock", "Connect", "Fault", "RegistryStandIn", "token_refused"]

Raw = dict[str, Any]
Connect = Callable[..., Registry]

MAY_DIFFER_BY_PAGE = ("countTotal", "pageSize", "pageToken")
_EVERY_KIND = "+/=&?#%;, ~'\"<>\\äß漢🦴"


class RegistryStandIn:
    """The state of the registry that tests arrange and look at, and the server around it."""

    def __init__(self, port: int = 0) -> None:
        self.studies: dict[str, Raw] = {}
        self.aliases: dict[str, str] = {}
        self.data_timestamp = "2024-03-01T09:00:05"
        self.faults: list[Fault] = []
        self.empty_pages: set[int] = set()  # numbers of pages that come empty but with a token
        self.asked: list[Asked] = []
        self.accidents: list[BaseException] = []
        self.told = threading.Event()  # ends what drips and what is delayed
        self._tokens: dict[str, tuple[dict[str, str], int, int]] = {}
        self._search = Search()
        self._found: dict[str, tuple[list[Raw], list[Raw]]] = {}
        self._lock = threading.Lock()
        self._server = Server(self, port)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}{BASE}"

    def add(self, *records: Raw) -> None:
        """Puts studies into the registry, under the numbers that they bear."""
        for record in records:
            number = record["protocolSection"]["identificationModule"]["nctId"]
            self.studies[number] = record

    def paths(self) -> list[str]:
        return [asked.path for asked in self.asked]

    def start(self) -> None:
        self._server.start()

    def stop(self) -> None:
        self.told.set()
        self._server.end()

    def fault_for(self, path: str, params: dict[str, str]) -> Fault | None:
        with self._lock:
            return next((fault for fault in self.faults if fault.strikes(path, params)), None)

    def answer(self, path: str, params: dict[str, str], twist: str = "") -> Answer:
        try:
            if path == "/version":
                return _json({"apiVersion": "2.0.5", "dataTimestamp": self.data_timestamp})
            if path == "/studies":
                with self._lock:
                    return _json(self._page(params, twist))
            if path.startswith("/studies/"):
                return self._one(path.removeprefix("/studies/"), params)
        except (BadRequest, BadField) as error:
            return _words(400, str(error))
        return _words(404, "Not Found")  # words invented

    def _one(self, asked: str, params: dict[str, str]) -> Answer:
        check_known(params, OF_ONE_STUDY)
        number = registry_number(asked)
        if number is None:
            return _words(400, "Parameter `nctId` has incorrect format")
        if present := self._present_number(number):
            return Answer(301, "text/plain", b"", {"Location": f"{BASE}/studies/{present}"})
        if number not in self.studies:
            return _words(404, f"NCT number {number} not found")
        return _json(self._shown([self.studies[number]], params)[0])

    def _present_number(self, number: str) -> str | None:
        if number in self.aliases or number in self.studies:
            return self.aliases.get(number)
        bearers = (key for key, study in self.studies.items() if number in aliases_of(study))
        return next(bearers, None)

    def _page(self, params: dict[str, str], twist: str) -> Raw:
        check_known(params)
        lasting = {name: params[name] for name in params if name not in MAY_DIFFER_BY_PAGE}
        number, start = 1, 0
        if token := params.get("pageToken"):
            first, number, start = self._tokens.get(token, (None, 0, 0))
            if first != lasting:
                raise BadRequest("Invalid `pageToken`")  # words invented
        found = self._matching(lasting, anew=not token)
        end = start if number in self.empty_pages else start + _page_size(params)
        page: Raw = {"studies": self._shown(found[start:end], params)}
        if params.get("countTotal") == "true" and not token:
            page["totalCount"] = len(found)
        if end < len(found) or twist == "forever":
            page["nextPageToken"] = self._new_token(lasting, number + 1, end, twist)
        if twist:
            _twist(page, params, twist)
        return page

    def _matching(self, lasting: dict[str, str], *, anew: bool) -> list[Raw]:
        """What answers the parameters: looked for with a first page, and kept for the later ones.

        A study that was added, replaced or taken away in between makes it look again; one that was
        changed in place is served as it is, but looked for with the next first page.
        """
        key, there = repr(sorted(lasting.items())), list(self.studies.values())
        if not anew and key in self._found and self._found[key][0] == there:
            return self._found[key][1]
        found = self._search.matching(self.studies, lasting, self.aliases)
        found = in_order(found, lasting.get("sort", ""))
        self._found[key] = there, found
        return found

    def _shown(self, studies: list[Raw], params: dict[str, str]) -> list[Raw]:
        if "fields" not in params:
            return studies
        return chosen(studies, params["fields"], self.studies.values())

    def _new_token(self, lasting: dict[str, str], number: int, start: int, twist: str) -> str:
        digest = sha256(repr((sorted(lasting.items()), number, start)).encode()).hexdigest()
        token = (digest * 8)[: 8 + 13 * number % 400]
        if twist == "huge_token":
            token = (token + _EVERY_KIND * 4096)[:4096]
        self._tokens[token] = (lasting, number, start)
        return token


def _twist(page: Raw, params: dict[str, str], twist: str) -> None:
    """Does to a page what the fault wants; a page to which it cannot be done stays as it is."""
    studies = page["studies"]
    if twist == "wrong_total" and "totalCount" in page:
        page["totalCount"] += 5
    elif twist == "no_total":
        page.pop("totalCount", None)
    elif twist == "extra_study":
        page["studies"] = studies[:1] + studies
    elif twist == "repeat_study":
        page["studies"] = studies[:-1] + studies[:1]
    elif twist == "lose_study":
        page["studies"] = studies[:-1]
    elif twist == "repeat_token" and "pageToken" in params:
        page["nextPageToken"] = params["pageToken"]


def _json(value: object) -> Answer:
    return Answer(200, "application/json", encode(value))


def _words(status: int, words: str) -> Answer:
    return Answer(status, "text/plain; charset=UTF-8", words.encode())


def _page_size(params: dict[str, str]) -> int:
    text = params.get("pageSize", "0")
    if not text.isdigit():
        raise BadRequest("Parameter `pageSize` has incorrect format")  # words invented
    return min(int(text) or 10, 1000)


def main(arguments: Sequence[str] | None = None) -> None:
    """The door: serves the studies of a file or folder until it is ended."""
    parser = argparse.ArgumentParser(prog="python -m tests.stand_in", description=main.__doc__)
    parser.add_argument("--records", required=True, help="a file or folder of study records")
    parser.add_argument("--port", type=int, default=0, help="default: any that is free")
    parser.add_argument("--delay", type=float, default=0, help="seconds before every answer")
    options = parser.parse_args(arguments)
    stand_in = RegistryStandIn(options.port)
    stand_in.add(*(record for _, record in read_records(options.records) if type(record) is dict))
    if options.delay:
        stand_in.faults = [Fault("delay", seconds=options.delay, times=-1)]
    stand_in.start()
    sys.stdout.write(f"{stand_in.url}\n")
    sys.stdout.flush()
    try:
        stand_in.told.wait()
    except KeyboardInterrupt:
        stand_in.stop()


if __name__ == "__main__":
    main()
else:  # a process of its own needs no pytest
    import pytest

    @pytest.fixture
    def registry_stand_in() -> Iterator[RegistryStandIn]:
        """A running registry without studies, on a port of its own."""
        stand_in = RegistryStandIn()
        stand_in.start()
        yield stand_in
        stand_in.stop()
        assert stand_in.accidents == []

    @pytest.fixture
    def registry_clock() -> Clock:
        return Clock()

    @pytest.fixture
    def connect(registry_clock: Clock) -> Iterator[Connect]:
        """Makes clients that do not wait: their pauses are counted by the clock."""
        opened: list[Registry] = []

        def connect(url: str, **options: Any) -> Registry:
            options = {"interval": 0, "jitter": lambda: 0.5} | options
            opened.append(
                Registry(url, sleep=registry_clock.sleep, clock=registry_clock, **options)
            )
            return opened[-1]

        yield connect
        for registry in opened:
            registry.close()
