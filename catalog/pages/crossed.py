"""The table of the landscape as a page shows it: each number with the address of its trials."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from math import ceil, log1p

from django.contrib.humanize.templatetags.humanize import intcomma
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import ngettext_lazy, pgettext

from catalog.charts import Numbers, numbers
from catalog.filters import Asked, FacetRow
from catalog.reading import MOST_VALUES
from trials.search.cross import SEVERAL, Axis, Line, Size, Table, axis, cross
from trials.spreadsheets import as_text
from trials.vocabulary import NOT_STATED

MOST_ROWS, MOST_COLUMNS = 20, 10  # at first
YEARS_ACROSS = 16  # of which a page has room for more
ALL = 100, 60  # rows and columns, where every value is asked for
MOST_TOGETHER = 40  # values that a line for the others asks for: more would be too long an address
SHADES, MANY = 5, 10  # the darkest field has at least so many trials
YEARS = "start_year"
CHARTS = ("phase", "status")
_EVERY = 10_000  # lines, for a chart that bounds its bars itself
# Of the rows and of the columns: values that have no line of their own; trials in no line, where
# all values are in one, and where not.
_LEFT_OUT = (
    (
        ngettext_lazy(
            "%(shown)s value of “%(name)s” has no row of its own.",
            "%(shown)s values of “%(name)s” have no row of their own.",
            "count",
        ),
        ngettext_lazy(
            "%(shown)s trial does not say its “%(name)s” and is in no row.",
            "%(shown)s trials do not say their “%(name)s” and are in no row.",
            "count",
        ),
        ngettext_lazy(
            "%(shown)s trial is in none of these rows.",
            "%(shown)s trials are in none of these rows.",
            "count",
        ),
    ),
    (
        ngettext_lazy(
            "%(shown)s value of “%(name)s” has no column of its own.",
            "%(shown)s values of “%(name)s” have no column of their own.",
            "count",
        ),
        ngettext_lazy(
            "%(shown)s trial does not say its “%(name)s” and is in no column.",
            "%(shown)s trials do not say their “%(name)s” and are in no column.",
            "count",
        ),
        ngettext_lazy(
            "%(shown)s trial is in none of these columns.",
            "%(shown)s trials are in none of these columns.",
            "count",
        ),
    ),
)

Words = Mapping[str, str | Promise]


@dataclass(slots=True)  # not frozen, as `FacetRow`
class Cell:
    """A number, how dark its field is, and the query that asks for its trials; of none, none."""

    count: int
    shade: int
    query: str


@dataclass(frozen=True, slots=True)
class Head:
    """A row or a column by itself: its name, and its total."""

    line: Line
    total: Cell

    @property
    def unstated(self) -> bool:
        return self.line.value == NOT_STATED


@dataclass(frozen=True, slots=True)
class Crossed:
    """The table. `notes`: what whoever adds its numbers up must know. `more`: values left out."""

    rows: tuple[tuple[Head, list[Cell]], ...]
    columns: tuple[Head, ...]
    notes: tuple[str, ...]
    more: int


def crossed(asked: Asked, rows: str, columns: str, words: Words, *, whole: bool) -> Crossed:
    """The trials of a question by two parameters; `whole`: with a row for each of their values."""
    few = MOST_ROWS, YEARS_ACROSS if columns == YEARS else MOST_COLUMNS
    most = ALL if whole else few
    table = cross(asked.answer, rows, columns, Size(*most, _room(asked)))
    return Crossed(
        tuple(
            (_head(asked, row), _cells(asked, table, row, counts))
            for row, counts in zip(table.rows.lines, table.counts, strict=True)
        ),
        tuple(_head(asked, column) for column in table.columns.lines),
        tuple(_notes(table, words)),
        table.rows.more + table.columns.more,
    )


def as_lines(table: Crossed, name: str, count: int) -> Iterator[list[str | int]]:
    """The table for a spreadsheet. `name`: of the table; `count`: of all its trials."""
    every = pgettext("trials", "All")
    yield [as_text(name), every, *(as_text(head.line.label) for head in table.columns)]
    yield [every, count, *(head.total.count for head in table.columns)]
    for head, cells in table.rows:
        yield [as_text(head.line.label), head.total.count, *(cell.count for cell in cells)]


def _room(asked: Asked) -> int:
    """How many values the others of an axis can be, so that the list takes the question."""
    given = sum(len(values) for _name, values in asked.params.lists())
    return min(MOST_TOGETHER, max(0, (MOST_VALUES - given) // 2))


def _head(asked: Asked, line: Line) -> Head:
    return Head(line, Cell(line.count, 0, asked.query_with(line.asks)))


def _cells(asked: Asked, table: Table, row: Line, counts: Sequence[int]) -> list[Cell]:
    most = table.most
    return [
        Cell(count, shade(count, most), asked.query_with({**row.asks, **column.asks}))
        if count
        else Cell(0, 0, "")
        for column, count in zip(table.columns.lines, counts, strict=True)
    ]


def shade(count: int, most: int) -> int:
    """From 0 for none to `SHADES` for the most; by powers, for most of the numbers are small."""
    return ceil(SHADES * log1p(count) / log1p(max(most, MANY))) if count else 0


def _notes(table: Table, words: Words) -> Iterator[str]:
    axes = table.rows, table.columns
    if any(one.overlaps for one in axes):
        yield _(
            "A trial can stand in several rows and columns: numbers need not add up to the totals."
        )
    if any(line.depth for one in axes for line in one.lines):
        yield _(
            "An indented row is counted in the one above it too, a column with an arrow in the one"
            " before it."
        )
    for one, (without_a_line, unsaid, unseen) in zip(axes, _LEFT_OUT, strict=True):
        told = (
            (one.more, without_a_line),
            (one.outside, unseen if one.more and not _together(one) else unsaid),
        )
        for count, text in told:
            values = {"count": count, "shown": intcomma(count), "name": words[one.parameter]}
            if count:
                yield str(text % values)


def _together(one: Axis) -> bool:
    """Whether a line counts the values that have none of their own."""
    return any(line.value in SEVERAL for line in one.lines)


def charts(asked: Asked) -> Numbers | None:
    """How the trials that were found are spread, in bars; of a single one there are none."""
    facets = {parameter: _bars(asked, parameter) for parameter in (*CHARTS, YEARS)}
    return numbers(facets, asked.trials.count(), *CHARTS)


def _bars(asked: Asked, parameter: str) -> tuple[FacetRow, ...]:
    """A facet without what was not asked for: a facet counts what its own filter takes away."""
    return tuple(
        FacetRow(line.value, line.label, line.count, False, 0, partial(asked.query_with, line.asks))
        for line in axis(asked.answer, parameter, _EVERY, together=0).lines
    )
