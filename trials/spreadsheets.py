"""What a spreadsheet would calculate instead of showing it, made text."""

from __future__ import annotations

import re

# What a spreadsheet would take for a formula; a "'" before it makes it text again. The wide forms
# are read like the narrow ones where Chinese or Japanese is typed.
FORMULA = frozenset("=+-@\t\r\n＝＋－＠")
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_LINE_END = re.compile("\r\n?")


def as_text(text: str) -> str:
    """The text, with a "'" before what looks like a formula, and without control characters."""
    text = _CONTROL.sub("", _LINE_END.sub("\n", text))
    return f"'{text}" if text[:1] in FORMULA else text
