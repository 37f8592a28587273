"""Trials of the same cells for the same disease in the same phase."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import QueryDict

from catalog.filters import ask
from trials.vocabulary import NOT_STATED, FactKind, Role

MOST = 4
_KINDS = (("cell_source", FactKind.CELL_SOURCE), ("indication", FactKind.INDICATION))


@dataclass(frozen=True, slots=True)
class Similar:
    """The latest of them, and the addresses' queries for all, and for those of any phase.

    `phase`: whether the trial's phase is known, and shared by them. `indications`: what the trial
    is for, so that another can be looked for nearby.
    """

    trials: list[Any]
    query: str
    any_phase: str
    phase: bool
    indications: tuple[str, ...]


def similar(trial: Any) -> Similar | None:
    """The trials like this one; None where neither its cells nor its disease are known."""
    question = {name: _values(trial, kind) for name, kind in _KINDS}
    if not any(question.values()):
        return None
    any_phase = _query(question)
    phases = [row.phase for row in trial.phases.all()]
    query = _query({**question, "phase": phases})
    others = [other for other in _first(query) if other.pk != trial.pk]
    return Similar(
        others[:MOST],
        query.urlencode(),
        any_phase.urlencode(),
        bool(phases),
        tuple(question["indication"]),
    )


def _first(query: QueryDict) -> list[Any]:
    """One more than are shown: the trial itself is among those that are like it."""
    return list(ask(query).rows[: MOST + 1])


def _values(trial: Any, kind: FactKind) -> list[str]:
    """What is shown of the studied product, each value once."""
    shown = (fact for fact in trial.live_facts if fact.shown and fact.kind == kind)
    slugs = (fact.slug for fact in shown if fact.role == Role.EXPERIMENTAL)
    return list(dict.fromkeys(slug for slug in slugs if slug != NOT_STATED))


def _query(question: dict[str, list[str]]) -> QueryDict:
    query = QueryDict(mutable=True)
    for name, values in question.items():
        if values:
            query.setlist(name, values)
    return query
