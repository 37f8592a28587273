"""The index: sets of trials as Roaring bitmaps, and the columns that lists are ordered by.

An index is never changed: what changed makes a new one, which shares all the rest with the old. A
trial has a place, a whole number that it keeps from one index to the next; sets hold places.
"""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import numpy as np
from pyroaring import BitMap

from trials.search.loading import Key, Loaded, load, places_of
from trials.search.log import Moment
from trials.search.packing import MISSING, Integers

UNKNOWN = 2**31 - 1  # what is unknown is ordered by this: it comes last
_SORTED = 8  # where less than one in so many was found, it is cheaper to sort those
NOTHING = BitMap()
_UNITED = 500  # sets of several values that are remembered


@dataclass(frozen=True)
class Index:
    """The published trials of one moment. `keys` and all columns go by place.

    A place whose trial is not published any more stays empty; `live` has the others.
    """

    moment: Moment
    keys: Integers
    live: BitMap
    having: Mapping[str, Mapping[Key, BitMap]]
    columns: Mapping[str, Integers]
    titles: Any
    # Orders of an index before this one, from which these are quickly made.
    earlier: Mapping[str, Integers] = field(default_factory=dict)
    made: dict[str, Integers] = field(default_factory=dict)
    # What was looked for in texts, and where it was found (`trials.search.said`).
    said: dict[Any, tuple[BitMap, ...]] = field(default_factory=dict)

    # --- Sets

    def having_any(self, parameter: str, keys: Collection[Key]) -> BitMap:
        """The trials that have one of these values; the set is the index's own, to be looked at."""
        sets = self.having.get(parameter, {})
        if len(keys) == 1:  # nearly always, and a page asks hundreds of times
            (key,) = keys
            return sets.get(key, NOTHING)
        found = [sets[key] for key in keys if key in sets]
        if len(found) < 2:
            return found[0] if found else NOTHING
        asked = parameter, frozenset(keys)
        united = self._united.get(asked)
        if united is None:
            if len(self._united) >= _UNITED:
                self._united.clear()
            united = self._united[asked] = BitMap.union(*found)
        return united

    def without_any(self, parameter: str) -> BitMap:
        """The trials that have no value at all."""
        if parameter not in self._without:
            sets = self.having.get(parameter, {}).values()
            self._without[parameter] = self.live - BitMap.union(NOTHING, *sets)
        return self._without[parameter]

    @cached_property
    def _without(self) -> dict[str, BitMap]:
        return {}

    @cached_property
    def _united(self) -> dict[tuple[str, frozenset[Key]], BitMap]:
        """The branches of trees, mostly: each page counts all of them."""
        return {}

    def where(self, condition: Any) -> BitMap:
        """The trials at whose places the array of yes and no says yes."""
        return as_set(np.flatnonzero(condition)) & self.live

    def having_keys(self, keys: Any) -> BitMap:
        """The trials of these primary keys; a key of none that is published is left out."""
        order = self._by_key
        places, _known = places_of(np.asarray(keys, np.int32), self.keys[order])
        return as_set(order[places]) & self.live

    # --- Orders

    def in_order(self, found: BitMap, name: str) -> Integers:
        """The places of the set in one of the orders of `_sort_key`."""
        places = as_places(found)
        if len(places) * _SORTED < len(self.keys):
            return places[np.argsort(self._sort_key(name, places), kind="stable")]
        chosen = np.zeros(len(self.keys), bool)
        chosen[places] = True
        order = self._order(name)
        return order[chosen[order]]

    def rank(self, name: str, place: int) -> tuple[int | bytes, ...]:
        """By what the trial at this place is put in an order: as `_sort_key`, of one trial."""
        if name == "title":
            return (bytes(self.titles[place]),)
        number = int(self.columns["number"][place])
        if name == "number":
            return (number,)
        value = int(self.columns[ORDERED_BY[name.removeprefix("-")]][place])
        if value == MISSING:
            return (UNKNOWN, number)
        return (-value if name.startswith("-") else value, number)

    @property
    def _by_key(self) -> Integers:
        return self._order("key")

    def _order(self, name: str) -> Integers:
        if name not in self.made:
            before = self.earlier.get(name, np.empty(0, np.int32))
            further = np.arange(len(before), len(self.keys), dtype=np.int32)
            nearly = np.concatenate([before, further])
            # Sorting what is nearly sorted takes a stable sort a few milliseconds.
            self.made[name] = nearly[np.argsort(self._sort_key(name, nearly), kind="stable")]
        return self.made[name]

    def _sort_key(self, name: str, places: Integers) -> Any:
        """By what the trials at these places are put in an order.

        What is unknown comes last in either direction; the trial's number breaks every tie.
        """
        if name == "key":
            return self.keys[places]
        if name == "title":
            return self.titles[places]
        if name == "number":
            return self.columns["number"][places]
        column = self.columns[ORDERED_BY[name.removeprefix("-")]][places].astype(np.int64)
        value = -column if name.startswith("-") else column
        value[column == MISSING] = UNKNOWN
        return (value << 32) + self.columns["number"][places]


