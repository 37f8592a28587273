"""A study's texts as named passages, in the order in which they are believed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from trials.registry.study import Study

# Arms that are there to be compared with; what only they receive is not the studied product.
COMPARATOR_ARMS = frozenset(
    {"ACTIVE_COMPARATOR", "PLACEBO_COMPARATOR", "SHAM_COMPARATOR", "NO_INTERVENTION"}
)


@dataclass(frozen=True, slots=True)
class Passage:
    """A text of the record and where it stands, in the record's own path notation."""

    place: str
    text: str


def titles(study: Study) -> Iterator[Passage]:
    yield Passage("briefTitle", study.title)
    if study.official_title:
        yield Passage("officialTitle", study.official_title)


def treatments(study: Study) -> Iterator[Passage]:
    """What the studied arms receive: their interventions and their own words."""
    compared = {n for n, arm in enumerate(study.arms) if arm.type in COMPARATOR_ARMS}
    for n, intervention in enumerate(study.interventions):
        if intervention.arms and compared.issuperset(intervention.arms):
            continue
        yield Passage(f"interventions[{n}].name", intervention.name)
        for m, other in enumerate(intervention.other_names):
            yield Passage(f"interventions[{n}].otherNames[{m}]", other)
        yield Passage(f"interventions[{n}].description", intervention.description)
    for n, arm in enumerate(study.arms):
        if n not in compared:
            yield Passage(f"armGroups[{n}].label", arm.label)
            yield Passage(f"armGroups[{n}].description", arm.description)


def descriptions(study: Study) -> Iterator[Passage]:
    yield Passage("briefSummary", study.brief_summary)
    yield Passage("detailedDescription", study.detailed_description)


def conditions(study: Study) -> Iterator[Passage]:
    for n, condition in enumerate(study.conditions):
        yield Passage(f"conditions[{n}]", condition)
