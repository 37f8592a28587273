"""Facets: how many trials each value has with every other filter on and its own off."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
from django.utils.translation import gettext as _
from pyroaring import BitMap

from trials.search.answer import Answer
from trials.search.index import as_places
from trials.search.links import LINKS
from trials.search.question import Question
from trials.search.terms import OF_THE_REGISTRY, Terms, new_words
from trials.search.vocabularies import Term, reads_chinese
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
    "start_year",
    "product",
    "document",
    "has_results",
)
MOST_SPONSORS = 50
_BY_COUNT = frozenset(
    {"country", "sponsor", "product", "document"}
)  # the others in their own order
YES_NO = {"yes": True, "no": False}
# The parameters that a click on a facet's row sets, where they are not the facet's own name.
SETS = {"start_year": ("start_from", "start_to")}


@dataclass(slots=True)  # not frozen: a page makes hundreds, and each would cost three times as much
class Tally:
    """A value and the number of trials that one gets by asking for it, the others unchanged."""

    term: Term
    count: int
    selected: bool

    @property
    def value(self) -> str:
        return self.term.value


def tallies(answer: Answer) -> dict[str, tuple[Tally, ...]]:
    """The rows of every facet, in the order in which a list shows them.

    Rows of zero are left out unless they are selected; "not-stated" is always a row, but of a
    status only where a trial has none. A parent's count has each trial of its branch once.
    """
    return {parameter: rows_of(answer, parameter) for parameter in FACETS}


def count_trials(parameter: str, terms: Terms | None = None) -> dict[str, int]:
    """How many trials of the whole catalogue each value of a listed parameter finds."""
    terms = terms or Terms()
    found = ((value, _of(terms, parameter, term)) for value, term in terms.named(parameter).items())
    return {value: len(trials) for value, trials in found}


def count_led(terms: Terms) -> dict[int, int]:
    """How many trials of the whole catalogue each sponsor leads, by its key; of none, no entry."""
    return _as_dict(counted(terms.index.columns["sponsor"], terms.index.live))


def _of(terms: Terms, parameter: str, term: Term) -> BitMap:
    """The trials that have the value, or one below it."""
    return terms.index.having_any(parameter, term.covers)


def rows_of(answer: Answer, parameter: str) -> tuple[Tally, ...]:
    """The rows of one facet."""
    left = answer.left_by_others(SETS.get(parameter, (parameter,)))
    if parameter == "sponsor":
        return _sponsors(answer, left)
    if parameter == "start_year":
        return _years(answer, left)
    question, terms = answer.question, answer.question.terms
    rows = [
        Tally(
            term,
            left.intersection_cardinality(_of(terms, parameter, term)),
            _selected(question, parameter, value),
        )
        for value, term in _offered(answer, parameter).items()
    ]
    rows = _worth_showing(rows)
    if parameter in _BY_COUNT:
        rows = _by_count(rows)
    if parameter in LINKS and LINKS[parameter].may_be_missing:
        count = left.intersection_cardinality(terms.index.without_any(parameter))
        rows.append(_not_stated(question, parameter, count))
    if parameter == "status":
        # The registry gives each of its records one: a row only where a trial is in no registry.
        count = left.intersection_cardinality(terms.index.without_any(parameter))
        rows += _worth_showing([_not_stated(question, parameter, count)])
    return tuple(rows)


def _not_stated(question: Question, parameter: str, count: int) -> Tally:
    missing = Term(NOT_STATED, _("Not stated"))
    return Tally(missing, count, _selected(question, parameter, NOT_STATED))


def _offered(answer: Answer, parameter: str) -> dict[str, Term]:
    """The values that any trial has, and those that are selected, in their order.

    Of all countries of the world few have a trial.
    """
    question, known = answer.question, _vocabulary(answer, parameter)
    had = question.terms.had(parameter, known)
    if parameter not in question.values:
        return had
    return {
        value: term
        for value, term in known.items()
        if value in had or _selected(question, parameter, value)
    }


def _by_count(rows: Iterable[Tally]) -> list[Tally]:
    chinese = reads_chinese()

    def place(row: Tally) -> tuple[int, str, str]:
        return -row.count, row.term.label_in(chinese=chinese).casefold(), row.value

    return sorted(rows, key=place)


def _selected(question: Question, parameter: str, value: str) -> bool:
    if parameter not in question.values:
        return False
    if parameter == "has_results":
        return YES_NO[value] is question.values[parameter]
    return value in question.values[parameter]


def _vocabulary(answer: Answer, parameter: str) -> dict[str, Term]:
    if parameter == "has_results":
        return {
            "yes": Term("yes", _("Results posted"), key=1, covers=frozenset([True])),
            "no": Term("no", _("No results posted"), key=0, covers=frozenset([False])),
        }
    known = answer.question.terms.named(parameter)
    return {**known, **_newer(answer, parameter, known)} if parameter in OF_THE_REGISTRY else known


def _newer(answer: Answer, parameter: str, known: dict[str, Term]) -> dict[str, Term]:
    """The registry's words that we have no name for: those that trials have, and those asked for.

    What a row offers, the filter takes: it knows the words that are in the database.
    """
    asked = map(str, answer.question.values.get(parameter, ()))
    words = {*answer.question.terms.newer(parameter), *asked}
    return new_words(words - {*known, NOT_STATED})


def counted(column: Any, left: BitMap) -> Any:
    """How many of the trials have each number of a column, from 0 on; the unknown do not count."""
    values = column[as_places(left)]
    return np.bincount(values[values >= 0])


def _as_dict(counts: Any) -> dict[int, int]:
    """Of the numbers that any trial has."""
    found = np.flatnonzero(counts)
    return dict(zip(found.tolist(), counts[found].tolist(), strict=True))


def _sponsors(answer: Answer, left: BitMap) -> tuple[Tally, ...]:
    """The sponsors of most trials, and those that the question names; not all of thousands."""
    terms = answer.question.terms
    counts = counted(answer.index.columns["sponsor"], left)
    found = np.flatnonzero(counts)
    # Those with as many trials stay in the order of their keys.
    largest = found[np.argsort(-counts[found], kind="stable")][:MOST_SPONSORS].tolist()
    chosen = terms.find_sponsors(answer.question.values.get("sponsor", ()))
    shown = {**terms.sponsors_by_key(largest), **{term.value: term for term in chosen.values()}}
    return tuple(
        _by_count(
            Tally(term, _at(counts, int(term.key)), _selected(answer.question, "sponsor", value))
            for value, term in shown.items()
        )
    )


def _at(counts: Any, key: int) -> int:
    return int(counts[key]) if key < len(counts) else 0


def _years(answer: Answer, left: BitMap) -> tuple[Tally, ...]:
    """The years in which trials started, the latest first. A year is asked for by its two ends."""
    selected = _selected_year(answer.question)
    counts = _as_dict(counted(answer.index.columns["start_year"], left))
    if selected is not None:
        counts.setdefault(selected, 0)
    return tuple(
        Tally(Term(str(year), str(year)), count, year == selected)
        for year, count in sorted(counts.items(), reverse=True)
    )


def _selected_year(question: Question) -> int | None:
    ends = [str(question.values.get(parameter, "")) for parameter in SETS["start_year"]]
    return int(ends[0]) if ends[0] == ends[1] and len(ends[0]) == 4 else None


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
