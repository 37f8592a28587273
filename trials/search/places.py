"""Where trials are: a point or a known city, and the trials with a site near it."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import (
    Count,
    Exists,
    F,
    FloatField,
    Min,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
)
from django.db.models.expressions import Combinable
from django.db.models.functions import ASin, Cos, Least, Power, Radians, Sin, Sqrt

from trials.models import Site

EARTH = 6371.0088  # mean radius, km
HALF_WAY_ROUND = 20016  # km: nothing is farther away
NEARBY = 100.0  # km, where a question names no distance


@dataclass(frozen=True, slots=True)
class Place:
    latitude: float
    longitude: float
    name: str


def find_city(name: str) -> dict[str, Place]:
    """The cities of this name that sites name, by country code; empty if none is known.

    "Cambridge, GB" names the country too. The registry gives all sites of a city one point;
    where it gave several, the one of most sites counts.
    """
    city, _, code = (part.strip() for part in name.partition(","))
    sites = Site.objects.filter(city__iexact=city, latitude__isnull=False, country__isnull=False)
    if code:
        sites = sites.filter(country=code.upper())
    points: Iterable[Any] = (
        sites.values("country", "city", "latitude", "longitude")
        .annotate(sites=Count("pk"))
        .order_by("sites", "latitude", "longitude")
    )
    return {row["country"]: Place(row["latitude"], row["longitude"], row["city"]) for row in points}


def known_cities() -> dict[str, str]:
    """Every city that has a point, for a suggestion."""
    cities = Site.objects.filter(latitude__isnull=False).exclude(city="")
    return {
        city: city for city in cities.values_list("city", flat=True).distinct().order_by("city")
    }


def _distance(place: Place) -> Combinable:
    """Great-circle distance of a site in km (haversine)."""
    north = Radians(F("latitude") - place.latitude) / 2.0
    east = Radians(F("longitude") - place.longitude) / 2.0
    share = Power(Sin(north), 2) + Power(Sin(east), 2) * (
        Cos(Radians(F("latitude"))) * math.cos(math.radians(place.latitude))
    )
    # Rounding can lift the share of a point's antipode above 1, where ASin has no answer.
    return ASin(Sqrt(Least(Value(1.0), share, output_field=FloatField()))) * (2 * EARTH)


def _sites_in_reach(place: Place, km: float) -> QuerySet[Site]:
    """Sites within `km`: first those in a belt of latitude, which costs no trigonometry."""
    belt = math.degrees(km / EARTH)
    sites = Site.objects.filter(
        trial=OuterRef("pk"),
        latitude__range=(place.latitude - belt, place.latitude + belt),
        longitude__isnull=False,
    )
    return sites.order_by().annotate(km=_distance(place)).filter(km__lte=km)


def within(place: Place, km: float) -> Q:
    """Trials with a site within `km` of the place."""
    return Q(Exists(_sites_in_reach(place, km)))


def nearest_site(place: Place, km: float) -> Subquery:
    """The distance of a trial's nearest site, in km."""
    nearest = _sites_in_reach(place, km).values("trial").annotate(least=Min("km"))
    return Subquery(nearest.values("least"), output_field=FloatField())
