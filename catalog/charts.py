"""Small charts: counts as bars that are drawn on the server, each a link to the trials it counts.

The numbers stand in a list beside the bars; the bars only show them once more.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from catalog.filters import FacetRow
from trials.vocabulary import NOT_STATED

FEWEST = 2  # trials: of a single one the list says as much as any chart
TOP = 6  # bars where a vocabulary has dozens of values
MOST_YEARS = 60  # a date that somebody mistyped must not draw a century of nothing

# Of vocabularies with dozens of values, the depths that are shown. Parts of a tissue are in its own
# number already, and the root of all indications says nothing.
_DEPTHS = {"cell_source": range(1), "indication": range(1, 9), "country": range(1)}
_TITLES: Mapping[str, str | Promise] = {
    "phase": _("Phase"),
    "status": _("Status"),
    "cell_source": _("Cells from"),
    "indication": _("Given for"),
}

Facets = Mapping[str, tuple[FacetRow, ...]]


@dataclass(frozen=True, slots=True)
class Bar:
    """A value and how many trials have it. `query` asks for these trials; empty where none has it.

    `length` is a share of the longest bar, in per cent.
    """

    value: str
    label: str
    count: int
    query: str
    length: int

    @property
    def unstated(self) -> bool:
        return self.value == NOT_STATED


@dataclass(frozen=True, slots=True)
class Chart:
    """The bars of one facet. `overlaps`: a trial may be counted in more than one of them."""

    parameter: str
    title: str | Promise
    bars: tuple[Bar, ...]
    overlaps: bool = False
    partial: bool = False  # only the most frequent values are shown


@dataclass(frozen=True, slots=True)
class Years:
    """When trials began, a bar a year; and the number of those that do not say when."""

    bars: tuple[Bar, ...]
    unstated: int


@dataclass(frozen=True, slots=True)
class Numbers:
    """The charts of one page."""

    charts: tuple[Chart, ...]
    years: Years | None


def numbers(facets: Facets, count: int, *parameters: str) -> Numbers | None:
    """Charts of these facets and of the years, for a page of so many trials; None for a few."""
    if count < FEWEST:
        return None
    charts = (chart(parameter, facets.get(parameter, ()), count) for parameter in parameters)
    return Numbers(tuple(one for one in charts if one.bars), years(facets, count))


def chart(parameter: str, rows: Iterable[FacetRow], count: int) -> Chart:
    """The rows that trials have, in their order; of a tree those with most, what is not said last.

    `count`: the number of trials that the bars are about.
    """
    found = [row for row in rows if row.count and _is_shown(parameter, row)]
    shown = most_frequent(parameter, found, TOP) if parameter in _DEPTHS else found
    return Chart(
        parameter,
        _TITLES[parameter],
        _bars(shown),
        overlaps=sum(row.count for row in shown) > count,
        partial=len(shown) < len(found),
    )


def years(facets: Facets, count: int) -> Years | None:
    """A bar for each year from the first to the last; None where no trial says when it began."""
    found = {int(row.value): row for row in facets.get("start_year", ()) if row.value.isdecimal()}
    found = {year: row for year, row in found.items() if row.count}
    if not found:
        return None
    every = range(min(found), max(found) + 1)
    shown = [
        found.get(year) or FacetRow(str(year), str(year), 0, False)
        for year in (every if len(every) <= MOST_YEARS else sorted(found))
    ]
    return Years(_bars(shown), count - sum(row.count for row in shown))


def share(part: int, whole: int) -> int:
    """Per cent of the whole; one trial among thousands is still to be seen."""
    return min(100, max(1, round(100 * part / whole))) if part and whole else 0


def most_frequent(parameter: str, rows: Iterable[FacetRow], most: int) -> list[FacetRow]:
    """The values that find most trials; what is not stated comes last, beside so many."""
    found = [row for row in rows if row.count and _is_shown(parameter, row)]
    named = [row for row in found if row.value != NOT_STATED]
    unstated = [row for row in found if row.value == NOT_STATED]
    return [*sorted(named, key=lambda row: -row.count)[:most], *unstated]


def _is_shown(parameter: str, row: FacetRow) -> bool:
    return row.value == NOT_STATED or row.depth in _DEPTHS.get(parameter, (row.depth,))


def _bars(rows: Iterable[FacetRow]) -> tuple[Bar, ...]:
    rows = tuple(rows)
    most = max((row.count for row in rows), default=0)
    return tuple(
        Bar(row.value, row.label, row.count, row.query, share(row.count, most)) for row in rows
    )
