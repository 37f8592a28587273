"""The name that a curator chose for readers."""

from __future__ import annotations

from django.contrib.auth.models import User
from django.db import router

from trials.models import Decision, Fact, PublicName, Trial
from trials.search.kept import writing
from trials.search.log import note

LONGEST = PublicName._meta.get_field("name").max_length


@writing()
def call(person: User, name: str) -> None:
    """Readers see this name from now on, on earlier decisions too; an empty one: none.

    The trials are noted as changed, so that nobody goes on showing what was kept of them.
    """
    words = " ".join(name.split())[:LONGEST]
    if words:
        PublicName.objects.update_or_create(person=person, defaults={"name": words})
    else:
        PublicName.objects.filter(person=person).delete()
    named = {*Fact.objects.filter(decided_by=person).values_list("trial", flat=True)}
    decided = Decision.objects.filter(by=person).exclude(trial=None)
    named |= {key for key in decided.values_list("trial", flat=True) if key is not None}
    if named:
        note(router.db_for_write(Trial), named)
