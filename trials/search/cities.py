"""What a reader calls a city and its country, as the registry calls them."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from django.db.models import Q

from trials.models import Country
from trials.search.chinese import simplified

CITIES = Path(__file__).with_name("cities.toml")
_COMMA = re.compile(r"[,，、]")


@cache
def _table() -> Mapping[str, list[str]]:
    cities: Mapping[str, list[str]] = tomllib.loads(CITIES.read_text(encoding="utf-8"))["cities"]
    return cities


def spellings(city: str) -> list[str]:
    """The names by which the registry may know a city; a name that is not Chinese is its own."""
    plain = simplified(city)
    return _table().get(plain) or _table().get(plain.removesuffix("市")) or [city]


def apart(name: str) -> tuple[str, str]:
    """The city and, empty where none is named, the country: "Cambridge, GB", "上海，中国"."""
    city, *rest = (part.strip() for part in _COMMA.split(name, maxsplit=1))
    return city, rest[0] if rest else ""


def code_of(country: str) -> str:
    """The code of a country that is given by code or by name; what nobody knows stays as it is."""
    same = Q(code__iexact=country) | Q(name__iexact=country) | Q(name_zh=simplified(country))
    return Country.objects.filter(same).values_list("code", flat=True).first() or country
