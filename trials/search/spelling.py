"""What a search that finds nothing may have meant: the nearest words that the catalogue knows."""

from __future__ import annotations

import re
from difflib import get_close_matches

from trials.search.said import look
from trials.search.terms import Terms
from trials.search.words import Words, read_words

_ALIKE = 0.75
_SHORTEST = 3  # letters; of a shorter word everything is near
_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")


def suggest(asked: Words, terms: Terms) -> str | None:
    """The search with each word that no trial says put right or ended; None if that finds none."""
    meant = asked.text
    for word in asked.words:
        if not _finds(word, terms) and (right := _nearest(word, terms)):
            meant = meant.replace(word, right)
    return meant if meant != asked.text and _finds(meant, terms) else None


def _finds(words: str, terms: Terms) -> bool:
    return bool(look(read_words(words), terms.index, terms.names).found)


def _nearest(word: str, terms: Terms) -> str | None:
    if len(word) < _SHORTEST:
        return None
    known, word = _known_words(terms), word.casefold()
    begun = (longer for longer in known if longer.startswith(word))
    close = get_close_matches(word, known, n=1, cutoff=_ALIKE)
    return next(begun, None) or next(iter(close), None)


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
