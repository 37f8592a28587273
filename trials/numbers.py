"""The numbers of trials: every spelling that people paste, and the one proper spelling."""

from __future__ import annotations

import re
import unicodedata

# A dash, a colon or a space often stands between the letters and the digits.
_GAP = r"[\s:#_-]*"
_REGISTRY = re.compile(rf"\bNCT{_GAP}0*([1-9]\d{{0,7}})\b", re.ASCII | re.IGNORECASE)
_CATALOGUE = re.compile(rf"\bSCT{_GAP}0*([1-9]\d{{0,8}})\b", re.ASCII | re.IGNORECASE)
_BARE = re.compile(r"(?!0+$)\d{7,8}", re.ASCII)
_ADDRESS = re.compile(r"(?:https?://|www\.)\S+|\b[\w-]+(?:\.[\w-]+)+/\S*", re.ASCII | re.IGNORECASE)
# What papers and registries write before a number: "ClinicalTrials.gov Identifier: NCT…".
_LABEL = re.compile(
    r"(?:(?:\bclinical\s?trials?(?:\.gov)?|\b(?:NCT|registration|registry|registered|identifier"
    r"|trial|study|number|no|ID)\b\.?|临床试验|登记号|注册号|编号)[\s:#,(]*)+"
    r"(?=\b(?:NCT|SCT)[\s:#_-]*\d)",
    re.ASCII | re.IGNORECASE,
)


def proper_number(text: str) -> str | None:
    """The number that the whole text spells ("nct 3166865" → "NCT03166865"); None if it is none."""
    text = unicodedata.normalize("NFKC", text).strip()
    for shape, print_as in _SHAPES:
        if found := shape.fullmatch(text):
            return print_as.format(int(found[1]))
    return None


def bare_number(word: str) -> str | None:
    """The registry's number that these digits alone may be ("03166865", "3166865")."""
    return f"NCT{int(word):08d}" if _BARE.fullmatch(word) else None


def take_numbers(text: str) -> tuple[tuple[str, ...], str]:
    """The numbers that a text names, in their proper spelling and order, and the text without them.

    A web address with a number in it stands for the number, and so does a number with its label.
    """
    text = _ADDRESS.sub(_numbers_alone, unicodedata.normalize("NFKC", text))
    text = _LABEL.sub(" ", text)
    numbers = sorted(
        (found.start(), print_as.format(int(found[1])))
        for shape, print_as in _SHAPES
        for found in shape.finditer(text)
    )
    for shape, _print_as in _SHAPES:
        text = shape.sub(" ", text)
    return tuple(dict.fromkeys(number for _place, number in numbers)), text


def _numbers_alone(address: re.Match[str]) -> str:
    found = [number[0] for shape, _print in _SHAPES for number in shape.finditer(address[0])]
    return f" {' '.join(found)} " if found else address[0]


_SHAPES = ((_REGISTRY, "NCT{:08d}"), (_CATALOGUE, "SCT-{:04d}"))
