"""By which way the cells reach the patient."""

from __future__ import annotations

import re
from collections.abc import Iterator

from trials.extraction.passages import Part, Passage, Texts
from trials.extraction.phrases import Found
from trials.extraction.readings import Reading, reading
from trials.extraction.tables import signs

KIND = "route"
_NO_VEIN_AFTER = signs("routes", "no_vein_after")
_INJECTED = signs("routes", "injected")
_IMPLANTED = signs("routes", "implanted")
_SPOKEN_OF = signs("routes", "spoken_of")
_OTHER_PRODUCTS = signs("routes", "other_products")
# "Grade IV", "phase II-IV" and the like are no vein.
_NUMERAL_BEFORE = re.compile(
    r"(?<!\w)(?:(?:grades?|degree|phase|stages?|types?|class|level|kl|k l|factor|collagen"
    r"|group|arm|part|nyha)(?: of)?|(?:i|ii|iii)(?:,| and| or| to|/)?) ?$"
)
_INTO = (
    " into ",
    " in ",
    " to ",
    " to the ",
    " inside ",
    " within ",
    " at the ",
    " onto ",
    " on the ",
)
_SURGICAL_PLACES = signs("routes", "surgical_places")
_INJECTED_PLACES = signs("routes", "injected_places")
# What follows a place where it is only the seat of a disease.
_DISEASE_AFTER = signs("routes", "disease_after")
_NOT_BETWEEN = signs("routes", "not_between")
# Treatments that carry cells to where a surgeon puts them.
_CARRIERS = frozenset({"bone-substitute", "collagen", "fibrin", "scaffold"})
_MOST = 60  # letters between "injected" and "into", and from there to the place


def read_routes(texts: Texts) -> list[Reading]:
    """Every route of the studied product that is named; nothing where no place is said."""
    tiers = texts.tiers()
    for passages in tiers:
        readings = _best(_said(passages, "said"))
        if not any(one.value != "implantation" for one in readings):
            guided = [
                one for one in _best(_said(passages, "vague")) if one.value == "local-injection"
            ]
            readings = _best(_placed(passages)) or (guided if readings else []) or readings
        if readings:
            return _without_lesser(readings)
    for passages in (tiers[0], texts.summary):
        readings = _best(_said(passages, "vague"))
        if readings:
            return readings[:1]
    return list(_on_carriers([*tiers[0], *texts.beside, *texts.description]))[:1]


def _on_carriers(passages: list[Passage]) -> Iterator[Reading]:
    """Cells that are combined with a graft or a scaffold are put in with it."""
    for passage in passages:
        for found in passage.of("treatments"):
            begin, stop = passage.sentence(found.start, found.end)
            if found.value in _CARRIERS and passage.has_cells(begin, stop):
                span = (found.start, found.end)
                yield reading(KIND, "implantation", passage, span, rule="carrier", sure=0.7)


def _best(readings: Iterator[Reading]) -> list[Reading]:
    best: dict[str, Reading] = {}
    for one in readings:
        best.setdefault(one.value, one)
    return list(best.values())


def _without_lesser(readings: list[Reading]) -> list[Reading]:
    """A scaffold that is injected is no implantation."""
    others = [one for one in readings if one.value != "implantation"]
    return others or readings


def _said(passages: list[Passage], section: str) -> Iterator[Reading]:
    for passage in passages:
        for found in passage.of("routes"):
            if found.section == section and _is_of_cells(passage, found):
                if section == "vague" and not _has_a_place(passage, found):
                    continue
                yield reading(KIND, found.value, passage, (found.start, found.end), rule=section)


def _has_a_place(passage: Passage, found: Found) -> bool:
    """Whether a surgical place is named in the sentence of an "implantation"."""
    begin, stop = passage.sentence(found.start, found.end)
    sentence = passage.text[begin:stop]
    if found.value == "local-injection":
        return any(sign in sentence for sign in _INJECTED_PLACES)
    return any(sign in sentence for sign in _SURGICAL_PLACES)


def _placed(passages: list[Passage]) -> Iterator[Reading]:
    """ "Injected into the knee", "delivery … to the intervertebral disc"."""
    for passage in passages:
        for found in passage.of("routes"):
            value = _way_to(passage, found) if found.section == "place" else ""
            if value and _is_of_cells(passage, found):
                span = (found.start, found.end)
                yield reading(KIND, value, passage, span, rule="place", sure=0.9)


def _way_to(passage: Passage, found: Found) -> str:
    """The way on which something is said to be brought to this place; "" where none is."""
    text = passage.text
    begin, _ = passage.sentence(found.start, found.end)
    words = (" into ",) if passage.part is Part.TITLE else _INTO
    into = max(text.rfind(word, begin, found.start + 1) + len(word) for word in words)
    between = text[into : found.start]
    if into < begin + len(" in ") or len(between) > 40:
        return ""
    if any(sign in between for sign in _NOT_BETWEEN):
        return ""
    if text.startswith(_DISEASE_AFTER, found.end) and not text.endswith(" into ", 0, into):
        return ""
    verb = max(begin, into - 2 * _MOST)
    if not passage.says("giving", verb, into) or not _is_injected(text[verb:into]):
        return ""
    implanted = found.value == "local-injection" and _is_implanted(text[verb:into])
    return "implantation" if implanted else found.value


def _is_implanted(words: str) -> bool:
    through_skin = "inject" in words or "percutan" in words
    return any(sign in words for sign in _IMPLANTED) and not through_skin


def _is_injected(words: str) -> bool:
    return any(sign in words for sign in _INJECTED)


def _is_of_cells(passage: Passage, found: Found) -> bool:
    text = passage.text
    if found.value == "intravenous":
        if text[found.start : found.end] == "iv" and _NUMERAL_BEFORE.search(
            text[max(0, found.start - 22) : found.start]
        ):
            return False
        if "drawn" in text[max(0, found.start - 50) : found.start]:
            return False
        if text.startswith(_NO_VEIN_AFTER, found.end):
            return False
    if found.section == "place":
        return _speaks_of_cells(passage, found)
    return passage.part <= Part.KEYWORD or (
        _speaks_of_cells(passage, found) and not _is_background(passage, found)
    )


def _is_background(passage: Passage, found: Found) -> bool:
    begin, stop = passage.sentence(found.start, found.end)
    signs = sum(one.value == "background" for one in passage.within("context", begin, stop))
    return signs > (1 if passage.part is Part.SUMMARY else 0)


def _speaks_of_cells(passage: Passage, found: Found) -> bool:
    begin, stop = passage.sentence(found.start, found.end)
    if passage.part <= Part.KEYWORD:
        return True
    sentence = passage.text[begin:stop]
    if passage.part is Part.SUMMARY and passage.says("giving", begin, stop):
        return not any(sign in sentence for sign in _OTHER_PRODUCTS)
    return any(sign in sentence for sign in _SPOKEN_OF) or any(
        passage.within("sources", begin, stop)
    )
