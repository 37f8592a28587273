"""By which way the cells reach the patient."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator

from trials.extraction.passages import Part, Passage, Texts
from trials.extraction.phrases import Found
from trials.extraction.readings import Reading, reading
from trials.extraction.tables import signs

KIND = "route"
_NO_VEIN_AFTER = signs("routes", "no_vein_after")
_INJECTED = signs("routes", "injected")
_IMPLANTED = signs("routes", "implanted")
_SURFACES = signs("routes", "surfaces")
_LAID_ON = signs("routes", "laid_on")
_SPOKEN_OF = signs("routes", "spoken_of")
_OTHER_PRODUCTS = signs("routes", "other_products")
# "Grade IV", "phase II-IV" and the like are no vein.
_NUMERAL_BEFORE = re.compile(
    r"(?<!\w)(?:(?:grades?|degree|phase|stages?|types?|class|level|kl|k l|factor|collagen"
    r"|group|arm|part|nyha)(?: of)?|(?:i|ii|iii)(?:,| and| or| to|/)?) ?$"
)
# "Route: intravenous", "treatment (intra-articular injection)", on a line of a schedule.
_LABELLED = re.compile(r"(?<!\w)(?:route(?: of [a-z]{6,14})? ?[:=]|treatment \() ?$")
# "70 U/kg of heparin iv", "2 mg dexamethasone IV": what is measured so is a medicine.
_MEASURED = re.compile(
    r"[0-9] ?(?:mg|mcg|µg|μg|iu|u|units?|meq|g)(?: ?/ ?(?:kg|m2))?(?!\w)[^.;:]{0,30}$"
)
# "Subcutaneous injection of 20 µg teriparatide": measured after its way.
_MEASURED_AFTER = re.compile(
    r"(?: [a-z]+)? of (?:an? |the )?[0-9.,]+ ?(?:mg|mcg|µg|μg|iu|units?|u|meq|g)(?!\w)"
)
_MEDICINES = signs("routes", "medicines")
_DEEDS_AND_MEDICINES = (*signs("routes", "other_deeds"), *_MEDICINES)
_ENDS = re.compile(r"[.,;:()]")
_SALVES = signs("routes", "salves")
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
# Vessels are ways to somewhere else.
_THROUGH = (" via ", " through ")
_VESSELS = ("intra-arterial", "intravenous", "intracoronary")
_THROUGH_A = re.compile(r"(?<!\w)(?:by|via|through|in) (?:an? |the )?$")
_SURGICAL_PLACES = signs("routes", "surgical_places")
_INJECTED_PLACES = signs("routes", "injected_places")
# What follows a place where it is only the seat of a disease.
_DISEASE_AFTER = signs("routes", "disease_after")
_NOT_BETWEEN = signs("routes", "not_between")
# Treatments that carry cells to where a surgeon puts them.
_CARRIERS = frozenset({"bone-substitute", "collagen", "fibrin", "scaffold"})
_NEXT = 30  # letters between a way and the medicine whose it is
_MOST = 60  # letters between "injected" and "into", and from there to the place


def read_routes(texts: Texts) -> list[Reading]:
    """Every route of the studied product that is named; nothing where no place is said."""
    named, keywords, summary, description = texts.tiers()
    # Keywords name one way where the summary may tell all.
    for passages in (named, [*keywords, *summary], description):
        readings = _said(passages, "said")
        if not any(one.value != "implantation" for one in readings):
            guided = [one for one in _said(passages, "vague") if one.value == "local-injection"]
            readings = _placed(passages) or (guided if readings else []) or readings
        if readings:
            if passages is named:
                readings = _with_other_places(readings, passages)
            return _without_lesser(readings)
    for passages in (named, summary):
        readings = _said(passages, "vague")
        if readings:
            return readings[:1]
    return list(_on_carriers([*named, *texts.beside, *description]))[:1]


def _on_carriers(passages: list[Passage]) -> Iterator[Reading]:
    """Cells that are combined with a graft or a scaffold are put in with it."""
    for passage in passages:
        for found in passage.of("treatments"):
            begin, stop = passage.sentence(found.start, found.end)
            if found.value in _CARRIERS and passage.has_cells(begin, stop):
                span = (found.start, found.end)
                yield reading(KIND, "implantation", passage, span, rule="carrier", sure=0.7)


def _best(readings: Iterable[Reading]) -> list[Reading]:
    best: dict[str, Reading] = {}
    for one in readings:
        best.setdefault(one.value, one)
    return list(best.values())


def _with_other_places(readings: list[Reading], passages: list[Passage]) -> list[Reading]:
    """One way is named, another told by its place: "intravenously, then into the joints".

    Where an artery is named, what it feeds is no place of its own, nor is an organ that is near.
    """
    said = {one.value for one in readings} - {"implantation"}
    others = {"other"} | ({"intra-arterial"} if "intracoronary" in said else set())
    return _best([*readings, *_placed(passages, but=said | others)]) if said else readings


def _without_lesser(readings: list[Reading]) -> list[Reading]:
    """A scaffold that is injected is no implantation."""
    others = [one for one in readings if one.value != "implantation"]
    return others or readings


def _said(passages: list[Passage], section: str) -> list[Reading]:
    """The first reading of each way."""
    best: dict[str, Reading] = {}
    for passage in passages:
        for found in passage.of("routes"):
            if found.section != section or found.value in best or not _is_of_cells(passage, found):
                continue
            if section != "vague" or _has_a_place(passage, found):
                span = (found.start, found.end)
                best[found.value] = reading(KIND, found.value, passage, span, rule=section)
    return list(best.values())


def _has_a_place(passage: Passage, found: Found) -> bool:
    """Whether a surgical place is named in the sentence of an "implantation"."""
    begin, stop = passage.sentence(found.start, found.end)
    sentence = passage.text[begin:stop]
    if found.value == "local-injection":
        return any(sign in sentence for sign in _INJECTED_PLACES)
    return any(sign in sentence for sign in _SURGICAL_PLACES)


def _placed(passages: list[Passage], but: Collection[str] = ()) -> list[Reading]:
    """ "Injected into the knee", "delivery … to the intervertebral disc": the first of each way."""
    best: dict[str, Reading] = {}
    for passage in passages:
        for found in passage.of("routes"):
            if found.section != "place" or found.value in but:
                continue
            value = _way_to(passage, found)
            if value and value not in best and _is_of_cells(passage, found):
                span = (found.start, found.end)
                best[value] = reading(KIND, value, passage, span, rule="place", sure=0.9)
    return list(best.values())


def _way_to(passage: Passage, found: Found) -> str:
    """The way on which something is said to be brought to this place; "" where none is."""
    text = passage.text
    begin, _ = passage.sentence(found.start, found.end)
    words = (" into ",) if passage.part is Part.TITLE else _INTO
    if found.value in _VESSELS:
        words = (*words, *_THROUGH)
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
    if passage.text[found.start : found.end] in _SURFACES and _is_laid_on(text[verb:into]):
        return "topical"
    implanted = found.value == "local-injection" and _is_implanted(text[verb:into])
    return "implantation" if implanted else found.value


def _is_implanted(words: str) -> bool:
    through_skin = "inject" in words or "percutan" in words
    return any(sign in words for sign in _IMPLANTED) and not through_skin


def _is_laid_on(words: str) -> bool:
    return any(sign in words for sign in _LAID_ON) and "inject" not in words


def _is_injected(words: str) -> bool:
    received = " receive" in words and words.endswith(" into ")
    return received or any(sign in words for sign in _INJECTED)


def _is_of_cells(passage: Passage, found: Found) -> bool:
    if _LABELLED.search(passage.text, max(0, found.start - 30), found.start):
        return True
    if _is_of_another_thing(passage, found):
        return False
    if found.section == "place":
        return _speaks_of_cells(passage, found)
    return passage.part <= Part.KEYWORD or (
        _speaks_of_cells(passage, found) and not _is_background(passage, found)
    )


def _is_of_another_thing(passage: Passage, found: Found) -> bool:
    if found.value == "topical":
        return _is_of_a_salve(passage, found)
    if found.value == "intraosseous" and _is_what_cells_become(passage, found):
        return True
    if found.value == "intravenous" and _is_no_vein(passage.text, found):
        return True
    return _is_of_a_medicine(passage, found)


def _is_what_cells_become(passage: Passage, found: Found) -> bool:
    """ "Cells that differentiate into bone"."""
    return passage.says("becoming", max(0, found.start - _MOST), found.start)


def _is_no_vein(text: str, found: Found) -> bool:
    before = text[max(0, found.start - 50) : found.start]
    if text[found.start : found.end] == "iv" and _NUMERAL_BEFORE.search(before[-22:]):
        return True
    is_catheter = text.startswith(_NO_VEIN_AFTER, found.end) and not _THROUGH_A.search(before)
    return is_catheter or "drawn" in before


def _is_next_to_cells(passage: Passage, found: Found) -> bool:
    """Whether cells are named right before or after the way, and no other product between."""
    text, first, last = passage.text, max(0, found.start - _MOST), found.end + _MOST
    before = max(text.rfind(sign, first, found.start) for sign in _OTHER_PRODUCTS)
    after = [text.find(sign, found.end, last) for sign in _OTHER_PRODUCTS]
    stop = min((at for at in after if at >= 0), default=last)
    return passage.has_cells(max(first, before), stop)


def _is_of_a_salve(passage: Passage, found: Found) -> bool:
    """Whether what is put on the skin is an ointment that is given beside the cells."""
    text, start, end = passage.text, found.start, found.end
    before = max(text.rfind(sign, max(0, start - _MOST), start) for sign in _SALVES)
    after = max(text.rfind(sign, end, end + _MOST) for sign in _SALVES)
    return (before >= 0 and not passage.has_cells(before, start)) or (
        after >= 0 and not passage.has_cells(end, after)
    )


def _is_of_a_medicine(passage: Passage, found: Found) -> bool:
    text, start, end = passage.text, found.start, found.end
    if _MEASURED_AFTER.match(text, end, end + _MOST):
        return True
    if found.section == "said" and _is_next_to_medicine(passage, found):
        return True
    measured = _MEASURED.search(text, max(0, start - _MOST), start)
    return measured is not None and not passage.has_cells(measured.start(), start)


def _is_next_to_medicine(passage: Passage, found: Found) -> bool:
    """ "Cyclophosphamide IV", "intravenous sedation", with no cells between the two."""
    text, start, end = passage.text, found.start, found.end
    after = _ENDS.split(text[end : end + _NEXT], maxsplit=1)[0]
    for one in _DEEDS_AND_MEDICINES:
        if one in after:
            return not _names_cells(passage, end, end + after.index(one))
    before = _ENDS.split(text[max(0, start - _NEXT) : start])[-1]
    for one in _MEDICINES:
        if one in before:
            return not _names_cells(passage, start - len(before) + before.rindex(one), start)
    return False


def _names_cells(passage: Passage, begin: int, stop: int) -> bool:
    return passage.has_cells(begin, stop) or "cell" in passage.text[begin:stop]


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
        others = any(sign in sentence for sign in _OTHER_PRODUCTS)
        return not others or _is_next_to_cells(passage, found)
    return (
        any(sign in sentence for sign in _SPOKEN_OF)
        or any(passage.within("sources", begin, stop))
        or (found.section == "said" and _goes_on_about_cells(passage, begin, stop))
    )


def _goes_on_about_cells(passage: Passage, begin: int, stop: int) -> bool:
    """ "Patients receive MSC. Four injections are made …": cells are in the sentence before."""
    before, _ = passage.sentence(max(0, begin - 3), max(0, begin - 2))
    sentence = passage.text[begin:stop]
    return (
        passage.says("giving", begin, stop)
        and not any(sign in sentence for sign in _OTHER_PRODUCTS)
        and passage.has_cells(before, begin)
    )
