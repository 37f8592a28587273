"""The ways of saying how often: "single", "three infusions", listed days, weekly for four weeks.

Each pattern is made of bounded pieces, and begins with a word for which a text is gone through
once.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from ahocorasick_rs import AhoCorasick

from trials.extraction.tables import signs

PUNCTURES = 8  # from here on, injections are punctures of one sitting

SIGNS = "administrations"
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


def any_of(name: str) -> str:
    """One of the words of a list of `signs.toml`, the longest first."""
    words = sorted(signs(SIGNS, name), key=len, reverse=True)
    return _by_letter(map(re.escape, words))


def _by_letter(patterns: Iterable[str]) -> str:
    """One of these patterns, in their order: all but those of one first letter are passed over."""
    rests: dict[str, list[str]] = {}
    for pattern in patterns:
        letter = pattern[: 2 if pattern.startswith("\\") else 1]
        rests.setdefault(letter, []).append(pattern.removeprefix(letter))
    return "|".join(f"{letter}(?:{'|'.join(rest)})" for letter, rest in rests.items())


_WHAT = rf"(?:(?:{any_of('between')}|intra[a-z]{{4,14}}) ){{0,6}}?(?:{any_of('counted')})(?!\w)"
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


_APART = re.compile(r" (?:with|at|in) [^.;,\n]{1,14} intervals?(?!\w)")


@dataclass(frozen=True, slots=True)
class Way:
    """A way of saying how often."""

    name: str
    pattern: re.Pattern[str]
    count: Callable[[re.Match[str]], int]


def said_number(match: re.Match[str]) -> int:
    """The number that stands there, in words or digits."""
    word = match["n"]
    digits = word.rstrip("stndrh")
    return _NUMBERS.get(word) or (int(digits) if digits.isdigit() else 0)


# A double dose is an amount; "one of the treatments" is no number of them.
_NOT_COUNTED = ("double dos", "triple dos", "one of ", "two of ", "three of ")


def _counted(match: re.Match[str]) -> int:
    number, words = said_number(match), match.group()
    if words.startswith("unique") and words.endswith(("treatment", "therapy")):
        return 0  # there is none like it
    if words.startswith(_NOT_COUNTED) or words == "one cell therapy":
        return 0
    if number >= PUNCTURES and words.endswith(("injections", "divided doses")):
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


_WAYS = (
    Way(
        "counted",
        re.compile(rf"(?<![.,/^+*×]){_N}(?: ?\([0-9a-z]{{1,6}}\))?(?: times?)? {_WHAT}"),
        _counted,
    ),
    Way(
        "ordinal",
        re.compile(
            rf"(?<!\w)(?P<n>second|third|fourth|fifth|sixth"
            rf"|(?:[2-9]|1[0-9])(?:st|nd|rd|th)) {_WHAT}"
        ),
        said_number,
    ),
    Way(
        "times",
        re.compile(
            rf"(?<![.])(?P<n>{_SMALL}|[1-9][0-9]?) ?(?:times?|sessions|cycles"
            r"|(?:consecutive|successive) (?:days|weeks|months))(?!\w)"
            rf"(?! (?:{any_of('times_what')}))"
        ),
        said_number,
    ),
    Way(
        "once",
        re.compile(rf"(?<!\w)(?P<n>once|twice|thrice)(?!\w)(?! (?:{any_of('once_what')}))"),
        said_number,
    ),
    Way(
        "days",
        re.compile(
            rf"(?<!\w)(?:days?|d|weeks?|months?)[ .]{{0,2}}[0-9]{{1,3}}(?:{_LISTED}){{1,14}}"
            r"(?!\w| ?(?:x|×|mg|ml|%|year|vial|million|\^))"
        ),
        _days,
    ),
    Way(
        "numbers",
        re.compile(
            rf"(?:at|on|in) (?:the )?[0-9]{{1,3}}{_NTH}(?:{_NUMBER_LISTED}){{1,14}}"
            r" ?(?:days?|weeks?|months?)(?!\w)"
        ),
        _days,
    ),
    Way(
        "course",
        re.compile(
            rf"(?<!\w){_RHYTHM}(?:(?![ ,(](?:for|over|during) |[.] )[^;\n]){{0,60}}[ ,(]{_LENGTH}"
        ),
        _in_course,
    ),
    Way(
        "number",
        re.compile(
            r"(?:number of (?:planned )?(?:infusions|injections|doses|administrations|treatments)"
            r"|(?:(?<=infusion )|(?<=injection )|(?<=dose )|(?<=treatment ))number)"
            rf"(?: ?[:=] ?| is | was | will be )(?P<n>{_SMALL}|[1-9][0-9]?)(?!\w|[.,]?[0-9])"
        ),
        said_number,
    ),
    Way(
        "repeated",
        re.compile(
            r"(?<!\w)(?:repeated|repeat|re administered|readministered) (?:once|on day|at day"
            r"|at week|at month|(?:at|after) (?:[0-9]|one|three|six)|in [0-9])"
        ),
        lambda match: 2,
    ),
    Way(
        "again",
        re.compile(
            r"(?:immediately after (?:the )?[a-z]{3,12}|at baseline|during (?:the )?surgery)"
            r" and (?:possibly |then )?(?:again )?(?:at|on|after) (?:the )?(?:day |week |month )?"
            r"[0-9]{1,3}(?!\w|[.]?[0-9])(?! ?(?:,|and|&|to|[+]|or|%))"
        ),
        lambda match: 2,
    ),
    Way(
        "numbered",
        re.compile(
            r"(?:infusions?|injections?) "
            r"(?:[1-9][0-9]?(?: ?, ?(?:and )?| and | & | through )){1,14}(?P<n>[1-9][0-9]?)"
            r"(?!\w|[.,]?[0-9]| ?(?:x|×|\^|%|/)| (?:ml|million|months?|weeks?|days?))"
        ),
        said_number,
    ),
    Way(
        "apart",
        re.compile(
            r"(?:infusions?|injections?) [1-9][0-9]?(?:,? and |, )[1-9][0-9]?"
            r" (?:days|weeks|months) (?:after|following|post)(?!\w)"
        ),
        lambda match: 2,
    ),
    Way(
        "day",
        re.compile(
            r"(?:on|at) (?:the )?(?:(?:study |treatment )?(?:days?|weeks?|months?) ?=? ?[0-9]{1,3}"
            r"(?!\w|[.]?[0-9])|baseline(?! and| to| [a-z]{4,}| ?,| or)(?: \(day [01]\))?)"
            r"(?! ?(?:,|and (?:again |on |at |the )*(?:day|week|month|[0-9]|repeat|then|possib)"
            r"|&|to|/|through|after|until|[+] ?[0-9]|post|or|days|weeks|following|with a possib))"
        ),
        lambda match: 1,
    ),
)
_BY_NAME = {rule.name: rule for rule in _WAYS}
_OF_DIGITS = tuple(_BY_NAME[name] for name in ("counted", "times"))
_OF_ONE_DIGIT = (*_OF_DIGITS, _BY_NAME["course"])
_OF_ORDINALS = (_BY_NAME["ordinal"],)
_OF_NUMBERS = tuple(_BY_NAME[name] for name in ("counted", "ordinal", "times", "once", "course"))
# By the first letters of the word: "on day 3", "day 3", "weekly", "repeated".
_OF_OTHERS = {
    **dict.fromkeys(("on", "at", "in"), (_BY_NAME["numbers"], _BY_NAME["again"], _BY_NAME["day"])),
    **dict.fromkeys(("im", "du"), (_BY_NAME["again"],)),
    **dict.fromkeys(
        ("infusion", "infusions", "injection", "injections"),
        (_BY_NAME["numbered"], _BY_NAME["apart"]),
    ),
    **dict.fromkeys(("d", "da", "we", "mo"), (_BY_NAME["days"],)),
    **dict.fromkeys(_RHYTHMS, (_BY_NAME["course"],)),
    "nu": (_BY_NAME["number"],),
    "re": (_BY_NAME["repeated"],),
}
_START = re.compile(
    rf"(?<!\w)(?:(?:[1-9][0-9]?(?:st|nd|rd|th)?|{'|'.join(_NUMBERS)}"
    r"|days?|d|weeks?|months?|weekly|monthly|daily|every"
    r"|(?:on|at)(?= (?:the )?(?:study |treatment )?(?:day|week|month|[0-9])| baseline)"
    r"|in(?= the [0-9])"
    r"|number(?= ?(?:of|:))|immediately(?= after )|during(?= (?:the )?surgery and )"
    r"|(?:infusion|injection)s?(?= [0-9])"
    r"|repeated|repeat|re administered|readministered)(?!\w)"
    # "D1, D3", "day1 and day7"
    r"|(?:days?|d|weeks?|months?)(?=[0-9]))"
)
# What each of these begins with, and what goes on after the shortest of them: found in one pass,
# ten times as fast as the pattern is.
_DIGITS = tuple("0123456789")
_BEGINNINGS = AhoCorasick(
    [
        *(*_DIGITS[1:], *_NUMBERS, "day", "week", "month", "daily", "every", "number", "repeat"),
        *("immediately after", "during surgery", "during the surgery"),
        *("re administered", "readministered"),
        *(
            f"{word} {what}"
            for word in ("on", "at")
            for what in (*_DIGITS, "the", "study", "treatment", "day", "week", "month", "baseline")
        ),
        *(
            f"{word}{digit}"
            for word in ("in the ", "infusion ", "infusions ", "injection ", "injections ")
            for digit in _DIGITS
        ),
        *(f"d{gap}{digit}" for gap in ("", " ", ".", ". ", " .", "..") for digit in _DIGITS),
    ]
)


def counts_in(text: str, begin: int, stop: int) -> Iterator[tuple[Way, re.Match[str]]]:
    """Each way that is used between these places of a folded text, with the words, in order."""
    begins = _BEGINNINGS.find_matches_as_indexes(text[begin:stop], overlapping=True)
    for place in sorted({begin + start for _, start, _ in begins}):
        word = _START.match(text, place, stop)
        for way in _ways_for(word[0]) if word else ():
            match = way.pattern.match(text, place, stop)
            if match:
                yield way, match


def _ways_for(word: str) -> tuple[Way, ...]:
    """The ways whose patterns can begin with this word."""
    if word[0].isdigit():
        if len(word) == 1:
            return _OF_ONE_DIGIT
        return _OF_DIGITS if word[-1].isdigit() else _OF_ORDINALS
    if word in _NUMBERS:
        return _OF_NUMBERS
    return _OF_OTHERS.get(word) or _OF_OTHERS[word[:2]]
