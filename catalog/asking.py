"""An answered question: its trials, the filters that are on, the facets and their links."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache, partial
from typing import Any
from urllib.parse import urlencode

from django.http import QueryDict
from django.utils.translation import ngettext

from catalog.faults import Fault
from catalog.reading import Reading
from trials.querysets import TrialQuerySet
from trials.search import (
    ORDERINGS,
    SETS,
    Answer,
    Found,
    Question,
    Tally,
    out_of_reach,
    suggest,
    tallies,
)
from trials.search.tokens import Phrase
from trials.search.vocabularies import reads_chinese
from trials.search.words import looked_for

DEFAULT_ORDERING = ORDERINGS[0]


@dataclass(frozen=True, slots=True)
class Chip:
    """A filter that is on, and the query string without it."""

    parameter: str
    value: str
    name: str
    label: str
    query: str


@dataclass(slots=True)  # not frozen, as `Tally`
class FacetRow:
    """A value, how many trials it has, and what clicking it asks for.

    `clicked` makes the query string: a page has hundreds of rows, and few of them are links.
    """

    value: str
    label: str
    count: int
    selected: bool
    depth: int = 0
    clicked: Callable[[], str] = field(default=str, compare=False, repr=False)

    @property
    def query(self) -> str:
        return self.clicked()


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What a search may have meant, and the query string that asks for it."""

    words: str
    query: str


@dataclass(frozen=True)
class Asked:
    """A question as it was understood, and its answer. Nothing is read before it is looked at."""

    reading: Reading
    question: Question

    @property
    def faults(self) -> tuple[Fault, ...]:
        return self.reading.faults

    @property
    def params(self) -> QueryDict:
        """What was understood, in one order; values as they were given."""
        return self.reading.params

    @property
    def values(self) -> dict[str, Any]:
        return dict(self.question.values)

    @property
    def q(self) -> str:
        return str(self.values["q"].text) if "q" in self.values else ""

    @cached_property
    def looked_for(self) -> tuple[Phrase, ...]:
        """What the words of the search are found by: themselves, and their other names."""
        return looked_for(self.values["q"], self.question.terms.names) if self.q else ()

    @property
    def ordering(self) -> str:
        return str(self.values.get("ordering", DEFAULT_ORDERING))

    @property
    def page(self) -> int:
        return self.reading.page

    @property
    def page_size(self) -> int:
        return self.reading.page_size

    @cached_property
    def answer(self) -> Answer:
        return Answer(self.question)

    @cached_property
    def trials(self) -> Found:
        return Found(self.answer, self.ordering)

    @cached_property
    def rows(self) -> Found:
        """The trials again, with what a row on a page shows of them."""
        return Found(self.answer, self.ordering, TrialQuerySet.for_row)

    @cached_property
    def did_you_mean(self) -> Suggestion | None:
        """The nearest words that the catalogue knows, where `q` has one that no trial says."""
        words = suggest(self.values["q"], self.question.terms) if "q" in self.values else None
        return Suggestion(words, self._query({"q": [words]})) if words else None

    @cached_property
    def unplaced(self) -> str:
        """In words, how many trials may be near but cannot be placed; empty where none."""
        count = out_of_reach(self.answer) if "near" in self.values else 0
        if not count:
            return ""
        words = ngettext(
            "%(count)d trial has sites without coordinates and cannot be placed.",
            "%(count)d trials have sites without coordinates and cannot be placed.",
            count,
        )
        return words % {"count": count}

    @cached_property
    def chips(self) -> tuple[Chip, ...]:
        return tuple(
            Chip(
                name,
                value,
                str(filter_.label),
                filter_.name_of(value),
                self._query({name: self._without(name, value)}),
            )
            for name, filter_ in self.reading.asked.filters.items()
            if filter_.narrows and name != "within_km"
            for value in self._given(name)
        )

    def facets(self) -> dict[str, tuple[FacetRow, ...]]:
        chinese = reads_chinese()
        return {
            parameter: tuple(
                FacetRow(
                    tally.value,
                    tally.term.label_in(chinese=chinese),
                    tally.count,
                    tally.selected,
                    tally.term.depth,
                    partial(self._clicked, parameter, tally),
                )
                for tally in rows
            )
            for parameter, rows in tallies(self.answer).items()
        }

    def query_with(self, asks: Mapping[str, Sequence[str]]) -> str:
        """The query string that asks for these values in place of those of their parameters."""
        return self._query({name: list(values) for name, values in asks.items()})

    def _clicked(self, parameter: str, tally: Tally) -> str:
        click = self._without if tally.selected else self._with
        return self._query(
            {name: click(name, tally.value) for name in SETS.get(parameter, (parameter,))}
        )

    def _with(self, name: str, value: str) -> list[str]:
        several = self.reading.asked.filters[name].several
        return [*self._given(name), value] if several else [value]

    def _without(self, name: str, value: str) -> list[str]:
        return [given for given in self._given(name) if given != value]

    def _given(self, name: str) -> list[str]:
        """The values as they are understood: a sponsor's other name is its slug here."""
        understood = self.values.get(name, ())
        several = self.reading.asked.filters[name].several
        return [str(value) for value in understood] if several else self.params.getlist(name)

    def _query(self, values: dict[str, list[str]]) -> str:
        """The address with these values of some parameters, on its first page.

        What needs a parameter that is missing then is left out too.
        """
        encoded = {
            **self._encoded,
            **{name: _encode(name, tuple(given)) for name, given in values.items()},
        }
        for dependent, parameter, value, needed in self._needs:
            if not encoded.get(needed) and (not value or encoded.get(parameter) == dependent):
                encoded.pop(parameter, None)
        # A page has hundreds of such addresses: each is put together of what is encoded already.
        return "&".join(filter(None, map(encoded.get, self._names)))

    @cached_property
    def _encoded(self) -> dict[str, str]:
        """What is asked, but for the place in the list, each parameter as an address has it."""
        return {
            name: _encode(name, tuple(values))
            for name, values in self.params.lists()
            if name not in ("page", "cursor")
        }

    @cached_property
    def _needs(self) -> list[tuple[str, str, str, str]]:
        """What needs a parameter, its own parameter and value, and the one that it needs."""
        return [
            (dependent, parameter, value, needed)
            for dependent, needed in self.reading.asked.needs.items()
            for parameter, _equals, value in [dependent.partition("=")]
        ]

    @cached_property
    def _names(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys((*self.reading.asked.filters, *self.params)))


@lru_cache(maxsize=10_000)  # the years of the list's filters are in each of its pages
def _encode(name: str, values: tuple[str, ...]) -> str:
    return urlencode([(name, value) for value in values])


def answered(reading: Reading) -> Asked:
    """The answer to a reading of a `TrialFilter`."""
    return Asked(reading, Question(reading.values, reading.asked.terms))
