"""Where the statements about a trial disagree: pure, so that pages and API say the same."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from trials.models import Fact
from trials.vocabulary import NOT_STATED, Basis, FactKind

# What `select_related` wants for `conflicts`: the trees are this deep.
WITH_PARENTS = (
    "cell_source__parent__parent",
    "indication__parent__parent__parent",
    "product",
)
# Free words differ without disagreeing.
_COMPARED = frozenset(FactKind.values) - {FactKind.ADJUNCT, FactKind.COMPARATOR}


@dataclass(frozen=True, slots=True)
class Conflict:
    """Live statements of one kind, about the same arms, whose authors have no value in common."""

    kind: str
    role: str
    facts: tuple[Fact, ...]


def conflicts(facts: Iterable[Fact]) -> tuple[Conflict, ...]:
    """The conflicts among one trial's live facts, in the order of the facts.

    What a curator has decided is no conflict any more, unless two decisions stand that differ: one
    of each of two trials that turned out to be one. What was only inferred contradicts nothing
    that is stated. What one author says several times is a list, not a conflict (a trial may have
    two sources); a part of a thing does not contradict the thing (Wharton's jelly and umbilical
    cord); and "not stated" contradicts nothing. Reads the parents of sources and indications, as
    `WITH_PARENTS` selects them.
    """
    groups: dict[tuple[str, str], list[Fact]] = defaultdict(list)
    live = [fact for fact in facts if fact.retired_at is None and fact.basis != Basis.INFERRED]
    decided = {fact.kind for fact in live if fact.basis == Basis.CURATOR}
    for fact in live:
        overruled = fact.kind in decided and fact.basis != Basis.CURATOR
        if fact.value != NOT_STATED and fact.kind in _COMPARED and not overruled:
            groups[fact.kind, fact.role].append(fact)
    return tuple(
        Conflict(kind, role, tuple(group))
        for (kind, role), group in groups.items()
        if _disagree(group)
    )


def _disagree(facts: list[Fact]) -> bool:
    authors: dict[tuple[object, ...], list[Fact]] = defaultdict(list)
    for fact in facts:
        authors[author(fact)].append(fact)
    sayings = list(authors.values())
    return any(
        not any(agree(one, other) for one in mine for other in yours)
        for place, mine in enumerate(sayings)
        for yours in sayings[place + 1 :]
    )


def author(fact: Fact) -> tuple[object, ...]:
    """Who says it; a curator once a decision, the rules as one wherever the record came from."""
    if fact.basis == Basis.CURATOR:
        return (fact.basis, fact.decided_by_id, fact.decided_at)
    if fact.basis == Basis.RULE:
        return (fact.basis,)
    return (fact.basis, fact.document_id, fact.source)


def agree(one: Fact, other: Fact) -> bool:
    """Whether both say the same, or one says a part of what the other says."""
    mine, yours = _value(one), _value(other)
    return mine == yours or mine in _wholes(other) or yours in _wholes(one)


def _value(fact: Fact) -> tuple[object, ...]:
    if fact.kind == FactKind.DOSE:
        return (fact.dose_min, fact.dose_max, fact.dose_unit)
    return (fact.value, fact.number, fact.cell_source_id, fact.indication_id, fact.product_id)


def _wholes(fact: Fact) -> Iterator[tuple[object, ...]]:
    """The values that a value is a part of, up to the root."""
    linked = fact.cell_source or fact.indication
    while linked is not None and linked.parent_id is not None:
        whole = linked.parent_id
        source, indication = (whole, None) if fact.cell_source_id else (None, whole)
        yield (fact.value, fact.number, source, indication, fact.product_id)
        linked = linked.parent
