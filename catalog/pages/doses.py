"""The DOSES strip: the five things that a report of a cell therapy must say, and what is said.

Donor, Origin of tissue, Separation and preparation, Exhibited characteristics, Site of delivery:
Murray et al., J Bone Joint Surg Am 2019, doi 10.2106/JBJS.18.00915.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from trials.conflicts import conflicts
from trials.models import Fact
from trials.vocabulary import NOT_STATED, Basis, FactKind, Role


@dataclass(frozen=True)
class Value:
    """One value of a fact, with every statement that says it."""

    facts: tuple[Fact, ...]

    @property
    def first(self) -> Fact:
        return self.facts[0]

    @property
    def stated(self) -> bool:
        return self.first.value != NOT_STATED


@dataclass(frozen=True)
class Statements:
    """What is said of one kind of fact: the values that stand, and the statements that do not."""

    kind: FactKind
    values: tuple[Value, ...]
    others: tuple[Fact, ...]
    disagree: bool

    @property
    def stated(self) -> bool:
        """Whether something is said of the studied product; "not stated" is not."""
        return any(value.stated and value.first.role == Role.EXPERIMENTAL for value in self.values)

    @property
    def meanings(self) -> frozenset[tuple[object, ...]]:
        """What is said, in whatever order and words: the same of two trials that say the same."""
        return frozenset(_meaning(value.first) for value in self.values if value.stated)

    def __bool__(self) -> bool:
        return bool(self.values or self.others)


@dataclass(frozen=True)
class Part:
    """One of the five, by its letter."""

    letter: str
    title: str | Promise
    kinds: tuple[Statements, ...]

    @property
    def stated(self) -> bool:
        """By its first kind: how often cells are given does not say how many."""
        return self.kinds[0].stated


PARTS: tuple[tuple[str, str | Promise, tuple[FactKind, ...]], ...] = (
    ("D", _("Donor"), (FactKind.DONOR_TYPE,)),
    ("O", _("Origin of tissue"), (FactKind.CELL_SOURCE,)),
    ("S", _("Separation and preparation"), (FactKind.PREPARATION,)),
    ("E", _("Exhibited characteristics"), (FactKind.DOSE, FactKind.ADMINISTRATIONS)),
    ("S", _("Site of delivery"), (FactKind.ROUTE,)),
)
_FURTHER = (
    FactKind.INDICATION,
    FactKind.PRODUCT,
    FactKind.CELL_THERAPY,
    FactKind.ADJUNCT,
    FactKind.COMPARATOR,
)


def strip(facts: Iterable[Fact]) -> tuple[Part, ...]:
    """The five parts in their order, each there even when nothing is said."""
    facts = list(facts)
    return tuple(
        Part(letter, title, tuple(statements(facts, kind) for kind in kinds))
        for letter, title, kinds in PARTS
    )


def completeness(parts: Iterable[Part]) -> int:
    """How many of the five parts something is said of."""
    return sum(part.stated for part in parts)


def further(facts: Iterable[Fact]) -> tuple[Statements, ...]:
    """The facts that are no part of the five, where something is said."""
    facts = list(facts)
    return tuple(found for kind in _FURTHER if (found := statements(facts, kind)))


def decisions(facts: Iterable[Fact]) -> tuple[Fact, ...]:
    """The curators' decisions that stand, the latest first."""
    made = [fact for fact in facts if fact.shown and fact.basis == Basis.CURATOR]
    return tuple(sorted(made, key=lambda fact: fact.decided_at, reverse=True))


def statements(facts: Iterable[Fact], kind: FactKind) -> Statements:
    """The live facts of one kind, equal values together, in the order in which they came."""
    ours = [fact for fact in facts if fact.kind == kind]
    by_value: dict[tuple[object, ...], list[Fact]] = {}
    for fact in ours:
        if fact.shown:
            by_value.setdefault(_meaning(fact), []).append(fact)
    return Statements(
        kind,
        tuple(Value(tuple(same)) for same in by_value.values()),
        tuple(fact for fact in ours if not fact.shown),
        disagree=bool(conflicts(ours)),
    )


def _meaning(fact: Fact) -> tuple[object, ...]:
    """What two statements have in common that say the same."""
    if fact.dose_min is not None:
        return (fact.dose_min, fact.dose_max, fact.dose_unit, fact.role)
    return (fact.slug, fact.number, fact.role)
