"""Trials as rows of a CSV file: the API's objects, one row a trial, a column for each value.

A column has the name of its field in the API; what lies in an object has a dot between the names
(`enrollment.count`). A list is one cell with "|" between its values, and the columns of a list of
objects have as many: the third slug of `cell_sources` goes with the third quote.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from operator import itemgetter
from typing import Any

from rest_framework.serializers import BaseSerializer, ListSerializer

from catalog.api.trials import TrialRow

SEPARATOR = "|"
INSTEAD = "¦"  # stands for a "|" within a value, so that splitting always gives the values
BEGINNING = "\ufeff"  # without it Excel takes UTF-8 for the system's own encoding
# What a spreadsheet would take for a formula; a "'" before it makes it text again. The wide forms
# are read like the narrow ones where Chinese or Japanese is typed.
_FORMULA = tuple("=+-@\t\r\n＝＋－＠")
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_LINE_END = re.compile("\r\n?")

Get = Callable[[Any], Any]


@dataclass(frozen=True, slots=True)
class Field:
    """A field of the API's object: a value or a list of values, or an object or a list of them.

    `leaves` are the values of an object: the rest of each column's name, and how it is read.
    """

    name: str
    leaves: tuple[tuple[str, Get], ...] = ()
    several: bool = False

    @property
    def columns(self) -> list[str]:
        return [f"{self.name}.{rest}" for rest, _get in self.leaves] or [self.name]

    def cells(self, value: Any) -> list[Any]:
        if not self.leaves:
            return [cell(value)]
        if self.several:
            return [_joined(_of(each, get) for each in value) for _rest, get in self.leaves]
        return [cell(_of(value, get)) for _rest, get in self.leaves]


@cache
def fields() -> tuple[Field, ...]:
    """Those of a trial in the API's lists."""
    return tuple(_field(name, field) for name, field in TrialRow().fields.items())


def _field(name: str, field: Any) -> Field:
    if isinstance(field, ListSerializer):
        return Field(name, tuple(_leaves(field.child)), several=True)
    if isinstance(field, BaseSerializer):
        return Field(name, tuple(_leaves(field)))
    return Field(name)


def _leaves(serializer: Any) -> Iterable[tuple[str, Get]]:
    for name, field in serializer.fields.items():
        if isinstance(field, BaseSerializer):
            for rest, get in _leaves(field):
                yield f"{name}.{rest}", _within(name, get)
        else:
            yield name, itemgetter(name)


def _within(name: str, get: Get) -> Get:
    return lambda value: _of(value[name], get)


def _of(value: Any, get: Get) -> Any:
    """What is read of an object; nothing of one that is null."""
    return None if value is None else get(value)


def header() -> list[str]:
    return [column for field in fields() for column in field.columns]


def row(trial: dict[str, Any]) -> list[Any]:
    """The cells of a trial as the API has it."""
    return [cell for field in fields() for cell in field.cells(trial[field.name])]


def cell(value: Any) -> Any:
    """A value as a cell has it: text that no spreadsheet takes for a formula, or a number."""
    if value is None:
        return ""
    if isinstance(value, str):
        return harmless(value)
    if isinstance(value, list):
        return _joined(value)
    return _number(value)


def harmless(text: str) -> str:
    """The text with a "'" before what looks like a formula, and without control characters."""
    if not text.isprintable():
        text = _CONTROL.sub("", _LINE_END.sub("\n", text))
    return f"'{text}" if text.startswith(_FORMULA) else text


def _joined(values: Iterable[Any]) -> str:
    return harmless(SEPARATOR.join(_part(value) for value in values))


def _part(value: Any) -> str:
    if value is None:
        return ""
    return (value if isinstance(value, str) else str(_number(value))).replace(SEPARATOR, INSTEAD)


def _number(value: Any) -> Any:
    """True and false as JSON writes them; 20000000.0 as the whole number that it is."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return int(value) if isinstance(value, float) and value.is_integer() else value


def lines(rows: Iterable[Iterable[Any]]) -> bytes:
    """The rows as lines of a CSV file (RFC 4180, UTF-8)."""
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    return text.getvalue().encode("utf-8", "replace")
