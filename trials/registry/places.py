"""Where a study takes place: its sites, and the countries that no longer take part."""

from dataclasses import dataclass

from trials.registry import enums
from trials.registry.countries import country_code, is_former
from trials.registry.fields import Fields, unique


@dataclass(frozen=True, slots=True)
class Location:
    facility: str
    city: str
    state: str
    country: str  # as the registry names it
    country_code: str  # ISO 3166-1 alpha-2; "" where the name has none
    latitude: float | None
    longitude: float | None
    status: str


def read_locations(contacts_locations: Fields) -> tuple[Location, ...]:
    # Not made unique: the registry calls many different sites "Research Site" of one city.
    return tuple(map(_location, contacts_locations.sections("locations")))


def read_removed_countries(misc: Fields) -> tuple[str, ...]:
    codes = (
        _country_code(misc, "removedCountries", name) for name in misc.labels("removedCountries")
    )
    return unique(code for code in codes if code)


def _location(location: Fields) -> Location:
    point = location.section("geoPoint")
    latitude, longitude = point.degrees("lat", 90), point.degrees("lon", 180)
    is_placed = latitude is not None and longitude is not None
    country = location.label("country")
    return Location(
        facility=location.label("facility"),
        city=location.label("city"),
        state=location.label("state"),
        country=country,
        country_code=_country_code(location, "country", country),
        latitude=latitude if is_placed else None,
        longitude=longitude if is_placed else None,
        status=location.choice("status", enums.STATUS),
    )


def _country_code(fields: Fields, field: str, name: str) -> str:
    code = country_code(name)
    if code is None and name and not is_former(name):
        fields.note(field, name)
    return code or ""
