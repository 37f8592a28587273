"""Whose cells they are: the patient's own, another person's, an animal's."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from trials.extraction.passages import Part, Passage, Texts
from trials.extraction.phrases import Found
from trials.extraction.readings import SURE, Reading, reading
from trials.extraction.sources import OF_BIRTH, top
from trials.extraction.tables import signs

KIND = "donor_type"
_PEOPLE = signs("donors", "people")
_DONE = signs("donors", "done")
_GRAFT_DISEASES = signs("donors", "graft_diseases")
_FARTHEST = 60  # letters from a graft to the cells in it
_NEGATED = signs("donors", "negated")


def read_donors(texts: Texts, *, sources: Collection[str], is_blood_graft: bool) -> list[Reading]:
    """The donor type; two where different cells are given; nothing where it is not said.

    `sources` are those of the studied product. `is_blood_graft`: the product is a graft of
    blood-forming cells, and what is said of a transplant is said of it.
    """
    tiers = texts.tiers()
    for passages in tiers:
        readings = _said(passages, sources, is_blood_graft)
        if passages is texts.keywords and not readings:
            readings = _of_transplantation(texts, sources)
        if len(readings) > 1 and passages is texts.description:
            tiers = tiers[:-1]  # a description that says both weighs one against the other
            break
        if readings:
            return readings
    of_birth = bool(sources) and OF_BIRTH.issuperset(map(top, sources))
    for passages in tiers:
        readings = _told(passages, sources, of_birth)
        if readings:
            return readings
    return [] if of_birth else _taken(texts)


def _of_transplantation(texts: Texts, sources: Collection[str]) -> list[Reading]:
    """ "Allogeneic stem cell transplantation" among the keywords, where it can be that of MSC."""
    # Autologous ones are tried in the same diseases as MSC, without a word of blood.
    readings = [
        one
        for one in _said(texts.keywords, sources, is_blood_graft=True)
        if one.value == "allogeneic"
    ]
    return [] if readings and _speaks_of_blood_grafts(texts) else readings


def _speaks_of_blood_grafts(texts: Texts) -> bool:
    """Whether any text but the keywords does: a transplantation may be of them, then."""
    told = (*texts.titles, *texts.conditions, *texts.given, *texts.summary, *texts.description)
    return any(
        any(one.section == "blood-graft" for one in passage.of("cells"))
        or any(sign in passage.text for sign in _GRAFT_DISEASES)
        for passage in told
    )


def _said(
    passages: Iterable[Passage], sources: Collection[str], is_blood_graft: bool
) -> list[Reading]:
    best: dict[str, Reading] = {}
    for passage in passages:
        for found in passage.of("donors"):
            known = best.get(found.value)
            if found.section != "said" or (known and known.confidence >= SURE[passage.part]):
                continue
            if _is_of_cells(passage, found, sources, is_blood_graft):
                best[found.value] = reading(KIND, found.value, passage, (found.start, found.end))
    return list(best.values())


def _is_of_cells(
    passage: Passage, found: Found, sources: Collection[str], is_blood_graft: bool
) -> bool:
    """Whether the word is said of the cells, and not of serum, bone or a blood-forming graft."""
    if passage.text.endswith(_NEGATED, 0, found.start):
        return False
    if not is_blood_graft and _is_of_another_graft(passage, found):
        return False
    if _is_of_another_thing(passage, found):
        return False
    if passage.part <= Part.KEYWORD:
        return True
    begin, stop = passage.sentence(found.start, found.end)
    if passage.says("background", begin, stop) or not _speaks_of_cells(passage, begin, stop):
        return False
    return _is_of_product(passage, begin, stop, sources)


def _is_of_another_thing(passage: Passage, found: Found) -> bool:
    thing = _following(passage, found, "other-thing")
    if thing is None or _holds_cells(passage, thing):
        return False
    return not _comes_first(passage, found, thing)


def _holds_cells(passage: Passage, thing: Found) -> bool:
    """ "Allogeneic bone matrix containing stem cells": the cells are of the same donor."""
    begin, stop = thing.end, thing.end + _FARTHEST
    donors = (one.section for one in passage.within("donors", begin, stop))
    return (
        " containing " in passage.text[begin : begin + 25]
        and passage.has_cells(begin, stop)
        and "said" not in donors
    )


def _following(passage: Passage, found: Found, value: str) -> Found | None:
    """The first phrase of this row of `donors.toml` right after the word."""
    after = passage.within("donors", found.end, found.end + 26)
    return next((one for one in after if one.value == value), None)


def _is_of_another_graft(passage: Passage, found: Found) -> bool:
    graft = _following(passage, found, "blood-graft")
    if graft is not None and not _comes_first(passage, found, graft):
        return not _is_graft_of_cells(passage, graft)
    cells = next(passage.within("cells", found.end, found.end + 25), None)
    return cells is not None and cells.section == "blood-graft"


def _is_graft_of_cells(passage: Passage, graft: Found) -> bool:
    """ "Autologous transplantation of mesenchymal stem cells": no blood-forming ones."""
    begin, stop = graft.end, graft.end + _FARTHEST
    cells = next(passage.within("cells", begin, stop), None)
    return passage.text.startswith(" of ", begin) and cells is not None and cells.section == "given"


def _comes_first(passage: Passage, found: Found, other: Found) -> bool:
    """Whether cells or their tissue are named between the word and the other thing."""
    cells = (
        one
        for one in passage.within("cells", found.end, other.start + 1)
        if one.section in ("given", "cell-free")
    )
    tissue = (
        one
        for one in passage.within("sources", found.end, other.start + 1)
        if "transplant" not in passage.text[one.end : one.end + 14]
    )
    return any(cells) or any(one.end > other.start or one.section == "named" for one in tissue)


def _speaks_of_cells(passage: Passage, begin: int, stop: int) -> bool:
    sentence = passage.text[begin:stop]
    return (
        passage.has_cells(begin, stop)
        or any(passage.within("sources", begin, stop))
        or "msc" in sentence
        or " cells" in sentence
    )


def _is_of_product(passage: Passage, begin: int, stop: int, sources: Collection[str]) -> bool:
    """Whether the sentence speaks of no other tissue than the product's."""
    spoken = {top(one.value) for one in passage.within("sources", begin, stop)}
    return not spoken or not sources or not spoken.isdisjoint(map(top, sources))


