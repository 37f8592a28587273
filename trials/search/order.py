"""The orders that a list can have; each is total, so that no page repeats a trial."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
from django.db.models import QuerySet

from trials.models import Trial
from trials.search import places
from trials.search.packing import Integers
from trials.search.said import said

if TYPE_CHECKING:
    from trials.search.answer import Answer
    from trials.search.index import Index

ORDERINGS = (
    "-updated",
    "updated",
    "start",
    "-start",
    "enrollment",
    "-enrollment",
    "title",
    "relevance",
    "distance",
)
DEFAULT = "-updated"


Rank: TypeAlias = tuple[float | int | bytes, ...]


@dataclass(frozen=True)
class Order:
    """Trials in an order, by their places in the index.

    `name` is an order of the index. Where the database worked something out that goes before it,
    `first` has that for each of the places.
    """

    index: Index
    name: str
    places: Integers
    first: Any = None

    def rank(self, at: int) -> Rank:
        """What the trial that stands there is ordered by; no two trials have the same.

        It says where the trial stands among any others too, so that it holds when they change.
        """
        own = self.index.rank(self.name, int(self.places[at]))
        return own if self.first is None else (float(self.first[at]), *own)

    def before(self, rank: Rank) -> int:
        """How many trials stand before this rank. Looks at some twenty of half a million."""
        return bisect_left(range(len(self.places)), rank, key=self.rank)

    def up_to(self, rank: Rank) -> int:
        """How many stand before it or at it."""
        return bisect_right(range(len(self.places)), rank, key=self.rank)


def in_order(answer: Answer, ordering: str) -> Order:
    """The trials that were found. What is unknown comes last in either direction.

    "relevance" needs `q` and "distance" needs `near`.
    """
    index, question = answer.index, answer.question
    if ordering == "relevance":
        trials = index.in_order(answer.found, DEFAULT)
        return _put_first(index, DEFAULT, trials, -said(question).points(index, trials))
    if ordering != "distance":
        return Order(index, ordering, index.in_order(answer.found, ordering))
    trials = index.in_order(answer.found, "number")
    place = question.values["near"]
    if place.latitude is None:
        return _put_first(index, "number", trials, np.full(len(trials), np.inf))
    km = question.values.get("within_km", places.NEARBY)
    distances = _worked_out(answer, trials, places.nearest_site(place, km))
    return _put_first(index, "number", trials, distances)


def _put_first(index: Index, name: str, trials: Integers, first: Any) -> Order:
    order = np.argsort(first, kind="stable")
    return Order(index, name, trials[order], first[order])


def _worked_out(answer: Answer, trials: Integers, expression: Any) -> Any:
    """What the database works out of each of these trials; infinite where it is null."""
    keys = answer.index.keys[trials]
    rows: QuerySet[Any] = Trial.objects.filter(pk__in=keys.tolist()).order_by()
    values = dict(rows.annotate(worked_out=expression).values_list("pk", "worked_out"))
    known = (values.get(key) for key in keys.tolist())
    return np.array([np.inf if value is None else value for value in known], float)
