"""How often the cells are given: a stated number, or one that can be counted.

"Single", "twice", "three infusions", a second dose, listed days, once a week for four weeks. Each
pattern is made of bounded pieces, and begins with a word for which a text is gone through once.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from trials.extraction.passages import Part, Passage, Texts
from trials.extraction.readings import Reading, reading
from trials.extraction.tables import signs

KIND = "administrations"
MOST = 60  # times; what is more counts something else
PUNCTURES = 8  # from here on, injections are punctures of one sitting

_SIGNS = "administrations"
_NUMBERS = {
    **dict.fromkeys(("single", "sole", "unique", "one", "once"), 1),
    **dict.fromkeys(("two", "twice", "double", "second"), 2),
    **dict.fromkeys(("three", "thrice", "triple", "third"), 3),
    **dict.fromkeys(("four", "fourth"), 4),
    **dict.fromkeys(("five", "fifth"), 5),
    **dict.fromkeys(("six", "sixth"), 6),
    **{"seven": 7, "eight": 8, "nine": 9, "ten": 10, "eleven": 11, "twelve": 12},
}
_SMALL = "one|two|three|four|five|six|seven|eight|nine|ten"
_N = rf"(?P<n>single|sole|unique|{_SMALL}|eleven|twelve|double|triple|[1-9][0-9]?)"


def _any(name: str) -> str:
    """One of the words of a list of `signs.toml`, the longest first."""
    words = sorted(signs(_SIGNS, name), key=len, reverse=True)
    return "|".join(re.escape(word) for word in words)


_WHAT = rf"(?:(?:{_any('between')}|intra[a-z]{{4,14}}) ){{0,6}}?(?:{_any('counted')})(?!\w)"
_DAY = r"(?:days? |weeks? |months? |d)?[0-9]{1,3}(?![,.]?[0-9])"
_ASIDE = r"(?: ?\([^()\n]{1,40}\))?"
_LISTED = rf"(?:{_ASIDE} ?(?:, and|,|and|&|;|/|[.](?= ?day)) ?)(?:at |on )?(?:the )?{_DAY}"
_NTH = r"(?:st|nd|rd|th)?"
_NUMBER_LISTED = rf"(?: ?(?:, and|,|and|&|/) ?)(?:the )?[0-9]{{1,3}}{_NTH}"
_RHYTHM = (
    rf"(?:(?P<often>once|twice|thrice|{_SMALL}|[1-9])"
    r"(?:(?: (?:intravenous|iv|intra [a-z]{5,10}))? (?:times?|infusions?|injections?|doses?)"
    r"(?: of [^;,.\n]{1,40}(?= per ))?)? ?)?"
    rf"(?:(?:a|per|each|every|in every) (?:(?P<every>other|second|{_SMALL}|[1-9][0-9]?) )?"
    r"(?P<unit>day|week|month)s?|(?P<adverb>daily|weekly|monthly))(?!\w)"
)
_LENGTH = (
    r"(?:for|over|during|x) (?:a total of |a period of |the course of |each of |the first )?"
    rf"(?:(?P<length>{_SMALL}|twelve|an?|[1-9][0-9]?) |(?<=the first ))"
    r"(?:consecutive |successive )?"
    r"(?P<in>day|week|month|year|time|dose|infusion|injection)s?(?!\w)"
)
_DAYS_IN = {"day": 1, "week": 7, "month": 28, "year": 336}  # a year has twelve months
_RHYTHMS = ("daily", "weekly", "monthly", "every")
_ADVERBS = {"daily": "day", "weekly": "week", "monthly": "month"}


@dataclass(frozen=True, slots=True)
class _Rule:
    """A way of saying how often."""

    name: str
    pattern: re.Pattern[str]
    count: Callable[[re.Match[str]], int]


def _said(match: re.Match[str]) -> int:
    """The number that stands there, in words or digits."""
    word = match["n"]
    digits = word.rstrip("stndrh")
    return _NUMBERS.get(word) or (int(digits) if digits.isdigit() else 0)


# A double dose is an amount; "one of the treatments" is no number of them.
_NOT_COUNTED = ("double dos", "triple dos", "one of ", "two of ", "three of ")


def _counted(match: re.Match[str]) -> int:
    number, words = _said(match), match.group()
    if words.startswith("unique") and words.endswith(("treatment", "therapy")):
        return 0  # there is none like it
    if words.startswith(_NOT_COUNTED) or words == "one cell therapy":
        return 0
    if number >= PUNCTURES and words.endswith("injections"):
        return 0
    # "2 treatment" is the second of something, unless they are so long apart.
    is_one = match["n"].isdigit() and number > 1 and not words.endswith("s")
    return 0 if is_one and not _APART.match(match.string, match.end()) else number


def _in_course(match: re.Match[str]) -> int:
    """ "Twice a week for four weeks": how often within that time."""
    length = _small_number(match["length"])
    days = _DAYS_IN.get(match["in"])
    if not days:  # "weekly for four doses"
        return length
    period = _small_number(match["every"]) * _DAYS_IN[match["unit"] or _ADVERBS[match["adverb"]]]
    often, periods = _small_number(match["often"]), -(-length * days // period)
    # "Four infusions every three months over one year" are four in all.
    return often if match["every"] and often == periods else often * periods


def _small_number(word: str | None) -> int:
    """What is not said is one."""
    if word in (None, "a", "an"):
        return 1
    return int(word) if word.isdigit() else 2 if word == "other" else _NUMBERS[word]


def _days(match: re.Match[str]) -> int:
    return len(re.findall(r"[0-9]{1,3}", match.group()))


_RULES = (
    _Rule(
        "counted",
        re.compile(rf"(?<![.,/^+*×]){_N}(?: ?\([0-9a-z]{{1,6}}\))?(?: times?)? {_WHAT}"),
        _counted,
    ),
    _Rule(
        "ordinal",
        re.compile(
            rf"(?<!\w)(?P<n>second|third|fourth|fifth|sixth"
            rf"|(?:[2-9]|1[0-9])(?:st|nd|rd|th)) {_WHAT}"
        ),
        _said,
    ),
    _Rule(
        "times",
        re.compile(
            rf"(?<![.])(?P<n>{_SMALL}|[1-9][0-9]?) ?(?:times?|sessions|cycles"
            r"|(?:consecutive|successive) (?:days|weeks|months))(?!\w)"
            rf"(?! (?:{_any('times_what')}))"
        ),
        _said,
    ),
    _Rule(
        "once",
        re.compile(rf"(?<!\w)(?P<n>once|twice|thrice)(?!\w)(?! (?:{_any('once_what')}))"),
        _said,
    ),
    _Rule(
        "days",
        re.compile(
            rf"(?<!\w)(?:days?|d|weeks?|months?)[ .]{{0,2}}[0-9]{{1,3}}(?:{_LISTED}){{1,14}}"
            r"(?!\w| ?(?:x|×|mg|ml|%|year|\^))"
        ),
        _days,
    ),
    _Rule(
        "numbers",
        re.compile(
            rf"(?:at|on|in) (?:the )?[0-9]{{1,3}}{_NTH}(?:{_NUMBER_LISTED}){{1,14}}"
            r" ?(?:days?|weeks?|months?)(?!\w)"
        ),
        _days,
    ),
    _Rule(
        "course",
        re.compile(
            rf"(?<!\w){_RHYTHM}(?:(?![ ,(](?:for|over|during) |[.] )[^;\n]){{0,60}}[ ,(]{_LENGTH}"
        ),
        _in_course,
    ),
    _Rule(
        "number",
        re.compile(
            r"(?:number of (?:planned )?(?:infusions|injections|doses|administrations|treatments)"
            r"|(?:(?<=infusion )|(?<=injection )|(?<=dose )|(?<=treatment ))number)"
            rf"(?: ?[:=] ?| is | was | will be )(?P<n>{_SMALL}|[1-9][0-9]?)(?!\w|[.,]?[0-9])"
        ),
        _said,
    ),
    _Rule(
        "repeated",
        re.compile(
            r"(?<!\w)(?:repeated|repeat|re administered|readministered) (?:once|on day|at day"
            r"|at week|at month|after [0-9]|after one|after three|after six|in [0-9])"
        ),
        lambda match: 2,
    ),
    _Rule(
        "day",
        re.compile(
            r"(?:on|at) (?:the )?(?:days?|weeks?|months?) ?[0-9]{1,3}(?!\w|[.]?[0-9])"
            r"(?! ?(?:,|and|&|to|/|through|after|until|[+] ?[0-9]|post|or|days|weeks|following))"
        ),
        lambda match: 1,
    ),
)
_BY_NAME = {rule.name: rule for rule in _RULES}
_OF_DIGITS = tuple(_BY_NAME[name] for name in ("counted", "times"))
_OF_ONE_DIGIT = (*_OF_DIGITS, _BY_NAME["course"])
_OF_ORDINALS = (_BY_NAME["ordinal"],)
_OF_NUMBERS = tuple(_BY_NAME[name] for name in ("counted", "ordinal", "times", "once", "course"))
# By the first letters of the word: "on day 3", "day 3", "weekly", "repeated".
_OF_OTHERS = {
    **dict.fromkeys(("on", "at", "in"), (_BY_NAME["numbers"], _BY_NAME["day"])),
    **dict.fromkeys(("d", "da", "we", "mo"), (_BY_NAME["days"],)),
    **dict.fromkeys(_RHYTHMS, (_BY_NAME["course"],)),
    "nu": (_BY_NAME["number"],),
    "re": (_BY_NAME["repeated"],),
}
_START = re.compile(
    rf"(?<!\w)(?:[1-9][0-9]?(?:st|nd|rd|th)?|{'|'.join(_NUMBERS)}"
    r"|days?|d|weeks?|months?|weekly|monthly|daily|every"
    r"|(?:on|at)(?= (?:the )?(?:day|week|month|[0-9]))|in(?= the [0-9])|number(?= ?(?:of|:))"
    r"|repeated|repeat|re administered|readministered)(?!\w)"
)
_NUMBERED = re.compile(rf"(?:(?<!\w)(?:{_any('numbered')})|[x×*^]|10|[0-9][.,]?) ?$")
_LEAST = re.compile(r"(?<![\w.^×*/+])(?P<n>[1-9])(?= ?$)")
_NUMBERED_IN_WORDS = re.compile(rf"(?<!\w)(?:{_any('numbered_in_words')}) ?$")
_APART = re.compile(r" (?:with|at|in) [^.;,\n]{1,14} intervals?(?!\w)")
_PER_PUNCTURE = re.compile(r" of [0-9.]{1,4} ?m?l")
_GIVEN_BEFORE = re.compile(
    r"(?:administ|inject|infus|transplant|implant|given|receiv)[a-z]{0,8}[^,;]{0,50}$"
)


def read_administrations(texts: Texts, *, doses: int) -> list[Reading]:
    """The most often that any studied arm is given cells; nothing where no number is said.

    `doses` is how many different doses were read: "three doses" are as many levels, then.
    """
    for passages in ([*texts.titles, *texts.given], texts.summary, texts.description):
        readings = [one for one in _counts(passages) if not _counts_levels(one, doses)]
        if readings:
            return [max(readings, key=lambda one: int(one.value))]
    return []


def _counts_levels(one: Reading, doses: int) -> bool:
    levels = one.quote.lower().endswith(("doses", "dosages"))
    return levels and doses > 1 and one.value == str(doses)


def _counts(passages: Iterable[Passage]) -> Iterator[Reading]:
    for passage in passages:
        # Long texts speak of much else: only what they say of giving is read.
        whole = passage.part <= Part.KEYWORD
        spans = [(0, len(passage.text))] if whole else list(passage.sentences_with("context"))
        for begin, stop in spans:
            for rule, match in _matches(passage.text, begin, stop):
                number = rule.count(match)
                if 0 < number <= MOST and _Place(passage, match, rule.name).is_of_cells():
                    yield reading(KIND, str(number), passage, match.span(), rule=rule.name)


def _matches(text: str, begin: int, stop: int) -> Iterator[tuple[_Rule, re.Match[str]]]:
    for start in _START.finditer(text, begin, stop):
        for rule in _rules_for(start.group()):
            match = rule.pattern.match(text, start.start(), stop)
            if match:
                yield rule, match


def _rules_for(word: str) -> tuple[_Rule, ...]:
    """The rules whose patterns can begin with this word."""
    if word[0].isdigit():
        if len(word) == 1:
            return _OF_ONE_DIGIT
        return _OF_DIGITS if word[-1].isdigit() else _OF_ORDINALS
    if word in _NUMBERS:
        return _OF_NUMBERS
    return _OF_OTHERS.get(word) or _OF_OTHERS[word[:2]]


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
        return bool(pattern.search(before)) and not before.endswith("total of ")

    def _is_range_from(self, least: int, end: int) -> bool:
        """ "1-3 infusions": up to three, which a hyphen alone tells from "dose 1, 3 infusions"."""
        dash = self._passage.folded.written[self._passage.folded.place(end)]
        return dash in "-–—~" and least < _said(self._match)

    def _is_of_another_product(self) -> bool:
        others = signs(_SIGNS, "other_product")
        words = self._match.group()
        after = signs(_SIGNS, "other_giving_after")
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
        medicines = signs(_SIGNS, "medicines")
        return any(sign in self._sentence for sign in medicines) and not self._passage.has_cells(
            self._begin, self._stop
        )

    def _is_follow_up(self) -> bool:
        in_a_row = self._match.group().endswith(("days", "weeks", "months"))
        if self._rule not in ("days", "day", "numbers", "course") and not in_a_row:
            return False
        if self._rule == "course":
            before = self._passage.text[self._begin : self._match.start()]
            return any(sign in before for sign in signs(_SIGNS, "looked_after"))
        near = self._sentence if self._rule == "numbers" else self._near(60)
        return any(sign in near for sign in signs(_SIGNS, "follow_up"))

    def _is_another_count(self) -> bool:
        near = self._near(60)
        if self._rule == "once":
            # "Once the cells have grown": as soon as.
            is_first = self._match.start() == self._begin and self._match["n"] == "once"
            return is_first and self._passage.part >= Part.SUMMARY
        if self._rule == "times":
            return any(sign in near for sign in signs(_SIGNS, "no_giving_near"))
        if self._rule == "ordinal":
            return any(sign in near for sign in signs(_SIGNS, "no_ordinal_near"))
        return self._rule == "counted" and bool(
            _PER_PUNCTURE.match(self._passage.text, self._match.end())
        )

    def _is_of_giving(self) -> bool:
        passage, start = self._passage, self._match.start()
        if self._rule == "day":
            before = passage.text[max(self._begin, start - 60) : start]
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

    def _speaks_of_cells(self) -> bool:
        passage = self._passage
        if passage.part <= Part.KEYWORD:
            return True
        if passage.part is Part.DESCRIPTION and passage.says("background", self._begin, self._stop):
            return False
        return (
            (self._match.group().startswith("single ") and not self._is_of_a_medicine())
            or passage.has_cells(self._begin, self._stop)
            or any(passage.within("sources", self._begin, self._stop))
            or any(sign in self._sentence for sign in signs(_SIGNS, "spoken_of"))
        )
