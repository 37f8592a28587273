"""What words mean: the names of the vocabularies, and the words of the field that mean the same.

So "WJ-MSC" finds the trials whose cells come from Wharton's jelly, and 骨关节炎 those of
osteoarthritis, in whatever language their registry wrote them.
"""

from __future__ import annotations

import tomllib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import cache, cached_property
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db.models import TextChoices
from django.utils.translation import override

from trials.search.chinese import simplified
from trials.search.tokens import END, Phrase, beside, is_chinese, phrases, running
from trials.search.vocabularies import Term, Vocabularies
from trials.vocabulary import NOT_STATED, DonorType, Preparation, Route

SYNONYMS = Path(__file__).with_name("synonyms.toml")
# Vocabularies of which any part of a name is looked for: "wharton", 脐带.
_TREES = {"cell_source": "cell_sources", "indication": "indications"}
_NAMED = {**_TREES, "product": "products", "country": "countries"}
# Of these the whole name alone: "joint" asks for more than the route "into the joint".
_CLOSED: dict[str, type[TextChoices]] = {
    "donor_type": DonorType,
    "preparation": Preparation,
    "route": Route,
}
Keys = frozenset[int | str]


@cache
def table() -> Mapping[str, Any]:
    """`synonyms.toml`: rows of words that are the `same`, and `idle` words."""
    return tomllib.loads(SYNONYMS.read_text(encoding="utf-8"))


@cache
def idle() -> frozenset[Phrase]:
    """Words that narrow no search."""
    return frozenset(phrase for word in table()["idle"] for phrase in phrases(word))


class Names:
    """The names that the vocabularies of one state of the database have."""

    def __init__(self, vocabularies: Vocabularies) -> None:
        self._vocabularies = vocabularies
        self._met: dict[Phrase, dict[str, Keys]] = {}

    def meaning(self, phrase: Phrase) -> dict[str, Keys]:
        """For each parameter, the keys of the values that go by a name with this phrase in it."""
        if phrase not in self._met:
            self._met[phrase] = self._look_up(phrase)
        return self._met[phrase]

    def same(self, phrase: Phrase) -> tuple[Phrase, ...]:
        """What else the phrase is called, if it is the whole of a name."""
        return self._same.get(phrase, ())

    def pieces(self, run: str) -> list[str]:
        """A run of Chinese signs, cut where a known name begins or ends: 脐带 | 间充质."""
        run = simplified(run)
        pieces: list[str] = []
        place = unknown = 0
        while place < len(run):
            known = next(
                (name for name in self._chinese.get(run[place], ()) if run.startswith(name, place)),
                "",
            )
            if known:
                pieces += [run[unknown:place], known]
                place += len(known)
                unknown = place
            else:
                place += 1
        return [piece for piece in (*pieces, run[unknown:]) if piece]

    @cached_property
    def longest(self) -> int:
        """Words of the longest name."""
        return max(map(len, self._same), default=1)

    # --- Made once a state

    def _look_up(self, phrase: Phrase) -> dict[str, Keys]:
        wanted = f" {' '.join(phrase)} "
        # A single Chinese sign is no name of a country: 中 and 国 stand in too many.
        one_sign = len(phrase) == 1 and len(phrase[0]) == 1
        found: dict[str, Keys] = {}
        for parameter, names in self._spoken.items():
            if one_sign and parameter == "country":
                continue
            if keys := [term.covers for said, term in names if wanted in said]:
                found[parameter] = frozenset().union(*keys)
        for parameter, values in _closed().items():
            if phrase in values:
                found[parameter] = frozenset([values[phrase]])
        return found

    @cached_property
    def _spoken(self) -> dict[str, list[tuple[str, Term]]]:
        return {
            parameter: [(_said(_names(term)), term) for term in self._terms(attribute)]
            for parameter, attribute in _NAMED.items()
        }

    def _terms(self, attribute: str) -> Iterable[Term]:
        terms: dict[str, Term] = getattr(self._vocabularies, attribute)
        return terms.values()

    @cached_property
    def _groups(self) -> list[tuple[str, ...]]:
        trees = [term for tree in _TREES.values() for term in self._terms(tree)]
        return [*map(tuple, table()["same"]), *map(_names, trees)]

    @cached_property
    def _same(self) -> dict[Phrase, tuple[Phrase, ...]]:
        same: dict[Phrase, dict[Phrase, None]] = defaultdict(dict)
        for group in self._groups:
            every = [phrase for name in group for phrase in phrases(name)]
            for phrase in every:
                same[phrase].update(dict.fromkeys(every))
        return {
            phrase: tuple(other for other in others if other != phrase)
            for phrase, others in same.items()
        }

    @cached_property
    def _chinese(self) -> dict[str, list[str]]:
        """Chinese names by their first sign, the longest first."""
        names = {simplified(name) for group in self._groups for name in group if is_chinese(name)}
        for attribute in ("products", "countries"):
            names |= {simplified(term.name_zh) for term in self._terms(attribute) if term.name_zh}
        by_sign: dict[str, list[str]] = defaultdict(list)
        for name in sorted(names, key=lambda name: (-len(name), name)):
            by_sign[name[0]].append(name)
        return dict(by_sign)


def _names(term: Term) -> tuple[str, ...]:
    return tuple(filter(None, (term.name, term.name_zh, *term.synonyms)))


def _said(names: Iterable[str]) -> str:
    """All words of the names, so that a phrase is looked for as a part of it."""
    return f" {' '.join(_words(names))} "


def _words(names: Iterable[str]) -> Iterator[str]:
    for name in names:
        for placed in (*running(name), None, *beside(name), None):
            yield placed.word if placed else END


@cache
def _closed() -> dict[str, dict[Phrase, str]]:
    values: dict[str, dict[Phrase, str]] = {}
    for parameter, choices in _CLOSED.items():
        values[parameter] = {}
        for member in choices:
            if member.value in ("other", NOT_STATED):
                continue
            names = [member.value]
            for code, _language in settings.LANGUAGES:
                with override(code):
                    names.append(str(member.label))
            for name in names:
                values[parameter] |= dict.fromkeys(phrases(name), member.value)
    return values
