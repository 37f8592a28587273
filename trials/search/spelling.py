"""What a search that finds nothing may have meant: the nearest words that the catalogue knows."""

from __future__ import annotations

import re
from difflib import get_close_matches

from trials.models import Trial
from trials.search import text
from trials.search.terms import Terms

_ALIKE = 0.75
_SHORTEST = 3  # letters; of a shorter word everything is near
_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")


def suggest(asked: text.Words, terms: Terms) -> str | None:
    """The search with each word that no trial says put right; None where that finds no trial."""
    meant = asked.text
    for word in asked.words:
        if not _finds(word, terms) and (right := _nearest(word, terms)):
            meant = meant.replace(word, right)
    return meant if meant != asked.text and _finds(meant, terms) else None


def _finds(words: str, terms: Terms) -> bool:
    said = text.matches(text.read_words(words), terms)
    return Trial.objects.published().filter(said).exists()


def _nearest(word: str, terms: Terms) -> str | None:
    if len(word) < _SHORTEST:
        return None
    close = get_close_matches(word.casefold(), _known_words(terms), n=1, cutoff=_ALIKE)
    return close[0] if close else None


def _known_words(terms: Terms) -> list[str]:
    """The words of the names of indications, cell sources, products, sponsors and countries.

    Countries too, though they may have no trial: Spain is no misspelt pain. A Chinese name is one
    word, for it has no blanks.
    """
    words: dict[str, None] = {}
    things = (terms.indications, terms.cell_sources, terms.products, terms.all_sponsors)
    for vocabulary in (*things, terms.countries):
        for term in vocabulary.values():
            for name in (term.name, term.name_zh, *term.synonyms):
                words.update(dict.fromkeys(_WORD.findall(name.casefold())))
    return [word for word in words if len(word) >= _SHORTEST]
