"""What a table of the catalogue is, in SQLite and as CSV alike: its columns, keys and rows."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from django.db.models import QuerySet

from trials.partial_date import PartialDate

AT_ONCE = 2_000  # rows that are read together

# The kinds of values, by the names that Frictionless Data gives them.
TEXT, WHOLE, NUMBER, YES_NO, DAY, MOMENT, LIST = (
    *("string", "integer", "number", "boolean", "date", "datetime", "array"),
)
PARTIAL = "As the registry gives it: 2016, 2016-03 or 2016-03-15."
JSON_LIST = "A JSON list."


@dataclass(frozen=True, slots=True)
class Column:
    """A column; `path`: where its value is, from the row of the model on.

    `refers_to`: the table that has this value as its key.
    """

    name: str
    path: Any = ""
    kind: str = TEXT
    refers_to: str = ""
    about: str = ""

    @property
    def source(self) -> Any:
        return self.path or self.name


Rows = Callable[[], Iterator[tuple[Any, ...]]]


@dataclass(frozen=True, slots=True)
class Table:
    """A table; `key` names the columns that tell its rows apart, `rows` reads them anew."""

    name: str
    about: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    rows: Rows

    @property
    def names(self) -> list[str]:
        return [column.name for column in self.columns]


def table(
    name: str, about: str, rows: QuerySet[Any], key: str, columns: Iterable[Column | str]
) -> Table:
    """A table of a model's rows. A column given as text is one of text; `key` may name several."""
    those = tuple(Column(column) if isinstance(column, str) else column for column in columns)

    def read() -> Iterator[tuple[Any, ...]]:
        annotated = {c.name: c.source for c in those if not isinstance(c.source, str)}
        # Not the column's name: an annotation may not have that of a field.
        wanted = rows.annotate(**{f"as_{name}": value for name, value in annotated.items()})
        paths = [f"as_{c.name}" if c.name in annotated else c.source for c in those]
        for row in wanted.values_list(*paths).iterator(chunk_size=AT_ONCE):
            yield tuple(map(plain, row))

    return Table(name, about, those, tuple(key.split()), read)


def plain(value: Any) -> Any:
    """A value as files have it: what is not known is None, never ""; dates and moments as text."""
    if isinstance(value, PartialDate):
        return str(value)
    if isinstance(value, datetime):  # as the API writes it, so that all moments sort as texts
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    if isinstance(value, date):
        return value.isoformat()
    return None if value == "" else value
