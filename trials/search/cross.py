"""Two parameters crossed: how many of the trials found have a value of the one and of the other.

A count is what its question gives: the answer's own, with the values of the row in place of those
of the row's parameter, and likewise with those of the column. Where one of the two is asked
already, only what was asked of it and what lies below that has a line: of trials that were found
by one value no question can say that they have another one too.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from pyroaring import BitMap

from trials.partial_date import PartialDate
from trials.search.answer import Answer
from trials.search.facets import Tally, counted, rows_of
from trials.search.index import NOTHING
from trials.search.packing import MISSING
from trials.search.vocabularies import Term, reads_chinese
from trials.vocabulary import NOT_STATED

# What can be crossed: what facets count, but for the documents, which are no trait of a trial.
DIMENSIONS = (
    "cell_source",
    "indication",
    "donor_type",
    "preparation",
    "route",
    "phase",
    "status",
    "start_year",
    "country",
    "sponsor",
    "sponsor_class",
    "study_type",
    "product",
    "has_results",
)
OTHERS, EARLIER = SEVERAL = "others", "earlier"  # the lines that count several values at once
_BY_COUNT = frozenset(
    {"cell_source", "indication", "country", "sponsor", "product"}
)  # the others in their own order
# Nearly all trials stand below the root of these: its line would be that of all of them once more.
_WITHOUT_ROOT = frozenset({"indication"})


@dataclass(frozen=True, slots=True)
class Line:
    """A row or a column: a value, or several that have no line of their own.

    `trials`: those of the answer that it counts. `asks`: what a question for these has, by
    parameter. `depth`: how many of the lines before it count its trials too.
    """

    value: str
    label: str
    trials: BitMap
    asks: Mapping[str, tuple[str, ...]]
    depth: int = 0

    @property
    def count(self) -> int:
        return len(self.trials)


@dataclass(frozen=True, slots=True)
class Axis:
    """The rows, or the columns.

    `more`: how many values of the trials have no line of their own. `outside`: how many trials
    are in none of the lines. `overlaps`: whether a trial can be in several of them.
    """

    parameter: str
    lines: tuple[Line, ...]
    more: int
    outside: int
    overlaps: bool


@dataclass(frozen=True, slots=True)
class Size:
    """How many values have a line of their own, and how many a line for the others can ask for."""

    rows: int
    columns: int
    together: int


@dataclass(frozen=True, slots=True)
class Table:
    """`counts`: of each row the numbers of all columns."""

    rows: Axis
    columns: Axis
    counts: tuple[tuple[int, ...], ...]

    @property
    def most(self) -> int:
        return max((count for row in self.counts for count in row), default=0)


def cross(answer: Answer, rows: str, columns: str, size: Size) -> Table:
    """The trials of the answer, counted by two different ones of `DIMENSIONS`."""
    down = axis(answer, rows, size.rows, size.together)
    across = axis(answer, columns, size.columns, size.together)
    counts = tuple(
        tuple(row.trials.intersection_cardinality(column.trials) for column in across.lines)
        for row in down.lines
    )
    return Table(down, across, counts)


def axis(answer: Answer, parameter: str, most: int, together: int) -> Axis:
    """The values that most of the trials have, and a line for the others where one can ask for all.

    What is not stated has a line beside these.
    """
    if parameter == "start_year":
        lines, values = _years(answer, most)
    else:
        lines, values = _values(answer, parameter, most, together)
    in_a_line = BitMap.union(NOTHING, *(line.trials for line in lines))
    own = sum(line.value not in SEVERAL for line in lines)
    return Axis(
        parameter,
        tuple(lines),
        more=values - own,
        outside=len(answer.found) - len(in_a_line),
        overlaps=sum(line.count for line in lines) > len(in_a_line),
    )


# --- Values of a vocabulary


@dataclass(frozen=True, slots=True)
class _Found:
    """A value that trials of the answer have, and which of them."""

    term: Term
    trials: BitMap

    @property
    def value(self) -> str:
        return self.term.value


def _values(answer: Answer, parameter: str, most: int, together: int) -> tuple[list[Line], int]:
    """The lines, and how many values there are."""
    found = list(_found(answer, parameter))
    if parameter in _WITHOUT_ROOT:
        found = [one for one in found if not _is_root_of_all(one, found)]
    stated = {one.value: one for one in found if one.value != NOT_STATED}
    frequent = sorted(stated.values(), key=lambda one: -len(one.trials))  # a parent stays before
    shown = {one.value for one in frequent[: most if len(frequent) > most + 1 else None]}
    above = {value: _above(stated, value, shown) for value in stated}
    lines = [
        _line(parameter, [one], one.value, _label(one.term), depth=len(above[one.value]))
        for one in _in_order(parameter, [stated[value] for value in stated if value in shown])
    ]
    others = [
        one
        for value, one in stated.items()
        if value not in shown and not above[value] and one.term.parent not in stated
    ]
    further = _sponsors(answer) - len(stated) if parameter == "sponsor" else 0
    if 0 < len(others) <= together and further <= 0:
        words = ngettext("%(count)d other", "%(count)d others", len(others))
        lines.append(_line(parameter, others, OTHERS, words % {"count": len(others)}))
    lines += [
        _line(parameter, [one], one.value, _label(one.term))
        for one in found
        if one.value == NOT_STATED
    ]
    return lines, len(found) + max(further, 0)


def _found(answer: Answer, parameter: str) -> Iterator[_Found]:
    """The values that can be asked for without finding more trials, parents before children."""
    asked = answer.question.values.keys() & {parameter}
    kept: set[str | None] = set()
    for row in rows_of(answer, parameter):
        if asked and not row.selected and row.term.parent not in kept:
            continue
        kept.add(row.value)
        trials = answer.found & _having(answer, parameter, row)
        if trials:
            yield _Found(row.term, trials)


def _is_root_of_all(one: _Found, found: Sequence[_Found]) -> bool:
    """Whether it is a root, and each of its trials has a value below it too."""
    below = (other.trials for other in found if other.term.covers < one.term.covers)
    return one.term.depth == 0 and one.trials <= BitMap.union(NOTHING, *below)


def _having(answer: Answer, parameter: str, row: Tally) -> BitMap:
    index = answer.index
    if parameter == "sponsor":
        return index.where(np.isin(index.columns["sponsor"], list(row.term.covers)))
    if row.value == NOT_STATED:
        return index.without_any(parameter)
    return index.having_any(parameter, row.term.covers)


def _above(stated: Mapping[str, _Found], value: str, shown: Collection[str]) -> list[str]:
    """The values with a line that lie above one in its tree."""
    parent = stated[value].term.parent
    if parent is None or parent not in stated:
        return []
    return [*_above(stated, parent, shown), *([parent] if parent in shown else [])]


def _in_order(parameter: str, shown: Sequence[_Found]) -> list[_Found]:
    """Of a long vocabulary the most frequent first, each with what lies below it."""
    if parameter not in _BY_COUNT:
        return [*shown]
    values = {one.value for one in shown}

    def branch(parent: str | None) -> Iterator[_Found]:
        siblings = [one for one in shown if _parent_in(values, one) == parent]
        for one in sorted(siblings, key=lambda one: -len(one.trials)):
            yield one
            yield from branch(one.value)

    return list(branch(None))


def _parent_in(values: Collection[str], one: _Found) -> str | None:
    return one.term.parent if one.term.parent in values else None


def _line(
    parameter: str, several: Sequence[_Found], value: str, label: str, *, depth: int = 0
) -> Line:
    trials = BitMap.union(*(one.trials for one in several))
    return Line(value, label, trials, {parameter: tuple(one.value for one in several)}, depth)


def _label(term: Term) -> str:
    return term.label_in(chinese=reads_chinese())


def _sponsors(answer: Answer) -> int:
    """How many sponsors lead the trials of the answer; of thousands the facet knows the first."""
    return len(_numbers(answer.index.columns["sponsor"], answer.found))


def _numbers(column: Any, trials: BitMap) -> list[int]:
    """The numbers of a column that any of the trials has, the least first."""
    numbers: list[int] = np.flatnonzero(counted(column, trials)).tolist()
    return numbers


# --- Years


def _years(answer: Answer, most: int) -> tuple[list[Line], int]:
    """The latest years in which trials started, those before them in one line; how many years."""
    column = answer.index.columns["start_year"]
    years = _numbers(column, answer.found)
    first = len(years) - most if len(years) > most + 1 else 0
    lines = []
    if first:
        before, last = years[first], years[first - 1]
        trials = answer.found & answer.index.where((column <= last) & (column != MISSING))
        label = _("before %(year)s") % {"year": before}
        lines.append(Line(EARLIER, label, trials, _started(answer, None, last)))
    lines += [
        Line(
            str(year),
            str(year),
            answer.found & answer.index.where(column == year),
            _started(answer, year, year),
        )
        for year in years[first:]
    ]
    return lines, len(years)


def _started(answer: Answer, first: int | None, last: int) -> dict[str, tuple[str, ...]]:
    """What asks for a start in these years; never more than was asked of the start already."""
    asked: Mapping[str, PartialDate] = answer.question.values
    asks: dict[str, tuple[str, ...]] = {}
    if first is not None:
        since = asked.get("start_from")
        inside = since is not None and since.earliest > date(first, 1, 1)
        asks["start_from"] = (str(since) if inside else f"{first:04d}",)
    until = asked.get("start_to")
    inside = until is not None and until.latest < date(last, 12, 31)
    asks["start_to"] = (str(until) if inside else f"{last:04d}",)
    return asks
