"""Whether a study belongs in the catalogue, and why: cells given, for a musculoskeletal disease."""

from __future__ import annotations

from dataclasses import dataclass

from trials.extraction.facts import Gist
from trials.extraction.readings import Reading

# Less sure than this is for a person to decide.
SURE_ENOUGH = 0.65


@dataclass(frozen=True, slots=True)
class Verdict:
    """`screening` is "included", "excluded" or "review"; `rule` names why, `reason` says it."""

    screening: str
    rule: str
    reason: str

    @property
    def included(self) -> bool:
        return self.screening == "included"


def screen(gist: Gist) -> Verdict:
    """Decide by the record alone. A document or a curator may know better: the caller asks them."""
    therapy = gist.therapy
    if therapy is None:
        if gist.mention is None:
            words = "no cells or cell product named in titles, interventions or arms"
            return Verdict("excluded", "no-cells", words)
        return Verdict("excluded", "background", f"{_words(gist.mention)} named, but none given")
    if not gist.indications:
        words = "no musculoskeletal condition registered or in the titles"
        return Verdict("excluded", "no-indication", f"{_words(therapy)}: {words}")
    surest = max(gist.indications, key=lambda one: one.confidence)
    words = f"{_words(therapy)} for {_words(surest)}"
    if min(therapy.confidence, surest.confidence) < SURE_ENOUGH:
        return Verdict("review", "unsure", words)
    return Verdict("included", "cells" if therapy.value == "yes" else "cell-free", words)


def _words(reading: Reading) -> str:
    return f"“{reading.quote}” ({reading.place})"
