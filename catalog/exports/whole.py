"""The whole catalogue as it is at one moment, in the forms in which it is given away."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import override

from catalog.exports.around import tables_around
from catalog.exports.of_trials import tables_of_trials
from catalog.exports.tables import Table
from catalog.filters import ask
from trials.freshness import freshness
from trials.search import Found, consistent


@dataclass(frozen=True)
class Whole:
    """All published trials, the newest first, of one state of the database.

    `data_date`: of which day the registry's data are, or empty. `tell` hears how many trials more
    have been written.
    """

    trials: Found
    made_at: datetime
    data_date: str
    origin: str
    tell: Callable[[int], Any]

    @property
    def count(self) -> int:
        return len(self.trials)

    def batches(self) -> Iterator[list[int]]:
        for keys in self.trials.batches():
            yield keys
            self.tell(len(keys))

    def tables(self) -> tuple[Table, ...]:
        return (*tables_of_trials(self.batches), *tables_around())


@contextmanager
def whole_catalogue(tell: Callable[[int], Any] = lambda more: None) -> Iterator[Whole]:
    """The catalogue for as long as it is read. Names that the API has in one language: English."""
    with consistent(), override("en"):
        yield Whole(
            ask(QueryDict()).trials,
            timezone.now().replace(microsecond=0),
            freshness().data_date,
            settings.PUBLIC_URL,
            tell,
        )


@contextmanager
def in_its_place(path: Path) -> Iterator[Path]:
    """Where to write what is to stand at `path`: it comes there whole, or not at all."""
    beside = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        yield beside
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)
