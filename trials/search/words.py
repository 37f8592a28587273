"""The words of a search, and what each of them asks for."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from trials.numbers import bare_number, take_numbers
from trials.search.names import Names, idle
from trials.search.tokens import Phrase, is_chinese, phrases

LONGEST = 200  # letters of a question in words
MOST_WORDS = 12  # each costs a look into every text
# Signs that are never part of a word, wherever they stand.
_BETWEEN = re.compile(r'[\s"“”„«»「」『』,;、。?!()\[\]{}<>〈〉《》【】]+')
_KEPT = frozenset("%#@&_")  # at a word's edge these say something: 100%, #2
_QUOTED = re.compile(r'["“”„«»「『]([^"“”„«»「」『』]+)["“”„«»」』]')
_SCRIPTS = re.compile("[\u3400-\u9fff]+|[^\u3400-\u9fff]+")


@dataclass(frozen=True, slots=True)
class Words:
    """What a search asks for: any of the numbers, and all words and phrases.

    `quoted` are those of `words` that stood in quotes. `digits` are words of digits alone, which
    may be the number of a trial or stand in its texts.
    """

    text: str
    numbers: tuple[str, ...]
    words: tuple[str, ...]
    digits: tuple[str, ...] = ()
    quoted: frozenset[str] = frozenset()

    @property
    def count(self) -> int:
        return len(self.numbers) + len(self.words) + len(self.digits)


@dataclass(frozen=True, slots=True)
class Sought:
    """One thing that a search asks for: any of these, each of which is phrases that all stand."""

    any_of: tuple[tuple[Phrase, ...], ...]

    @property
    def phrases(self) -> Iterator[Phrase]:
        return (phrase for all_of in self.any_of for phrase in all_of)

    @property
    def whole(self) -> Phrase:
        """The words as they were written, one after another."""
        return tuple(word for phrase in self.any_of[0] for word in phrase)


def read_words(text: str) -> Words:
    """Split a search into its parts; full-width letters are read as plain ones."""
    numbers, rest = take_numbers(text)
    quoted = [" ".join(phrase.split()) for phrase in _QUOTED.findall(rest)]
    rest = _QUOTED.sub(" ", rest)
    words = map(_without_edges, _BETWEEN.split(rest))
    said = [word for word in dict.fromkeys([*quoted, *words]) if phrases(word)]
    digits = tuple(word for word in said if bare_number(word))
    others = tuple(word for word in said if word not in digits)
    return Words(text, numbers, others, digits, frozenset(quoted))


def _without_edges(word: str) -> str:
    """The word without the punctuation round it: "knee?", "-knee" and "knee*" are "knee"."""
    while word and _is_edge(word[0]):
        word = word[1:]
    while word and _is_edge(word[-1]):
        word = word[:-1]
    return word


def _is_edge(letter: str) -> bool:
    return unicodedata.category(letter)[0] == "P" and letter not in _KEPT


def sought(words: Words, names: Names) -> tuple[Sought, ...]:
    """What the words ask for: each must be found, as it is or by another name.

    A phrase in quotes is looked for as it is. Words that together are a name ("stem cells") are
    found by the others of that name too, and a run of Chinese is cut into the names that it holds.
    """
    quoted = [Sought(_each(phrases(word))) for word in words.words if word in words.quoted]
    plain = [
        phrases(piece)
        for word in words.words
        if word not in words.quoted
        for piece in _pieces(word, names)
    ]
    telling = [said for said in plain if said[0] not in idle()]
    # Where there is nothing else to look for, "of" is looked for.
    plain = telling or ([] if quoted or words.numbers or words.digits else plain)
    return (*quoted, *_grouped(plain, names))


def looked_for(words: Words, names: Names) -> tuple[Phrase, ...]:
    """Every phrase that the words are found by; a trial's number is none."""
    things = sought(words, names)
    return tuple(dict.fromkeys(phrase for thing in things for phrase in thing.phrases))


def _pieces(word: str, names: Names) -> list[str]:
    if not is_chinese(word):
        return [word]
    pieces: list[str] = []
    for run in _SCRIPTS.findall(word):
        pieces += names.pieces(run) if is_chinese(run) else [run]
    return [piece for piece in pieces if phrases(piece)]


def _grouped(plain: list[tuple[Phrase, ...]], names: Names) -> Iterator[Sought]:
    """Neighbours that together are a name, the longest first; all others by themselves."""
    place = 0
    while place < len(plain):
        size = next(
            (
                size
                for size in range(min(names.longest, len(plain) - place), 1, -1)
                if names.same(_together(plain[place : place + size]))
            ),
            1,
        )
        group = plain[place : place + size]
        others = dict.fromkeys(
            other
            for phrase in (group[0] if size == 1 else [_together(group)])
            for other in names.same(phrase)
        )
        own = _each(group[0]) if size == 1 else (tuple(said[0] for said in group),)
        yield Sought((*own, *_each(others)))
        place += size


def _together(group: list[tuple[Phrase, ...]]) -> Phrase:
    return tuple(word for said in group for word in said[0])


def _each(
    found: Iterator[Phrase] | tuple[Phrase, ...] | dict[Phrase, None],
) -> tuple[tuple[Phrase, ...], ...]:
    return tuple((phrase,) for phrase in found)
