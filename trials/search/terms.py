"""The words that a question may use: each value with its names, and what lies below it."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from dataclasses import dataclass, field
from functools import cache, cached_property
from typing import Any

from django.db.models import Q, TextChoices
from django.utils.translation import get_language

from trials.models import Sponsor
from trials.models.sponsor import normalise_name
from trials.search.index import Index
from trials.search.keeper import State, current
from trials.search.names import Names
from trials.search.said import Said
from trials.search.vocabularies import Term, flat
from trials.vocabulary import (
    WORD,
    DonorType,
    Phase,
    Preparation,
    RegistryList,
    Route,
    SponsorClass,
    Status,
    StudyType,
    spelled,
)


@dataclass
class Terms:
    """All that questions of one request are read and answered by: one state of the database.

    Made anew for every request, so that an edited name is right at once.
    """

    _sponsors: dict[str, Term | None] = field(default_factory=dict)
    # What the words of a question came to, for all questions of the request.
    said: dict[Hashable, Said] = field(default_factory=dict)

    @cached_property
    def _state(self) -> State:
        return current()

    @property
    def index(self) -> Index:
        return self._state.index

    @property
    def names(self) -> Names:
        return self._state.names

    @property
    def parts(self) -> dict[Any, Any]:
        return self._state.parts

    @property
    def cell_sources(self) -> dict[str, Term]:
        return self._state.vocabularies.cell_sources

    @property
    def indications(self) -> dict[str, Term]:
        return self._state.vocabularies.indications

    @property
    def countries(self) -> dict[str, Term]:
        return self._state.vocabularies.countries

    @property
    def products(self) -> dict[str, Term]:
        return self._state.vocabularies.products

    @property
    def documents(self) -> dict[str, Term]:
        return self._state.vocabularies.documents

    @cached_property
    def all_sponsors(self) -> dict[str, Term]:
        """Every sponsor: for a suggestion, when a question names none of them."""
        return _sponsor_terms(Sponsor.objects.present())

    def find_sponsors(self, names: Iterable[str]) -> dict[str, Term]:
        """The sponsors that these slugs or names mean; a name that means none has no entry.

        The slug of one that was merged into another means that other.
        """
        names = list(names)
        missing = [name for name in names if name not in self._sponsors]
        if missing:
            self._look_up(missing)
        found = {name: self._sponsors[name] for name in names}
        return {name: term for name, term in found.items() if term is not None}

    def _look_up(self, names: list[str]) -> None:
        spelled = {name: normalise_name(name) for name in names}
        meant = Q(slug__in=names) | Q(aliases__normalised__in=spelled.values())
        meant |= Q(name_zh__in={name.strip() for name in names} - {""})
        into = (f"merged_into__{column}" for column in _SPONSOR)
        rows = (
            Sponsor.objects.filter(meant)
            .values_list("aliases__normalised", *_SPONSOR, *into)
            .order_by("pk")
        )
        by_slug: dict[str, Term] = {}
        by_alias: dict[str, Term] = {}
        by_name_zh: dict[str, Term] = {}
        for alias, *columns in rows:
            own, merged = columns[: len(_SPONSOR)], columns[len(_SPONSOR) :]
            slug, name, name_zh, key = own if merged[0] is None else merged
            term = Term(slug, name, name_zh, key, frozenset([key]))
            by_slug[own[0]] = by_alias[alias] = term
            if own_zh := own[_SPONSOR.index("name_zh")]:
                by_name_zh.setdefault(own_zh, term)
        for name, normalised in spelled.items():
            other = by_alias.get(normalised) or by_name_zh.get(name.strip())
            self._sponsors[name] = by_slug.get(name) or other

    def sponsors_by_key(self, keys: Iterable[int]) -> dict[str, Term]:
        """Sponsors that lead trials, by slug; they are remembered as long as no trial changes."""
        keys, known = list(keys), self._state.sponsors
        missing = [key for key in keys if key not in known]
        if missing:
            terms = _sponsor_terms(Sponsor.objects.filter(pk__in=missing))
            known.update({int(term.key): term for term in terms.values()})
        return {known[key].value: known[key] for key in keys if key in known}

    @staticmethod
    def closed(choices: type[TextChoices]) -> dict[str, Term]:
        """A closed list in the reader's language."""
        return _closed(choices, get_language())

    def newer(self, parameter: str) -> dict[str, Term]:
        """The registry's words that trials have and our list of them has not; none, mostly."""
        if parameter not in OF_THE_REGISTRY:
            return {}
        found = self.index.having.get(parameter, {})
        return new_words(
            {str(key) for key, trials in found.items() if trials} - set(CLOSED[parameter].values)
        )

    def had(self, parameter: str, known: dict[str, Term]) -> dict[str, Term]:
        """Of the terms of a parameter, those that trials have or that have terms below them."""
        if parameter not in TABLES:  # few, and in the reader's language
            return self._had(parameter, known)
        kept = self._state.had
        if parameter not in kept:
            kept[parameter] = self._had(parameter, known)
        return kept[parameter]

    def _had(self, parameter: str, known: dict[str, Term]) -> dict[str, Term]:
        keys = self.index.having.get(parameter, {})
        return {
            value: term
            for value, term in known.items()
            if len(term.covers) > 1 or not term.covers.isdisjoint(keys)
        }

    def meant(self, parameter: str, names: Iterable[str]) -> dict[str, Term]:
        """The terms of these values, by value; one that means nothing has no entry."""
        names = list(names)
        if parameter == "sponsor":
            return self.find_sponsors(names)
        known = self.named(parameter)
        if parameter in OF_THE_REGISTRY:
            unknown = [name for name in names if name not in known]
            if any(WORD.fullmatch(name) for name in unknown):
                known = {**known, **self.newer(parameter)}
        return {name: known[name] for name in names if name in known}

    def named(self, parameter: str) -> dict[str, Term]:
        """The vocabulary of a parameter, in the order in which it is shown."""
        if parameter in CLOSED:
            return self.closed(CLOSED[parameter])
        vocabulary: dict[str, Term] = getattr(self, TABLES.get(parameter, "all_sponsors"))
        return vocabulary


_SPONSOR = ("slug", "name", "name_zh", "pk")

# The vocabularies that are tables, by the parameter that asks for their terms.
TABLES = {
    "cell_source": "cell_sources",
    "indication": "indications",
    "country": "countries",
    "product": "products",
    "document": "documents",
}

CLOSED: dict[str, type[TextChoices]] = {
    "donor_type": DonorType,
    "preparation": Preparation,
    "route": Route,
    "phase": Phase,
    "status": Status,
    "study_type": StudyType,
    "sponsor_class": SponsorClass,
}

# What the registry may add to. All others are our own lists.
OF_THE_REGISTRY = frozenset(
    parameter for parameter, choices in CLOSED.items() if issubclass(choices, RegistryList)
)


def new_words(words: Iterable[str]) -> dict[str, Term]:
    """Words of the registry that we have no name for, spelled as readers write them."""
    return {
        word: Term(word, spelled(word), key=word, covers=frozenset([word]))
        for word in sorted(words)
        if word
    }


@cache
def _closed(choices: type[TextChoices], language: str | None) -> dict[str, Term]:
    """Nobody's to change. `language` is the active one: the labels are in it."""
    return {
        member.value: Term(
            member.value, str(member.label), key=member.value, covers=frozenset([member.value])
        )
        for member in choices
    }


def _sponsor_terms(sponsors: Iterable[Sponsor]) -> dict[str, Term]:
    return flat((row.slug, row.pk, row.name, row.name_zh, ()) for row in sponsors)
