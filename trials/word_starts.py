"""Where typed words stand in a text: at the start of a word; Chinese, without blanks, anywhere."""

from __future__ import annotations

import re
from collections.abc import Iterable

from trials.search.chinese import spellings

_CHINESE = "\u3400-\u9fff"
_FIRST_CHINESE = re.compile(f"[{_CHINESE}]")
# Not after a letter or digit of the same word; a Chinese sign before it ends no word.
_START = rf"(?<![^\W{_CHINESE}])"


def is_chinese(words: str) -> bool:
    return bool(_FIRST_CHINESE.search(words))


def word_starts(words: Iterable[str]) -> re.Pattern[str] | None:
    """The pattern of any of these words or phrases, whatever their case; None of no word at all.

    The longest come first, so that "stem cell" is one place and not two.
    """
    every = {spelling for word in words for spelling in spellings(word) if word}
    if not every:
        return None
    longest_first = sorted(every, key=lambda word: (-len(word), word))
    return re.compile("|".join(map(_pattern, longest_first)), re.IGNORECASE)


def _pattern(word: str) -> str:
    start = "" if _FIRST_CHINESE.match(word) else _START
    return start + r"\s+".join(map(re.escape, word.split()))
