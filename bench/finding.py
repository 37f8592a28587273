"""How long finding trials takes: the list page by itself, beside Datasette, beside plain Django.

Both sizes of a catalogue are measured in one run. Each of them by turns, and the medians: the
machine's mood changes.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from statistics import median
from threading import Event, Thread

from bench import datasette_file
from bench.databases import Kind
from bench.editing import STATUS
from bench.figures import Figures
from bench.list_page import ListPage
from bench.processes import Broken, datasette, run, web_server
from bench.questions import QUESTIONS, Question, typical
from bench.records import number
from bench.workshop import Workshop

FEW, SOME, MANY = 5_000, 10_000, 500_000  # trials
REPEATED = 3
EDITED = (2, 11, 12, 14)  # these trials; the first so that the list of edited ones is not empty
PATIENCE = 120.0  # seconds that an answer may take, and an edit until it is seen
EVERY = 0.05  # seconds between two looks for an edit


@dataclass(frozen=True, slots=True)
class Aims:
    """What a catalogue of a size should reach; None where nothing was said."""

    datasette: float  # times our page, at least; as all that follows, at most:
    page: float | None = None  # milliseconds
    times_few: float | None = None  # times the page of a catalogue of FEW
    first: float | None = None  # seconds
    growth: float | None = None  # bytes
    seen: float = 1.0  # seconds


AIMS = {
    SOME: Aims(datasette=20),
    MANY: Aims(datasette=200, page=60, times_few=2, first=10, growth=150e6),
}


def measure(kind: Kind, workshop: Workshop, figures: Figures) -> None:
    _measure(kind, workshop, figures, SOME)


def measure_many(kind: Kind, workshop: Workshop, figures: Figures) -> None:
    if kind.server:
        _measure(kind, workshop, figures, MANY)
    else:
        figures.leave_out(f"{MANY:,} trials on {kind.name}", "so many are for a server")


def _measure(kind: Kind, workshop: Workshop, figures: Figures, count: int) -> None:
    with _catalogue(kind, workshop, FEW) as few, _catalogue(kind, workshop, count) as many:
        Comparison(kind.name, few, many, count, workshop.folder, figures).tell()


@contextmanager
def _catalogue(kind: Kind, workshop: Workshop, count: int) -> Iterator[str]:
    with kind.empty(workshop.folder) as url:
        run("-m", "bench.catalogue", str(count), DATABASE_URL=url)
        yield url


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two catalogues, one of FEW trials and one of `count`, by the addresses of their databases."""

    kind: str
    few: str
    many: str
    count: int
    folder: Path
    figures: Figures

    def tell(self) -> None:
        run("manage.py", "prepare", "static", DATABASE_URL="sqlite://:memory:")
        page = self._tell_pages()
        self._tell_plain(page)
        with web_server(self.many, WEB_CONCURRENCY="1") as server:
            self._tell_edits(server.port)
            self._tell_datasette(server.port)

    @property
    def _aims(self) -> Aims:
        return AIMS[self.count]

    def _add(self, what: str, value: float, unit: str = "", **aim: float | None) -> None:
        self.figures.add(f"{self.kind}: {self.count:,} trials, {what}", value, unit, **aim)

    def _tell_pages(self) -> float:
        """Seconds of a page of `count` trials."""
        turns = [(_list_page(self.few), _list_page(self.many)) for _ in range(REPEATED)]
        few, many = (_typical(pages) for pages in zip(*turns, strict=True))
        self.figures.add(f"{self.kind}: {FEW:,} trials, list page", few.page * 1000, "ms")
        self._add("list page", many.page * 1000, "ms", most=self._aims.page)
        self._add("list page, processor", many.processor * 1000, "ms")
        self._add("list page, times a bare answer", many.page / many.bare)
        times = f"list page, times that of {FEW:,}"
        self._add(times, many.page / few.page, most=self._aims.times_few)
        self._add("first answer", many.first, "s", most=self._aims.first)
        self._add("list page of a new search", many.search * 1000, "ms")
        self._add("memory for it", many.growth, "bytes", most=self._aims.growth)
        return many.page

    def _tell_plain(self, page: float) -> None:
        plain = float(run("-m", "bench.plain_list", DATABASE_URL=self.many).output)
        self._add("plain Django's queries", plain * 1000, "ms")
        self._add("plain Django's queries, times our list page", plain / page)

    def _tell_edits(self, port: int) -> None:
        first, *others = (_seconds_until_seen(port, self.many, number(n)) for n in EDITED)
        del first  # with it the server loads what it needs
        self._add("an edit is seen after", median(others), "s", most=self._aims.seen)
        self._add("an edit is seen after, slowest", max(others), "s")

    def _tell_datasette(self, port: int) -> None:
        """Over HTTP both, one client, the connection kept open."""
        path = self.folder / f"{datasette_file.DATABASE}.db"
        path.unlink(missing_ok=True)
        run("-m", "bench.datasette_file", str(path), DATABASE_URL=self.many)
        with datasette(path, datasette_file.SETTINGS) as theirs:
            _check_counts(port, theirs)
            page = _page_seconds(port, lambda question: f"/trials/?{question.query}")
            other = _page_seconds(theirs, datasette_file.address)
        self._add("list page over HTTP", page * 1000, "ms")
        self._add("Datasette's page", other * 1000, "ms")
        times = other / page
        self._add("Datasette's page, times our list page", times, least=self._aims.datasette)


