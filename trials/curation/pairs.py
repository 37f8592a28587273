"""Finds sponsors that may be one and keeps them as pairs, for a person to say."""

from __future__ import annotations

from collections import defaultdict

from django.db import transaction

from trials.likeness import likest_pairs
from trials.models import Sponsor, SponsorAlias, SponsorPair
from trials.models.sponsor import normalise_name

AT_ONCE = 1000  # rows in a statement


def find_pairs() -> int:
    """Compare the sponsors whose names were not compared yet with all; the number of new pairs.

    A pair that is known stays as it is, told apart or not.
    """
    fresh = list(Sponsor.objects.present().filter(compared=False).values_list("pk", flat=True))
    if not fresh:
        return 0
    found = likest_pairs(_names(), fresh)
    known = set(SponsorPair.objects.values_list("one", "other"))
    new = [
        SponsorPair(one_id=one, other_id=other, likeness=likeness)
        for (one, other), likeness in found.items()
        if (one, other) not in known
    ]
    with transaction.atomic():
        # Another process may have found the same pair meanwhile.
        SponsorPair.objects.bulk_create(new, batch_size=AT_ONCE, ignore_conflicts=True)
        for start in range(0, len(fresh), AT_ONCE):
            some = fresh[start : start + AT_ONCE]
            Sponsor.objects.filter(pk__in=some).update(compared=True)
    return len(new)


def _names() -> dict[int, list[str]]:
    """The names of every sponsor by key, the oldest first."""
    names: dict[int, list[str]] = defaultdict(list)
    aliases = SponsorAlias.objects.order_by("sponsor_id", "pk")
    for key, normalised in aliases.values_list("sponsor_id", "normalised").iterator():
        names[key].append(normalised)
    chinese = Sponsor.objects.present().exclude(name_zh="").order_by("pk")
    for key, name_zh in chinese.values_list("pk", "name_zh"):
        names[key].append(normalise_name(name_zh))
    return dict(sorted(names.items()))
