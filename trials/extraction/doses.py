"""How many cells are given."""

from __future__ import annotations

import re
from collections.abc import Iterable

from trials.extraction.passages import Part, Passage, Texts
from trials.extraction.quantities import Quantity, quantities
from trials.extraction.readings import Reading, reading
from trials.extraction.tables import signs

KIND = "dose"
_BACKGROUND = signs("doses", "background")
_CELLS_NEAR = signs("doses", "cells_near")
_NOT_CELLS = re.compile(
    r"\s{0,2}(?:[A-Za-z()-]{1,15}\s){0,3}?(?:"
    + "|".join(re.escape(sign) for sign in signs("doses", "not_cells"))
    + ")"
)
_PACKED = re.compile(
    r"[^.,;]{0,40}(?:/|per|each|in a|in each)\s?"
    r"(?:bag|vial|cryobag|ampoule|pack|flask|tube)"
    r"|\s?[A-Za-z]{1,6}\s?(?:/|per)\s?min",
    re.IGNORECASE,
)
_LIMITS = tuple(sign.lower() for sign in signs("doses", "limits"))
_LIMITED = re.compile(rf"(?:{'|'.join(map(re.escape, _LIMITS))})[^.;\n]{{0,28}}$")
_BOUNDS = ("<", ">", "≥", "≤")
_LISTED = re.compile(
    r"\s?(?:,|;|/|and|or|&|, and|, or|and then|then)\s?(?:or |and |then )?", re.IGNORECASE
)
# By area of the body, by length of a fistula, by what a counter counts in.
_NO_DOSES = ("cells/m2", "cells/cm", "cells/uL")
_CAPPED = signs("doses", "capped")
# "300 million in three injections of 100 million": the dose is that of one.
_DIVIDED = re.compile(
    r"[^.;]{0,25}(?:in|into|over|as)\s(?:\w{1,8}\s){0,3}"
    r"(?:injections|doses|infusions|administrations)\sof\s(?:\w{1,8}\s)?",
    re.IGNORECASE,
)
# "100 million on days 0, 3 and 6, a total of 300 million": the same, the other way round.
_SEVERAL = re.compile(
    r"\b(?:doses|infusions|administrations|treatments|times|course|days|weeks|months)\b",
    re.IGNORECASE,
)
_MOST_TIMES, _FARTHEST = 12, 200  # times that a sum is of; letters between it and the dose
_OF_ONE_SIDE = re.compile(
    r"[^.;,]{0,12}(?:unilateral|(?:per|each)\s(?:hemisphere|side|ovary|eye|knee|hip|joint|kidney"
    r"|testis|testicle|leg|limb|corpus))(?!\w)",
    re.IGNORECASE,
)
_DIGIT = re.compile(r"[0-9]")


def read_doses(texts: Texts) -> list[Reading]:
    """Each distinct dose of the studied product; what a later text adds is not read."""
    for passages in ([*texts.titles, *texts.given], texts.summary, texts.description):
        readings = _doses(passages)
        if readings:
            return readings
    return []


def _doses(passages: Iterable[Passage]) -> list[Reading]:
    best: dict[str, Reading] = {}
    for passage in passages:
        written = passage.folded.written
        if "million" not in passage.text and not _DIGIT.search(written):
            continue
        for one in _of_one_time(_of_one_unit(list(quantities(written)), written), written):
            if one.unit in _NO_DOSES or one.plain in best:
                continue
            if _is_dose(passage, written, one):
                best[one.plain] = _reading(passage, one)
    return _without_repeats(list(best.values()))


def _of_one_unit(found: list[Quantity], written: str) -> list[Quantity]:
    """ "1 x 10^6, 3 x 10^6 and 5 x 10^6 cells/kg": the unit at the end is that of all."""
    for place in range(len(found) - 2, -1, -1):
        one, following = found[place], found[place + 1]
        between = written[one.end : following.start]
        if one.unit == "cells" != following.unit and _LISTED.fullmatch(between):
            found[place] = one._replace(unit=following.unit)
    return found


