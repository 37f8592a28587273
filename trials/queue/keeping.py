"""Keeps the doubts in step with the trials, in the transaction of whoever writes.

`trials.search.kept` calls `doubt` for every trial that changed: a refresh, a re-reading, a seed
and a curator's decision are all followed, so that no writer has to know of the queue.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db.models import Count, Q
from django.utils import timezone

from trials.extraction.screening import SURE_ENOUGH
from trials.models import (
    CellSource,
    Decision,
    Doubt,
    Doubted,
    Fact,
    Indication,
    Product,
    RefreshRun,
    Trial,
)
from trials.queue.finding import Found, digest, doubts
from trials.vocabulary import NOT_STATED, Basis, DecisionKind, DoubtKind, FactKind, Role, Screening

_Key = tuple[str, str]
# The columns of a fact by which facts differ and agree: most of the time goes into reading them.
_COMPARED = (
    *("trial_id", "kind", "role", "basis", "value", "number", "dose_min", "dose_max", "dose_unit"),
    *("cell_source_id", "indication_id", "product_id", "document_id", "source", "confidence"),
    *("decided_by_id", "decided_at", "retired_at", "shown"),
)
_NEEDED = ("screening", "joined_to_id", "title", "last_updated")


def doubt(trials: Sequence[int]) -> list[Doubted]:
    """Bring the doubts about these trials in step; a row for each trial that there is."""
    rows = {row["pk"]: row for row in Trial.objects.filter(pk__in=trials).values("pk", *_NEEDED)}
    shown = [pk for pk, row in rows.items() if _is_shown(row)]
    clear = _clear(shown)
    to_read = [pk for pk in shown if pk not in clear]
    facts = live_facts(to_read)
    heard = heard_of(facts)
    wanted: dict[_Key, Doubt] = {}
    for pk in to_read:
        title, updated = rows[pk]["title"], rows[pk]["last_updated"]
        for found in doubts(facts[pk], heard=heard[pk], title=title, last_updated=updated):
            new = _doubt(pk, found)
            wanted[new.kind, new.key] = new
    _write(wanted, Doubt.objects.filter(trial__in=trials))
    return [Doubted(trial_id=pk) for pk in rows]


def _clear(trials: Sequence[int]) -> set[int]:
    """Of these, trials about which there is no doubt for sure: most, and none of them is read.

    The rules alone speak, are sure of all that they say, and name a source.
    """
    live = Fact.objects.filter(trial__in=trials, retired_at=None).order_by()
    stated = Q(kind=FactKind.CELL_SOURCE, role=Role.EXPERIMENTAL, shown=True) & ~Q(value=NOT_STATED)
    counted = live.values("trial_id").annotate(
        open=Count("pk", filter=~Q(basis=Basis.RULE) | Q(confidence__lt=SURE_ENOUGH)),
        sources=Count("pk", filter=stated),
    )
    return set(counted.filter(open=0, sources__gt=0).values_list("trial_id", flat=True))


def live_facts(trials: Sequence[int]) -> dict[int, list[Fact]]:
    """The live facts of these trials, with their terms and the terms above them."""
    terms = {
        "cell_source": _tree(CellSource),
        "indication": _tree(Indication),
        "product": {row.pk: row for row in Product.objects.only("slug", "name")},
    }
    by_trial: dict[int, list[Fact]] = defaultdict(list)
    if not trials:
        return by_trial
    live = Fact.objects.filter(trial__in=trials, retired_at=None).only(*_COMPARED)
    for fact in live.order_by("pk"):
        for name, rows in terms.items():
            if key := getattr(fact, f"{name}_id"):
                setattr(fact, name, rows[key])
        by_trial[fact.trial_id].append(fact)
    return by_trial


def heard_of(facts: Mapping[int, Iterable[Fact]]) -> dict[int, dict[str, list[str]]]:
    """By trial and kind: what others said when the decisions that stand were made."""
    standing = {
        (trial, fact.kind, fact.decided_by_id, fact.decided_at)
        for trial, its in facts.items()
        for fact in its
        if fact.basis == Basis.CURATOR
    }
    heard: dict[int, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    if not standing:
        return heard
    trials = {trial for trial, *_rest in standing}
    made = Decision.objects.filter(kind=DecisionKind.FACTS, trial__in=trials, undone_at=None)
    for decision in made:
        its = (decision.trial_id or 0, decision.aspect, decision.by_id, decision.at)
        if its in standing:
            heard[its[0]][decision.aspect] += decision.heard
    return heard


def note_new_values(run: RefreshRun) -> None:
    """The registry's words that the run met and that are new to us wait for a person."""
    values = list(dict.fromkeys(value[:200] for value in run.unknown_values))
    known = set(Doubt.objects.filter(kind=DoubtKind.NEW_VALUE, key__in=values).values_list("key"))
    Doubt.objects.bulk_create(
        Doubt(
            kind=DoubtKind.NEW_VALUE, aspect=one, key=one, said=digest([one]), since=timezone.now()
        )
        for one in values
        if (one,) not in known
    )


def _is_shown(row: Mapping[str, Any]) -> bool:
    return row["screening"] == Screening.INCLUDED and row["joined_to_id"] is None


def _doubt(trial: int, found: Found) -> Doubt:
    return Doubt(
        kind=found.kind,
        trial_id=trial,
        aspect=found.aspect,
        key=f"{trial}:{found.aspect}",
        said=found.said,
        weight=found.weight,
        since=timezone.now(),
    )


def _write(wanted: Mapping[_Key, Doubt], there: Iterable[Doubt]) -> None:
    gone, other, known = [], [], set()
    for row in there:
        known.add((row.kind, row.key))
        now = wanted.get((row.kind, row.key))
        if now is None:
            gone.append(row.pk)
        elif (now.said, now.weight) != (row.said, row.weight):
            row.said, row.weight, row.since = now.said, now.weight, now.since
            other.append(row)
    if gone:
        Doubt.objects.filter(pk__in=gone).delete()
    if other:
        Doubt.objects.bulk_update(other, ["said", "weight", "since"])
    Doubt.objects.bulk_create(row for key, row in wanted.items() if key not in known)


def _tree(model: type[CellSource] | type[Indication]) -> dict[int, Any]:
    rows = {row.pk: row for row in model.objects.all()}
    for row in rows.values():
        row.parent = rows.get(row.parent_id)
    return rows
