"""The words that a question may use: each value with its names, and what lies below it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable
from dataclasses import dataclass, field
from functools import cached_property

from babel import Locale
from django.db.models import Q, TextChoices
from django.utils.text import Truncator
from django.utils.translation import get_language

from trials.models import CellSource, Country, Document, Indication, Product, Sponsor
from trials.models.sponsor import normalise_name
from trials.search.links import values
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

# CLDR's two-letter codes that name no country: groups, outlying islands, tests.
_NO_COUNTRY = frozenset(
    ("AC", "CP", "CQ", "DG", "EA", "EU", "EZ", "IC", "QO", "TA", "UN", "XA", "XB", "ZZ")
)


def in_language(name: str, name_zh: str) -> str:
    """The name in the reader's language, in English where no Chinese one is known."""
    chinese = (get_language() or "").startswith("zh")
    return name_zh if chinese and name_zh else name


@dataclass(frozen=True, slots=True)
class Term:
    """A value as addresses write it, with its names and the keys of the rows that it covers."""

    value: str
    name: str
    name_zh: str = ""
    key: int | str = ""
    covers: frozenset[int | str] = frozenset()
    depth: int = 0
    parent: str | None = None
    synonyms: tuple[str, ...] = ()

    @property
    def label(self) -> str:
        return in_language(self.name, self.name_zh)

    def says(self, word: str) -> bool:
        """Whether the word stands in one of the names, whatever its case."""
        word = word.casefold()
        names = (self.name, self.name_zh, *self.synonyms)
        return any(word in name.casefold() for name in names)


@dataclass
class Terms:
    """All vocabularies, each read from the database once and only if a question needs it.

    Made anew for every request, so that an edited name is right at once.
    """

    _sponsors: dict[str, Term | None] = field(default_factory=dict)
    _newer: dict[str, dict[str, Term]] = field(default_factory=dict)
    # What the words of a question came to, for all questions of the request.
    said: dict[Hashable, Q] = field(default_factory=dict)

    @cached_property
    def cell_sources(self) -> dict[str, Term]:
        return _tree(CellSource.objects.all())

    @cached_property
    def indications(self) -> dict[str, Term]:
        return _tree(Indication.objects.all())

    @cached_property
    def countries(self) -> dict[str, Term]:
        """Every ISO country: to ask for one without trials is no mistake."""
        english, chinese = Locale("en").territories, Locale("zh").territories
        names = {
            code: (name, chinese.get(code, ""))
            for code, name in english.items()
            if len(code) == 2 and code.isalpha() and code not in _NO_COUNTRY
        }
        rows = Country.objects.values_list("code", "name", "name_zh")
        names.update({code: (name, name_zh) for code, name, name_zh in rows})
        return _flat((code, code, *both, ()) for code, both in sorted(names.items()))

    @cached_property
    def products(self) -> dict[str, Term]:
        rows = Product.objects.values_list("slug", "pk", "name", "aliases")
        return _flat((slug, key, name, "", tuple(aliases)) for slug, key, name, aliases in rows)

    @cached_property
    def documents(self) -> dict[str, Term]:
        rows = Document.objects.values_list("slug", "pk", "title", "title_zh")
        short = Truncator
        return _flat(
            (slug, key, short(name).chars(90), short(name_zh).chars(60), ())
            for slug, key, name, name_zh in rows
        )

    @cached_property
    def all_sponsors(self) -> dict[str, Term]:
        """Every sponsor: for a suggestion, when a question names none of them."""
        return _sponsor_terms(Sponsor.objects.all())

    def find_sponsors(self, names: Iterable[str]) -> dict[str, Term]:
        """The sponsors that these slugs or names mean; a name that means none has no entry."""
        names = list(names)
        missing = [name for name in names if name not in self._sponsors]
        if missing:
            self._look_up(missing)
        found = {name: self._sponsors[name] for name in names}
        return {name: term for name, term in found.items() if term is not None}

    def _look_up(self, names: list[str]) -> None:
        spelled = {name: normalise_name(name) for name in names}
        meant = Q(slug__in=names) | Q(aliases__normalised__in=spelled.values())
        rows = (
            Sponsor.objects.filter(meant)
            .values_list("slug", "pk", "name", "name_zh", "aliases__normalised")
            .order_by("pk")
        )
        by_slug: dict[str, Term] = {}
        by_alias: dict[str, Term] = {}
        for slug, key, name, name_zh, alias in rows:
            by_slug[slug] = by_alias[alias] = Term(slug, name, name_zh, key, frozenset([key]))
        for name, normalised in spelled.items():
            self._sponsors[name] = by_slug.get(name) or by_alias.get(normalised)

    def sponsors_by_key(self, keys: Iterable[int | str]) -> dict[str, Term]:
        return _sponsor_terms(Sponsor.objects.filter(pk__in=list(keys)))

    @staticmethod
    def closed(choices: type[TextChoices]) -> dict[str, Term]:
        """A closed list in the reader's language."""
        return {
            member.value: Term(
                member.value,
                str(member.label),
                key=member.value,
                covers=frozenset([member.value]),
            )
            for member in choices
        }

    def newer(self, parameter: str) -> dict[str, Term]:
        """The registry's words that trials have and our list of them has not; none, mostly.

        A query: for a word that nothing else explains, and never for a question in known words.
        """
        if parameter not in self._newer:
            known = set(CLOSED[parameter].values)
            found = values(parameter).distinct() if parameter in OF_THE_REGISTRY else ()
            self._newer[parameter] = new_words(set(found) - known)
        return self._newer[parameter]

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
        tables = {
            "cell_source": "cell_sources",
            "indication": "indications",
            "country": "countries",
            "product": "products",
            "document": "documents",
            "sponsor": "all_sponsors",
        }
        vocabulary: dict[str, Term] = getattr(self, tables[parameter])
        return vocabulary


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


def _flat(rows: Iterable[tuple[str, int | str, str, str, tuple[str, ...]]]) -> dict[str, Term]:
    return {
        value: Term(value, name, name_zh, key, frozenset([key]), synonyms=synonyms)
        for value, key, name, name_zh, synonyms in rows
    }


def _sponsor_terms(sponsors: Iterable[Sponsor]) -> dict[str, Term]:
    return _flat((row.slug, row.pk, row.name, row.name_zh, ()) for row in sponsors)


def _tree(rows: Iterable[CellSource | Indication]) -> dict[str, Term]:
    """The tree with each parent before its children; a parent covers all that is below it.

    Read whole: it has some dozen rows, and asking for descendants would be a query a value.
    """
    below: dict[int | None, list[CellSource | Indication]] = defaultdict(list)
    for row in rows:
        below[row.parent_id].append(row)
    terms: dict[str, Term] = {}

    def grow(row: CellSource | Indication, depth: int, parent: str | None) -> frozenset[int | str]:
        terms[row.slug] = Term(row.slug, row.name)  # keeps the place before its children
        children = [grow(child, depth + 1, row.slug) for child in below[row.pk]]
        covers = frozenset([row.pk]).union(*children)
        terms[row.slug] = Term(
            row.slug, row.name, row.name_zh, row.pk, covers, depth, parent, tuple(row.synonyms)
        )
        return covers

    for root in below[None]:
        grow(root, 0, None)
    return terms