def _of_one_time(found: list[Quantity], written: str) -> list[Quantity]:
    """Without the sum of several times, and without what one side gets of a total."""
    if len(found) == 1:
        return found
    kept = []
    for place, one in enumerate(found):
        following = found[place + 1] if place + 1 < len(found) else None
        is_sum = (
            following is not None
            and following.most < one.least
            and _DIVIDED.fullmatch(written[one.end : following.start])
        )
        is_half = _OF_ONE_SIDE.match(written, one.end) and any(
            2 * one.least == other.least
            and "total" in written[max(0, other.start - 25) : other.start].lower()
            for other in found[max(0, place - 1) : place + 2]
        )
        is_course = place > 0 and _is_sum_of(one, found[place - 1], written)
        if not is_sum and not is_half and not is_course:
            kept.append(one)
    return kept


def _is_sum_of(total: Quantity, dose: Quantity, written: str) -> bool:
    """Whether the first is said to be what several times of the second come to."""
    times, rest = divmod(total.least, dose.most)
    between = written[dose.end : total.start]
    return (
        total.unit == dose.unit
        and not rest
        and 1 < times <= _MOST_TIMES
        and len(between) <= _FARTHEST
        and "total" in between.lower()
        and _SEVERAL.search(between) is not None
    )


def _without_repeats(readings: list[Reading]) -> list[Reading]:
    """Totals stand before concentrations; "5 million" beside "5 million/kg" is the same."""
    if any(one.unit in ("cells", "cells/kg") for one in readings):
        readings = [one for one in readings if one.unit not in ("cells/mL", "cells/cm2")]
    by_weight = {(one.least, one.most) for one in readings if one.unit == "cells/kg"}
    exact = {one.least for one in readings if one.least == one.most}
    # A range around a dose is how far the product may be off.
    readings = [
        one
        for one in readings
        if one.least == one.most or not any(_is_within(dose, one) for dose in exact)
    ]
    if not by_weight:
        return readings
    # Beside a dose by weight, "up to 150 million" is how much anybody gets at most.
    cap = f"{KIND}-cap-"
    totals = (one for one in readings if (one.least, one.most) not in by_weight)
    return [
        *(one for one in readings if one.unit == "cells/kg"),
        *(one for one in totals if one.unit != "cells/kg" and not one.rule.startswith(cap)),
    ]


def _is_within(dose: float | None, around: Reading) -> bool:
    if dose is None or around.least is None or around.most is None:
        return False
    return around.least < dose < around.most


def _is_dose(passage: Passage, written: str, one: Quantity) -> bool:
    after = written[one.end : one.end + 70]
    before = written[max(0, one.start - 60) : one.start]
    if one.unit == "cells" and _PACKED.match(after):
        return False
    other = _NOT_CELLS.match(after)
    if other and not any(sign in other.group().lower() for sign in ("cell", "msc")):
        return False
    if _is_limit(before.lower()):
        return False
    near = (written[max(0, one.start - 80) : one.start] + after).lower()
    has_cells = any(sign in near for sign in _CELLS_NEAR)
    if passage.part > Part.KEYWORD:
        start = passage.folded.folded_place(one.start)
        begin, stop = passage.sentence(start, start + 1)
        sentence = passage.text[begin:stop]
        if any(sign in sentence for sign in _BACKGROUND):
            return False
        dosed = (
            passage.part is Part.SUMMARY
            or passage.says("giving", begin, stop)
            or "dose" in sentence
            or one.unit == "cells/kg"
        )
        return has_cells and dosed and one.least >= 1e5
    return has_cells or (one.least >= 1e6 and passage.part is Part.HOW)


def _is_limit(before: str) -> bool:
    bounded = before[:-1] if before[-1:].isspace() else before
    return bounded.endswith(_BOUNDS) or _LIMITED.search(before) is not None


def _is_cap(before: str) -> bool:
    words = before.lower().rpartition(". ")[2]
    return any(sign in words for sign in _CAPPED)


def _reading(passage: Passage, one: Quantity) -> Reading:
    fold = passage.folded.folded_place
    base = reading(
        KIND,
        one.plain,
        passage,
        (fold(one.start), max(fold(one.end - 1) + 1, fold(one.start) + 1)),
        rule="cap"
        if _is_cap(passage.folded.written[max(0, one.start - 60) : one.start])
        else "quantity",
    )
    return base._replace(least=one.least, most=one.most, unit=one.unit)
