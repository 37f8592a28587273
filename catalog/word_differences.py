"""What was added to a text and what was taken out, word by word, with some words around.

Words are compared by what they say (`trials.wording`), so that markup is no difference. The work
is bounded: a text that costs more than its share is shown before and after, and not compared.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache

from trials.wording import gist, words_of

AROUND = 10  # words that are shown on each side of a change
SHORTEST_SAME = 2  # words between two changes that are shown as one
LONGEST_RUN = 150  # words that are shown of what was added or taken out in one place
LONGEST_COMPARED = 100_000  # characters of both texts; the registry's own limit for one is 32,000
MOST_PAIRS = 100_000  # pairs of equal words that are looked at in one text, a second at worst

SAME, ADDED, REMOVED, LEFT_OUT = "same", "added", "removed", "left-out"


@dataclass(frozen=True, slots=True)
class Run:
    """Words that are `same`, `added` or `removed`; or how many words are `left-out` here."""

    how: str
    text: str = ""
    blank: str = ""  # after the words: a line is not struck out for the word at its end
    count: int = 0


class Effort:
    """How much comparing is left for one page."""

    def __init__(self, pairs: int = 4 * MOST_PAIRS) -> None:
        self._left = pairs

    def allows(self, pairs: int) -> bool:
        """Whether there is as much left, which is then taken."""
        if pairs > min(self._left, MOST_PAIRS):
            return False
        self._left -= pairs
        return True


def compare_words(old: str, new: str, effort: Effort) -> tuple[Run, ...] | None:
    """The new text with what was taken out of the old one; None where that is too much work."""
    if len(old) + len(new) > LONGEST_COMPARED:
        return None
    before, after = _Text(old), _Text(new)
    start, end = _common(before.keys, after.keys)
    middle = before.keys[start : len(before.keys) - end], after.keys[start : len(after.keys) - end]
    if not effort.allows(_pairs(*middle)):
        return None
    matcher = SequenceMatcher(None, *middle, autojunk=False)
    spans = [_Span(SAME, after, 0, start)]
    for i, j, k, m in _changes(matcher):
        spans.append(_Span(SAME, after, spans[-1].last if k else start, start + k))
        spans.append(_Span(REMOVED, before, start + i, start + j))
        spans.append(_Span(ADDED, after, start + k, start + m))
    spans.append(_Span(SAME, after, spans[-1].last, len(after.keys)))
    return tuple(_shown([span for span in spans if len(span)]))


def _changes(matcher: SequenceMatcher[str]) -> list[tuple[int, int, int, int]]:
    """What is replaced by what. A word or two between two changes as long belong to them."""
    found: list[tuple[int, int, int, int]] = []
    for how, *change in matcher.get_opcodes():
        if how == "equal":
            continue
        i, j, k, m = change
        last = found[-1] if found else None
        if last and k - last[3] <= min(SHORTEST_SAME, _size(*last), _size(*change)):
            found[-1] = (last[0], j, last[2], m)
        else:
            found.append((i, j, k, m))
    return found


def _size(i: int, j: int, k: int, m: int) -> int:
    return max(j - i, m - k)


class _Text:
    """The words of a text, and what each says."""

    def __init__(self, text: str) -> None:
        said = [(word, _key(word)) for word in words_of(text)]
        self.words = [word for word, key in said if key]
        self.keys = [key for _word, key in said if key]


_key = lru_cache(maxsize=4096)(gist)


@dataclass(frozen=True, slots=True)
class _Span:
    how: str
    text: _Text
    first: int
    last: int

    def __len__(self) -> int:
        return self.last - self.first

    def run(self, first: int, last: int) -> Run:
        text = "".join(self.text.words[first:last])
        words = text.rstrip()
        return Run(self.how, words, text[len(words) :])


def _common(old: Sequence[str], new: Sequence[str]) -> tuple[int, int]:
    """How many words at the beginning and at the end are the same."""
    most = min(len(old), len(new))
    start = 0
    while start < most and old[start] == new[start]:
        start += 1
    end = 0
    while end < most - start and old[-1 - end] == new[-1 - end]:
        end += 1
    return start, end


def _pairs(old: Sequence[str], new: Sequence[str]) -> int:
    """How many pairs of equal words there are: what the comparison's time grows with."""
    theirs = Counter(new)
    return len(old) + sum(count * theirs[word] for word, count in Counter(old).items())


def _shown(spans: Sequence[_Span]) -> Iterator[Run]:
    """The runs, with the middle of long ones left out."""
    for place, span in enumerate(spans):
        if span.how == SAME:
            head = AROUND if place else 0
            tail = AROUND if place < len(spans) - 1 else 0
        else:
            head, tail = LONGEST_RUN, 0
        left_out = len(span) - head - tail
        if left_out <= AROUND:  # as long as its own "… words"
            yield span.run(span.first, span.last)
            continue
        if head:
            yield span.run(span.first, span.first + head)
        yield Run(LEFT_OUT, count=left_out)
        if tail:
            yield span.run(span.last - tail, span.last)
