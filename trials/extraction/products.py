"""Which named product is given."""

from __future__ import annotations

from trials.extraction.passages import Texts
from trials.extraction.readings import Reading, reading

KIND = "product"


def read_products(texts: Texts) -> list[Reading]:
    """The products that titles, arms or interventions name."""
    best: dict[str, Reading] = {}
    for passage in (*texts.given, *texts.titles):
        for found in passage.of("products"):
            if found.value not in best:
                best[found.value] = reading(KIND, found.value, passage, (found.start, found.end))
    return list(best.values())
