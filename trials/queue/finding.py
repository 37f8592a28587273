"""What a person should look at about one trial: pure, from its live facts and the decisions."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from trials.conflicts import agree, conflicts
from trials.extraction.screening import SURE_ENOUGH
from trials.models import Fact
from trials.models.fact import LINKED
from trials.vocabulary import FACT_VALUES, NOT_STATED, Basis, DoubtKind, FactKind, Role

# The kinds that a person can decide (`trials.curation.decide`).
DECIDED = frozenset({*LINKED, *FACT_VALUES})
Heard = Mapping[str, Sequence[str]]  # by kind of fact: what others said when it was decided


@dataclass(frozen=True, slots=True)
class Found:
    """A doubt: `said` is another word once what is in doubt is another."""

    kind: DoubtKind
    aspect: str
    said: str
    weight: float = 0


def doubts(
    facts: Iterable[Fact], *, heard: Heard, title: str, last_updated: date | None
) -> list[Found]:
    """All doubts about a trial that the catalogue shows, each kind of fact under one of them.

    Reads the parents of sources and indications, as `trials.conflicts` does.
    """
    live = [fact for fact in facts if fact.retired_at is None]
    by_kind: dict[str, list[Fact]] = defaultdict(list)
    for fact in live:
        by_kind[fact.kind].append(fact)
    found: dict[str, Found] = {}
    for one in (*_conflicts(live), *_dissent(by_kind, heard), *_unsure(by_kind)):
        found.setdefault(one.aspect, one)
    if _lacks_source(by_kind[FactKind.CELL_SOURCE]):
        said = digest([title, str(last_updated)])
        aspect = FactKind.CELL_SOURCE
        found.setdefault(aspect, Found(DoubtKind.NO_SOURCE, aspect, said))
    return list(found.values())


def voices(facts: Iterable[Fact]) -> list[str]:
    """What is stated of one kind by others than curators, as a decision remembers it."""
    return sorted({_voice(fact) for fact in facts if _is_heard(fact)})


def digest(words: Iterable[str]) -> str:
    return hashlib.sha256("\n".join(words).encode()).hexdigest()[:32]


def _is_heard(fact: Fact) -> bool:
    stated = fact.value != NOT_STATED and fact.retired_at is None
    return stated and fact.basis not in (Basis.CURATOR, Basis.INFERRED)


def _voice(fact: Fact) -> str:
    if fact.kind == FactKind.DOSE:
        return f"{fact.role} {fact.dose_min} {fact.dose_max} {fact.dose_unit}"
    value = str(fact.number) if fact.kind == FactKind.ADMINISTRATIONS else fact.slug
    return f"{fact.role} {value}"


def _conflicts(live: Sequence[Fact]) -> Iterator[Found]:
    by_kind: dict[str, list[Fact]] = defaultdict(list)
    for conflict in conflicts(live):
        by_kind[conflict.kind] += conflict.facts
    for kind, facts in by_kind.items():
        said = sorted({f"{_voice(fact)} {fact.basis}" for fact in facts})
        yield Found(DoubtKind.CONFLICT, kind, digest(said))


def _dissent(by_kind: Mapping[str, Sequence[Fact]], heard: Heard) -> Iterator[Found]:
    """What is said against a standing decision and was not said when it was made."""
    for kind, facts in by_kind.items():
        decided = [fact for fact in facts if fact.basis == Basis.CURATOR]
        if decided and (new := dissenting(facts, heard.get(kind, ()))):
            yield Found(DoubtKind.DISSENT, kind, digest(voices(new)))


def dissenting(facts: Sequence[Fact], heard: Sequence[str]) -> list[Fact]:
    """Of one kind's live facts, those that speak against the decision and came after it."""
    decided = [fact for fact in facts if fact.basis == Basis.CURATOR]
    return [
        fact
        for fact in facts
        if _is_heard(fact)
        and _voice(fact) not in heard
        and not any(one.role == fact.role and agree(one, fact) for one in decided)
    ]


def _unsure(by_kind: Mapping[str, Sequence[Fact]]) -> Iterator[Found]:
    for kind, facts in by_kind.items():
        shown = [fact for fact in facts if fact.shown and fact.role == Role.EXPERIMENTAL]
        if kind not in DECIDED or any(fact.basis != Basis.RULE for fact in shown):
            continue
        if all(_confidence(fact) >= SURE_ENOUGH for fact in shown):  # as of nearly all
            continue
        sure: dict[str, float] = defaultdict(float)
        for fact in shown:
            sure[_voice(fact)] = max(sure[_voice(fact)], _confidence(fact))
        unsure = {voice: share for voice, share in sure.items() if share < SURE_ENOUGH}
        if unsure:
            said = digest(f"{voice} {share}" for voice, share in sorted(unsure.items()))
            yield Found(DoubtKind.UNSURE, kind, said, min(unsure.values()))


def _confidence(fact: Fact) -> float:
    return 1.0 if fact.confidence is None else fact.confidence


def _lacks_source(facts: Sequence[Fact]) -> bool:
    """Nobody names a tissue, and no person has looked and found that none is named."""
    return not any(
        fact.basis in (Basis.CURATOR, Basis.RECORD)
        or (fact.value != NOT_STATED and fact.role == Role.EXPERIMENTAL and fact.shown)
        for fact in facts
    )
