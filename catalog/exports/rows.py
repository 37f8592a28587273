"""Trials as rows of a CSV file: the API's objects, one row a trial, a column for each value.

A column has the name of its field in the API; what lies in an object has a dot between the names
(`enrollment.count`). A list is one cell with "|" between its values, and the columns of a list of
objects have as many: the third slug of `cell_sources` goes with the third quote.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from operator import itemgetter
from typing import Any

from rest_framework.serializers import BaseSerializer, ListSerializer

from catalog.api.trials import TrialRow
from catalog.holes import either, hole
from trials.spreadsheets import FORMULA, as_text

SEPARATOR = "|"
INSTEAD = "¦"  # stands for a "|" within a value, so that splitting always gives the values
BEGINNING = "\ufeff"  # without it Excel takes UTF-8 for the system's own encoding

_WITH_TITLES = ("publications", "documents")
TITLES = tuple(f"{name}.title" for name in _WITH_TITLES)
# The columns of slugs, and those of their names, which are put in when a line is sent.
NAMED = {
    "cell_sources.slug": "cell_sources.name",
    "indications.slug": "indications.name",
    "countries.code": "countries.name",
}
ADDRESS = "address"  # the hole for that of the API's trials
LINE_END = "\r\n"

Cells = list[Any]
Read = Callable[[Any], Sequence[Any]]


@dataclass(frozen=True, slots=True)
class Field:
    """A field of the API's object, and the columns that it has: one, or one for each value in it.

    `cells`: what is in these columns, of the field's value; None for a plain value.
    """

    name: str
    columns: tuple[str, ...]
    cells: Read | None = None


@cache
def fields() -> tuple[Field, ...]:
    """Those of a trial in the API's lists."""
    return tuple(_field(name, field) for name, field in TrialRow().fields.items())


def header() -> list[str]:
    return [column for field in fields() for column in field.columns]


def row(trial: dict[str, Any]) -> Cells:
    """The cells of a trial as the API has it."""
    cells: Cells = []
    for name, read in _reads():
        value = trial[name]
        if read is not None:
            cells += read(value)
        # Looked at here: most are, and a call for each would take a third of a row's time.
        elif value is None or value.__class__ is str:
            cells.append(value)
        else:
            cells.append(_joined(value) if isinstance(value, list) else plain(value))
    return harmless(cells)


def to_keep(trial: dict[str, Any]) -> str:
    """The line of a trial's ready document (`catalog.api.documents`), with holes.

    The columns of NAMED have the hole of their name and the slugs: `countries.name:CN|TW`.
    """
    english, chinese = (
        row({**trial, **{name: _titled(trial[name], which) for name in _WITH_TITLES}})
        for which in (0, 1)
    )
    cells = dict(zip(header(), english, strict=True))
    cells["url"] = f"{hole(ADDRESS)}{cells['id']}/"
    for slugs, names in NAMED.items():
        if cells[slugs] is not None:
            cells[names] = hole(f"{names}:{cells[slugs]}")
    titles = {name: cell for name, cell in zip(header(), chinese, strict=True) if name in TITLES}
    held = {name: either(quoted(cells[name]), quoted(title)) for name, title in titles.items()}
    cells |= {name: hole(name) for name in held}
    line = lines([cells.values()]).decode()
    for name, text in held.items():
        line = line.replace(hole(name), text)
    return line


def quoted(cell: Any) -> str:
    """The cell as it stands in a line."""
    return lines([[cell, None]]).decode().removesuffix(f",{LINE_END}")


def _titled(things: list[dict[str, Any]], which: int) -> list[dict[str, Any]]:
    return [{**thing, "title": thing["title"][which] or thing["title"][0]} for thing in things]


@cache
def _reads() -> tuple[tuple[str, Read | None], ...]:
    return tuple((field.name, field.cells) for field in fields())


def _field(name: str, field: Any) -> Field:
    if not isinstance(field, BaseSerializer):
        return Field(name, (name,))
    several = isinstance(field, ListSerializer)
    names, read = _inner(field.child if isinstance(field, ListSerializer) else field)
    columns = tuple(f"{name}.{rest}" for rest in names)
    return Field(name, columns, (_of_objects if several else _of_an_object)(read, len(columns)))


def _of_an_object(read: Read, width: int) -> Read:
    def cells(value: Any) -> Cells:
        if value is None:
            return [None] * width
        return [each if each.__class__ is str else plain(each) for each in read(value)]

    return cells


def _of_objects(read: Read, width: int) -> Read:
    nothing: Cells = [None] * width

    def cells(values: Any) -> Cells:
        if not values:
            return nothing
        rows = [nothing if value is None else read(value) for value in values]
        if len(rows) == 1:  # most often
            return [_part(each) for each in rows[0]]
        return [_joined(column) for column in zip(*rows, strict=True)]

    return cells


def _inner(serializer: Any) -> tuple[list[str], Read]:
    """The names of the values in an object, and how all of them are read at once."""
    inner = {
        name: _inner(field)
        for name, field in serializer.fields.items()
        if isinstance(field, BaseSerializer)
    }
    if not inner:
        names = list(serializer.fields)
        return names, itemgetter(*names)
    columns: list[str] = []
    reads: list[Read] = []
    for name in serializer.fields:
        names, read = inner.get(name, ([], _itself))
        columns += [f"{name}.{rest}" for rest in names] or [name]
        reads.append(_within(name, read, len(names)))
    return columns, lambda value: [each for read in reads for each in read(value)]


def _itself(value: Any) -> Cells:
    return [value]


def _within(name: str, read: Read, width: int) -> Read:
    def of(value: Any) -> Sequence[Any]:
        inner = value[name]
        return read(inner) if inner is not None else [None] * (width or 1)

    return of


def plain(value: Any) -> Any:
    """True and false as JSON writes them; 20000000.0 as the whole number that it is."""
    if value is True or value is False:
        return "true" if value else "false"
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _joined(values: Iterable[Any]) -> str:
    return SEPARATOR.join(
        ["" if value is None else str(_part(value)) for value in values],
    )


def _part(value: Any) -> Any:
    """A value of several in a cell."""
    if isinstance(value, str):
        return value.replace(SEPARATOR, INSTEAD) if SEPARATOR in value else value
    return plain(value)


def harmless(cells: Cells) -> Cells:
    """The cells, with a "'" before what looks like a formula, and without control characters."""
    texts = [cell for cell in cells if cell and isinstance(cell, str)]
    # Nearly all are: a look at all of them together is ten times faster than at each.
    if FORMULA.isdisjoint([text[0] for text in texts]) and "".join(texts).isprintable():
        return cells
    return [as_text(cell) if isinstance(cell, str) else cell for cell in cells]


def lines(rows: Iterable[Iterable[Any]]) -> bytes:
    """The rows as lines of a CSV file (RFC 4180, UTF-8)."""
    text = io.StringIO()
    csv.writer(text, lineterminator=LINE_END).writerows(rows)
    return text.getvalue().encode("utf-8", "replace")
