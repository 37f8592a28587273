"""The numbers of trials: every spelling that people paste, and the one proper spelling."""

from __future__ import annotations

import re
import unicodedata

# A dash, a colon or a space often stands between the letters and the digits.
_GAP = r"[\s:#_-]*"
_REGISTRY = re.compile(rf"\bNCT{_GAP}0*([1-9]\d{{0,7}})\b", re.ASCII | re.IGNORECASE)
_CATALOGUE = re.compile(rf"\bSCT{_GAP}0*([1-9]\d{{0,8}})\b", re.ASCII | re.IGNORECASE)


def proper_number(text: str) -> str | None:
    """The number that the whole text spells ("nct 3166865" → "NCT03166865"); None if it is none."""
    text = unicodedata.normalize("NFKC", text).strip()
    for shape, print_as in _SHAPES:
        if found := shape.fullmatch(text):
            return print_as.format(int(found[1]))
    return None


def take_numbers(text: str) -> tuple[tuple[str, ...], str]:
    """The numbers that a text names, in their proper spelling, and the text without them."""
    text = unicodedata.normalize("NFKC", text)
    numbers: list[str] = []
    for shape, print_as in _SHAPES:
        numbers += [print_as.format(int(found[1])) for found in shape.finditer(text)]
        text = shape.sub(" ", text)
    return tuple(dict.fromkeys(numbers)), text


_SHAPES = ((_REGISTRY, "NCT{:08d}"), (_CATALOGUE, "SCT-{:04d}"))
