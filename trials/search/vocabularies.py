"""The vocabularies that a question may use: each value with its names, and what lies below it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from babel import Locale
from django.utils.text import Truncator
from django.utils.translation import get_language

from trials.models import CellSource, Country, Document, Indication, Product

# CLDR's two-letter codes that name no country: groups, outlying islands, tests.
_NO_COUNTRY = frozenset(
    ("AC", "CP", "CQ", "DG", "EA", "EU", "EZ", "IC", "QO", "TA", "UN", "XA", "XB", "ZZ")
)


def reads_chinese() -> bool:
    """Whether the reader's language is Chinese."""
    return (get_language() or "").startswith("zh")


def in_language(name: str, name_zh: str) -> str:
    """The name in the reader's language, in English where no Chinese one is known."""
    return name_zh if name_zh and reads_chinese() else name


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

    def label_in(self, *, chinese: bool) -> str:
        """The same for whoever knows the language: asking for it costs more than all the rest."""
        return self.name_zh if chinese and self.name_zh else self.name

    def says(self, word: str) -> bool:
        """Whether the word stands in one of the names, whatever its case."""
        word = word.casefold()
        names = (self.name, self.name_zh, *self.synonyms)
        return any(word in name.casefold() for name in names)


class Vocabularies:
    """The vocabularies of one state of the database, each read only if a question needs it."""

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
        return flat((code, code, *both, ()) for code, both in sorted(names.items()))

    @cached_property
    def products(self) -> dict[str, Term]:
        rows = Product.objects.values_list("slug", "pk", "name", "aliases")
        return flat((slug, key, name, "", tuple(aliases)) for slug, key, name, aliases in rows)

    @cached_property
    def documents(self) -> dict[str, Term]:
        rows = Document.objects.values_list("slug", "pk", "title", "title_zh")
        short = Truncator
        return flat(
            (slug, key, short(name).chars(90), short(name_zh).chars(60), ())
            for slug, key, name, name_zh in rows
        )


def flat(rows: Iterable[tuple[str, int | str, str, str, tuple[str, ...]]]) -> dict[str, Term]:
    return {
        value: Term(value, name, name_zh, key, frozenset([key]), synonyms=synonyms)
        for value, key, name, name_zh, synonyms in rows
    }


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
