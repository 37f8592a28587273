"""Which statements about a trial stand: the one place where curators, documents and rules meet."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from trials.models import Fact, Trial
from trials.vocabulary import Basis

# A curator's decision, then what a person read in the record or a document says, then a rule's
# verdict, then what was only inferred.
PRECEDENCE: dict[str, int] = {
    Basis.CURATOR: 0,
    Basis.RECORD: 1,
    Basis.DOCUMENT: 1,
    Basis.RULE: 2,
    Basis.INFERRED: 3,
}


def standing(facts: Iterable[Fact]) -> set[Fact]:
    """Of one trial's live facts, those shown: for each kind, the ones of the highest basis."""
    return set(_standing(facts))


def _standing(facts: Iterable[Fact]) -> list[Fact]:
    by_kind: dict[str, list[Fact]] = defaultdict(list)
    for fact in facts:
        if fact.retired_at is None:
            by_kind[fact.kind].append(fact)
    shown: list[Fact] = []
    for group in by_kind.values():
        best = min(PRECEDENCE[fact.basis] for fact in group)
        shown += [fact for fact in group if PRECEDENCE[fact.basis] == best]
    return shown


def settle(trials: Iterable[Trial]) -> int:
    """Bring `Fact.shown` of these trials in step; returns how many facts changed."""
    keys = [trial.pk for trial in trials]
    by_trial: dict[int, list[Fact]] = defaultdict(list)
    for fact in Fact.objects.filter(trial__in=keys):
        by_trial[fact.trial_id].append(fact)
    appearing: list[int] = []
    vanishing: list[int] = []
    for facts in by_trial.values():
        shown = standing(facts)
        appearing += [fact.pk for fact in facts if fact in shown and not fact.shown]
        vanishing += [fact.pk for fact in facts if fact not in shown and fact.shown]
    Fact.objects.filter(pk__in=vanishing).update(shown=False)
    Fact.objects.filter(pk__in=appearing).update(shown=True)
    return len(appearing) + len(vanishing)
