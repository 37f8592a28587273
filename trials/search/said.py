"""Which trials say what a search asks for, in English or Chinese, and how well."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import reduce
from typing import TYPE_CHECKING

import numpy as np
from django.db.models import Q
from pyroaring import BitMap

from trials.models import Trial
from trials.numbers import bare_number
from trials.search.consistent import reading_from
from trials.search.fulltext import ELIGIBILITY, PARTS, where_said
from trials.search.index import Index, as_places
from trials.search.names import Names
from trials.search.packing import Integers
from trials.search.tokens import Phrase, phrases
from trials.search.words import Sought, Words, sought

if TYPE_CHECKING:
    from trials.search.question import Question

# Where a thing is said: in the titles; in these or the subjects; in all these or around; ... with
# eligibility. Each set has the ones before it within.
Sets = tuple[BitMap, ...]
_POINTS = (6, 3, 1, 0)  # a title counts as all its sets do together: 10
_OWN_NUMBER = 100
_IN_THE_TITLE = 5  # all words of the search, one after another
_KEPT = 500  # phrases whose trials an index remembers


@dataclass(frozen=True, slots=True)
class Said:
    """The trials that say all that is asked, and what is told of how well they do."""

    found: BitMap
    things: tuple[Sets, ...]
    numbered: BitMap  # asked for by their own number
    whole: BitMap  # the search stands in their titles, word for word

    def points(self, index: Index, places: np.ndarray) -> np.ndarray:
        """How well the trials at these places say it."""
        points = np.zeros(len(index.keys), np.int32)
        for sets in self.things:
            for some, worth in zip(sets, _POINTS, strict=False):
                points[as_places(some)] += worth
        points[as_places(self.whole)] += _IN_THE_TITLE
        points[as_places(self.numbered)] += _OWN_NUMBER
        return points[places]


def said(question: Question) -> Said:
    """What the words of `q` come to, looked for once, whichever questions share the terms."""
    words, terms = question.values["q"], question.terms
    asked = words, question.values.get("in") == ELIGIBILITY
    if asked not in terms.said:
        terms.said[asked] = look(words, terms.index, terms.names, eligibility=asked[1])
    return terms.said[asked]


def look(words: Words, index: Index, names: Names, *, eligibility: bool = False) -> Said:
    """The trials of any of the numbers that say all words, each in whatever place of the trial."""
    asked = sought(words, names)
    numbers = [*words.numbers, *words.digits]
    in_texts = Sought(tuple((phrase,) for number in numbers for phrase in phrases(number)))
    whole = tuple(word for thing in asked for word in thing.whole)
    says = _Says(index, names, eligibility=eligibility)
    says.look_for([whole, *(phrase for thing in (*asked, in_texts) for phrase in thing.phrases)])
    things = [says.thing(thing) for thing in asked]
    numbered = _numbered(words, index)
    if numbers:
        by_number = (numbered,) * says.parts
        things.append(_either(by_number, says.thing(in_texts)))
    found = reduce(BitMap.__and__, (sets[-1] for sets in things), index.live)
    return Said(found, tuple(things), numbered, says.phrase(whole)[0] if whole else BitMap())


class _Says:
    """Looks for phrases in texts, all at once, and in the names of what hangs on trials."""

    def __init__(self, index: Index, names: Names, *, eligibility: bool) -> None:
        self._index, self._names, self._eligibility = index, names, eligibility
        self._parts = (*PARTS, ELIGIBILITY) if eligibility else PARTS
        self.parts = len(self._parts)
        self._in_texts: dict[Phrase, Sets] = {}

    def look_for(self, wanted: Iterable[Phrase]) -> None:
        """Where these phrases are said: as the index remembers it, or the database finds them."""
        met, form = self._index.said, self._eligibility
        phrases = dict.fromkeys(filter(None, wanted))
        # Taken out first: other threads may empty it meanwhile.
        known = {phrase: met.get((phrase, form)) for phrase in phrases}
        new = [phrase for phrase, sets in known.items() if sets is None]
        self._in_texts = {phrase: sets for phrase, sets in known.items() if sets is not None}
        for phrase, keys in where_said(reading_from(), new, eligibility=form).items():
            self._in_texts[phrase] = self._nested(keys)
        if len(met) + len(new) > _KEPT:
            met.clear()
        met.update({(phrase, form): self._in_texts[phrase] for phrase in new})

    def _nested(self, keys: dict[str, Integers]) -> Sets:
        sets = [
            self._index.having_keys(keys[part]) if part in keys else BitMap()
            for part in self._parts
        ]
        return tuple(BitMap.union(*sets[: place + 1]) for place in range(len(sets)))

    def phrase(self, phrase: Phrase) -> Sets:
        """Where the phrase is said. What a fact is called is as good as a subject of the trial."""
        named = BitMap()
        for parameter, keys in self._names.meaning(phrase).items():
            named |= self._index.having_any(parameter, keys)
        return _either(self._in_texts[phrase], (BitMap(), *(named,) * (self.parts - 1)))

    def thing(self, thing: Sought) -> Sets:
        nowhere: Sets = (BitMap(),) * self.parts
        return reduce(
            _either,
            (reduce(_both, map(self.phrase, all_of)) for all_of in thing.any_of),
            nowhere,
        )


def _either(one: Sets, other: Sets) -> Sets:
    return tuple(mine | theirs for mine, theirs in zip(one, other, strict=True))


def _both(one: Sets, other: Sets) -> Sets:
    return tuple(mine & theirs for mine, theirs in zip(one, other, strict=True))


def _numbered(words: Words, index: Index) -> BitMap:
    """The trials whose own number is asked for, or another that leads to them."""
    numbers = [*words.numbers, *filter(None, map(bare_number, words.digits))]
    if not numbers:
        return BitMap()
    trials = Trial.objects.filter(Q(number__in=numbers) | Q(aliases__number__in=numbers))
    return index.having_keys(list(trials.order_by().values_list("pk", flat=True)))