def _told(passages: Iterable[Passage], sources: Collection[str], of_birth: bool) -> list[Reading]:
    """Not the word but the thing: "the patient's own", "healthy donors"."""
    for passage in passages:
        for found in passage.of("donors"):
            if found.section != "told" or (of_birth and found.value == "autologous"):
                continue
            begin, stop = passage.sentence(found.start, found.end)
            if passage.says("background", begin, stop) and passage.part > Part.KEYWORD:
                continue
            if "blood" in passage.text[found.end : found.end + 12] and "cord-blood" not in sources:
                continue
            if found.value == "autologous" and _is_of_another_thing(passage, found):
                continue  # "the patient's own serum"
            if _is_of_defence(passage, begin, stop):
                continue
            if _speaks_of_cells(passage, begin, stop) and _is_of_product(
                passage, begin, stop, sources
            ):
                return [
                    reading(
                        KIND, found.value, passage, (found.start, found.end), rule="told", sure=0.85
                    )
                ]
    return []


def _is_of_defence(passage: Passage, begin: int, stop: int) -> bool:
    """Whether the cells of the sentence are T cells and the like: a donor's attack the patient."""
    spoken = passage.within("cells", begin, stop)
    return any(one.value == "defence" for one in spoken) and not passage.has_cells(begin, stop)


def _taken(texts: Texts) -> list[Reading]:
    """Marrow or fat taken in the treatment is the patient's, where no donor is named."""
    for passages in (texts.given, texts.summary, texts.description):
        for passage in passages:
            if "donor" in passage.text or "volunteer" in passage.text:
                continue
            for found in passage.of("donors"):
                if found.section == "taken" and _is_taken(passage, found):
                    span = (found.start, found.end)
                    return [reading(KIND, found.value, passage, span, rule="taken", sure=0.7)]
    return []


def _is_taken(passage: Passage, found: Found) -> bool:
    """Whether it is taken from the patients, and cells are what it is taken for."""
    begin, stop = passage.sentence(found.start, found.end)
    if passage.part > Part.KEYWORD and passage.says("background", begin, stop):
        return False
    if _is_of_bone_graft(passage, found):
        return False
    sucked = passage.part <= Part.HOW and passage.text.startswith(
        ("lipo", "fat harvest"), found.start
    )
    return sucked or _is_done_to_patients(passage.text[begin:stop])


def _is_of_bone_graft(passage: Passage, found: Found) -> bool:
    """Whether the iliac crest is where a graft of bone comes from, and not the marrow."""
    if not passage.text.startswith("iliac crest", found.start):
        return False
    near = passage.text[max(0, found.start - 40) : found.end + 12]
    return "graft" in near and "marrow" not in near


def _is_done_to_patients(sentence: str) -> bool:
    return any(sign in sentence for sign in _PEOPLE) and any(sign in sentence for sign in _DONE)