ORDERED_BY = {"updated": "updated", "start": "start_earliest", "enrollment": "enrollment"}


def build(moment: Moment) -> Index:
    """The index of all trials as the database has them."""
    (loaded,) = load()
    having = {
        parameter: {key: _set_of(keys, loaded.keys) for key, keys in sets.items()}
        for parameter, sets in _collected(loaded).items()
    }
    live = BitMap(range(len(loaded.keys)))
    return Index(moment, loaded.keys, live, having, loaded.columns, loaded.titles)


def follow(index: Index, moment: Moment, changed: Iterable[int]) -> Index:
    """The index after these trials changed: as the database has them now, or without them."""
    changed = list(changed)
    if changed:
        index = _without(index, index.having_keys(changed))
    for loaded in load(changed):
        index = _with(index, loaded)
    return replace(index, moment=moment, said={})


def _without(index: Index, gone: BitMap) -> Index:
    having = {parameter: dict(sets) for parameter, sets in index.having.items()}
    for sets in having.values():
        for key, members in sets.items():
            if members.intersect(gone):
                sets[key] = members - gone
    return replace(index, live=index.live - gone, having=having)


def _with(index: Index, loaded: Loaded) -> Index:
    keys, places = _placed(index, loaded.keys)
    columns = {
        name: _grown(column, len(keys), places, loaded.columns[name])
        for name, column in index.columns.items()
    }
    having = {parameter: dict(sets) for parameter, sets in index.having.items()}
    for parameter, found in _collected(loaded).items():
        sets = having.setdefault(parameter, {})
        for key, of_key in found.items():
            at, _known = places_of(of_key, loaded.keys)
            sets[key] = sets.get(key, NOTHING) | as_set(places[at])
    return Index(
        index.moment,
        keys,
        index.live | as_set(places),
        having,
        columns,
        _grown(index.titles, len(keys), places, loaded.titles),
        earlier={**index.earlier, **index.made},
    )


def _placed(index: Index, keys: Integers) -> tuple[Integers, Integers]:
    """All keys with the new ones at the end, and the places of these."""
    order = index._by_key
    found, known = places_of(keys, index.keys[order])
    places = np.empty(len(keys), np.int32)
    places[known] = order[found]
    new = len(keys) - int(known.sum())
    places[~known] = np.arange(len(index.keys), len(index.keys) + new, dtype=np.int32)
    return np.concatenate([index.keys, keys[~known]]), places


def _grown(column: Any, size: int, places: Integers, values: Any) -> Any:
    grown = np.empty(size, column.dtype)
    grown[: len(column)] = column
    grown[places] = values
    return grown


def _collected(loaded: Loaded) -> dict[str, dict[Key, Integers]]:
    parts: dict[str, dict[Key, list[Integers]]] = defaultdict(lambda: defaultdict(list))
    for parameter, key, keys in loaded.having:
        if key is not None and key != "":
            parts[parameter][key].append(keys)
    return {
        parameter: {key: np.concatenate(arrays) for key, arrays in sets.items()}
        for parameter, sets in parts.items()
    }


def _set_of(keys: Integers, all_keys: Integers) -> BitMap:
    places, _known = places_of(keys, all_keys)
    return as_set(places)


def as_set(places: Any) -> BitMap:
    return BitMap(array("I", places.astype(np.uint32).tobytes()))


def as_places(found: BitMap) -> Integers:
    return np.frombuffer(found.to_array(), np.uint32).astype(np.int32)
