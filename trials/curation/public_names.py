"""The name that a curator chose for readers."""

from __future__ import annotations

from django.contrib.auth.models import User

from trials.models import PublicName

LONGEST = PublicName._meta.get_field("name").max_length


def call(person: User, name: str) -> None:
    """Readers see this name from now on, on earlier decisions too; an empty one: none."""
    words = " ".join(name.split())[:LONGEST]
    if words:
        PublicName.objects.update_or_create(person=person, defaults={"name": words})
    else:
        PublicName.objects.filter(person=person).delete()
