"""How the cells were prepared: grown in culture, or given as they were taken."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from trials.extraction.passages import Part, Passage, Texts
from trials.extraction.phrases import Found
from trials.extraction.readings import Reading, reading
from trials.extraction.sources import top
from trials.extraction.tables import signs

KIND = "preparation"
EXPANDED, MINIMAL = "expanded", "minimally-manipulated"
_NEGATED = signs("preparation", "negated")


def read_preparation(texts: Texts, *, sources: Collection[str]) -> list[Reading]:
    """Expanded, minimally manipulated, both, or nothing where it is not said."""
    tiers = texts.tiers()
    expanded = _first(tiers, EXPANDED, "said", sources)
    minimal = _first(tiers, MINIMAL, "said", sources)
    if expanded is not None and _is_begun_with(tiers):
        minimal = None
    if expanded is not None and minimal is not None:
        first, second = sorted((expanded, minimal), key=lambda pair: pair[0])
        # What a description adds to what the arms say is mostly how samples were examined.
        both = second[0] == first[0] or (
            second[0] <= 2 or second[1].rule.startswith(f"{KIND}-manufacture-")
        )
        return [expanded[1], minimal[1]] if both else [first[1]]
    one = expanded or minimal or _first(tiers, MINIMAL, "steps", sources)
    return [one[1]] if one is not None else []


def _is_begun_with(tiers: Iterable[list[Passage]]) -> bool:
    """Whether a fresh preparation is told of as what the culture begins with."""
    return any(
        found.section == "cultured"
        for passages in tiers
        for passage in passages
        for found in passage.of("preparation")
    )


def _first(
    tiers: Iterable[list[Passage]], value: str, section: str, sources: Collection[str]
) -> tuple[int, Reading] | None:
    for tier, passages in enumerate(tiers):
        for passage in passages:
            for found in passage.of("preparation"):
                if (found.section, found.value) == (section, value) and _is_of_cells(
                    passage, found, sources
                ):
                    rule = _rule(passage, found)
                    return tier, reading(KIND, value, passage, (found.start, found.end), rule=rule)
    return None


def _rule(passage: Passage, found: Found) -> str:
    begin, stop = passage.sentence(found.start, found.end)
    sentence = passage.text[begin:stop]
    made = (
        "gmp" in sentence
        or "manufactur" in sentence
        or "produced" in sentence
        or "culture expanded" in sentence
    )
    return "manufacture" if made else found.section


def _is_of_cells(passage: Passage, found: Found, sources: Collection[str]) -> bool:
    text = passage.text
    if text.endswith(_NEGATED, 0, found.start):
        return False
    begin, stop = passage.sentence(found.start, found.end)
    if passage.part > Part.KEYWORD:
        if passage.says("background", begin, stop):
            return False
        spoken = {top(one.value) for one in passage.within("sources", begin, stop)}
        if spoken and sources and spoken.isdisjoint(map(top, sources)):
            return False
    elif passage.part is Part.HOW:
        begin, stop = 0, len(text)  # what is given is spoken of all the way
    sentence = text[begin:stop]
    return (
        passage.has_cells(begin, stop)
        or any(passage.within("sources", begin, stop))
        or "cell" in sentence
        or "msc" in sentence
    )
