"""Finds a sponsor by any name it goes by, or makes it known."""

from __future__ import annotations

import hashlib

from django.utils.text import slugify

from trials.models import Sponsor, SponsorAlias
from trials.models.sponsor import NAME_LENGTH, normalise_name
from trials.vocabulary import AliasKind

_SLUG_LENGTH = 80


class Sponsors:
    """The sponsors of one run, so that each is looked up once."""

    def __init__(self) -> None:
        self._by_name: dict[str, Sponsor] = {}

    def forget(self) -> None:
        """After a transaction that was undone: what it made is not there."""
        self._by_name.clear()

    def named(self, name: str, sponsor_class: str) -> Sponsor:
        """The sponsor with this name, in any spelling that differs by case or stops alone."""
        key = normalise_name(name) or name[:NAME_LENGTH]
        sponsor = self._by_name.get(key)
        if sponsor is None:
            alias = SponsorAlias.objects.filter(normalised=key).select_related("sponsor").first()
            sponsor = alias.sponsor if alias else self._make(name, key, sponsor_class)
            self._by_name[key] = sponsor
        if sponsor_class and not sponsor.sponsor_class:
            sponsor.sponsor_class = sponsor_class
            sponsor.save(update_fields=["sponsor_class"])
        return sponsor

    @staticmethod
    def _make(name: str, key: str, sponsor_class: str) -> Sponsor:
        sponsor = Sponsor.objects.create(
            slug=_free_slug(name, key), name=name[:NAME_LENGTH], sponsor_class=sponsor_class
        )
        sponsor.aliases.create(name=name[:NAME_LENGTH], normalised=key, kind=AliasKind.REGISTRY)
        return sponsor


def _free_slug(name: str, key: str) -> str:
    slug = slugify(name)[:_SLUG_LENGTH].strip("-")
    if slug and not Sponsor.objects.filter(slug=slug).exists():
        return slug
    # A name without Latin letters, or one that another sponsor's slug already looks like.
    mark = hashlib.sha256(key.encode()).hexdigest()[:8]
    return f"{slug or 'sponsor'}-{mark}"
