"""The registry's country names and their ISO codes."""

from typing import Any

import pytest

from trials.registry.countries import FORMER, SPELLINGS, country_code, is_former


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("China", "CN"),
        ("Taiwan", "TW"),
        ("Hong Kong", "HK"),
        ("Macau", "MO"),
        ("Korea, Republic of", "KR"),
        ("South Korea", "KR"),
        ("Korea, Democratic People's Republic of", "KP"),
        ("Turkey", "TR"),
        ("Turkey (Türkiye)", "TR"),
        ("Türkiye", "TR"),
        ("Czechia", "CZ"),
        ("Czech Republic", "CZ"),
        ("Iran, Islamic Republic of", "IR"),
        ("The Democratic Republic of the Congo", "CD"),
        ("Congo", "CG"),
        ("Côte d’Ivoire", "CI"),
        ("Côte D'Ivoire", "CI"),
        ("Cote d'Ivoire", "CI"),
        ("Bosnia and Herzegovina", "BA"),
        ("Saint Kitts and Nevis", "KN"),
        ("Réunion", "RE"),
        ("Palestinian Territories", "PS"),
        ("  united   states ", "US"),
        ("Puerto Rico", "PR"),
    ],
)
def test_a_country_has_its_code(name: str, code: str) -> None:
    assert country_code(name) == code


@pytest.mark.parametrize("name", ["", "Atlantis", "CN", "European Union", "world", *FORMER])
def test_what_is_no_country_of_today_has_no_code(name: str) -> None:
    assert country_code(name) is None


@pytest.mark.parametrize(("name", "former"), [("former yugoslavia", True), ("Atlantis", False)])
def test_countries_that_are_no_more_are_known(name: str, former: bool) -> None:
    assert is_former(name) is former


def test_no_spelling_stands_in_the_table_twice() -> None:
    assert len(SPELLINGS) == len({name.casefold() for name in SPELLINGS})


@pytest.mark.records
def test_every_country_of_the_real_records_has_a_code(real_records: list[Any]) -> None:
    names = {
        location["country"]
        for raw in real_records
        for location in raw["protocolSection"]
        .get("contactsLocationsModule", {})
        .get("locations", [])
    }
    names |= {
        name
        for raw in real_records
        for name in raw["derivedSection"]["miscInfoModule"].get("removedCountries", [])
    }

    assert sorted(name for name in names if country_code(name) is None) == []
