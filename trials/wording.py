"""What a registry's text says, apart from how it is written: Markdown, entities, typography.

The registry rewrites the markup of thousands of texts at a time (as on 2025-08-26), and sponsors
paste the same words from other programs. `gist` is the same for two texts that differ in nothing
else. It never drops a letter, a digit, a sign of comparison, a minus or a decimal point; case,
hyphens and the stops and commas of sentences count as words do.
"""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Iterator

# Chinese and Japanese are written without blanks: each of their characters is a word.
_HAN = "\u3005-\u3007\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_TOKEN = re.compile(rf"\d+(?:[.,]\d+)*|[{_HAN}]|[^\W\d_{_HAN}]+|[^\s\w*]")
_ASCII_TOKEN = re.compile(r"\d+(?:[.,]\d+)*|[a-zA-Z]+|[^\s\w*]", re.ASCII)  # the same, quicker
_WORD = re.compile(rf"({_TOKEN.pattern}|\S)(\s*)")

_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,30});")
_ESCAPE = re.compile(r"\\+(?=[!-/:-@\[-`{-~]|$)", re.MULTILINE)
_TAG = re.compile(r"</?(?:sub|br|p|li|ul|ol|em|strong)\s*/?>", re.IGNORECASE)
_RAISED_TAG = re.compile(r"<sup>([^<>]{1,40})</sup>", re.IGNORECASE)
_LINK = re.compile(r"\[([^\[\]\n]+)\]\(\1\)|<(https?://[^<>\s]+)>")
_RULE = re.compile(r"^[ \t]*(?:-{3,}|={3,}|\*{3,}|_{3,})[ \t]*$", re.MULTILINE)

_MARK = re.compile(r"^[ \t]*(?:[*•●▪◦○■□–—·o-]|\d{1,3}[.)])[ \t]", re.MULTILINE)
_BULLET = re.compile(
    r"^[ \t]*(?:[*•●▪◦○■□](?=[ \t])|[–—·-](?=[ \t]+[^\s\d.,]))[ \t]+", re.MULTILINE
)
# A bullet too, pasted from another program.
_LETTER_O = re.compile(r"^[ \t]*o[ \t]+(?=[^\s\d.,])", re.MULTILINE)
_NUMBER = re.compile(r"^([ \t]*)(\d{1,3})[.)][ \t]+(?=\S)", re.MULTILINE)

_RAISED = "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻"
_LOWERED = "₀₁₂₃₄₅₆₇₈₉₊₋"
_PLAIN = "0123456789+-"
_POWER = re.compile(rf"(?<=\d)\s*([{_RAISED}]*[⁰¹²³⁴-⁹][{_RAISED}]*)")
_SQUARE = re.compile(r"(?<=m)\^(?=[23](?!\d))")  # kg/m^2 is kg/m²
_TIMES = re.compile(r"(?<=\d)\s*[xX×✕*]\s*(?=\d)")


def _same_letters() -> Iterator[tuple[str, str]]:
    """Letters and what they are another shape of: full width, squared units, Roman numerals."""
    for first, last in ((0x2160, 0x217F), (0x3300, 0x33FF), (0xFB00, 0xFB06), (0xFF01, 0xFFEE)):
        for letter in map(chr, range(first, last + 1)):
            yield letter, unicodedata.normalize("NFKC", letter)
    yield from zip(_RAISED + _LOWERED, _PLAIN * 2, strict=True)
    yield from dict.fromkeys("“”„‟«»″＂「」『』", '"').items()
    yield from dict.fromkeys("‘’‚‛‹›′`´", "'").items()
    yield from dict.fromkeys("‐‑‒–—―−⁃﹣－", "-").items()
    yield from dict.fromkeys("∼〜～", "~").items()
    yield from dict.fromkeys("≥⩾≧", ">=").items()
    yield from dict.fromkeys("≤⩽≦", "<=").items()
    yield from dict.fromkeys("⁄∕", "/").items()
    yield from {"…": "...", "±": "+/-", "µ": "μ", "℃": "°C", "℉": "°F", "ℓ": "l"}.items()
    yield from {"½": " 1/2", "¼": " 1/4", "¾": " 3/4"}.items()
    # Soft hyphens, marks of direction and blanks without width: nobody sees them.
    unseen = "\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff\u202a\u202b\u202c\u202d\u202e"
    yield from dict.fromkeys(unseen, "").items()


_LETTERS = dict(_same_letters())
_LETTER = re.compile(f"[{''.join(map(re.escape, _LETTERS))}]")  # str.translate asks about each one


def gist(text: str) -> str:
    """What the text says, in the one form that two spellings of it share. Not for readers."""
    folded = _folded(without_markup(text))
    return " ".join((_ASCII_TOKEN if folded.isascii() else _TOKEN).findall(folded))


def words_of(text: str) -> list[str]:
    """The words and signs as they are written, each with the blank or line break after it.

    Without the markup. A Chinese character is a word.
    """
    found = _WORD.findall(without_markup(text))
    return [word + ("\n" if "\n" in blank else blank[:1] and " ") for word, blank in found]


def without_markup(text: str) -> str:
    """The text as it is read: no escapes, entities, bullets and numbers of lists."""
    if "&" in text:
        text = _decoded(text)
    if "\\" in text:
        text = _decoded(_ESCAPE.sub("", text))
    if "<" in text:
        text = _TAG.sub(" ", _RAISED_TAG.sub(r"^\1", text))
    if "](" in text or "<http" in text:
        text = _LINK.sub(lambda link: link[1] or link[2], text)
    return _without_lists(_RULE.sub("", text))


def _decoded(text: str) -> str:
    """Entities as characters; twice, because the registry escapes some of them twice."""
    for _time in range(2):
        text = _ENTITY.sub(lambda entity: html.unescape(entity[0]), text)
    return text


def _without_lists(text: str) -> str:
    for _level in range(2):  # "• 1. one"
        if _MARK.search(text) is None:
            break
        text = _without_numbers(_without_bullets(text))
    return text


def _without_bullets(text: str) -> str:
    """A dash before a figure may be a minus, and an "o" a letter if no other line begins so."""
    text = _BULLET.sub("", text)
    if len(_LETTER_O.findall(text)) > 1:
        text = _LETTER_O.sub("", text)
    return text


def _without_numbers(text: str) -> str:
    """Numbers go where they count 1, 2, … at the head of lines; any other one is a figure."""
    lists: list[list[int]] = []  # of each list, where its lines begin
    counted: dict[int, list[int]] = {}  # by depth: the list that is being counted
    for mark in _NUMBER.finditer(text):
        depth, number = len(mark[1]), int(mark[2])
        if number == 1:
            counted = {other: found for other, found in counted.items() if other < depth}
            counted[depth] = [mark.start()]
            lists.append(counted[depth])
        elif number == len(counted.get(depth, ())) + 1:
            counted[depth].append(mark.start())
    heads = {head for found in lists if len(found) > 1 for head in found}
    if not heads:
        return text
    return _NUMBER.sub(lambda mark: "" if mark.start() in heads else mark[0], text)


def _folded(text: str) -> str:
    """One form for every typographic shape of a character."""
    if text.isascii():
        text = text.replace("`", "'")
    else:
        text = _POWER.sub(r"^\1", unicodedata.normalize("NFC", text))
        text = _LETTER.sub(lambda letter: _LETTERS[letter[0]], text)
    return _TIMES.sub(" × ", _SQUARE.sub("", text))
