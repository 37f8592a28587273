"""First rules for cell source, donor and indication: phrases of a table, each with its words.

Sources and donors are read where the studied product is named (titles, interventions and arms
that are not comparators), and only where these say nothing in the summary. Eligibility texts and
outcome measures are not read: they speak of what excludes a patient, or of blood drawn for tests.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain

from trials.extraction.passages import Passage, conditions, descriptions, titles, treatments
from trials.extraction.phrases import Phrases, lexicon
from trials.registry.study import Study

VERSION = "1"


@dataclass(frozen=True, slots=True)
class Reading:
    """A verdict of a rule. `quote` is verbatim: the words at `place` that it rests on."""

    kind: str
    value: str
    quote: str
    place: str
    rule: str


def read_facts(study: Study) -> tuple[Reading, ...]:
    """What the rules read in a study of a cell product; empty where the record does not say."""
    return (
        *_first_saying("cell_source", lexicon("sources"), _product_tiers(study)),
        # Only where the product is named: a description's background speaks of others' donors.
        *_read("donor_type", lexicon("donors"), chain(titles(study), treatments(study))),
        *_cell_free(study),
        *read_indications(study),
    )


def _cell_free(study: Study) -> tuple[Reading, ...]:
    """Exosomes and the like are made by cells and are none."""
    readings = _read("preparation", lexicon("cells"), chain(titles(study), treatments(study)))
    return tuple(reading for reading in readings if reading.value == "cell-free")


def read_indications(study: Study) -> tuple[Reading, ...]:
    """What the cells are given for, by the registered conditions and the titles."""
    passages = [*conditions(study), *titles(study)]
    return tuple(_read("indication", lexicon("indications"), passages))


def _product_tiers(study: Study) -> tuple[Iterable[Passage], ...]:
    return (chain(titles(study), treatments(study)), descriptions(study))


def _first_saying(
    kind: str, phrases: Phrases, tiers: Iterable[Iterable[Passage]]
) -> tuple[Reading, ...]:
    for tier in tiers:
        readings = tuple(_read(kind, phrases, tier))
        if readings:
            return readings
    return ()


def _read(kind: str, phrases: Phrases, passages: Iterable[Passage]) -> Iterator[Reading]:
    first: dict[str, Reading] = {}
    for passage in passages:
        for found in phrases.find(passage.text):
            quote = passage.text[found.start : found.end]
            rule = f"{kind}-phrase-{VERSION}"
            first.setdefault(found.value, Reading(kind, found.value, quote, passage.place, rule))
    return iter(first.values())
