"""How alike the names of organisations are: which of many may be one and the same.

Pure: names in, pairs out. Comparing each of 50,000 names with each other would be a billion
comparisons; only those that share a rare word or a rare run of three letters are compared.
"""

from __future__ import annotations

import unicodedata
from collections import Counter, defaultdict
from collections.abc import Collection, Hashable, Iterable, Iterator, Mapping
from sys import intern
from typing import TypeVar

from rapidfuzz import fuzz

Key = TypeVar("Key", bound=Hashable)

LEAST = 90  # of 100: below, pairs are mostly of different organisations
SAME_START = 91  # one name is the other with more words behind it, and begins with a rare word
RARE = 8  # names with a word that is rare enough to tell an organisation by it alone
BLOCK = 80  # names with one mark; a mark that more have tells nothing
MARKS = 8  # of a name, the rarest first

# What a company or an institution is in law, and little words: they come and go in one name.
_FORMS = """
ab ag aps as asa bhd bv co company corp corporation cv gmbh inc incorporated kg kk limitada limited
llc llp ltd ltda nv oy oyj plc pte pty pvt sa sarl sas sdn se sl spa spol srl sro
a and at by de del della der des di do e en et for fur in la le of on para the und van von y
"""
# Words by which institutions of one name are told apart: where these differ, so do they.
_TELLING = """
first second third fourth fifth sixth seventh eighth ninth tenth i ii iii iv v vi vii viii ix x
north south east west northern southern eastern western central children childrens women womens
"""
FORMS, TELLING = frozenset(_FORMS.split()), frozenset(_TELLING.split())


def plain(normalised: str) -> str:
    """A normalised name without accents, legal forms and little words; itself if nothing is left.

    Letters that stand alone are joined, so that "S.A." and "SA" are the same form.
    """
    split = unicodedata.normalize("NFKD", normalised)
    letters = "".join(letter for letter in split if not unicodedata.combining(letter))
    words = [word for word in _joined(letters.split()) if word not in FORMS]
    return " ".join(words) or normalised


def _joined(words: list[str]) -> Iterator[str]:
    run = ""
    for word in words:
        if len(word) == 1 and word.isalpha() and word.isascii():
            run += word
            continue
        if run:
            yield run
        run = ""
        yield word
    if run:
        yield run


def alike(one: str, other: str, rare: Collection[str] = ()) -> int:
    """How alike two plain names are, of 100; 0 below `LEAST`. `rare`: words that few names have."""
    likeness = _likeness(one, other, rare)
    # Asked last: most names are not alike.
    return likeness if likeness and _telling(one) == _telling(other) else 0


def _likeness(one: str, other: str, rare: Collection[str]) -> int:
    if one.replace(" ", "") == other.replace(" ", ""):
        return 100
    likeness = round(fuzz.token_sort_ratio(one, other, score_cutoff=LEAST))
    if likeness:
        return min(likeness, 99)
    short, long = sorted((one, other), key=len)
    begins = long.startswith(f"{short} ") and short.split()[0] in rare and len(short) > 4
    return SAME_START if begins else 0


def _telling(name: str) -> set[str]:
    return {
        word for word in name.split() if word in TELLING or any(letter.isdigit() for letter in word)
    }


def likest_pairs(
    names: Mapping[Key, Iterable[str]], new: Collection[Key]
) -> dict[tuple[Key, Key], int]:
    """The pairs of keys with names that are alike, at least one of each pair `new`.

    `names` are normalised. The first key of a pair comes first in `names`.
    """
    place = {key: number for number, key in enumerate(names)}
    spelled = [(key, name) for key, said in names.items() for name in {plain(one) for one in said}]
    index = _Marks([name for _key, name in spelled])
    fresh, found = set(new), dict[tuple[Key, Key], int]()
    for number, (key, name) in enumerate(spelled):
        if key not in fresh:
            continue
        for near in index.near(number):
            other, other_name = spelled[near]
            if other == key or (other in fresh and near < number):
                continue  # of two new ones, once
            likeness = alike(name, other_name, index.rare)
            if likeness:
                first, second = sorted((key, other), key=place.__getitem__)
                found[first, second] = max(likeness, found.get((first, second), 0))
    return found


class _Marks:
    """Names by their rarest marks: words and runs of three letters."""

    def __init__(self, names: list[str]) -> None:
        # As tuples of shared strings: sets of their own would take a hundred megabytes for 50,000.
        every = [tuple(map(intern, _marks(name))) for name in names]
        having = Counter(mark for marks in every for mark in marks)
        self.rare = {mark for mark, count in having.items() if mark[0] != "…" and count <= RARE}
        self._of: list[list[str]] = []
        self._with: dict[str, list[int]] = defaultdict(list)
        for number, marks in enumerate(every):
            kept = sorted(
                (mark for mark in marks if 1 < having[mark] <= BLOCK),
                key=lambda mark: (having[mark], mark),
            )
            words = [mark for mark in kept if mark[0] != "…"][: MARKS // 2]
            runs = [mark for mark in kept if mark[0] == "…"][:MARKS]
            self._of.append([*words, *runs])
            for mark in self._of[-1]:
                self._with[mark].append(number)

    def near(self, number: int) -> set[int]:
        """The names that share a rare mark with this one."""
        return {near for mark in self._of[number] for near in self._with[mark]} - {number}


def _marks(name: str) -> set[str]:
    whole = name.replace(" ", "")
    runs = {f"…{whole[start : start + 3]}" for start in range(max(1, len(whole) - 2))}
    return {*name.split(), *runs}
