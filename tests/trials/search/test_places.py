"""Near a place: what is told of sites whose coordinates nobody knows."""

import tomllib

import pytest
from django.http import QueryDict
from django.test import Client

from catalog.filters import ask
from tests.builders import make_site, make_trial
from trials.search.cities import CITIES, spellings

pytestmark = pytest.mark.django_db
SHANGHAI = {"city": "Shanghai", "latitude": 31.22, "longitude": 121.46}
WORDS = "1 trial has sites without coordinates and cannot be placed."


def found(question: str) -> list[str]:
    asked = ask(QueryDict(question))
    assert asked.faults == ()
    return [trial.number for trial in asked.trials]


@pytest.mark.parametrize("name", ["Taipei", "taipei", "Taipei, TW", "Nowhere"])
def test_a_city_without_coordinates_is_found_by_its_name(name: str) -> None:
    make_site(make_trial("SCT-0001"), "TW", city="Taipei")
    make_site(make_trial("SCT-0002"), None, city="Nowhere")
    make_site(make_trial("SCT-0003"), "CN", **SHANGHAI)
    expected = "SCT-0002" if name == "Nowhere" else "SCT-0001"
    assert found(f"near={name}&within_km=5&ordering=distance") == [expected]


@pytest.mark.parametrize(
    "name",
    ["上海", "上海市", " 上海 ", "上海，中国", "上海,CN", "shanghai, china", "Shanghai, cn"],
)
def test_a_city_is_found_as_a_chinese_reader_writes_it(name: str) -> None:
    make_site(make_trial("SCT-0001"), "CN", **SHANGHAI)
    make_site(make_trial("SCT-0002"), "CN", city="Beijing", latitude=39.9, longitude=116.4)
    assert found(f"near={name}") == ["SCT-0001"]


def test_a_city_that_the_registry_spells_in_two_ways_is_one() -> None:
    make_site(make_trial("SCT-0001"), "TW", city="Taoyuan City", latitude=24.99, longitude=121.3)
    make_site(make_trial("SCT-0002"), "TW", city="Taoyuan", latitude=24.99, longitude=121.3)
    assert sorted(found("near=桃園市")) == ["SCT-0001", "SCT-0002"]


def test_a_chinese_name_is_no_other_city() -> None:
    make_site(make_trial(), "CN", **SHANGHAI)
    (fault,) = ask(QueryDict("near=北京")).faults
    assert "北京" in fault.detail


def test_each_chinese_name_can_be_looked_for() -> None:
    table = tomllib.loads(CITIES.read_text(encoding="utf-8"))["cities"]
    assert [name for name in table if spellings(name) != table[name]] == []


def test_unknown_distances_come_last() -> None:
    make_site(make_trial("SCT-0001"), "CN", city="Shanghai")
    make_site(make_trial("SCT-0002"), "CN", city="Suzhou", latitude=31.3, longitude=120.6)
    make_site(make_trial("SCT-0003"), "CN", **SHANGHAI)
    question = "near=Shanghai&ordering=distance"
    assert found(question) == ["SCT-0003", "SCT-0002", "SCT-0001"]


def test_a_city_of_the_same_name_in_another_country_is_another() -> None:
    make_site(make_trial("SCT-0001"), "US", city="Cambridge")
    make_site(make_trial("SCT-0002"), "DE", city="Cambridge", latitude=52.2, longitude=0.12)
    (fault,) = ask(QueryDict("near=Cambridge")).faults
    assert fault.allowed == ("Cambridge, DE", "Cambridge, US")
    assert found("near=Cambridge, DE") == ["SCT-0002"]


def test_the_filter_says_that_distances_are_not_known() -> None:
    make_site(make_trial(), "TW", city="Taipei")
    make_site(make_trial(), "CN", **SHANGHAI)
    labels = [ask(QueryDict(f"near={city}")).chips[0].label for city in ("Taipei", "Shanghai")]
    assert labels == ["Taipei (by the city's name: its distances are not known)", "Shanghai"]


def test_the_trials_that_cannot_be_placed_are_counted_among_those_that_fit_the_rest() -> None:
    make_site(make_trial("SCT-0001", phases=("PHASE1",)), "CN", city="Shanghai")
    make_site(make_trial("SCT-0002"), "CN", city="Shanghai")
    make_site(make_trial("SCT-0003", phases=("PHASE1",)), "CN", **SHANGHAI)
    make_trial("SCT-0004", phases=("PHASE1",))
    assert ask(QueryDict("near=31.2,121.4&phase=PHASE1")).unplaced == WORDS
    assert ask(QueryDict("near=Shanghai&phase=PHASE1")).unplaced == ""
    assert ask(QueryDict("phase=PHASE1")).unplaced == ""


def test_an_empty_list_says_that_it_may_have_missed_trials(client: Client) -> None:
    make_site(make_trial(), "CN", city="Shanghai")
    assert WORDS in client.get("/trials/", {"near": "31.2,121.4"}).content.decode()


def test_an_empty_list_links_to_what_was_meant(client: Client) -> None:
    make_trial(indications=("knee-osteoarthritis",))
    text = client.get("/trials/", {"q": "kneee"}).content.decode()
    assert '<a href="/trials/?q=knee">Did you mean “knee”?</a>' in text
