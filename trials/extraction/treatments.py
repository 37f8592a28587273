"""What is given together with the cells, and what they are compared with."""

from __future__ import annotations

from collections.abc import Iterable

from trials.extraction.passages import Part, Passage, Texts
from trials.extraction.readings import Reading, reading

ADJUNCT, COMPARATOR = "adjunct", "comparator"
# Rows of the table that are never given together with cells as a part of the treatment.
_ONLY_INSTEAD = frozenset(
    {"placebo", "saline", "no-treatment", "standard-care", "corticosteroid", "medicine"}
)
# What an arm of this kind receives by its kind alone.
_BY_TYPE = {
    "PLACEBO_COMPARATOR": "placebo",
    "SHAM_COMPARATOR": "sham",
    "NO_INTERVENTION": "no-treatment",
}


def read_adjuncts(texts: Texts) -> list[Reading]:
    """Hyaluronate, plasma, scaffolds, operations that the studied arms receive with the cells."""
    readings = _said(ADJUNCT, [*texts.given, *texts.beside])
    return [one for one in readings if one.value not in _ONLY_INSTEAD]


def read_comparators(texts: Texts) -> list[Reading]:
    """What the controls receive, by their words and else by their kind."""
    readings = {one.value: one for one in _said(COMPARATOR, texts.compared)}
    for n, arm in enumerate(texts.study.arms):
        value = _BY_TYPE.get(arm.type)
        if value is not None and value not in readings:
            passage = Passage(f"armGroups[{n}].type", arm.type, Part.HOW, texts.words)
            span = (0, len(passage.text))
            readings[value] = reading(COMPARATOR, value, passage, span, rule="type")
    return list(readings.values())


def _said(kind: str, passages: Iterable[Passage]) -> list[Reading]:
    best: dict[str, Reading] = {}
    for passage in passages:
        for found in passage.of("treatments"):
            if found.value not in best:
                best[found.value] = reading(kind, found.value, passage, (found.start, found.end))
    return list(best.values())
