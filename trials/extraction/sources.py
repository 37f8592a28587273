"""Which tissue the cells come from: in the studied product, and in what only a control receives."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from trials.extraction.passages import Part, Passage, Texts
from trials.extraction.phrases import Found
from trials.extraction.readings import SURE, Reading, reading
from trials.extraction.tables import signs

KIND = "cell_source"
_BECOMING = signs("sources", "becoming")

# Parts and the tissue that they belong to, as in fixtures/cell_sources.toml.
PARENTS = {
    "whartons-jelly": "umbilical-cord",
    "amnion": "placenta",
    "chorion": "placenta",
    "decidua": "placenta",
    "svf": "adipose",
    "micro-fragmented-fat": "adipose",
    "infrapatellar-fat-pad": "adipose",
    "bmac": "bone-marrow",
}
# What comes with a birth is never the grown patient's own.
OF_BIRTH = frozenset({"umbilical-cord", "cord-blood", "placenta"})

# What a tissue's name is followed or preceded by where no cells are taken from it.
_NO_SOURCE_AFTER = signs("sources", "no_source_after")
_NO_SOURCE_BEFORE = signs("sources", "no_source_before")
# Tissues that are also something else: the cells have to stand right beside their names.
_BESIDE = frozenset(
    {
        "amnion",
        "placenta",
        "chorion",
        "decidua",
        "synovium",
        "fetal",
        "dental",
        "menstrual-blood",
        "disc",
        "periosteum",
        "skin",
        "muscle",
        "peripheral-blood",
    }
)
_CELLS_NEXT = signs("sources", "cells_next")
_TRANSPLANTED = signs("sources", "transplanted")
_BLOOD_FORMING = signs("sources", "blood_forming")
# Cells of the body that are also what stem cells become, or what is measured.
_BODY_CELLS = frozenset({"cartilage", "muscle", "skin", "other"})
_ARMS = "armGroups"
WEAK = 0.5  # a reading below this stands only where there is no other


def top(slug: str) -> str:
    """The tissue of which this one is a part, or itself."""
    return PARENTS.get(slug, slug)


def read_sources(texts: Texts) -> list[Reading]:
    """The sources of the studied product, then those that only a control receives."""
    with_msc = _are_mesenchymal(texts)
    given = list(_said(texts.given, with_msc=with_msc))
    titles = list(_said(texts.titles, with_msc=with_msc))
    compared = [one for one in _said(texts.compared, with_msc=with_msc) if one.confidence > 0.85]
    only_compared = _only(compared, given)
    given = [one for one in given if top(one.value) not in only_compared]
    if given:  # a title that says "A versus B" names the control's too
        titles = [one for one in titles if top(one.value) not in only_compared]
    readings = _best([*titles, *given])
    if not any(one.confidence >= WEAK for one in readings):
        readings = _later(texts, with_msc=with_msc) or readings
    known = {top(one.value) for one in readings}
    controls = [one for one in _best(compared) if top(one.value) not in known] if readings else []
    return [*readings, *(one._replace(role="comparator") for one in controls)]


def _only(compared: list[Reading], given: list[Reading]) -> set[str]:
    """What controls alone receive. Where the arms say it, an intervention that lists the cells of
    all arms says nothing of whose they are."""
    of_arms = {top(one.value) for one in given if one.place.startswith(_ARMS)}
    of_controls = {top(one.value) for one in compared if one.place.startswith(_ARMS)}
    told = of_controls - of_arms if of_arms else set()
    return told | ({top(one.value) for one in compared} - {top(one.value) for one in given})


def _are_mesenchymal(texts: Texts) -> bool:
    """Whether the product is of mesenchymal cells: a graft of blood-forming ones stands beside."""
    return any("mesenchym" in one.text or "msc" in one.text for one in texts.product())


def _later(texts: Texts, *, with_msc: bool) -> list[Reading]:
    """What keywords, summary and description say where titles and arms say nothing."""
    for passages in (texts.keywords, texts.summary, texts.description):
        readings = list(_said(passages, with_msc=with_msc))
        if readings:
            return _best(readings)
    return []


def _best(readings: list[Reading]) -> list[Reading]:
    """One reading a source, the surest; the weak only where there is nothing else."""
    best: dict[str, Reading] = {}
    for one in readings:
        if one.value not in best or one.confidence > best[one.value].confidence:
            best[one.value] = one
    strong = [one for one in best.values() if one.confidence >= WEAK]
    exact = [one for one in strong if one.value != "other"]
    return exact or strong or list(best.values())[:1]


def _said(passages: Iterable[Passage], *, with_msc: bool) -> Iterator[Reading]:
    """Each source, in arms and elsewhere, and again where it is said more surely."""
    surest: dict[tuple[str, bool], float] = {}
    for passage in passages:
        in_arms = passage.place.startswith(_ARMS)
        for found in passage.of("sources"):
            known = surest.get((found.value, in_arms), 0)
            if known >= SURE[passage.part]:
                continue
            if with_msc and _is_of_blood_graft(passage, found):
                continue
            sure = _sure(passage, found)
            if sure:
                rule = "product" if found.section == "named" else "tissue"
                span = (found.start, found.end)
                one = reading(KIND, found.value, passage, span, rule=rule, sure=sure)
                if one.confidence > known:
                    surest[found.value, in_arms] = one.confidence
                    yield one


def _is_of_blood_graft(passage: Passage, found: Found) -> bool:
    """Whether the words name a graft of blood-forming cells, which the patients have anyway.

    "Bone marrow transplantation", "peripheral blood stem cell transplantation"; in a summary or
    description peripheral blood stem cells are such a graft without the word.
    """
    words = passage.text[found.start : found.end]
    if found.value == "bone-marrow" and found.section == "tissue":
        return "transplant" in words or passage.text.startswith(_TRANSPLANTED, found.end)
    if found.value != "peripheral-blood" or not any(sign in words for sign in _BLOOD_FORMING):
        return False
    return passage.part > Part.KEYWORD or passage.text.startswith(_TRANSPLANTED, found.end)


def _sure(passage: Passage, found: Found) -> float:
    """How surely these words name the source of cells that are given; 0: they do not."""
    text = passage.text
    if text.startswith(_NO_SOURCE_AFTER, found.end) or text.endswith(
        _NO_SOURCE_BEFORE, 0, found.start
    ):
        return 0
    if text[found.start : found.end] == "uc" and "colitis" in text:
        return 0  # a disease
    begin, stop = passage.sentence(found.start, found.end)
    if passage.part > Part.KEYWORD and _is_background(passage, found, begin, stop):
        return 0
    if found.section == "tissue":
        return _sure_of_tissue(passage, found, begin, stop)
    if found.value in _BODY_CELLS and passage.part is not Part.TITLE:
        return _sure_of_body_cells(passage, begin, stop)
    return 0.45 if found.section == "weak" else 1.0


def _sure_of_tissue(passage: Passage, found: Found, begin: int, stop: int) -> float:
    if _beside_cells(passage, found, begin, stop):
        return 0.9
    return 0.5 if passage.part <= Part.HOW and _is_put_in(passage, found) else 0


def _is_background(passage: Passage, found: Found, begin: int, stop: int) -> bool:
    """Whether a sentence of the summary or description speaks of cells in general."""
    kinds = {top(one.value) for one in passage.within("sources", begin, stop)}
    if len(kinds) > 2:
        return True
    signs = sum(
        one.value in ("background", "becoming") for one in passage.within("context", begin, stop)
    )
    if passage.part is Part.SUMMARY and found.section == "named":
        return signs > 1
    return signs > 0 or (
        not passage.says("taking", begin, stop) and not passage.says("giving", begin, stop)
    )


def _beside_cells(passage: Passage, found: Found, begin: int, stop: int) -> bool:
    """Whether the sentence speaks of cells taken from the tissue."""
    text = passage.text
    if found.value in _BESIDE:
        before = text[max(begin, found.start - 30) : found.start]
        if found.value == "peripheral-blood" and "sampl" in before:
            return False  # drawn for tests
        return text.startswith(_CELLS_NEXT, found.end) or (
            (" from " in f" {before}" or "of the " in before)
            and passage.has_cells(max(begin, found.start - 80), stop)
        )
    others = (
        one
        for one in passage.within("cells", begin, stop)
        if one.start >= found.end or one.end <= found.start
    )
    if (
        not any(one.section in ("given", "cell-free") for one in others)
        and " cells" not in text[begin:stop]
    ):
        return False
    near = max(begin, found.start - 90), min(stop, found.end + 90)
    return (
        passage.says("taking", *near)
        or passage.says("giving", *near)
        or passage.has_cells(max(begin, found.start - 30), min(stop, found.end + 30))
    )


def _is_put_in(passage: Passage, found: Found) -> bool:
    """Whether the tissue itself is put in: marrow injected into a bone, fat into a joint."""
    if found.value not in ("bone-marrow", "adipose"):
        return False
    near = max(0, found.start - 60), found.end + 60
    return passage.says("giving", *near) or passage.says("taking", *near)


def _sure_of_body_cells(passage: Passage, begin: int, stop: int) -> float:
    """Chondrocytes, myoblasts and the like, outside a title."""
    sentence = passage.text[begin:stop]
    if any(sign in sentence for sign in _BECOMING):
        return 0
    if passage.part <= Part.GIVEN:
        return 1.0
    return 0.85 if passage.says("giving", begin, stop) or passage.says("taking", begin, stop) else 0
