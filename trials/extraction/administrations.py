"""How often the cells are given: a stated number, or one that can be counted.

`counts` finds the numbers; here is told which of them are of giving cells.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from trials.extraction.counts import SIGNS, any_of, counts_in, said_number
from trials.extraction.passages import Part, Passage, Texts
from trials.extraction.readings import Reading, reading
from trials.extraction.tables import signs

KIND = "administrations"
MOST = 60  # times; what is more counts something else

_NUMBERED = re.compile(rf"(?:(?<!\w)(?:{any_of('numbered')})|[x×*^]|10|[0-9][.,]?) ?$")
_LEAST = re.compile(r"(?<![\w.^×*/+])(?P<n>[1-9])(?= ?$)")
_NUMBERED_IN_WORDS = re.compile(rf"(?<!\w)(?:{any_of('numbered_in_words')}) ?$")
_OF_A_COURSE = signs(SIGNS, "of_a_course")
_ONE = ("single ", "one ", "1 ")
_PER_PUNCTURE = re.compile(r" of [0-9.]{1,4} ?m?l")
_GIVEN_BEFORE = re.compile(
    r"(?:administ|inject|infus|transplant|implant|given|receiv)[a-z]{0,8}[^,;]{0,110}$"
)


def read_administrations(texts: Texts, *, doses: int) -> list[Reading]:
    """The most often that any studied arm is given cells; nothing where no number is said.

    `doses` is how many different doses were read: "three doses" are as many levels, then.
    """
    for passages in ([*texts.titles, *texts.given], texts.summary, texts.description):
        most = _most(passages, doses)
        if most is not None:
            return [most]
    return []


def _most(passages: Iterable[Passage], doses: int) -> Reading | None:
    """The first of those that count the most."""
    best, most = None, 0
    for passage in passages:
        # Long texts speak of much else: only what they say of giving is read.
        whole = passage.part <= Part.KEYWORD
        spans = [(0, len(passage.text))] if whole else list(passage.sentences_with("context"))
        for begin, stop in spans:
            for way, match in counts_in(passage.text, begin, stop):
                number = way.count(match)
                if not most < number <= MOST or _are_levels(match, number, doses):
                    continue
                if _Place(passage, match, way.name).is_of_cells():
                    best = reading(KIND, str(number), passage, match.span(), rule=way.name)
                    most = number
    return best


def _are_levels(match: re.Match[str], number: int, doses: int) -> bool:
    return number == doses > 1 and match.group().endswith(("doses", "dosages"))


class _Place:
    """What stands around a count, and whether it is one of giving cells."""

    def __init__(self, passage: Passage, match: re.Match[str], rule: str) -> None:
        self._passage, self._match, self._rule = passage, match, rule
        self._begin, self._stop = passage.sentence(*match.span())
        self._sentence = passage.text[self._begin : self._stop]

    def is_of_cells(self) -> bool:
        of_something_else = (
            self._is_numbered()
            or self._is_of_another_product()
            or self._is_follow_up()
            or self._is_another_count()
        )
        return not of_something_else and self._is_of_giving() and self._speaks_of_cells()

    def _near(self, reach: int) -> str:
        start, end = self._match.span()
        return self._passage.text[max(self._begin, start - reach) : min(self._stop, end + reach)]

    def _is_numbered(self) -> bool:
        """ "Group 2", "10 ^ 6 cells": the number names or multiplies something."""
        if self._rule not in ("counted", "times"):
            return False
        start = self._match.start()
        pattern = _NUMBERED if self._match["n"].isdigit() else _NUMBERED_IN_WORDS
        least = _LEAST.search(self._passage.text, max(0, start - 2), start)
        if least and self._is_range_from(int(least["n"]), least.end()):
            start = least.start()
        before = self._passage.text[max(0, start - 14) : start]
        return bool(pattern.search(before)) and not before.endswith(_OF_A_COURSE)

    def _is_range_from(self, least: int, end: int) -> bool:
        """ "1-3 infusions": up to three, which a hyphen alone tells from "dose 1, 3 infusions"."""
        dash = self._passage.folded.written[self._passage.folded.place(end)]
        return dash in "-–—~" and least < said_number(self._match)

    def _is_of_another_product(self) -> bool:
        others = signs(SIGNS, "other_product")
        words = self._match.group()
        after = signs(SIGNS, "other_giving_after")
        if self._rule == "counted" and words != "single dose":
            if any(sign in words for sign in others):
                return True
            return self._passage.text.startswith(after, self._match.end())
        if self._rule == "ordinal" and self._passage.text.startswith(after, self._match.end()):
            return True
        if self._rule in ("ordinal", "once", "times", "repeated", "course"):
            return any(sign in self._near(30) for sign in others) or self._is_of_a_medicine()
        return False

    def _is_of_a_medicine(self) -> bool:
        """Whether the sentence speaks of a medicine, and not of cells."""
        medicines = signs(SIGNS, "medicines")
        return any(sign in self._sentence for sign in medicines) and not self._passage.has_cells(
            self._begin, self._stop
        )

    def _is_follow_up(self) -> bool:
        in_a_row = self._match.group().endswith(("days", "weeks", "months"))
        if self._rule not in ("days", "day", "numbers", "course") and not in_a_row:
            return False
        if self._rule == "course":
            before = self._passage.text[self._begin : self._match.start()]
            return any(sign in before for sign in signs(SIGNS, "looked_after"))
        near = self._sentence if self._rule == "numbers" else self._near(60)
        near = near.replace(self._match.group(), "")
        return any(sign in near for sign in signs(SIGNS, "follow_up"))

    def _is_another_count(self) -> bool:
        near = self._near(60)
        if self._rule == "once":
            # "Once the cells have grown": as soon as.
            is_first = self._match.start() == self._begin and self._match["n"] == "once"
            return is_first and self._passage.part >= Part.SUMMARY
        if self._rule == "times":
            return any(sign in near for sign in signs(SIGNS, "no_giving_near"))
        if self._rule == "ordinal":
            return any(sign in near for sign in signs(SIGNS, "no_ordinal_near"))
        return (
            self._rule == "counted"
            and not self._match.group().startswith(_ONE)
            and _PER_PUNCTURE.match(self._passage.text, self._match.end()) is not None
        )

    def _is_of_giving(self) -> bool:
        passage, start = self._passage, self._match.start()
        if self._rule == "day":
            before = passage.text[max(self._begin, start - 120) : start]
            return passage.part <= Part.HOW and bool(_GIVEN_BEFORE.search(before))
        if self._rule == "numbers":
            return passage.says("giving", self._begin, start)
        if self._rule not in ("days", "times", "repeated", "course"):
            return True
        given = passage.says("giving", self._begin, self._stop)
        rhythm = self._rule in ("times", "course") and passage.part <= Part.HOW
        return (
            given
            or passage.has_cells(self._begin, self._stop)
            or (rhythm and any(sign in self._sentence for sign in ("week", "month", "day")))
        )

    def _is_background(self) -> bool:
        """Whether a long text speaks of others' work here, and not of this study."""
        return (
            self._passage.part is Part.DESCRIPTION
            and self._passage.says("background", self._begin, self._stop)
            and not any(sign in self._sentence for sign in signs(SIGNS, "of_this_study"))
        )

    def _speaks_of_cells(self) -> bool:
        passage = self._passage
        if passage.part <= Part.KEYWORD:
            return True
        if self._is_background():
            return False
        return (
            (self._match.group().startswith("single ") and not self._is_of_a_medicine())
            or passage.has_cells(self._begin, self._stop)
            or any(passage.within("sources", self._begin, self._stop))
            or any(sign in self._sentence for sign in signs(SIGNS, "spoken_of"))
            or self._goes_on_about_cells()
        )

    def _goes_on_about_cells(self) -> bool:
        """ "MSC are given. Two doses are a month apart": the sentence before speaks of cells."""
        begin = self._passage.sentence(max(0, self._begin - 3), max(0, self._begin - 2))[0]
        return (
            any(sign in self._match.group() for sign in ("infusion", "injection", "dose"))
            and self._passage.has_cells(begin, self._begin)
            and not any(sign in self._sentence for sign in signs(SIGNS, "other_product"))
        )
