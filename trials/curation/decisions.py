"""The list of people's decisions, which nothing leaves; and how each of them is undone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from trials.models import Decision, Trial
from trials.search.kept import writing
from trials.search.loading import AT_ONCE, batched
from trials.vocabulary import DecisionKind

# Brings back what was before, in the transaction that is open: by whom, why, when.
Undo = Callable[[Decision, User, str, datetime], None]
# The same of several, no two of which are about the same thing. Their trials are held.
UndoMany = Callable[[Sequence[Decision], User, str, datetime], None]

_undoing: dict[str, UndoMany] = {}


def undoes(kind: DecisionKind) -> Callable[[Undo], Undo]:
    """Registers how a decision of this kind is undone."""

    def register(function: Undo) -> Undo:
        def one_by_one(decisions: Sequence[Decision], by: User, note: str, at: datetime) -> None:
            for decision in decisions:
                function(decision, by, note, at)

        _undoing[kind] = one_by_one
        return function

    return register


def undoes_many(kind: DecisionKind) -> Callable[[UndoMany], UndoMany]:
    """Registers how decisions of this kind are undone, in as many queries as one."""

    def register(function: UndoMany) -> UndoMany:
        _undoing[kind] = function
        return function

    return register


def check_note(note: str) -> str:
    """The note without blanks round it. Raises ValidationError where nothing is left."""
    if not note.strip():
        raise ValidationError(
            _("Write a note: what the decision rests on, for those who read it later."),
            code="note",
        )
    return note.strip()


def hold(trial: Trial) -> Trial:
    """Make other curators of this trial wait until the transaction that is open now has ended.

    Returns it as it is now.
    """
    return Trial.objects.select_for_update(of=("self",)).get(pk=trial.pk)


def hold_all(trials: Iterable[int]) -> None:
    """The same of these keys, in their order: two who hold many never wait for each other."""
    _hold_many(trials)


def hold_to_decide(*trials: Trial) -> None:
    """The same, for new decisions. Raises ValidationError where one turned out to be another trial.

    A refresh may have joined the two while somebody had the page open.
    """
    for trial in _hold_many(trial.pk for trial in trials):
        if trial.joined_to_id is not None:
            raise ValidationError(
                _("It turned out to be %(trial)s: decide about that one."),
                code="joined",
                params={"trial": trial.joined_to},
            )


def _hold_many(keys: Iterable[int]) -> list[Trial]:
    """The trials, with little more than their keys."""
    held = Trial.objects.select_for_update(of=("self",)).order_by("pk").only("pk", "joined_to")
    return [
        trial for some in batched(sorted({*keys}), AT_ONCE) for trial in held.filter(pk__in=some)
    ]


def record(
    kind: DecisionKind, *, by: User, note: str, at: datetime, batch: UUID | None = None, **what: Any
) -> Decision:
    """Note a decision. `what`: its subject (`trial` or `sponsor`), `aspect`, `before`, `after`."""
    return Decision.objects.create(kind=kind, by=by, note=note, at=at, batch=batch, **what)


def record_all(decisions: Iterable[Decision]) -> None:
    """Note decisions that were made together."""
    Decision.objects.bulk_create(decisions)


def standing_beside_facts(trial: Trial) -> list[Decision]:
    """The decisions that stand about the trial itself, the latest of each kind and paper."""
    kinds = (DecisionKind.SCREENING, DecisionKind.TITLE, DecisionKind.PUBLICATION)
    made = trial.decisions.filter(kind__in=kinds, undone_at=None)
    latest: dict[tuple[str, str], Decision] = {}
    for decision in made.select_related("by__public_name"):
        latest.setdefault((decision.kind, decision.aspect), decision)
    return list(latest.values())


@writing()
def undo(decision: Decision, *, by: User, note: str, at: datetime | None = None) -> None:
    """Bring back the state before the decision; both stay in the list.

    Raises ValidationError for a missing note, for a decision that is undone already, and for one
    that a later decision about the same thing has overtaken: that one is to be undone first.
    """
    note = check_note(note)
    if not _undo(Decision.objects.filter(pk=decision.pk), by=by, note=note, at=at):
        raise ValidationError(_("It is undone already."), code="undone")


@writing()
def undo_all(batch: UUID, *, by: User, note: str, at: datetime | None = None) -> int:
    """Undo all decisions that were made together, the last first; the number of them.

    All or none: raises ValidationError as `undo` does.
    """
    return _undo(Decision.objects.filter(batch=batch), by=by, note=check_note(note), at=at)


def _undo(rows: QuerySet[Decision], *, by: User, note: str, at: datetime | None) -> int:
    """Undo those of these decisions that stand; the number of them."""
    at, rows = at or timezone.now(), rows.filter(undone_at=None)
    # The trials first, as whoever decides: only then nobody makes a later decision meanwhile.
    hold_all(key for key in rows.order_by().values_list("trial", flat=True) if key is not None)
    locked = rows.select_for_update(of=("self",)).select_related("trial", "sponsor")
    decisions = list(locked.order_by("-pk"))
    _refuse_if_overtaken(decisions)
    for kind, some in _by_turns(decisions):
        _undoing[kind](some, by, note, at)
    keys = [decision.pk for decision in decisions]
    Decision.objects.filter(pk__in=keys).update(undone_at=at, undone_by=by, undone_note=note)
    return len(decisions)


def states_before(decisions: Sequence[Decision]) -> dict[int, Any]:
    """What their undoing brings back, by their keys. No two of them are about the same thing.

    That is what was before; but what an earlier decision says where one stands. The two differ
    where one of them came with a trial that turned out to be this one.
    """
    found = {decision.pk: decision.before for decision in decisions}
    ours = {decision.about: decision.pk for decision in decisions}
    trials = {decision.trial_id for decision in decisions}
    kinds = {decision.kind for decision in decisions}
    standing = Decision.objects.filter(trial__in=trials, kind__in=kinds, undone_at=None)
    for earlier in standing.order_by("pk"):
        key = ours.get(earlier.about, 0)
        if earlier.pk < key:
            found[key] = earlier.after
    return found


def _by_turns(decisions: Iterable[Decision]) -> Iterator[tuple[str, list[Decision]]]:
    """By kind, the last first; in one turn no two about the same thing."""
    turns: dict[tuple[int, str], list[Decision]] = {}
    before: Counter[tuple[Any, ...]] = Counter()
    for decision in decisions:
        turns.setdefault((before[decision.about], decision.kind), []).append(decision)
        before[decision.about] += 1
    for (_turn, kind), some in sorted(turns.items(), key=lambda turn: turn[0]):
        yield kind, some


def _refuse_if_overtaken(decisions: Sequence[Decision]) -> None:
    """Raise ValidationError where another decision stands that is later about the same thing."""
    first: dict[tuple[Any, ...], int] = {}
    for decision in decisions:
        first[decision.about] = min(first.get(decision.about, decision.pk), decision.pk)
    about = Q(trial__in=[decision.trial_id for decision in decisions if decision.trial_id])
    about |= Q(sponsor__in=[decision.sponsor_id for decision in decisions if decision.sponsor_id])
    ours = {decision.pk for decision in decisions}
    kinds = {decision.kind for decision in decisions}
    for other in Decision.objects.filter(about, kind__in=kinds, undone_at=None).order_by("pk"):
        if other.pk not in ours and other.pk > first.get(other.about, other.pk):
            words = _("A later decision stands, of %(when)s: undo that one first.")
            when = f"{timezone.localtime(other.at):%Y-%m-%d %H:%M}"
            raise ValidationError(words, code="overtaken", params={"when": when})
