"""Leaving an item of the queue as it is, which is remembered until something about it changes."""

from __future__ import annotations

from datetime import datetime

from django.contrib.auth.models import User
from django.utils import timezone

from trials.models import Decision, Left


def leave(kind: str, *, key: str, said: str, by: User, at: datetime | None = None) -> None:
    """Remember that a person looked at the item as it is now; `said` tells that from later."""
    Left.objects.get_or_create(
        kind=kind, key=key, said=said, defaults={"by": by, "at": at or timezone.now()}
    )


def latest_of(person: User) -> Decision | Left | None:
    """What the person did last and can undo: a decision that stands, or an item left."""
    decision = Decision.objects.filter(by=person, undone_at=None).order_by("-pk").first()
    left = Left.objects.filter(by=person).order_by("-pk").first()
    if decision is not None and (left is None or decision.at > left.at):
        return decision
    return left
