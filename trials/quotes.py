"""Finds a fact's quote again in the trial's own texts, with the sentence around it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from trials.models import Fact, Trial

LONGEST = 240  # letters shown before the quote, and after it
_LISTED = re.compile(r"([A-Za-z]+)\[([0-9]{1,6})\](?:\.([A-Za-z]+)(?:\[([0-9]{1,6})\])?)?")
_ENDS = (". ", "? ", "! ", "\n", "。")
# Where the registry's words stand on a trial, by their place in its record.
_TEXTS = {
    "briefTitle": "title",
    "officialTitle": "official_title",
    "briefSummary": "brief_summary",
    "detailedDescription": "detailed_description",
}


_COLUMNS = {"label", "name", "description", "type"}  # of an arm or an intervention


@dataclass(frozen=True, slots=True)
class Quoted:
    """A quote and the rest of its sentence; an ellipsis stands where a long one was cut."""

    before: str
    quote: str
    after: str


def in_sentence(trial: Trial, fact: Fact) -> Quoted | None:
    """The fact's quote in its sentence; None where the trial's texts do not hold it (any more).

    Needs the trial's arms and interventions, fetched in their order.
    """
    text = text_at(trial, fact.place.partition(", ")[0])
    start = _start(text, fact)
    if start is None:
        return None
    end = start + len(fact.quote)
    return Quoted(_before(text, start), fact.quote, _after(text, end))


def text_at(trial: Trial, place: str) -> str:
    """The trial's text at a place in the registry's record; empty where it has none there."""
    if place in _TEXTS:
        return str(getattr(trial, _TEXTS[place]))
    listed = _LISTED.fullmatch(place)
    if listed is None:
        return ""
    part, index, name, further = listed.groups()
    found: Any = _nth(_rows(trial, part), index)
    if found is None or isinstance(found, str):
        return found or ""
    if name == "otherNames":
        return _nth(found.other_names, further or "0") or ""
    return str(getattr(found, name, "")) if name in _COLUMNS else ""


def _rows(trial: Trial, part: str) -> Sequence[Any]:
    if part in {"conditions", "keywords"}:
        return tuple(getattr(trial, part))
    if part == "armGroups":
        return tuple(trial.arms.all())
    return tuple(trial.interventions.all()) if part == "interventions" else ()


def _nth(rows: Sequence[Any], index: str) -> Any:
    return rows[int(index)] if int(index) < len(rows) else None


def _start(text: str, fact: Fact) -> int | None:
    """Where the quote begins: as it was counted, else where the words first stand."""
    quote, counted = fact.quote, fact.quote_start
    if not quote:
        return None
    if counted is not None and text.startswith(quote, counted):
        return counted
    # Not inside a longer word or number: "10 million" is not in "110 million".
    before = r"(?<!\w)" if quote[0].isalnum() else ""
    after = r"(?!\w)" if quote[-1].isalnum() else ""
    found = re.search(before + re.escape(quote) + after, text)
    return found.start() if found else None


def _before(text: str, start: int) -> str:
    first = max(0, start - LONGEST)
    begin = max(
        (at + len(end) for end in _ENDS if (at := text.rfind(end, first, start)) >= 0), default=-1
    )
    if begin >= 0 or first == 0:
        return text[max(begin, 0) : start].lstrip()
    return "…" + text[text.find(" ", first, start) + 1 or first : start]


def _after(text: str, end: int) -> str:
    last = min(len(text), end + LONGEST)
    stop = min(
        (
            at + len(sign.rstrip())
            for sign in _ENDS
            if (at := text.find(sign, max(end - 1, 0), last)) >= 0
        ),
        default=-1,
    )
    if stop >= 0 or last == len(text):
        return text[end : max(stop, end) if stop >= 0 else last].rstrip()
    cut = text.rfind(" ", end, last)
    return text[end : cut if cut > end else last] + "…"


@dataclass(frozen=True, slots=True)
class Marked:
    """A text of the trial, in pieces that are quoted or not."""

    place: str
    pieces: tuple[tuple[str, bool], ...]

    @property
    def is_quoted(self) -> bool:
        return any(quoted for _text, quoted in self.pieces)


def marked(trial: Trial, facts: Sequence[Fact]) -> list[Marked]:
    """What the trial's record says, with the quotes of these facts marked where they stand.

    Its long description, conditions and keywords only where a quote stands in them. Needs what
    `in_sentence` needs.
    """
    by_place: dict[str, list[Fact]] = {}
    for fact in facts:
        by_place.setdefault(fact.place.partition(", ")[0], []).append(fact)
    places = dict.fromkeys([*_read_first(trial), *by_place])
    texts = [(place, text_at(trial, place)) for place in places]
    return [Marked(place, _pieces(text, by_place.get(place, ()))) for place, text in texts if text]


def _read_first(trial: Trial) -> list[str]:
    places = ["briefTitle", "officialTitle", "briefSummary"]
    for part, rows, name in (
        ("armGroups", trial.arms.all(), "label"),
        ("interventions", trial.interventions.all(), "name"),
    ):
        for n, _row in enumerate(rows):
            places += [f"{part}[{n}].{name}", f"{part}[{n}].description"]
    return places


def _pieces(text: str, facts: Sequence[Fact]) -> tuple[tuple[str, bool], ...]:
    spans = sorted(
        (start, start + len(fact.quote))
        for fact in facts
        if (start := _start(text, fact)) is not None
    )
    pieces, at = [], 0
    for start, end in spans:
        if end <= at:
            continue
        pieces += [(text[at:start], False)] if start > at else []
        pieces.append((text[max(start, at) : end], True))
        at = end
    return (*pieces, (text[at:], False)) if at < len(text) else tuple(pieces)