class Asking:
    """One client of a server on this machine."""

    def __init__(self, port: int) -> None:
        self._connection = HTTPConnection("127.0.0.1", port, timeout=PATIENCE)

    def __enter__(self) -> Asking:
        return self

    def __exit__(self, *error: object) -> None:
        self._connection.close()

    def get(self, address: str) -> str:
        """What is there. Raises Broken for everything but a whole answer."""
        try:
            self._connection.request("GET", address)
            answer = self._connection.getresponse()
            text = answer.read().decode()
        except (OSError, HTTPException) as error:
            raise Broken(f"{address[:80]}: {error!r}") from error
        if answer.status != 200 or "facets-timed-out" in text:
            raise Broken(f"{address[:80]}: {answer.status}, not a whole answer")
        return text


def _list_page(url: str) -> ListPage:
    return ListPage(**run("-m", "bench.list_page", DATABASE_URL=url).json)


def _typical(pages: tuple[ListPage, ...]) -> ListPage:
    names = ListPage.__dataclass_fields__
    return ListPage(**{name: median(getattr(page, name) for page in pages) for name in names})


def _page_seconds(port: int, address: Callable[[Question], str]) -> float:
    with Asking(port) as server:
        return typical(lambda question: server.get(address(question))).seconds


def _check_counts(port: int, theirs: int) -> None:
    """That both are asked the same."""
    question = QUESTIONS[0]
    with Asking(port) as server:
        told = server.get(f"/api/v1/trials/?{question.query}&page_size=1")
    count = json.loads(told)["count"]
    with Asking(theirs) as server:
        told = server.get(datasette_file.count_address(question))
    other = json.loads(told)["filtered_table_rows_count"]
    if count != other or not count:
        raise Broken(f"{count} trials found, {other} by Datasette")


def _seconds_until_seen(port: int, url: str, edited: str) -> float:
    """From the moment of the edit, made by another process, to the end of a page that has it."""
    seen: list[float] = []
    given_up = Event()

    def look() -> None:
        with Asking(port) as server:
            while not given_up.wait(EVERY):
                if edited in server.get(f"/trials/?status={STATUS}"):
                    seen.append(time.time())
                    return

    waiting = Thread(target=look)
    waiting.start()
    try:
        done = float(run("-m", "bench.editing", edited, DATABASE_URL=url).output)
        waiting.join(PATIENCE)
    finally:
        given_up.set()
        waiting.join()
    if not seen:
        raise Broken(f"the edit of {edited} is not on the page after {PATIENCE:.0f} seconds")
    return seen[0] - done
