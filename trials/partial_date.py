"""The registry's dates, 2016 or 2016-03 or 2016-03-15: an interval that prints as it came."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date

_SHAPE = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?", re.ASCII)


@dataclass(frozen=True, slots=True)
class PartialDate:
    """A date known to the year, the month or the day.

    Never widened into a day that nobody named: compare `earliest` and `latest` instead.
    """

    text: str

    @classmethod
    def parse(cls, text: str) -> PartialDate:
        """Read `2016`, `2016-03` or `2016-03-15`; ValueError says what would be right."""
        found = _SHAPE.fullmatch(text.strip())
        if found is None:
            raise ValueError(f"“{text}” is no date: write 2016, 2016-03 or 2016-03-15.")
        year, month, day = found.groups()
        try:
            date(int(year), int(month or 1), int(day or 1))
        except ValueError as error:
            raise ValueError(f"“{text}” is no day of the calendar.") from error
        return cls(found.group())

    @property
    def earliest(self) -> date:
        """The first day that it can mean."""
        year, month, day = self._parts
        return date(year, month or 1, day or 1)

    @property
    def latest(self) -> date:
        """The last day that it can mean."""
        year, month, day = self._parts
        month = month or 12
        return date(year, month, day or calendar.monthrange(year, month)[1])

    @property
    def _parts(self) -> tuple[int, int | None, int | None]:
        pieces = [int(piece) for piece in self.text.split("-")]
        return (
            pieces[0],
            pieces[1] if len(pieces) > 1 else None,
            pieces[2] if len(pieces) > 2 else None,
        )

    @property
    def year(self) -> int:
        return int(self.text[:4])

    def __str__(self) -> str:
        return self.text
