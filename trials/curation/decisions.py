"""The list of people's decisions, which nothing leaves; and how each of them is undone."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from trials.models import Decision, Trial
from trials.search.kept import writing
from trials.search.loading import AT_ONCE, batched
from trials.vocabulary import DecisionKind

# Brings back what was before, in the transaction that is open: by whom, why, when.
Undo = Callable[[Decision, User, str, datetime], None]

_undoing: dict[str, Undo] = {}


def undoes(kind: DecisionKind) -> Callable[[Undo], Undo]:
    """Registers how decisions of this kind are undone."""

    def register(function: Undo) -> Undo:
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
    note, at = check_note(note), at or timezone.now()
    # The trial first, as whoever decides: only then nobody makes a later decision meanwhile.
    hold_all([decision.trial_id] if decision.trial_id else [])
    decision = Decision.objects.select_for_update(of=("self",)).get(pk=decision.pk)
    if decision.undone_at is not None:
        raise ValidationError(_("It is undone already."), code="undone")
    if later := decision.overtaken_by():
        words = _("A later decision stands, of %(when)s: undo that one first.")
        when = f"{timezone.localtime(later.at):%Y-%m-%d %H:%M}"
        raise ValidationError(words, code="overtaken", params={"when": when})
    _undoing[decision.kind](decision, by, note, at)
    decision.undone_at, decision.undone_by, decision.undone_note = at, by, note
    decision.save(update_fields=["undone_at", "undone_by", "undone_note"])


@writing()
def undo_all(batch: UUID, *, by: User, note: str, at: datetime | None = None) -> int:
    """Undo all decisions that were made together, the last first; the number of them.

    All or none: raises ValidationError as `undo` does.
    """
    together = list(Decision.objects.filter(batch=batch, undone_at=None).order_by("-pk"))
    hold_all(decision.trial_id for decision in together if decision.trial_id)
    for decision in together:
        undo(decision, by=by, note=note, at=at)
    return len(together)
