"""All rules, over one study: text in, facts with their words out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from trials.extraction.administrations import read_administrations
from trials.extraction.cells import CELL_FREE, YES, first_mention, is_blood_graft, read_cell_therapy
from trials.extraction.donors import read_donors
from trials.extraction.doses import read_doses
from trials.extraction.indications import read_indications
from trials.extraction.passages import Texts, read_texts
from trials.extraction.preparation import read_preparation
from trials.extraction.products import read_products
from trials.extraction.readings import Reading
from trials.extraction.routes import read_routes
from trials.extraction.sources import read_sources
from trials.extraction.tables import Lexicon
from trials.extraction.treatments import read_adjuncts, read_comparators
from trials.registry.study import Study


@dataclass(frozen=True, slots=True)
class Gist:
    """What decides whether a study belongs in the catalogue.

    `therapy` is None where no cells are given; `mention` are cells that are named all the same.
    """

    therapy: Reading | None
    indications: tuple[Reading, ...]
    mention: Reading | None


def read_gist(texts: Texts) -> Gist:
    """Whether cells are given, and what for."""
    therapy = next(iter(read_cell_therapy(texts)), None)
    mention = None if therapy is not None else first_mention(texts)
    return Gist(therapy, tuple(read_indications(texts)), mention)


def read_facts(study: Study, words: Lexicon | None = None) -> tuple[Reading, ...]:
    """What the rules read in a study; where it gives no cells, its indications alone.

    They go by the words that are given; without any, by those of the files.
    """
    texts = read_texts(study, words)
    return facts_of(texts, read_gist(texts))


def facts_of(texts: Texts, gist: Gist) -> tuple[Reading, ...]:
    """The same, of texts whose gist is known."""
    if gist.therapy is None:
        return gist.indications
    sources = read_sources(texts)
    slugs = {one.value for one in sources if one.role == "experimental"}
    return (
        gist.therapy,
        *sources,
        *read_donors(texts, sources=slugs, is_blood_graft=is_blood_graft(texts)),
        *_preparation_and_dose(texts, gist.therapy, slugs),
        *read_routes(texts),
        *gist.indications,
        *read_products(texts),
        *read_adjuncts(texts),
        *read_comparators(texts),
    )


def _preparation_and_dose(texts: Texts, therapy: Reading, slugs: set[str]) -> Sequence[Reading]:
    if therapy.value == CELL_FREE:
        # Exosomes and the like are made by cells and are none: nothing of them is counted in cells.
        made = therapy._replace(kind="preparation", value=CELL_FREE)
        return [made, *read_administrations(texts, doses=0)]
    assert therapy.value == YES  # noqa: S101 - there is no third
    doses = read_doses(texts)
    counted = read_administrations(texts, doses=len(doses))
    return [*read_preparation(texts, sources=slugs), *doses, *counted]
