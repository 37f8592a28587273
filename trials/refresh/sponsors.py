"""Finds sponsors by any name they go by, or makes them known: a batch of names at a time."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from django.utils.text import slugify

from trials.models import Sponsor, SponsorAlias
from trials.models.sponsor import NAME_LENGTH, normalise_name
from trials.registry.study import Sponsor as Named
from trials.vocabulary import AliasKind

_SLUG_LENGTH = 80


class Sponsors:
    """The sponsors of a batch of studies, so that each is looked up once.

    Not of a whole run: a person may merge two of them meanwhile.
    """

    def __init__(self) -> None:
        self._key_of: dict[str, int] = {}  # normalised name → primary key
        self._without_class: set[int] = set()

    def forget(self) -> None:
        """After a transaction that was undone: what it made is not there."""
        self._key_of.clear()
        self._without_class.clear()

    def meet(self, named: Iterable[Named]) -> None:
        """Look up these sponsors, and make those that nobody knows. Inside a transaction.

        Whoever would merge one of them waits until it has ended.
        """
        by_key = {spelled(one.name): one for one in reversed(list(named))}
        self.forget()
        _hold(list(by_key))
        self._look_up(list(by_key))
        self._make({key: one for key, one in by_key.items() if key not in self._key_of})
        self._classify(by_key)

    def key(self, name: str) -> int:
        """The primary key of a sponsor that was met, whatever way its name is written."""
        return self._key_of[spelled(name)]

    def _look_up(self, keys: list[str]) -> None:
        known = SponsorAlias.objects.filter(normalised__in=keys).values_list(
            "normalised", "sponsor_id", "sponsor__sponsor_class"
        )
        for key, sponsor, sponsor_class in known:
            self._key_of[key] = sponsor
            if not sponsor_class:
                self._without_class.add(sponsor)

    def _make(self, new: dict[str, Named]) -> None:
        if not new:
            return
        slugs = _free_slugs(new)
        made = Sponsor.objects.bulk_create(
            Sponsor(slug=slugs[key], name=one.name[:NAME_LENGTH], sponsor_class=one.sponsor_class)
            for key, one in new.items()
        )
        SponsorAlias.objects.bulk_create(
            SponsorAlias(
                sponsor=sponsor, name=sponsor.name, normalised=key, kind=AliasKind.REGISTRY
            )
            for key, sponsor in zip(new, made, strict=True)
        )
        self._key_of |= {key: sponsor.pk for key, sponsor in zip(new, made, strict=True)}
        self._without_class |= {sponsor.pk for sponsor in made if not sponsor.sponsor_class}

    def _classify(self, by_key: dict[str, Named]) -> None:
        for key, one in by_key.items():
            sponsor = self._key_of[key]
            if one.sponsor_class and sponsor in self._without_class:
                Sponsor.objects.filter(pk=sponsor).update(sponsor_class=one.sponsor_class)
                self._without_class.discard(sponsor)


def _hold(keys: list[str]) -> None:
    """Again after it waited: by then a name may lead to another, into which its own was merged."""
    held: set[int] = set()
    while True:
        names = SponsorAlias.objects.filter(normalised__in=keys)
        fresh = set(names.values_list("sponsor", flat=True)) - held
        if not fresh:
            return
        rows = Sponsor.objects.select_for_update(of=("self",), no_key=True).order_by("pk")
        list(rows.filter(pk__in=fresh).values_list("pk"))
        held |= fresh


def spelled(name: str) -> str:
    """The form by which names are compared."""
    return normalise_name(name) or name[:NAME_LENGTH]


def _free_slugs(new: dict[str, Named]) -> dict[str, str]:
    """A slug for each: of its name where that is free, else with a mark that is its own."""
    plain = {key: slugify(one.name)[:_SLUG_LENGTH].strip("-") for key, one in new.items()}
    taken = set(Sponsor.objects.filter(slug__in=plain.values()).values_list("slug", flat=True))
    slugs: dict[str, str] = {}
    for key, slug in plain.items():
        # A name without Latin letters, or one that another sponsor's slug already looks like.
        marked = f"{slug or 'sponsor'}-{hashlib.sha256(key.encode()).hexdigest()[:8]}"
        slugs[key] = marked if not slug or slug in taken else slug
        taken.add(slugs[key])
    return slugs
