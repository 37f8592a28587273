"""Where trials are: a point or a known city, and the trials with a site near it."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from functools import reduce
from operator import or_
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
from trials.search import cities

EARTH = 6371.0088  # mean radius, km
HALF_WAY_ROUND = 20016  # km: nothing is farther away
NEARBY = 100.0  # km, where a question names no distance


@dataclass(frozen=True, slots=True)
class Place:
    """A point, a city, or both: no point is known where `latitude` and `longitude` are None.

    `country` is a code, and empty for a point and for a city that no site gives a country.
    """

    latitude: float | None
    longitude: float | None
    city: str = ""
    country: str = ""


def find_city(name: str) -> dict[str, Place]:
    """The cities of this name that sites name, by country code; empty if none is known.

    "Cambridge, GB" names the country too, and so does "Cambridge, United Kingdom". The registry
    gives all sites of a city one point; where it gave several, the one of most sites counts.
    """
    city, country = cities.apart(name)
    if not city:
        return {}
    spelled = (Q(city__iexact=spelling) for spelling in cities.spellings(city))
    sites = Site.objects.filter(reduce(or_, spelled))
    if country:
        sites = sites.filter(country=cities.code_of(country))
    points: Iterable[Any] = (
        sites.values("country", "city", "latitude", "longitude")
        .annotate(sites=Count("pk"))
        .order_by("latitude", "longitude", "city")
    )
    found: dict[str, Place] = {}
    for row in sorted(points, key=lambda row: (row["latitude"] is not None, row["sites"])):
        country = row["country"] or ""
        found[country] = Place(row["latitude"], row["longitude"], row["city"], country)
    return {country: place for country, place in found.items() if country or len(found) == 1}


def known_cities() -> dict[str, str]:
    """Every city that a site names, for a suggestion."""
    named = Site.objects.exclude(city="").values_list("city", flat=True)
    return {city: city for city in named.distinct().order_by("city")}


def _distance(latitude: float, longitude: float) -> Combinable:
    """Great-circle distance of a site in km (haversine)."""
    north = Radians(F("latitude") - latitude) / 2.0
    east = Radians(F("longitude") - longitude) / 2.0
    share = Power(Sin(north), 2) + Power(Sin(east), 2) * (
        Cos(Radians(F("latitude"))) * math.cos(math.radians(latitude))
    )
    # Rounding can lift the share of a point's antipode above 1, where ASin has no answer.
    return ASin(Sqrt(Least(Value(1.0), share, output_field=FloatField()))) * (2 * EARTH)


def _sites() -> QuerySet[Site]:
    return Site.objects.filter(trial=OuterRef("pk")).order_by()


def _sites_in_reach(place: Place, km: float) -> QuerySet[Site]:
    """Sites within `km`: first those in a belt of latitude, which costs no trigonometry."""
    if place.latitude is None or place.longitude is None:
        return _sites().none()
    belt = math.degrees(km / EARTH)
    sites = _sites().filter(
        latitude__range=(place.latitude - belt, place.latitude + belt), longitude__isnull=False
    )
    distance = _distance(place.latitude, place.longitude)
    return sites.annotate(km=distance).filter(km__lte=km)


def _sites_by_name(place: Place) -> QuerySet[Site]:
    """Sites without a point that give the city's name: near it, nobody knows how near."""
    if not place.city:
        return _sites().none()
    sites = _sites().filter(latitude__isnull=True, city__iexact=place.city)
    return sites.filter(country=place.country) if place.country else sites


def within(place: Place, km: float) -> Q:
    """Trials with a site within `km` of the place, or in a city of its name."""
    return Q(Exists(_sites_in_reach(place, km))) | Q(Exists(_sites_by_name(place)))


def not_placed() -> Q:
    """Trials with a site of which no point is known."""
    return Q(Exists(_sites().filter(latitude__isnull=True)))


def nearest_site(place: Place, km: float) -> Subquery:
    """The distance of a trial's nearest site, in km; null where only the city's name is known."""
    nearest = _sites_in_reach(place, km).values("trial").annotate(least=Min("km"))
    return Subquery(nearest.values("least"), output_field=FloatField())
