"""Whether a study belongs in the catalogue, and why: cells given, for a musculoskeletal disease."""

from __future__ import annotations

from dataclasses import dataclass

from trials.extraction.passages import titles, treatments
from trials.extraction.phrases import lexicon
from trials.extraction.readings import read_indications
from trials.registry.study import Study


@dataclass(frozen=True, slots=True)
class Verdict:
    """In or out, and the reason in words."""

    included: bool
    reason: str


def screen(study: Study) -> Verdict:
    """Decide by the record alone. A document or a curator may know better: the caller asks them."""
    passages = [*titles(study), *treatments(study)]
    cells = lexicon("cells")
    named = next(
        ((passage, found) for passage in passages for found in cells.find(passage.text)),
        None,
    )
    if named is None:
        return Verdict(False, "no cells or cell product named in titles, interventions or arms")
    indications = read_indications(study)
    if not indications:
        return Verdict(False, "no musculoskeletal condition registered or in the titles")
    passage, found = named
    words = passage.text[found.start : found.end]
    return Verdict(
        True,
        f"“{words}” ({passage.place}) for “{indications[0].quote}” ({indications[0].place})",
    )
