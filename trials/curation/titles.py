"""The Chinese title of a trial, as a person gives it: no later seed writes another over it."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.contrib.auth.models import User
from django.utils import timezone

from trials.curation.decisions import (
    check_note,
    hold,
    hold_to_decide,
    record,
    states_before,
    undoes,
)
from trials.models import Decision, Trial
from trials.search.kept import writing
from trials.vocabulary import DecisionKind

_COLUMNS = ("title_zh", "title_zh_note")


@writing()
def name_in_chinese(  # noqa: PLR0913 - all but the trial are named where it is called
    trial: Trial,
    *,
    title: str,
    by: User,
    note: str,
    at: datetime | None = None,
    batch: UUID | None = None,
) -> bool:
    """Give the trial this Chinese title; an empty one: it has none that is worth showing.

    False where a person has given it the same. Raises ValidationError for a missing note, and for
    a trial that turned out to be another.
    """
    note, at, title = check_note(note), at or timezone.now(), " ".join(title.split())
    hold_to_decide(trial)
    trial.refresh_from_db(fields=_COLUMNS)
    before, after = _state(trial), {"title_zh": title, "title_zh_note": ""}
    if before == after and titled([trial.pk]):
        return False
    _write(trial, after)
    record(
        DecisionKind.TITLE,
        trial=trial,
        before=before,
        after=after,
        by=by,
        note=note,
        at=at,
        batch=batch,
    )
    return True


def titled(trials: list[int]) -> set[int]:
    """Those of these trials whose Chinese title a person's standing decision gives."""
    standing = Decision.objects.filter(kind=DecisionKind.TITLE, undone_at=None)
    keys = standing.filter(trial__in=trials).values_list("trial", flat=True)
    return {key for key in keys if key is not None}


@undoes(DecisionKind.TITLE)
def _bring_back(decision: Decision, by: User, note: str, at: datetime) -> None:
    trial = decision.trial
    assert trial is not None  # noqa: S101 - a decision about a title has its trial
    hold(trial)
    _write(trial, dict(states_before([decision])[decision.pk] or {}))


def _state(trial: Trial) -> dict[str, str]:
    return {name: getattr(trial, name) for name in _COLUMNS}


def _write(trial: Trial, state: dict[str, str]) -> None:
    for name, value in state.items():
        setattr(trial, name, value)
    trial.save(update_fields=[*_COLUMNS, "updated_at"])
