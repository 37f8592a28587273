"""Marks the words of a search where they stand in a title."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from trials.numbers import take_numbers
from trials.word_starts import word_starts

register = template.Library()

_QUOTED = re.compile(r'["“”„«»「『]([^"“”„«»「」『』]+)["“”„«»」』]')
_WORD = re.compile(r"\w[\w'’.+%-]*\w|\w")


@register.filter
def found(text: str, search: str) -> SafeString:
    """The text, escaped, with what the search looked for in it marked; phrases in quotes whole."""
    pattern = _pattern(str(search or ""))
    if pattern is None:
        return format_html("{}", text)
    return format_html_join("", "{}{}", _pieces(str(text), pattern))


def _pieces(text: str, pattern: re.Pattern[str]) -> list[tuple[str, str]]:
    """The text cut at each found place: what stands before it, and the place itself, marked."""
    pieces: list[tuple[str, str]] = []
    end = 0
    for place in pattern.finditer(text):
        pieces.append((text[end : place.start()], format_html("<mark>{}</mark>", place[0])))
        end = place.end()
    return [*pieces, (text[end:], "")]


@lru_cache(maxsize=64)
def _pattern(search: str) -> re.Pattern[str] | None:
    """The pattern of a search; a trial's number is no word of a title."""
    _numbers, words = take_numbers(unicodedata.normalize("NFKC", search))
    phrases = _QUOTED.findall(words)
    return word_starts([*phrases, *_WORD.findall(_QUOTED.sub(" ", words))])
