"""Numbers of cells as people write them: 10x10^6, 10 × 10⁶, 2E7, 20 million, 1-2 x 10^6/kg.

Every pattern is of bounded pieces, so that the time grows with the text and with nothing else.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from itertools import islice
from typing import NamedTuple

_SUPERSCRIPT = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
_WORDS = {
    "one": 1,
    "two": 2,
    "three": 3,
    "four": 4,
    "five": 5,
    "six": 6,
    "seven": 7,
    "eight": 8,
    "nine": 9,
    "ten": 10,
    "twelve": 12,
    "fifteen": 15,
    "twenty": 20,
    "twenty five": 25,
    "twenty-five": 25,
    "thirty": 30,
    "forty": 40,
    "fifty": 50,
    "sixty": 60,
    "seventy": 70,
    "eighty": 80,
    "ninety": 90,
    "hundred": 100,
    "one hundred": 100,
    "a hundred": 100,
    "two hundred": 200,
    "a": 1,
    "half a": 0.5,
    "one and a half": 1.5,
}
_M = r"(?:[0-9]{1,4}(?:[.,·][0-9]{1,3})?|[.][0-9]{1,3})"
_SEPARATOR = r"(?:\s?(?:-|–|—|~|to|or|and|/|&|and/or|±)\s?|\s?[,;]\s(?:and\s|or\s)?)"
_LIST = rf"(?P<list>(?:{_M}{_SEPARATOR}){{0,4}})"
_TIMES = r"\s{0,2}\\?(?:[x×X*·∙•✕хХ✖]|times)\s{0,2}"
_POWER = (
    r"10\s?(?:"
    r"\\?[\^~]\s?[({]?\s?(?P<caret>[0-9]{1,2})|\*\*?\s?(?P<stars>[0-9]{1,2})|[eE]\s?\+?(?P<e>[0-9]{1,2})"
    r"|exp\s?(?P<exp>[0-9]{1,2})|(?P<raised>[⁰¹²³⁴⁵⁶⁷⁸⁹]{1,2})|(?P<lost>[0-9]{1,2})(?![0-9]|[,.][0-9](?![0-9.]{0,4}\s?[x×]))|\((?P<paren>[0-9]{1,2})\)|<sup>(?P<sup>[0-9]{1,2}))"
)
_SCALES = r"hundred\s[mM]illions?|[mM]illions?|mln|mio|Mio|MILLION|[bB]illions?"
# A lone M is a million only where cells follow, or nothing.
_M_ALONE = r"M(?=\s(?:cells|MSC|hMSC|stem|MPC|allogeneic|autologous)|\s?$)"
_TENS = "twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety"
_ONES = "one|two|three|four|five|six|seven|eight|nine|ten|twelve|fifteen"
_IN_DIGITS = (
    # 2 x 10^6, 1x1,000,000, 5 x million; 2E7; 20 million
    rf"{_LIST}(?P<mantissa>{_M})(?:{_TIMES}(?:{_POWER}"
    r"|(?P<grouped>[0-9]{1,3}(?:,[0-9]{3}){1,3}|10{4,9}(?![0-9]))"
    r"|(?P<times_million>1?\s?(?:million|Mio|mln)))"
    r"|\s?[eE]\s?\+?0?(?P<short_exponent>[0-9]{1,2})(?![0-9])"
    rf"|\s?-?\s?(?P<scale>{_SCALES}|{_M_ALONE})(?!\w))",
    # 20,000,000
    r"(?P<big>[0-9]{1,3}(?:[, ][0-9]{3}){2,3}(?![0-9])|[1-9][0-9]{5,10}(?![0-9]))",
    # 10^6, 10⁶, and "106 cells/kg"
    r"(?P<bare>10\s?(?:\\?\^\s?[({]?\s?(?P<bare_caret>[0-9]{1,2})"
    r"|(?P<bare_raised>[⁰¹²³⁴⁵⁶⁷⁸⁹]{1,2})"
    r"|\((?P<bare_paren>[5-9])\)(?=\s?(?:[\w-]{1,25}\s){0,6}(?:cells?|MSCs?))"
    r"|(?P<bare_lost>[5-9])(?=\s?(?:(?:\w+\s){0,2}(?:cells?|MSCs?)\s?)?/\s?kg|\s?(?:\w+\s){0,2}(?:cells?|MSCs?)\s?/)))",
)
# twenty million
_IN_WORDS = (
    rf"(?P<word>(?:(?:one|two|a)\s)?hundred|twenty[- ]five|{_ONES}|{_TENS})"
    r"\s(?P<word_scale>million|billion)(?!\w)"
)
MOST_FOUND = 1_000  # in one text: no record has as many, and they are compared with each other
_RANGE_SIGNS = ("-", "–", "—", "~", "to")
_RATIO_BEFORE = re.compile("[0-9]:")  # "1:100,000"
_QUANTITY = re.compile("|".join(_IN_DIGITS), re.IGNORECASE)
_QUANTITY_IN_WORDS = re.compile(rf"(?<![\w.^])(?:{_IN_WORDS})", re.IGNORECASE)
# Where such a number can begin, and what every one of them holds: each begins with a sign of one
# set, which is searched for the fastest.
_START = re.compile(r"[0-9.](?:(?<=[0-9])|(?=[0-9]))(?<![\w.^].)", re.DOTALL)
_SIGN = re.compile(
    r"[0-9iImM](?:(?<=[0-9])(?:0\s?(?:[\\^~*eE({<⁰¹²³⁴⁵⁶⁷⁸⁹4-9]|exp|1[0-2])|\s?[eE]\+?[0-9]"
    r"|\s?-?\s?M(?:\s|$)|[0-9]{5}|[, ][0-9]{3}[, ][0-9]{3}|,?0{3})|llion|LLION|ln|LN|io|IO)"
)
_LONGEST = 150  # letters of such a number, of a list of five at most
_CELLS = r"(?:(?:[A-Za-z()+®™'’-]{1,25}|CD[0-9]{2,3}\+?)[\s,]{1,2}){0,7}?"
# What follows the slash, by the unit that it means; the longer ways of writing it first.
_PER_UNITS = {
    "cells/kg": r"kg|kilo|㎏",
    "cells/mL": r"ml|milli\s?lit|cc\b|㎖|cm\s?\^?\s?[3³]|cubic\s?cent",
    "cells/cm2": r"cm\s?\^?\s?[2²]|square\s?c|sq\.?\s?c|㎠",
    "cells/m2": r"m\s?\^?\s?[2²]|square\s?m|sq\.?\s?m|met(?:er|re)s?\s?squared",
    "cells/cm": r"cm\b|centim",
    "cells/uL": r"[µμ]l|ul\b|microl",
}
_GROUPS = {f"unit_{place}": unit for place, unit in enumerate(_PER_UNITS)}
_PER = re.compile(
    r"\s{0,2}[,)]?\s?(?:±\s?[0-9]{1,2}\s?%\s{0,2})?"
    rf"(?:{_CELLS}[A-Za-z()+®™'’-]{{0,25}}\s{{0,2}})?"
    r"(?:(?:/|per|·|\\/|⁄)\s{0,2}(?:body[\s-](?:weight[\s-])?)?(?:"
    + "|".join(f"(?P<{group}>{_PER_UNITS[unit]})" for group, unit in _GROUPS.items())
    + r")|(?P<minus>kg\s?\^?\s?[-−⁻]\s?[1¹]))",
    re.IGNORECASE,
)
_MAY_BE_PER = re.compile(r"[/·⁄pPkK](?:(?<=[/·⁄])|[eE][rR]|[gG])")
_AMOUNT_OF = re.compile(
    r"\s{0,2}(?:[A-Za-z]{1,12}\s){0,3}(?:/|per|in)\s{0,2}[0-9.,]{1,5}\s?(?:ml|mL|cc)", re.IGNORECASE
)
_RANGE = re.compile(
    r"\s{0,2}(?:(?:[A-Za-z]{1,8}\s?){0,2}(?:/\s?kg|/\s?ml)?)?\s{0,2}"
    r"(?:-|–|—|~|to|and up to|and a maximum of)\s{0,2}",
    re.IGNORECASE,
)
LEAST_OF = {"cells/cm2": 1e3, "cells/mL": 5e5}
LEAST, MOST = 1e4, 1e12  # cells; what is less or more is something else


class Quantity(NamedTuple):
    """A number of something, from `start` to `end` of the text.

    `unit` is "cells" where none is said.
    """

    least: float
    most: float
    unit: str
    start: int
    end: int

    @property
    def plain(self) -> str:
        """In plain scientific notation: "2e7", "1e6-2e6/kg"."""
        numbers = (
            plain(self.least)
            if self.least == self.most
            else f"{plain(self.least)}-{plain(self.most)}"
        )
        return numbers + self.unit.removeprefix("cells")


def plain(number: float) -> str:
    """A number in the shortest scientific notation: 2e7, 1.25e6."""
    mantissa, _, exponent = f"{number:.6e}".partition("e")
    return f"{mantissa.rstrip('0').rstrip('.')}e{int(exponent)}"


def quantities(text: str) -> Iterator[Quantity]:
    """Numbers of ten thousand or more that are written as numbers of cells are, left to right."""
    return islice(_each(text), MOST_FOUND)


def _each(text: str) -> Iterator[Quantity]:
    pending: Quantity | None = None
    for match in _matches(text):
        for one in _values(match, text):
            if pending is not None:
                joined = _range(pending, one, text)
                if joined is not None:
                    pending = joined
                    continue
                yield pending
            pending = one
    if pending is not None:
        yield pending


def _matches(text: str) -> Iterator[re.Match[str]]:
    """What is written as such a number, left to right; none overlaps another."""
    begin = 0
    for sign in _SIGN.finditer(text):
        end = sign.end()
        begin = max(begin, end - _LONGEST)
        for start in _START.finditer(text, begin, end):
            match = _QUANTITY.match(text, start.start()) if start.start() >= begin else None
            if match:
                yield match
                begin = match.end()
        if begin < end and sign[0].lower() == "illion":
            for match in _QUANTITY_IN_WORDS.finditer(text, begin, end + 1):
                yield match
                begin = match.end()
        begin = max(begin, end)


def _range(first: Quantity, second: Quantity, text: str) -> Quantity | None:
    """The two as one range, where a dash or "to" stands between them."""
    between = text[first.end : second.start]
    if first.start == second.start or not 0 < len(between) < 30:
        return None
    if not _RANGE.fullmatch(between) and not (
        between.endswith(" and ") and _is_between(text, first.start)
    ):
        return None
    if not first.most < second.least:
        return None
    return second._replace(least=first.least, start=first.start)


def _is_between(text: str, start: int) -> bool:
    """ "Between 2 and 10 million" is a range."""
    return text[max(0, start - 8) : start].lower() == "between "


def _values(match: re.Match[str], text: str) -> Iterator[Quantity]:
    scale, last, listed = _read(match.groupdict())
    start, end = match.span()
    if scale > MOST or _RATIO_BEFORE.fullmatch(text, max(0, start - 2), start):
        return
    unit = _unit(text, end)
    for one, other in _mantissas(listed, last, between=_is_between(text, start)):
        least, most = one * scale, other * scale
        if LEAST_OF.get(unit, LEAST) <= least <= most <= MOST:
            yield Quantity(_round(least), _round(most), unit, start, end)


def _mantissas(listed: str, last: float, *, between: bool) -> Iterator[tuple[float, float]]:
    """The least and the most of each number or range before a common power."""
    if not listed:
        yield last, last
        return
    numbers = [*map(_number, re.findall(_M, listed)), last]
    signs = [sign.strip() for sign in re.split(_M, listed)[1:]]
    if signs == ["±"]:
        numbers.pop()  # how far the product may be off
    n = 0
    while n < len(numbers):
        joined = n < len(signs) and (signs[n] in _RANGE_SIGNS or (between and signs[n] == "and"))
        is_range = joined and n + 1 < len(numbers) and numbers[n] < numbers[n + 1]
        yield numbers[n], numbers[n + is_range]
        n += 1 + is_range


_Groups = dict[str, str | None]
_Read = tuple[float, float, str]  # the scale, the last number before it, those before that


def _read(group: _Groups) -> _Read:
    return next(read(group) for name, read in _READERS.items() if group.get(name))


def _scientific(group: _Groups) -> _Read:
    mantissa, listed = _number(group["mantissa"] or ""), group["list"] or ""
    if group["scale"]:
        return _scale(group["scale"]), mantissa, listed
    if group["short_exponent"]:
        # "10e6" is how many write ten to the sixth power.
        mantissa = 1.0 if group["mantissa"] == "10" else mantissa
        return 10.0 ** int(group["short_exponent"]), mantissa, listed
    exponent = next((group[name] for name in _EXPONENTS if group[name]), None)
    scale = 1e6
    if exponent:
        scale = 10.0 ** int(exponent.translate(_SUPERSCRIPT))
    elif group["grouped"]:
        scale = float(group["grouped"].replace(",", ""))
    return scale, mantissa, listed


def _big(group: _Groups) -> _Read:
    return 1, float((group["big"] or "").replace(",", "").replace(" ", "")), ""


def _bare(group: _Groups) -> _Read:
    raised = (group["bare_raised"] or "").translate(_SUPERSCRIPT)
    power = group["bare_caret"] or group["bare_lost"] or group["bare_paren"] or raised
    return 10.0 ** int(power), 1, ""


def _in_words(group: _Groups) -> _Read:
    return _scale(group["word_scale"]), _WORDS[" ".join((group["word"] or "").lower().split())], ""


def _scale(word: str | None) -> float:
    return {"b": 1e9, "h": 1e8}.get((word or "").lower()[:1], 1e6)


_EXPONENTS = ("caret", "stars", "e", "exp", "raised", "lost", "paren", "sup")
_READERS: dict[str, Callable[[_Groups], _Read]] = {
    "mantissa": _scientific,
    "big": _big,
    "bare": _bare,
    "word": _in_words,
}


def _number(text: str) -> float:
    """A mantissa; a comma is a decimal sign here."""
    return float(text.replace(",", ".").replace("·", "."))


def _round(number: float) -> float:
    return float(f"{number:.6g}")


def _unit(text: str, end: int) -> str:
    tail = text[end : end + 90]
    if not _MAY_BE_PER.search(tail):
        return "cells"
    if _AMOUNT_OF.match(tail):
        return "cells"
    match = _PER.match(tail)
    if not match:
        return "cells"
    return _GROUPS.get(match.lastgroup or "", "cells/kg")
