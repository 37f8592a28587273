"""Marks what a search looked for where it stands in a title."""

from __future__ import annotations

from collections.abc import Collection

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from trials.search.tokens import Phrase, stands


def found(text: str, phrases: Collection[Phrase]) -> SafeString:
    """The text, escaped, with every place marked where one of the phrases stands."""
    pieces: list[tuple[str, str]] = []
    before = 0
    for start, end in stands(text, phrases):
        pieces.append((text[before:start], format_html("<mark>{}</mark>", text[start:end])))
        before = end
    return format_html_join("", "{}{}", [*pieces, (text[before:], "")])
