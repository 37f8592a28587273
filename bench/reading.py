"""Whether readers notice a refresh: a real server is asked all the time while records come in."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from threading import Event, Thread

from bench.databases import QUERY, Kind
from bench.figures import Figures
from bench.processes import registry, run, web_server
from bench.records import number
from bench.refreshing import STUDIES, refresh
from bench.workshop import Workshop

THERE_BEFORE = 1_000  # studies that the pages show from the beginning
ROUND = 0.2  # seconds in which each address is asked once, where the server is quick enough
QUIET = 15.0  # seconds of asking without a refresh
SLOWEST = 1.0  # seconds that an answer may take
ADDRESSES = (
    "/trials/",
    "/trials/?cell_source=adipose&phase=PHASE2",
    "/trials/{number}/",
    "/api/v1/trials/?page_size=100",
    "/healthz",
)


@dataclass
class Asked:
    """What came of the requests of one client: (seconds, address) of each."""

    answers: list[tuple[float, str]] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)

    @property
    def slowest(self) -> tuple[float, str]:
        return max(self.answers)

    def within(self, share: float) -> float:
        """Seconds within which this share of the answers came."""
        ordered = sorted(seconds for seconds, _ in self.answers)
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def ask_while(port: int, work: Callable[[], object]) -> Asked:
    """Ask one address after the other until the work is done."""
    asked, is_done = Asked(), Event()
    client = Thread(target=_ask, args=(port, asked, is_done))
    client.start()
    try:
        work()
    finally:
        is_done.set()
        client.join()
    return asked


def _ask(port: int, asked: Asked, is_done: Event) -> None:
    connection = HTTPConnection("127.0.0.1", port, timeout=30)
    rounds = 0
    while not is_done.is_set():
        began = time.monotonic()
        rounds += 1
        shown = number(1 + rounds % THERE_BEFORE)
        for address in ADDRESSES:
            _ask_one(connection, address.format(number=shown), asked)
        is_done.wait(max(0.0, began + ROUND - time.monotonic()))
    connection.close()


def _ask_one(connection: HTTPConnection, address: str, asked: Asked) -> None:
    began = time.perf_counter()
    try:
        connection.request("GET", address, headers={"Accept-Encoding": "gzip"})
        answer = connection.getresponse()
        answer.read()
    except (OSError, HTTPException) as error:
        connection.close()  # it opens anew by itself
        asked.failures.append(f"{address}: {error!r}")
        return
    asked.answers.append((time.perf_counter() - began, address))
    if answer.status != 200:
        asked.failures.append(f"{address}: {answer.status}")


def measure(kind: Kind, workshop: Workshop, figures: Figures) -> None:
    before = workshop.records(THERE_BEFORE)
    coming = workshop.records(STUDIES, first=THERE_BEFORE + 1)
    run("manage.py", "prepare", "static", DATABASE_URL="sqlite://:memory:")
    with kind.empty(workshop.folder) as url, registry(coming) as address:
        refresh(url, "--from", str(before), fetched=THERE_BEFORE)
        with web_server(url) as server:
            port = server.port
            ask_while(port, lambda: time.sleep(2))  # the first answers load the code
            rates: list[float] = []
            busy = ask_while(port, lambda: rates.append(_load(url, address)))
            quiet = ask_while(port, lambda: time.sleep(QUIET))
    beside = f"{kind.name}: beside a refresh of {STUDIES:,}"
    _tell(beside, busy, figures)
    figures.add(f"{beside}, the refresh itself", rates[0], "studies/s")
    _tell(f"{kind.name}: without a refresh", quiet, figures)


def _load(url: str, address: str) -> float:
    # By its name: a full refresh would ask for the studies that were there before one by one.
    return refresh(url, "--query", QUERY, fetched=STUDIES, registry_url=address).rate


def _tell(name: str, asked: Asked, figures: Figures) -> None:
    seconds, address = asked.slowest
    figures.add(f"{name}, requests", len(asked.answers))
    figures.add(f"{name}, requests that failed", len(asked.failures), most=0)
    figures.add(f"{name}, 95th percentile", asked.within(0.95) * 1000, "ms")
    slowest = f"{name}, slowest ({address.partition('?')[0]})"
    figures.add(slowest, seconds * 1000, "ms", most=SLOWEST * 1000)
    for failure in asked.failures[:5]:
        print(f"  {failure}")
