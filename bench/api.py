"""How long the API's lists take, beside the plain way and beside bytes that are ready."""

from __future__ import annotations

from bench import exporting
from bench.api_page import PAGE, ApiPage
from bench.databases import Kind
from bench.figures import Figures
from bench.processes import run
from bench.workshop import Workshop

SOME, MANY = 20_000, 500_000  # trials
# What the API should reach at MANY, times the plain way's page; and deep beside first.
FASTER, FASTER_WITH_TWO, DEEPER = 4, 50, 1.3


def measure(kind: Kind, workshop: Workshop, figures: Figures) -> None:
    _measure(kind, workshop, figures, SOME)


def measure_many(kind: Kind, workshop: Workshop, figures: Figures) -> None:
    if kind.server:
        _measure(kind, workshop, figures, MANY)
    else:
        figures.leave_out(f"the API at {MANY:,} trials on {kind.name}", "so many are for a server")


def _measure(kind: Kind, workshop: Workshop, figures: Figures, count: int) -> None:
    with kind.empty(workshop.folder) as url:
        run("-m", "bench.catalogue", str(count), DATABASE_URL=url)
        page = ApiPage(**run("-m", "bench.api_page", DATABASE_URL=url).json)
        run("manage.py", "prepare", "static", DATABASE_URL="sqlite://:memory:")
        exporting.tell(f"{kind.name}: {count:,} trials", url, count, figures)
    with_two = FASTER_WITH_TWO if count == MANY else None
    of = f"{kind.name}: {count:,} trials, {PAGE} of the API"

    def add(what: str, value: float, unit: str = "", **aim: float | None) -> None:
        figures.add(f"{of}, {what}", value, unit, **aim)

    add("page", page.whole * 1000, "ms")
    add("times a bare answer", page.whole / page.bare)
    add("plain page, times ours", page.plain_whole / page.whole, least=FASTER)
    add("page with two filters", page.two * 1000, "ms")
    add("plain page with two filters, times ours", page.plain_two / page.two, least=with_two)
    add(f"by cursor, page {page.deep_page:,}, times page 1", page.deep / page.first, most=DEEPER)
    add("unchanged", page.unchanged * 1000, "ms")
