"""What differs between two versions of a study, field by field, and whether it is news."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass, fields, is_dataclass
from datetime import date
from typing import Any

from trials.registry.arms import Arm
from trials.registry.places import Location
from trials.registry.study import Outcome, Reference, SecondaryId, Sponsor, Study
from trials.vocabulary import ChangeKind
from trials.wording import gist

# The copy's own date moves every day and says nothing about the study.
_NOT_OF_THE_STUDY = frozenset({"version_date", "unknown_values"})

# The registry's own book-keeping, and what it or `parse_study` works out from other fields: those
# are compared themselves (the words of an age, whether there are results).
_NO_NEWS = frozenset(
    {
        "status_verified",
        "first_posted",
        "last_updated",
        "results_first_posted",
        "condition_meshes",
        "intervention_meshes",
        "minimum_age_days",
        "maximum_age_days",
        "std_ages",
    }
)


@dataclass(frozen=True, slots=True)
class Change:
    """A field of the study with its value before and after, as JSON has them."""

    field: str
    old: Any
    new: Any
    kind: str = ChangeKind.MATERIAL


def compare(old: Study, new: Study) -> tuple[Change, ...]:
    """The fields that differ, in the study's own order.

    A change is cosmetic where a reader learns nothing from it: other markup or typography, another
    order, a place's country respelled, and whatever the registry works out by itself.
    """
    return tuple(
        Change(name, _plain(getattr(old, name)), _plain(getattr(new, name)), _kind(name, old, new))
        for name in _FIELDS
        if getattr(old, name) != getattr(new, name)
    )


_FIELDS = tuple(field.name for field in fields(Study) if field.name not in _NOT_OF_THE_STUDY)


def _plain(value: Any) -> Any:
    """The value as JSON has it."""
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    if is_dataclass(value):
        return {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
    return value.isoformat() if isinstance(value, date) else value


def _kind(field: str, old: Study, new: Study) -> ChangeKind:
    if field in _NO_NEWS:
        return ChangeKind.COSMETIC
    says_the_same = _SAYS_THE_SAME.get(field)
    if says_the_same is not None and says_the_same(old, new):
        return ChangeKind.COSMETIC
    return ChangeKind.MATERIAL


# --- What a field says, apart from how it is written

_Same = Callable[[Study, Study], bool]


def _same(field: str, meaning: Callable[[Any], object]) -> _Same:
    return lambda old, new: meaning(getattr(old, field)) == meaning(getattr(new, field))


def _same_items(field: str, meaning: Callable[[Any], Hashable]) -> _Same:
    """Each item as often here as there, in any order."""

    def same(old: Study, new: Study) -> bool:
        return _are_alike(getattr(old, field), getattr(new, field), meaning)

    return same


def _are_alike(old: Iterable[Any], new: Iterable[Any], meaning: Callable[[Any], Hashable]) -> bool:
    """What is the same to the letter is left out before anything is read."""
    before, after = Counter(old), Counter(new)
    left, come = (before - after).elements(), (after - before).elements()
    return Counter(map(meaning, left)) == Counter(map(meaning, come))


def _gists(texts: Iterable[str]) -> frozenset[str]:
    return frozenset(map(gist, texts))


def _secondary_id(other: SecondaryId) -> Hashable:
    return gist(other.id), other.type, gist(other.domain)


def _sponsor(sponsor: Sponsor | None) -> Hashable:
    """Case and stops apart: "CORESTEM, Inc." is "Corestem Inc"."""
    if sponsor is None:
        return None
    words = gist(sponsor.name).casefold().replace("&", "and").split()
    return tuple(word for word in words if word.isalnum() or word == "+"), sponsor.sponsor_class


def _arm(arm: Arm) -> Hashable:
    return gist(arm.label), arm.type, gist(arm.description)


def _outcome(outcome: Outcome) -> Hashable:
    texts = (outcome.measure, outcome.description, outcome.time_frame)
    return outcome.kind, *map(gist, texts)


def _location(location: Location) -> Hashable:
    """The registry respells countries, and adds states and coordinates, by itself."""
    country = location.country_code or gist(location.country)
    return gist(location.facility), gist(location.city), country, location.status


def _reference(reference: Reference) -> Hashable:
    """A PubMed number is the paper; its citation is PubMed's, which puts the finishing touches."""
    return reference.pmid or gist(reference.citation), reference.type, reference.retracted


def _same_interventions(old: Study, new: Study) -> bool:
    return _are_alike(_joined(old), _joined(new), _intervention)


def _joined(study: Study) -> list[tuple[Any, ...]]:
    """Interventions with the names of their arms, whose places move with the order of the arms."""
    return [
        (
            intervention.type,
            (intervention.name, intervention.description),
            intervention.other_names,
            tuple(study.arms[place].label for place in intervention.arms),
        )
        for intervention in study.interventions
    ]


def _intervention(joined: tuple[Any, ...]) -> Hashable:
    type_, texts, other_names, arms = joined
    return type_, *map(gist, texts), _gists(other_names), _gists(arms)


_TEXTS = (
    "title",
    "official_title",
    "acronym",
    "org_study_id",
    "why_stopped",
    "brief_summary",
    "detailed_description",
    "eligibility_criteria",
    "minimum_age",
    "maximum_age",
)
# A field that is not named here says something else as soon as its value is another.
_SAYS_THE_SAME: dict[str, _Same] = {
    **{field: _same(field, gist) for field in _TEXTS},
    **{field: _same(field, _gists) for field in ("conditions", "keywords")},
    **{field: _same(field, frozenset) for field in ("aliases", "phases", "removed_countries")},
    "lead_sponsor": _same("lead_sponsor", _sponsor),
    "collaborators": _same_items("collaborators", _sponsor),
    "secondary_ids": _same_items("secondary_ids", _secondary_id),
    "arms": _same_items("arms", _arm),
    "interventions": _same_interventions,
    "outcomes": _same_items("outcomes", _outcome),
    "locations": _same_items("locations", _location),
    "references": _same_items("references", _reference),
}
