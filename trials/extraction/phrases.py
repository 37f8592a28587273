"""Finds the phrases of a table in a text: whole words, any case, the longest first."""

from __future__ import annotations

import re
import tomllib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

_LEXICON = Path(__file__).parent / "lexicon"
# In the registry's texts "micro-fragmented", "micro fragmented" and "micro/fragmented" are one
# word, and the apostrophe of "Wharton's" comes in two shapes. At most two such signs in a row.
_LONG = 20_000  # letters; longer texts are not kept
_WORD = re.compile(r"\w+")
_JOINT = r"[\s\-‐-―/,]{1,2}"


@dataclass(frozen=True, slots=True)
class Found:
    """A phrase of the table in the text: `text[start:end]` are the words as written."""

    value: str
    start: int
    end: int


class Phrases:
    """A table of phrases: value → ways of writing it."""

    def __init__(self, table: Mapping[str, Sequence[str]]) -> None:
        self._value_of: dict[str, str] = {}
        for value, phrases in table.items():
            for phrase in phrases:
                self._value_of[_key(phrase)] = value
        by_first_word: dict[str, list[str]] = defaultdict(list)
        for phrase in sorted(self._value_of, key=len, reverse=True):  # the longest first
            by_first_word[_WORD.findall(phrase)[0]].append(phrase)
        self._pattern_of = {word: _pattern(phrases) for word, phrases in by_first_word.items()}
        self._first_words = frozenset(self._pattern_of)
        # Titles and arms are searched again and again, by the screening and by each kind of fact.
        self._found_before = lru_cache(maxsize=256)(self._found)

    def find(self, text: str) -> tuple[Found, ...]:
        """Every phrase in the text, left to right, none overlapping another."""
        return (self._found_before if len(text) < _LONG else self._found)(text)

    def _found(self, text: str) -> tuple[Found, ...]:
        # Few texts hold the first word of any phrase: only for those a pattern is tried.
        begun = _words(text) & self._first_words
        return tuple(self._search(text, begun)) if begun else ()

    def _search(self, text: str, begun: Iterable[str]) -> Iterator[Found]:
        matches = [match for word in begun for match in _each(word, self._pattern_of[word], text)]
        matches.sort(key=lambda match: (match.start(), -match.end()))
        end = 0
        for match in matches:
            if match.start() >= end:
                end = match.end()
                yield Found(self._value_of[_key(match.group())], match.start(), end)


def _each(word: str, pattern: re.Pattern[str], text: str) -> Iterator[re.Match[str]]:
    """Where the pattern matches, whose matches all begin with this word."""
    if not text.isascii():  # small letters need not stand where the large ones do
        yield from pattern.finditer(text)
        return
    small = text.lower()
    start = small.find(word)
    while start >= 0:
        match = pattern.match(text, start)
        if match:
            yield match
        start = small.find(word, match.end() if match else start + 1)


def _pattern(phrases: Sequence[str]) -> re.Pattern[str]:
    words = "|".join(_JOINT.join(_word(word) for word in phrase.split()) for phrase in phrases)
    return re.compile(rf"(?<!\w)(?:{words})(?!\w)", re.IGNORECASE)


def _words(text: str) -> frozenset[str]:
    return _words_of_short(text) if len(text) < _LONG else _words_of(text)


def _words_of(text: str) -> frozenset[str]:
    return frozenset(_WORD.findall(text.casefold()))


# One text is searched by several tables, one after the other.
_words_of_short = lru_cache(maxsize=256)(_words_of)


def _key(phrase: str) -> str:
    straight = phrase.casefold().replace("’", "'")
    return " ".join(re.sub(r"[\s\-‐-―/,]+", " ", straight).split())


def _word(word: str) -> str:
    return re.escape(word).replace("'", "['’]")


@cache
def lexicon(name: str) -> Phrases:
    """The table `lexicon/<name>.toml`."""
    return Phrases(tomllib.loads((_LEXICON / f"{name}.toml").read_text("utf-8"))["phrases"])
