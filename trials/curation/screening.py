"""Whether a study is in the catalogue: what a person decides, which no rule decides otherwise.

The decision stands on the trial (`screening_basis`), where the refresh and the re-reading look
before they listen to the rules. A stored record that is no trial yet becomes one, shown or not.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from trials.curation.decisions import check_note, hold, hold_to_decide, record, undoes
from trials.models import Decision, StoredRecord, Trial
from trials.refresh.entering import Unreadable, bring_in, verdict_of
from trials.search.kept import writing
from trials.vocabulary import Basis, DecisionKind, Screening

State = dict[str, str]


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
    note, at = check_note(note), at or timezone.now()
    hold_to_decide(trial)
    trial.refresh_from_db()
    before, after = _state(trial), _decided(take_in, note)
    if before["basis"] == Basis.CURATOR and before["screening"] == after["screening"]:
        return False
    _put(trial, after, at)
    record(
        DecisionKind.SCREENING,
        trial=trial,
        before=before,
        after=after,
        by=by,
        note=note,
        at=at,
        batch=batch,
    )
    return True


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
    trial = _brought_in(stored, at)
    _write(trial, after)
    record(DecisionKind.SCREENING, trial=trial, before=before, after=after, by=by, note=note, at=at)
    return trial


@undoes(DecisionKind.SCREENING)
def _bring_back(decision: Decision, by: User, note: str, at: datetime) -> None:
    """As it was; where the rules had decided, as they decide by the record of today."""
    trial = decision.trial
    assert trial is not None  # noqa: S101 - a decision about screening has its trial
    hold(trial)
    trial.refresh_from_db()
    state = dict(decision.before or {})
    stored = _stored(trial)
    if state["basis"] == Basis.RULE and stored is not None:
        try:
            verdict = verdict_of(stored)
        except Unreadable:  # then what they said before
            pass
        else:
            state |= {"screening": verdict.screening, "reason": verdict.reason}
    _put(trial, state, at)


def _decided(take_in: bool, note: str) -> State:
    screening = Screening.INCLUDED if take_in else Screening.EXCLUDED
    return {"screening": screening.value, "basis": Basis.CURATOR.value, "reason": note}


def _state(trial: Trial) -> State:
    return {
        "screening": trial.screening,
        "basis": trial.screening_basis,
        "reason": trial.screening_reason,
    }


def _put(trial: Trial, state: State, at: datetime) -> None:
    """Write it. Of a trial that was not shown, the refresh has kept nothing but the record."""
    stored = _stored(trial)
    enters = state["screening"] == Screening.INCLUDED and trial.screening != Screening.INCLUDED
    if enters and stored is not None:
        _brought_in(stored, at)
        trial.refresh_from_db()
    _write(trial, state)


def _write(trial: Trial, state: State) -> None:
    trial.screening, trial.screening_basis = state["screening"], state["basis"]
    trial.screening_reason = state["reason"]
    trial.save(update_fields=["screening", "screening_basis", "screening_reason", "updated_at"])
    StoredRecord.objects.filter(registry_id=trial.registry_id).update(
        screening=trial.screening, screening_reason=trial.screening_reason
    )


def _stored(trial: Trial) -> StoredRecord | None:
    return StoredRecord.objects.filter(registry_id=trial.registry_id).first()


def _brought_in(stored: StoredRecord, at: datetime) -> Any:
    try:
        return bring_in(stored, now=at)
    except Unreadable as error:
        raise ValidationError(
            _("Its stored record cannot be read (%(why)s): refresh it first."),
            code="unreadable",
            params={"why": str(error)},
        ) from error
