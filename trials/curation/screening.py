"""Whether a study is in the catalogue: what a person decides, which no rule decides otherwise.

The decision stands on the trial (`screening_basis`), where the refresh and the re-reading look
before they listen to the rules. A stored record that is no trial yet becomes one, shown or not.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from trials.curation.decisions import (
    check_note,
    hold_to_decide,
    record,
    record_all,
    states_before,
    undoes_many,
)
from trials.models import Decision, StoredRecord, Trial
from trials.refresh.entering import Unreadable, bring_in, verdict_of
from trials.search.kept import writing
from trials.vocabulary import Basis, DecisionKind, Screening

State = dict[str, str]
_STATE = ("screening", "basis", "reason")


@dataclass(frozen=True, slots=True)
class Foreseen:
    """What one decision about many trials would change, and of which it would change nothing."""

    changing: list[Trial] = field(default_factory=list)
    decided: list[Trial] = field(default_factory=list)  # by a person, and the same
    joined: list[Trial] = field(default_factory=list)  # turned out to be others

    @property
    def digest(self) -> str:
        """A word that changes with what would be written: a preview is of this alone."""
        said = [(trial.pk, trial.screening, trial.screening_basis) for trial in self.changing]
        return hashlib.sha256(repr(said).encode()).hexdigest()[:16]


@writing()
def screen(  # noqa: PLR0913 - all but the trial are named where it is called
    trial: Trial,
    *,
    take_in: bool,
    by: User,
    note: str,
    at: datetime | None = None,
    batch: UUID | None = None,
) -> bool:
    """Take the trial into the catalogue, or leave it out, until a person decides otherwise.

    False where a person has decided the same. Raises ValidationError for a missing note, for a
    trial that turned out to be another, and where its stored record cannot be read.
    """
    count = screen_many([trial], take_in=take_in, by=by, note=note, at=at, batch=batch)
    trial.refresh_from_db()
    return count == 1


@writing()
def screen_many(  # noqa: PLR0913 - all but the trials are named where it is called
    trials: Sequence[Trial],
    *,
    take_in: bool,
    by: User,
    note: str,
    at: datetime | None = None,
    batch: UUID | None = None,
) -> int:
    """The same of many trials at once; the number of decisions. Raises as `screen`: all or none."""
    note, at = check_note(note), at or timezone.now()
    hold_to_decide(*trials)
    foreseen = foresee_screening([trial.pk for trial in trials], take_in=take_in)
    after = _decided(take_in, note)
    decisions = [
        Decision(
            kind=DecisionKind.SCREENING,
            trial=trial,
            before=_state(trial),
            after=after,
            by=by,
            note=note,
            at=at,
            batch=batch,
        )
        for trial in foreseen.changing
    ]
    _put(foreseen.changing, after, at)
    record_all(decisions)
    return len(decisions)


def foresee_screening(trials: Iterable[int], *, take_in: bool) -> Foreseen:
    """The preview of `screen_many`, for trials by their keys, in the order of their numbers."""
    foreseen, wanted = Foreseen(), _decided(take_in, "")["screening"]
    rows = Trial.objects.filter(pk__in=list(trials)).select_related("joined_to")
    for trial in rows.order_by("number"):
        is_same = (trial.screening, trial.screening_basis) == (wanted, Basis.CURATOR)
        if trial.joined_to_id is not None:
            foreseen.joined.append(trial)
        else:
            (foreseen.decided if is_same else foreseen.changing).append(trial)
    return foreseen


@writing()
def screen_record(
    stored: StoredRecord, *, take_in: bool, by: User, note: str, at: datetime | None = None
) -> Trial:
    """The same of a stored record, whether it is a trial already or not; the trial.

    Raises ValidationError as `screen` does.
    """
    note, at = check_note(note), at or timezone.now()
    stored = StoredRecord.objects.select_for_update(of=("self",)).get(pk=stored.pk)
    if stored.trial is not None:
        screen(stored.trial, take_in=take_in, by=by, note=note, at=at)
        return stored.trial
    before = {
        "screening": stored.screening,
        "basis": Basis.RULE.value,
        "reason": stored.screening_reason,
    }
    after = _decided(take_in, note)
    (trial,) = _brought_in([stored], at)
    _write([trial], after)
    trial.refresh_from_db()
    record(DecisionKind.SCREENING, trial=trial, before=before, after=after, by=by, note=note, at=at)
    return trial


@undoes_many(DecisionKind.SCREENING)
def _bring_back(decisions: Sequence[Decision], by: User, note: str, at: datetime) -> None:
    """As it was; where the rules had decided, as they decide by the record of today."""
    states = states_before(decisions)
    before = {one.trial_id: dict(states[one.pk] or {}) for one in decisions if one.trial_id}
    trials = list(Trial.objects.filter(pk__in=before))
    ids = [trial.registry_id for trial in trials if before[trial.pk]["basis"] == Basis.RULE]
    stored = StoredRecord.objects.filter(registry_id__in=ids).in_bulk(field_name="registry_id")
    alike: dict[tuple[str, ...], list[Trial]] = {}
    for trial in trials:
        state = _state_by(before[trial.pk], stored.get(trial.registry_id))
        alike.setdefault(tuple(state[name] for name in _STATE), []).append(trial)
    for values, some in alike.items():
        _put(some, dict(zip(_STATE, values, strict=True)), at)


def _state_by(before: State, stored: StoredRecord | None) -> State:
    """The state; of a stored record, as the rules find it now."""
    if stored is None:
        return before
    try:
        verdict = verdict_of(stored)
    except Unreadable:  # then what they said before
        return before
    return before | {"screening": verdict.screening, "reason": verdict.reason}


def _decided(take_in: bool, note: str) -> State:
    screening = Screening.INCLUDED if take_in else Screening.EXCLUDED
    return {"screening": screening.value, "basis": Basis.CURATOR.value, "reason": note}


def _state(trial: Trial) -> State:
    return {
        "screening": trial.screening,
        "basis": trial.screening_basis,
        "reason": trial.screening_reason,
    }


def _put(trials: Sequence[Trial], state: State, at: datetime) -> None:
    """Write it. Of a trial that was not shown, the refresh has kept nothing but the record."""
    if state["screening"] == Screening.INCLUDED:
        enter = [one.registry_id for one in trials if one.screening != Screening.INCLUDED]
        if stored := list(StoredRecord.objects.filter(registry_id__in=enter)):
            _brought_in(stored, at)
    _write(trials, state)


def _write(trials: Sequence[Trial], state: State) -> None:
    screening, reason = state["screening"], state["reason"]
    Trial.objects.filter(pk__in=[trial.pk for trial in trials]).update(
        screening=screening,
        screening_basis=state["basis"],
        screening_reason=reason,
        updated_at=timezone.now(),
    )
    StoredRecord.objects.filter(registry_id__in=[trial.registry_id for trial in trials]).update(
        screening=screening, screening_reason=reason
    )


def _brought_in(stored: Sequence[StoredRecord], at: datetime) -> list[Trial]:
    try:
        return bring_in(stored, now=at)
    except Unreadable as error:
        raise ValidationError(
            _("Its stored record cannot be read (%(why)s): refresh it first."),
            code="unreadable",
            params={"why": str(error)},
        ) from error
