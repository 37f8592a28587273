"""Finds the phrases of a table in a text: whole words, any case, the longest first."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

_LEXICON = Path(__file__).parent / "lexicon"
# In the registry's texts "micro-fragmented", "micro fragmented" and "micro/fragmented" are one
# word, and the apostrophe of "Wharton's" comes in two shapes. At most two such signs in a row.
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
        longest_first = sorted(self._value_of, key=len, reverse=True)
        words = "|".join(
            _JOINT.join(_word(word) for word in phrase.split()) for phrase in longest_first
        )
        self._pattern = re.compile(rf"(?<!\w)(?:{words})(?!\w)", re.IGNORECASE)

    def find(self, text: str) -> Iterator[Found]:
        """Every phrase in the text, left to right, none overlapping another."""
        for match in self._pattern.finditer(text):
            yield Found(self._value_of[_key(match.group())], match.start(), match.end())


def _key(phrase: str) -> str:
    straight = phrase.casefold().replace("’", "'")
    return " ".join(re.sub(r"[\s\-‐-―/,]+", " ", straight).split())


def _word(word: str) -> str:
    return re.escape(word).replace("'", "['’]")


@cache
def lexicon(name: str) -> Phrases:
    """The table `lexicon/<name>.toml`."""
    return Phrases(tomllib.loads((_LEXICON / f"{name}.toml").read_text("utf-8"))["phrases"])
