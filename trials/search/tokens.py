"""The words of a text as they are looked for: English by stems, Chinese by pairs of signs.

The same for what trials say and for what is asked, on either database: both get words that are
made here, and only keep and find them.
"""

from __future__ import annotations

import re
import threading
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

from snowballstemmer import stemmer

from trials.search.chinese import simplified

Phrase = tuple[str, ...]  # words that stand one after another

# Stands between two texts, so that no phrase goes from one into the next.
END = "endoftext"
_LONGEST = 40  # bytes of a word: PostgreSQL takes a megabyte of a text's words together
_CHINESE = "\u3400-\u9fff\uf900-\ufaff"
_LETTER = f"(?:(?![{_CHINESE}])[^\\W_])"
_RUN = re.compile(f"[{_CHINESE}]+|{_LETTER}+(?:['’ʼ]{_LETTER}+)*")
# From the beginning of a word, and its letters never given back: in a long text without compounds
# most of the time would go into that.
_COMPOUND = re.compile(f"(?<!{_LETTER}){_LETTER}++(?:[-\u2010\u2011\u2013]{_LETTER}++)++")
_IS_CHINESE = re.compile(f"[{_CHINESE}]")
# The same in a text without Chinese, several times as fast.
_PLAIN_RUN = re.compile(r"[^\W_]++(?:['’ʼ][^\W_]++)*+")
_PLAIN_COMPOUND = re.compile(r"(?<![^\W_])[^\W_]++(?:[-\u2010\u2011\u2013][^\W_]++)++")
_ENGLISH = re.compile(r"[a-z']+")
# PostgreSQL would take the number out of "1e5abc".
_POWER = re.compile(r"(?<=[0-9])e(?=[0-9])")
# Abbreviations, whose plural the rules of English do not know: MSCs.
_MANY_OF_AN_ABBREVIATION = re.compile(r"[b-df-hj-np-tv-z]{2,}s")

_english = stemmer("english")
_one_at_a_time = threading.Lock()  # the stemmer keeps its word in itself


class Placed(NamedTuple):
    """A word, and where it stands in the text."""

    word: str
    start: int
    end: int


def is_chinese(text: str) -> bool:
    return not text.isascii() and bool(_IS_CHINESE.search(text))


def running(text: str) -> list[Placed]:
    """The words of a text, one after another; of Chinese each pair of neighbouring signs."""
    placed: list[Placed] = []
    for run in _RUN.finditer(text):
        if is_chinese(run[0]):
            placed += _signs(run, 2)
        elif word := as_word(run[0]):
            placed.append(Placed(word, *run.span()))
    return placed


def beside(text: str) -> list[Placed]:
    """What is found as well: each Chinese sign alone, and a compound as one word ("wjmsc")."""
    signs = [
        sign
        for run in _RUN.finditer(text)
        if len(run[0]) > 1 and is_chinese(run[0])
        for sign in _signs(run, 1)
    ]
    joined = [
        Placed(word, *compound.span())
        for compound in _COMPOUND.finditer(text)
        if (word := as_word(compound[0]))
    ]
    return [*signs, *joined]


def _signs(run: re.Match[str], together: int) -> list[Placed]:
    """The signs of a Chinese run, so many together; of a shorter run all."""
    text = simplified(run[0])
    last = max(len(text) - together, 0)
    return [
        Placed(
            text[place : place + together],
            run.start() + place,
            run.start() + min(place + together, len(text)),
        )
        for place in range(last + 1)
    ]


def written(texts: Iterable[str], most: int) -> str:
    """Texts as the database keeps them: at most so many words, with blanks between them."""
    plain: list[str] = []
    chinese: list[str] = []
    for text in dict.fromkeys(texts):
        (chinese if is_chinese(text) else plain).append(text)
    together = f" {END} ".join(plain)  # a trial has many short ones
    words = [*filter(None, map(as_word, _PLAIN_RUN.findall(together))), END]
    words += [*filter(None, map(as_word, _PLAIN_COMPOUND.findall(together))), END]
    for text in chinese:
        words += [*(placed.word for placed in running(text)), END]
        words += [*(placed.word for placed in beside(text)), END]
    return " ".join(words[:most])


def phrases(text: str) -> tuple[Phrase, ...]:
    """What a text says, as it is asked for: any of these. Nothing where it has no word.

    A single Chinese sign is no pair, and a compound is looked for as one word too.
    """
    words = tuple(placed.word for placed in running(text))
    found = [words] if words else []
    whole = _COMPOUND.fullmatch(text)
    if whole and (joined := as_word(text)):
        found.append((joined,))
    return tuple(dict.fromkeys(found))


def stands(text: str, wanted: Iterable[Phrase]) -> list[tuple[int, int]]:
    """Where one of the phrases stands in the text: from, to; in order, and none in another."""
    by_first: dict[str, list[Phrase]] = {}
    for phrase in wanted:
        by_first.setdefault(phrase[0], []).append(phrase)
    found: list[tuple[int, int]] = []
    for words in (running(text), beside(text)):
        for place, first in enumerate(words):
            for phrase in by_first.get(first.word, ()):
                said = words[place : place + len(phrase)]
                if tuple(placed.word for placed in said) == phrase:
                    found.append((first.start, said[-1].end))
    return _apart(found)


def _apart(places: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The places in order, those that overlap as one."""
    apart: list[tuple[int, int]] = []
    for start, end in sorted(places):
        if apart and start < apart[-1][1]:
            apart[-1] = (apart[-1][0], max(end, apart[-1][1]))
        else:
            apart.append((start, end))
    return apart


@lru_cache(maxsize=100_000)
def as_word(run: str) -> str:
    """One word as it is looked for, without case, accents and endings; empty if nothing is left."""
    folded = run.casefold()
    if not folded.isascii():
        plain = unicodedata.normalize("NFKD", folded.replace("’", "'").replace("ʼ", "'"))
        folded = "".join(sign for sign in plain.casefold() if not unicodedata.combining(sign))
    word = "".join(sign for sign in folded if sign.isalnum() or sign == "'")
    if _ENGLISH.fullmatch(word):
        if _MANY_OF_AN_ABBREVIATION.fullmatch(word):
            word = word[:-1]
        else:
            with _one_at_a_time:
                word = _english.stemWord(word)
    kept = _POWER.sub("x", word.replace("'", ""))
    return kept.encode()[:_LONGEST].decode(errors="ignore")
