"""Finds the phrases of all tables in a text, in one pass whose time grows with the text alone.

A phrase matches whole words in any case; hyphens, dashes and white space in it are one and the same
("micro-fragmented" is "micro fragmented"), and so are the two apostrophes of "Wharton's". A plural
needs no row of its own. Within one table a longer phrase hides the shorter ones inside it, which is
how "umbilical cord blood" is not "umbilical cord". A phrase that begins with "=" is matched in its
own case: "=SHED" are teeth, "shed" is not. One that ends with "*" is the beginning of a word.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain
from typing import NamedTuple

from ahocorasick_rs import AhoCorasick, MatchKind

# file → section → row → ways of writing it
Tables = Mapping[str, Mapping[str, Mapping[str, Sequence[str]]]]

_SPACES = "\t\r\v\f\xa0\u1680\u202f\u205f\u3000" + "".join(map(chr, range(0x2000, 0x200B)))
_HYPHENS = "-\u2010\u2011\u2012\u2013\u2014\u2015\u2212_"
_MARKS = "®™\\*"  # of trade, and of Markdown
_FOLD = str.maketrans(
    dict.fromkeys(_SPACES + _HYPHENS + _MARKS, " ") | {"’": "'", "‘": "'", "´": "'"}
)
_FOLDED_BEYOND_ASCII = re.compile(f"[{''.join(chr(code) for code in _FOLD if code > 127)}]")
# Of UTF-8: the bytes of letters beyond ASCII stay as they are.
_FOLD_BYTES = bytes(ord(_FOLD.get(code, chr(code))) for code in range(128)) + bytes(range(128, 256))
_RUN = re.compile(" {2,}")


class Found(NamedTuple):
    """A phrase of a table: its section and row; `start` and `end` are places in the folded text."""

    start: int
    end: int
    table: str
    section: str
    value: str


_Phrase = tuple[str, str, str, str]  # table, section, row, a way of writing it
Matches = list[tuple[int, int, int]]  # where each begins, minus where it ends, the row's number


class Folded:
    """A text as it is searched, and the way back to the text as it was written."""

    __slots__ = ("_places", "_removed", "cased", "text", "written")

    def __init__(self, written: str) -> None:
        self.written = written
        # Bytes are folded ten times as fast as letters, and few texts hold many other signs.
        plain = written if written.isascii() else _FOLDED_BEYOND_ASCII.sub(_fold_letter, written)
        folded = plain.encode("utf-8", "surrogatepass").translate(_FOLD_BYTES)
        cased = folded.decode("utf-8", "surrogatepass")
        self._places: list[int] = []  # in the folded text, after which more has been removed
        self._removed: list[int] = []  # letters, up to there
        if "  " in cased:
            cased = self._without_runs(cased)
        self.cased = cased
        small = cased.lower()
        # A few capital letters of other scripts become two small ones: these stay as they are.
        self.text = small if len(small) == len(cased) else "".join(map(_small, cased))

    def _without_runs(self, text: str) -> str:
        parts, last, removed = [], 0, 0
        for run in _RUN.finditer(text):
            parts.append(text[last : run.start() + 1])
            last = run.end()
            self._places.append(run.start() + 1 - removed)
            removed += run.end() - run.start() - 1
            self._removed.append(removed)
        parts.append(text[last:])
        return "".join(parts)

    def place(self, folded: int) -> int:
        """Where in the written text the letter at this place of the folded text stands."""
        if not self._places:
            return folded
        before = bisect_right(self._places, folded)
        return folded + (self._removed[before - 1] if before else 0)

    def folded_place(self, written: int) -> int:
        """The other way: where in the folded text the letter of the written text has come to."""
        low, high = 0, len(self.text)
        if not self._places:
            return written
        while low < high:
            middle = (low + high) // 2
            if self.place(middle) < written:
                low = middle + 1
            else:
                high = middle
        return low

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The same span in the written text."""
        return self.place(start), self.place(end - 1) + 1


def _fold_letter(letter: re.Match[str]) -> str:
    return _FOLD[ord(letter[0])]


def _small(letter: str) -> str:
    small = letter.lower()
    return small if len(small) == 1 else letter


class Phrases:
    """Tables of phrases (table → section → row → ways of writing it), searched together.

    Of two that are written alike in one table, the one that was given first counts.
    """

    def __init__(self, *tables: Tables) -> None:
        # Of each phrase: its table, section and row; itself in its own case, where that matters;
        # whether it is the beginning of a word.
        self._rows: list[tuple[str, str, str]] = []
        self._own_cases: list[str] = []
        self._are_beginnings: list[bool] = []
        patterns = []
        for table, section, row, phrase in _without_plurals(map(_each_phrase, tables)):
            cased = Folded(phrase.removeprefix("=").removesuffix("*")).cased.strip()
            patterns.append(cased.lower())
            self._rows.append((table, section, row))
            self._own_cases.append(cased if phrase.startswith("=") else "")
            self._are_beginnings.append(phrase.endswith("*"))
        self._automaton = AhoCorasick(patterns, matchkind=MatchKind.Standard)

    def find(self, folded: Folded) -> dict[str, list[Found]]:
        """By table, every phrase in the text, left to right; none overlaps another of its table."""
        return {table: self.longest(found) for table, found in self.matches(folded).items()}

    def matches(self, folded: Folded) -> dict[str, Matches]:
        """The same, but all of them: `longest` makes of those of a table the ones that count."""
        # With two signs at its end every phrase has letters after it: this loop is the hottest.
        rows, own_cases, are_beginnings = self._rows, self._own_cases, self._are_beginnings
        text, cased = f"{folded.text}  ", folded.cased
        by_table: dict[str, Matches] = {}
        for number, start, end in self._automaton.find_matches_as_indexes(text, overlapping=True):
            if start and text[start - 1].isalnum():
                continue
            if own_cases[number] and not cased.startswith(own_cases[number], start):
                continue
            if text[end].isalnum() and not are_beginnings[number]:
                if text[end] != "s" or text[end + 1].isalnum():
                    continue
                end += 1  # noqa: PLW2901 - the words are quoted with it
            table = rows[number][0]
            found = by_table.get(table)
            if found is None:
                found = by_table[table] = []
            # As such a triple the first and longest sorts first.
            found.append((start, -end, number))
        return by_table

    def longest(self, matches: Matches) -> list[Found]:
        """Those of one table, left to right, none of which overlaps another."""
        matches.sort()
        longest, last = [], 0
        for start, minus_end, number in matches:
            if start >= last:
                last = -minus_end
                longest.append(Found(start, last, *self._rows[number]))
        return longest


def _each_phrase(tables: Tables) -> Iterator[_Phrase]:
    for table, sections in tables.items():
        for section, rows in sections.items():
            for row, phrases in rows.items():
                for phrase in phrases:
                    yield table, section, row, phrase


def _without_plurals(tables: Iterable[Iterable[_Phrase]]) -> list[_Phrase]:
    """All but those that their singular, in the same row, finds as well."""
    phrases = list(chain.from_iterable(tables))
    known = set(phrases)
    return [
        (table, section, row, phrase)
        for table, section, row, phrase in phrases
        if not phrase.endswith("s") or (table, section, row, phrase[:-1]) not in known
    ]
