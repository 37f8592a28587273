"""The answer to a question: the set of trials, what each filter leaves, and the trials."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from functools import cached_property
from typing import overload

import numpy as np
from pyroaring import BitMap

from trials.models import Trial
from trials.querysets import TrialQuerySet
from trials.search import places
from trials.search.conditions import CONDITIONS
from trials.search.index import Index, as_places
from trials.search.order import Order, in_order
from trials.search.packing import Integers
from trials.search.question import Question

AT_ONCE = 500  # trials that are read together where all are wanted


class Answer:
    """What a question comes to. Sets are worked out when they are looked at, each once."""

    def __init__(self, question: Question) -> None:
        self.question = question

    @property
    def index(self) -> Index:
        return self.question.terms.index

    @cached_property
    def meant(self) -> dict[str, BitMap]:
        """For each parameter that is asked, the trials that fit it."""
        return {
            parameter: CONDITIONS[parameter](self.question)
            for parameter in self.question.values
            if parameter in CONDITIONS
        }

    @cached_property
    def found(self) -> BitMap:
        return self.left_by_others(())

    def left_by_others(self, own: Collection[str]) -> BitMap:
        """The trials that every filter lets through but these."""
        others = [trials for parameter, trials in self.meant.items() if parameter not in own]
        return BitMap.intersection(self.index.live, *others)

    def count(self) -> int:
        return len(self.found)


Read = Callable[[TrialQuerySet], TrialQuerySet]


class Found:
    """The trials of an answer, in an order: its length, and slices of it as lists of trials.

    `read`: what is fetched of them (`TrialQuerySet.for_list`).
    """

    def __init__(self, answer: Answer, ordering: str, read: Read = TrialQuerySet.for_list) -> None:
        self.answer, self.ordering, self.read = answer, ordering, read

    def __len__(self) -> int:
        return self.answer.count()

    def count(self) -> int:
        return self.answer.count()

    @cached_property
    def order(self) -> Order:
        return in_order(self.answer, self.ordering)

    @property
    def keys(self) -> list[int]:
        """The trials' primary keys, in order."""
        return self.keys_of(slice(None))

    def keys_of(self, wanted: slice) -> list[int]:
        """Those of a part alone: a page costs the same at any depth of any list."""
        keys: list[int] = self.answer.index.keys[self.order.places[wanted]].tolist()
        return keys

    def batches(self, first: int = 0, last: int | None = None) -> Iterator[list[int]]:
        """The keys from one place in the list to another, some hundred at a time.

        `keys` would be a Python list of all of them: 20 MB for half a million trials.
        """
        places = self.order.places[first:last]
        for start in range(0, len(places), AT_ONCE):
            keys: list[int] = self.answer.index.keys[places[start : start + AT_ONCE]].tolist()
            yield keys

    def among(self, keys: Iterable[int]) -> set[int]:
        """Those of these primary keys that are keys of its trials."""
        index = self.answer.index
        there = index.having_keys(list(keys)) & self.answer.found
        return set(index.keys[as_places(there)].tolist())

    def keys_as_they_came(self) -> Integers:
        """The keys of the trials, in the order in which these came into the catalogue."""
        return np.sort(self.answer.index.keys[as_places(self.answer.found)])

    @overload
    def __getitem__(self, wanted: int) -> Trial: ...
    @overload
    def __getitem__(self, wanted: slice) -> list[Trial]: ...
    def __getitem__(self, wanted: int | slice) -> Trial | list[Trial]:
        if isinstance(wanted, slice):
            return self.read_keys(self.keys_of(wanted))
        return self.read_keys([int(self.answer.index.keys[self.order.places[wanted]])])[0]

    def __iter__(self) -> Iterator[Trial]:
        for start in range(0, len(self), AT_ONCE):
            yield from self[start : start + AT_ONCE]

    def read_keys(self, keys: list[int]) -> list[Trial]:
        """The trials of these keys; one that is gone meanwhile is left out."""
        trials = self.read(Trial.objects.filter(pk__in=keys).order_by())
        by_key = {trial.pk: trial for trial in trials} if keys else {}
        return [by_key[key] for key in keys if key in by_key]


def out_of_reach(answer: Answer) -> int:
    """How many trials fit all but `near`, with a site that may be there: its point is unknown."""
    index = answer.index
    trials = Trial.objects.published().filter(places.not_placed()).order_by()
    may_be = index.having_keys(list(trials.values_list("pk", flat=True)))
    return len((answer.left_by_others(("near",)) & may_be) - answer.meant["near"])
