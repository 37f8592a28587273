"""Reads values out of JSON of any shape, so that one odd value never costs a whole record.

Two rules. A *shape* that is wrong (text where an object should be) raises WrongShape: the record
cannot be trusted. A *value* that is wrong (a date such as 2016-13) is left out and noted, so that a
caller can report it; a word that is new in one of the registry's lists is kept, and noted as well.
A null is an absence.
"""

import math
import re
import reprlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

T = TypeVar("T")

LARGEST_COUNT = 2**31 - 1  # what a database integer holds

# PostgreSQL refuses NUL, UTF-8 refuses lone surrogates, XML (feeds) refuses the other controls.
_UNSTORABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
LONGEST_WORD = 40  # letters of a word in the registry's lists; its longest has 25
_WORD = re.compile(rf"[A-Z][A-Z0-9_]{{0,{LONGEST_WORD - 1}}}")
_PARTIAL_DATE = re.compile(r"[0-9]{4}(?:-[0-9]{2}(?:-[0-9]{2})?)?")


class WrongShape(ValueError):
    """An object or a list was expected at this path, and something else stands there."""


@dataclass(frozen=True, slots=True)
class UnknownValue:
    """A value that was left out, or that is new: where it stood in the record, its beginning."""

    path: str
    value: str


def clean(text: str) -> str:
    """The text as it came, less the characters that cannot be stored."""
    # Most texts are of nothing but printable lines, and that is told many times faster.
    if text.isprintable() or all(map(str.isprintable, text.split("\n"))):
        return text
    return _UNSTORABLE.sub("", text)


def unique(values: Iterable[T]) -> tuple[T, ...]:
    """Each value once, where it first stood."""
    return tuple(dict.fromkeys(values))


def is_partial_date(text: str) -> bool:
    """Whether this is a year, a month or a day of the calendar in the registry's spelling."""
    if not _PARTIAL_DATE.fullmatch(text):
        return False
    try:
        date.fromisoformat(text + "-01-01"[len(text) - 4 :])
    except ValueError:
        return False
    return True


class Fields:
    """One JSON object of a record, read field by field."""

    __slots__ = ("_noted", "_object", "_path")

    def __init__(self, value: object, path: str, noted: dict[UnknownValue, None]) -> None:
        if value is None:
            value = {}
        if not isinstance(value, dict):
            raise WrongShape(f"{path or 'the record'} is not an object")
        self._object: dict[str, Any] = value
        self._path = path
        self._noted = noted

    def note(self, name: str, value: object) -> None:
        shown = value[:200] if isinstance(value, str) else reprlib.repr(value)
        self._noted[UnknownValue(self._place(name), clean(shown))] = None

    def section(self, name: str) -> "Fields":
        return Fields(self._object.get(name), self._place(name), self._noted)

    def sections(self, name: str) -> "Iterator[Fields]":
        for value in self._list(name):
            yield Fields(value, self._place(name), self._noted)

    def text(self, name: str) -> str:
        return self._text(name, self._object.get(name))

    def label(self, name: str) -> str:
        """A text that names something: the white space around it means nothing."""
        return self.text(name).strip()

    def labels(self, name: str) -> tuple[str, ...]:
        labels = (self._text(name, value).strip() for value in self._list(name))
        return unique(label for label in labels if label)

    def choice(self, name: str, known: frozenset[str]) -> str:
        """A word of one of the registry's lists; one that is not known yet is noted and kept."""
        return self._choice(name, self._object.get(name), known)

    def choices(self, name: str, known: frozenset[str]) -> tuple[str, ...]:
        chosen = (self._choice(name, value, known) for value in self._list(name))
        return unique(value for value in chosen if value)

    def flag(self, name: str) -> bool | None:
        value = self._object.get(name)
        if value is None or isinstance(value, bool):
            return value
        self.note(name, value)
        return None

    def count(self, name: str) -> int | None:
        value = self._object.get(name)
        if isinstance(value, str) and re.fullmatch(r"[0-9]{1,10}", value):
            value = int(value)
        if value is None:
            return None
        if not isinstance(value, bool) and isinstance(value, int) and 0 <= value <= LARGEST_COUNT:
            return value
        self.note(name, value)
        return None

    def degrees(self, name: str, most: float) -> float | None:
        value = self._object.get(name)
        if value is None:
            return None
        if isinstance(value, int | float) and not isinstance(value, bool) and abs(value) <= most:
            return float(value)  # NaN and the infinities fail the comparison
        self.note(name, value)
        return None

    def partial_date(self, name: str) -> str:
        text = self.label(name)
        if not text or is_partial_date(text):
            return text
        self.note(name, text)
        return ""

    def day(self, name: str) -> date | None:
        text = self.label(name)
        if is_partial_date(text) and len(text) == len("2016-03-15"):
            return date.fromisoformat(text)
        if text:
            self.note(name, text)
        return None

    def _place(self, name: str) -> str:
        return f"{self._path}.{name}" if self._path else name

    def _list(self, name: str) -> list[Any]:
        values = self._object.get(name)
        if values is None:
            return []
        if not isinstance(values, list):
            raise WrongShape(f"{self._place(name)} is not a list")
        return [value for value in values if value is not None]

    def _text(self, name: str, value: object) -> str:
        if isinstance(value, str):
            return clean(value)
        if value is None:
            return ""
        if isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value):
            return str(value)  # a PubMed number that came as a number is still that number
        self.note(name, value)
        return ""

    def _choice(self, name: str, value: object, known: frozenset[str]) -> str:
        if isinstance(value, str) and value in known:
            return value
        if value is not None and value != "":
            self.note(name, value)
        return value if isinstance(value, str) and _WORD.fullmatch(value) else ""
