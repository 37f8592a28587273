"""Where a trial is carried out: its sites by country, and how many of them take participants."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from catalog.pages.folding import in_sight
from trials.models import Country, Site
from trials.querysets import RECRUITING

MOST_SITES = 200  # on the page of a trial


@dataclass
class Place:
    """A country, as the catalogue knows it or as it was registered, with its sites."""

    country: Country | None
    name: str
    sites: list[Site] = field(default_factory=list)

    @property
    def count(self) -> int:
        return len(self.sites)

    @property
    def open(self) -> int:
        """How many of the sites say that they take participants."""
        return sum(site.status in RECRUITING for site in self.sites)

    @property
    def in_sight(self) -> list[Site]:
        return self._those_open_first[: in_sight(self.sites)]

    @property
    def rest(self) -> list[Site]:
        return self._those_open_first[in_sight(self.sites) :]

    @property
    def _those_open_first(self) -> list[Site]:
        return sorted(self.sites, key=lambda site: site.status not in RECRUITING)


def places(sites: Iterable[Site]) -> list[Place]:
    """The sites by country, in the registry's order."""
    by_country: dict[str, Place] = {}
    for site in sites:
        key = site.country_id or site.country_name
        by_country.setdefault(key, Place(site.country, site.country_name)).sites.append(site)
    return list(by_country.values())
