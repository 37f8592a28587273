"""A study's texts as passages: where each stands, whose arms it speaks of, what phrases it holds.

Eligibility texts and outcome measures are no passages: they speak of what excludes a patient, or of
blood and marrow that are drawn for tests.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import IntEnum
from itertools import chain

from trials.extraction.phrases import Folded, Found, Matches
from trials.extraction.tables import Lexicon, lexicon, signs
from trials.registry.arms import Arm, Intervention
from trials.registry.study import Study

# Arms in which the studied product is not given, whatever else is.
_NEVER_STUDIED = frozenset({"PLACEBO_COMPARATOR", "SHAM_COMPARATOR", "NO_INTERVENTION"})
_TESTS = signs("passages", "tests")
_COUNTED_CELLS = (" cells/", " cells per ", "million cells")
# Each begins with a sign of one set: that is searched for the fastest.
_STOP = re.compile(r"[.;?\n](?:(?<=\n)| )(?<!e\.g\. )(?<!i\.e\. )(?<! vs\. )(?<! approx\. )")
_CELLS = ("given", "cell-free")
LONGEST = 1_000  # letters that a sentence may have before and after a phrase
_NONE: tuple[Found, ...] = ()


class Part(IntEnum):
    """Where in the record a passage stands, the most telling first."""

    TITLE = 0
    GIVEN = 1  # the names of interventions and arms
    HOW = 2  # their descriptions
    KEYWORD = 3
    CONDITION = 4
    SUMMARY = 5
    DESCRIPTION = 6


class Passage:
    """A text of the record and its place there, in the record's own path notation."""

    __slots__ = ("_found", "_matches", "_phrases", "_stops", "folded", "part", "place", "text")

    def __init__(self, place: str, written: str, part: Part, words: Lexicon) -> None:
        self.place, self.part = place, part
        self.folded = Folded(written)
        self.text = self.folded.text
        self._phrases = words.phrases
        self._matches: dict[str, Matches] = words.phrases.matches(self.folded)
        self._found: dict[str, list[Found]] = {}
        self._stops: tuple[list[int], list[int]] | None = None

    def of(self, table: str) -> list[Found] | tuple[Found, ...]:
        """The phrases of this table, left to right: of half the tables nobody asks."""
        found = self._found.get(table)
        if found is None:
            if table not in self._matches:
                return _NONE
            found = self._found[table] = self._phrases.longest(self._matches[table])
        return found

    def of_all(self) -> Iterator[Found]:
        """The phrases of all tables."""
        return chain.from_iterable(map(self.of, self._matches))

    def sentence(self, start: int, end: int) -> tuple[int, int]:
        """The bounds of the sentence around this span, in the folded text."""
        begins, stops = self._stops or self._find_stops()
        begin, stop = max(0, start - LONGEST), min(len(self.text), end + LONGEST)
        before, after = bisect_right(begins, start), bisect_left(stops, end)
        if before and stops[before - 1] >= begin:
            begin = begins[before - 1]
        if after < len(stops) and begins[after] <= stop:
            stop = stops[after]
        return begin, stop

    def _find_stops(self) -> tuple[list[int], list[int]]:
        """Where a sentence begins after a full stop or the like, and where it stands."""
        spans = [stop.span() for stop in _STOP.finditer(self.text)]
        self._stops = [end for _, end in spans], [start for start, _ in spans]
        return self._stops

    def sentences_with(self, table: str) -> Iterator[tuple[int, int]]:
        """The bounds of each sentence that holds a phrase of this table."""
        last = -1
        for found in self.of(table):
            if found.start >= last:
                begin, last = self.sentence(found.start, found.end)
                yield begin, last

    def within(self, table: str, begin: int, stop: int) -> Iterator[Found]:
        """The phrases of this table that begin between these places."""
        found = self.of(table)
        return iter(found[bisect_left(found, (begin,)) : bisect_left(found, (stop,))])

    def says(self, value: str, begin: int, stop: int) -> bool:
        """Whether a sign of this row of `context.toml` stands between these places."""
        return any(one.value == value for one in self.within("context", begin, stop))

    def has_cells(self, begin: int, stop: int) -> bool:
        """Whether cells, or what cells make, are spoken of between these places."""
        return any(one.section in _CELLS for one in self.within("cells", begin, stop))

    def quote(self, start: int, end: int) -> tuple[str, int, int]:
        """The words at this span as written, and where they begin and end in the written text."""
        first, last = self.folded.span(start, end)
        return self.folded.written[first:last], first, last


@dataclass(slots=True)
class Texts:
    """The passages of one study, by what they speak of."""

    study: Study
    words: Lexicon
    titles: list[Passage] = field(default_factory=list)
    given: list[Passage] = field(default_factory=list)  # interventions and arms that are studied
    compared: list[Passage] = field(default_factory=list)  # those of controls alone
    beside: list[Passage] = field(default_factory=list)  # interventions that are no cells
    keywords: list[Passage] = field(default_factory=list)
    conditions: list[Passage] = field(default_factory=list)
    summary: list[Passage] = field(default_factory=list)
    description: list[Passage] = field(default_factory=list)

    def everything(self) -> Iterator[Passage]:
        """Every text that is searched."""
        yield from (*self.titles, *self.given, *self.compared, *self.beside)
        yield from (*self.keywords, *self.conditions, *self.summary, *self.description)

    def product(self) -> Iterator[Passage]:
        """Where the studied product is named and described."""
        yield from self.titles
        yield from self.given

    def tiers(self) -> tuple[list[Passage], ...]:
        """The texts in the order in which they are believed; a later one fills what is missing."""
        return ([*self.titles, *self.given], self.keywords, self.summary, self.description)


