"""The log of administrative acts: Django's own, so that the admin's pages and ours write one."""

from __future__ import annotations

from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth.models import User
from django.contrib.contenttypes.models import ContentType
from django.db.models import Model

LONGEST_NAME = 200  # letters of what an act was about


def note_act(subject: Model | None, *, by: User, words: str) -> None:
    """Note that somebody did something, mostly with a row, beside what the admin notes by itself.

    People's decisions are not noted here: they have a list of their own, with what they replaced.
    """
    LogEntry.objects.create(
        user=by,
        content_type=ContentType.objects.get_for_model(subject) if subject else None,
        object_id=str(subject.pk) if subject else None,
        object_repr=str(subject or "")[:LONGEST_NAME],
        action_flag=CHANGE,
        change_message=words,
    )
