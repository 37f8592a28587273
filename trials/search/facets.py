"""Facets: how many trials each value has with every other filter on and its own off."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property

from django.utils.translation import gettext as _

from trials.search.links import COLUMNS, LINKS
from trials.search.question import Question, matching
from trials.search.terms import OF_THE_REGISTRY, Term, Terms, new_words
from trials.vocabulary import NOT_STATED

FACETS = (
    "cell_source",
    "donor_type",
    "preparation",
    "route",
    "indication",
    "country",
    "phase",
    "status",
    "study_type",
    "sponsor",
    "sponsor_class",
    "product",
    "document",
    "has_results",
)
MOST_SPONSORS = 50
_BY_COUNT = frozenset(
    {"country", "sponsor", "product", "document"}
)  # the others in their own order
YES_NO = {"yes": True, "no": False}
Key = int | str | bool


@dataclass(frozen=True, slots=True)
class Tally:
    """A value and the number of trials that one gets by asking for it, the others unchanged."""

    term: Term
    count: int
    selected: bool

    @property
    def value(self) -> str:
        return self.term.value


def tallies(question: Question) -> dict[str, tuple[Tally, ...]]:
    """The rows of every facet, in the order in which a list shows them.

    Rows of zero are left out unless they are selected; "not-stated" is always a row. A parent's
    count has each trial of its branch once.
    """
    sets = _Sets(question)
    return {parameter: _rows(sets, parameter) for parameter in FACETS}


def count_trials(parameter: str, terms: Terms | None = None) -> dict[str, int]:
    """How many trials of the whole catalogue each value of a listed parameter finds."""
    question = Question({}, terms or Terms())
    sets = _Sets(question, [parameter])
    vocabulary = question.terms.named(parameter)
    return {value: len(sets.of(parameter, term)) for value, term in vocabulary.items()}


class _Sets:
    """Sets of trials' keys: all that the other filters leave, and those of each value."""

    def __init__(self, question: Question, parameters: Iterable[str] = LINKS) -> None:
        self.question = question
        self.every: set[int] = set()
        self._having: dict[str, dict[Key, set[int]]] = {}
        self._read_columns()
        for parameter in parameters:
            link = LINKS[parameter]
            pairs = link.rows().values_list("trial_id", link.column).distinct()
            having = self._having[parameter] = defaultdict(set)
            for trial, key in pairs.iterator():
                if trial in self.every:
                    having[key].add(trial)

    def _read_columns(self) -> None:
        for parameter in COLUMNS:
            self._having[parameter] = defaultdict(set)
        trials = matching(self.question, leaving_out=FACETS)
        for trial, *values in trials.values_list("pk", *COLUMNS.values()):
            self.every.add(trial)
            for parameter, value in zip(COLUMNS, values, strict=True):
                self._having[parameter][value].add(trial)

    def keys(self, parameter: str) -> list[Key]:
        return list(self._having[parameter])

    def of(self, parameter: str, term: Term) -> set[int]:
        """The trials that have the value, or one below it."""
        having = self._having[parameter]
        return set().union(*(having[key] for key in term.covers if key in having))

    def without_any(self, parameter: str) -> set[int]:
        return self.every.difference(*self._having[parameter].values())

    @cached_property
    def _chosen(self) -> dict[str, set[int]]:
        return {
            parameter: self._meant(parameter)
            for parameter in FACETS
            if parameter in self.question.values
        }

    def _meant(self, parameter: str) -> set[int]:
        if parameter == "has_results":
            return self._having[parameter][self.question.values[parameter]]
        found = set().union(*(self.of(parameter, term) for term in self.question.meant(parameter)))
        if NOT_STATED in self.question.values[parameter]:
            found |= self.without_any(parameter)
        return found

    def left_by_others(self, parameter: str) -> set[int]:
        """The trials that every filter but this one lets through."""
        others = [chosen for name, chosen in self._chosen.items() if name != parameter]
        return self.every.intersection(*others)


def _rows(sets: _Sets, parameter: str) -> tuple[Tally, ...]:
    left = sets.left_by_others(parameter)
    rows = [
        Tally(term, len(left & sets.of(parameter, term)), _selected(sets.question, parameter, term))
        for term in _vocabulary(sets, parameter, left).values()
    ]
    rows = _worth_showing(rows)
    if parameter in _BY_COUNT:
        rows.sort(key=lambda row: (-row.count, row.term.label.casefold(), row.value))
    if parameter in LINKS and LINKS[parameter].may_be_missing:
        missing = Term(NOT_STATED, _("Not stated"))
        count = len(left & sets.without_any(parameter))
        rows.append(Tally(missing, count, _selected(sets.question, parameter, missing)))
    return tuple(rows)


def _selected(question: Question, parameter: str, term: Term) -> bool:
    if parameter not in question.values:
        return False
    if parameter == "has_results":
        return YES_NO[term.value] is question.values[parameter]
    return term.value in question.values[parameter]


def _vocabulary(sets: _Sets, parameter: str, left: set[int]) -> dict[str, Term]:
    if parameter == "has_results":
        return {
            "yes": Term("yes", _("Results posted"), key=1, covers=frozenset([True])),
            "no": Term("no", _("No results posted"), key=0, covers=frozenset([False])),
        }
    if parameter == "sponsor":
        return _sponsors(sets, left)
    known = sets.question.terms.named(parameter)
    return {**known, **_newer(sets, parameter, known)} if parameter in OF_THE_REGISTRY else known


def _newer(sets: _Sets, parameter: str, known: dict[str, Term]) -> dict[str, Term]:
    """The registry's words that we have no name for: those that trials have, and those asked for.

    What a row offers, the filter takes: it knows the words that are in the database.
    """
    asked = sets.question.values.get(parameter, ())
    words = {str(word) for word in (*sets.keys(parameter), *asked)}
    return new_words(words - {*known, NOT_STATED})


def _sponsors(sets: _Sets, left: set[int]) -> dict[str, Term]:
    """The sponsors of most trials, and those that the question names; not all of thousands."""
    of_key = Term("", "")
    counts = {
        key: len(left & sets.of("sponsor", replace(of_key, covers=frozenset([key]))))
        for key in sets.keys("sponsor")
    }
    largest = sorted(counts, key=lambda key: (-counts[key], key))[:MOST_SPONSORS]
    terms = sets.question.terms
    chosen = terms.find_sponsors(sets.question.values.get("sponsor", ()))
    named = {term.value: term for term in chosen.values()}
    return {**terms.sponsors_by_key(largest), **named}


def _worth_showing(rows: list[Tally]) -> list[Tally]:
    """Rows with trials, selected rows, and the parents that these hang on."""
    parents = {row.value: row.term.parent for row in rows}
    kept: set[str] = set()
    for row in rows:
        value: str | None = row.value if row.count or row.selected else None
        while value is not None and value not in kept:
            kept.add(value)
            value = parents[value]
    return [row for row in rows if row.value in kept]