def read_texts(study: Study, words: Lexicon | None = None) -> Texts:
    """All passages of the study, searched for the words; without any, for those of the files."""
    words = words or lexicon()
    texts = Texts(study, words)
    texts.titles = [Passage("briefTitle", study.title, Part.TITLE, words)]
    if study.official_title and study.official_title != study.title:
        texts.titles.append(Passage("officialTitle", study.official_title, Part.TITLE, words))
    _read_treatments(study, texts)
    texts.keywords = [
        Passage(f"keywords[{n}]", word, Part.KEYWORD, words)
        for n, word in enumerate(study.keywords)
    ]
    texts.conditions = [
        Passage(f"conditions[{n}]", word, Part.CONDITION, words)
        for n, word in enumerate(study.conditions)
    ]
    if study.brief_summary:
        texts.summary = [Passage("briefSummary", study.brief_summary, Part.SUMMARY, words)]
    if study.detailed_description:
        texts.description = [
            Passage("detailedDescription", study.detailed_description, Part.DESCRIPTION, words)
        ]
    return texts


def _read_treatments(study: Study, texts: Texts) -> None:
    of_arm = [_of_arm(n, arm, texts.words) for n, arm in enumerate(study.arms)]
    controls = _controls(study, of_arm)
    for n, passages in enumerate(of_arm):
        (texts.compared if n in controls else texts.given).extend(passages)
    others: list[list[Passage]] = []
    studied: list[list[Passage]] = []
    for n, intervention in enumerate(study.interventions):
        if _is_test(intervention):
            continue
        passages = list(_of_intervention(n, intervention, texts.words))
        arms = set(intervention.arms)
        if arms and arms <= controls:
            texts.compared.extend(passages)
        elif _is_of_another_product(passages):
            if not arms and _is_of_controls(passages, of_arm, controls):
                texts.compared.extend(passages)
            else:
                others.append(passages)
        else:
            studied.append(passages)
    are_named = any(_has_cells(passages) for passages in studied)
    for passages in studied:
        # A medicine may have any name: it is known by the cells that stand beside it.
        is_medicine = are_named and not _speaks_of_cells(passages)
        (texts.beside if is_medicine else texts.given).extend(passages)
    into = texts.beside if any(_has_cells([one]) for one in texts.given) else texts.given
    for passages in others:
        into.extend(passages)


def _is_of_another_product(passages: list[Passage]) -> bool:
    """Whether this is given beside the cells or instead of them: hyaluronate, exercises."""
    named = passages[0]
    return (
        bool(named.of("treatments"))
        and not _has_cells(passages)
        and not any(_found(passages, "sources"))
    )


def _speaks_of_cells(passages: list[Passage]) -> bool:
    return (
        any(one.section in _CELLS for one in _found(passages, "cells"))
        or any(_found(passages, "sources"))
        or any("cell" in one.text for one in passages)
    )


def _is_of_controls(
    passages: list[Passage], of_arm: list[list[Passage]], controls: set[int]
) -> bool:
    """Whether what no arm is said to receive is named in the arms of controls alone."""
    given = {one.value for one in _found(passages, "treatments")}
    to_controls: set[str] = set()
    to_others: set[str] = set()
    for n, of_one in enumerate(of_arm):
        received = to_controls if n in controls else to_others
        received.update(one.value for one in _found(of_one, "treatments"))
    return given <= to_controls - to_others


def _is_test(intervention: Intervention) -> bool:
    """Whether something is measured, and nothing given."""
    name = intervention.name.lower()
    return intervention.type == "DIAGNOSTIC_TEST" or any(sign in name for sign in _TESTS)


def _of_arm(n: int, arm: Arm, words: Lexicon) -> list[Passage]:
    written = (
        (f"armGroups[{n}].label", arm.label, Part.GIVEN),
        (f"armGroups[{n}].description", arm.description, Part.HOW),
    )
    return [Passage(place, text, part, words) for place, text, part in written if text]


def _of_intervention(n: int, intervention: Intervention, words: Lexicon) -> Iterator[Passage]:
    yield Passage(f"interventions[{n}].name", intervention.name, Part.GIVEN, words)
    for m, other in enumerate(intervention.other_names):
        yield Passage(f"interventions[{n}].otherNames[{m}]", other, Part.GIVEN, words)
    if intervention.description:
        place = f"interventions[{n}].description"
        yield Passage(place, intervention.description, Part.HOW, words)


def _controls(study: Study, of_arm: list[list[Passage]]) -> set[int]:
    """Arms that are there to be compared with.

    An active comparator is one where something else is studied: not where every arm is called a
    comparator, and not where it receives the studied cells as well (another dose, another route).
    """
    never = {n for n, arm in enumerate(study.arms) if arm.type in _NEVER_STUDIED}
    active = {n for n, arm in enumerate(study.arms) if arm.type == "ACTIVE_COMPARATOR"}
    studied = [n for n in range(len(study.arms)) if n not in never | active]
    if not studied:
        called = {n for n in active if "control" in study.arms[n].label.lower()}
        return never | (called if called < active else set())
    sources = {one.value for n in studied for one in _found(of_arm[n], "sources")}
    same = {
        n
        for n in active
        if _has_cells(of_arm[n]) and {one.value for one in _found(of_arm[n], "sources")} <= sources
    }
    return never | (active - same)


def _found(passages: list[Passage], table: str) -> Iterator[Found]:
    return (one for passage in passages for one in passage.of(table))


def _has_cells(passages: list[Passage]) -> bool:
    said = any(one.section == "given" for one in _found(passages, "cells"))
    return said or any(sign in one.text for one in passages for sign in _COUNTED_CELLS)
