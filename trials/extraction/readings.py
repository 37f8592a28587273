"""What a rule has read: a verdict, the words it rests on and their place, how sure it is."""

from __future__ import annotations

from typing import NamedTuple

from trials.extraction.passages import Part, Passage

VERSION = "2"  # of the rules; the tables of words have a version of their own

# How far a part of the record is believed when it says a thing plainly.
SURE = {
    Part.TITLE: 0.95,
    Part.GIVEN: 0.95,
    Part.HOW: 0.9,
    Part.KEYWORD: 0.8,
    Part.CONDITION: 0.9,
    Part.SUMMARY: 0.85,
    Part.DESCRIPTION: 0.75,
}


class Reading(NamedTuple):
    """A verdict of a rule. The text at `place` holds `quote` from `start` to `end`."""

    kind: str
    value: str
    quote: str
    place: str
    start: int
    end: int
    rule: str
    confidence: float
    role: str = "experimental"
    least: float | None = None  # of a dose: cells, in `unit`
    most: float | None = None
    unit: str = ""


def reading(  # noqa: PLR0913 - all but the first four are named where it is called
    kind: str,
    value: str,
    passage: Passage,
    span: tuple[int, int],
    *,
    rule: str = "phrase",
    sure: float = 1.0,
    role: str = "experimental",
) -> Reading:
    """A verdict that rests on a span of the passage's folded text; `sure` is a share of 1."""
    quote, start, end = passage.quote(*span)
    confidence = round(SURE[passage.part] * sure, 2)
    return Reading(
        kind, value, quote, passage.place, start, end, f"{kind}-{rule}-{VERSION}", confidence, role
    )
