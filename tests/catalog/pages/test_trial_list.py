"""The list of trials as a reader sees it: filters, chips, counts, faults, emptiness."""

import re
from html import unescape

import pytest
from django.test import Client

from tests.builders import make_fact, make_source, make_trial
from trials.vocabulary import NOT_STATED, FactKind

pytestmark = pytest.mark.django_db


def read(client: Client, address: str, status: int = 200) -> str:
    response = client.get(address)
    assert response.status_code == status
    return unescape(response.content.decode())


def numbers(text: str) -> list[str]:
    return re.findall(r'class="number">([^<]+)<', text)


def test_the_heading_is_the_number_of_trials(client: Client) -> None:
    make_trial()
    make_trial()
    assert "<h1>2 trials</h1>" in read(client, "/trials/")


def test_a_filter_leaves_the_trials_that_fit(client: Client) -> None:
    fits = make_trial(sources=("placenta",))
    make_trial(sources=("adipose",))
    assert numbers(read(client, "/trials/?cell_source=placenta")) == [fits.number]


def test_a_checked_value_stays_checked_and_has_a_chip_that_removes_it(client: Client) -> None:
    make_trial(sources=("placenta",), countries=("CN",))
    text = read(client, "/trials/?cell_source=placenta&country=CN")
    assert 'name="cell_source" value="placenta" checked' in text
    assert re.search(r'class="chip" href="/trials/\?country=CN"', text)
    assert re.search(r'class="chip" href="/trials/\?cell_source=placenta"', text)


def test_the_number_on_a_choice_is_what_choosing_it_gives(client: Client) -> None:
    make_source("svf", parent="adipose")
    make_trial(sources=("svf",), countries=("CN",))
    make_trial(sources=("adipose",), countries=("CN", "TW"))
    make_trial(sources=("bone-marrow",), countries=("TW",))
    text = read(client, "/trials/?country=CN")
    choices = re.findall(
        r'name="cell_source" value="([^"]+)".*?choice__count">(\d+)<', text, re.DOTALL
    )
    assert ("adipose", "2") in choices
    for value, count in choices:
        found = numbers(read(client, f"/trials/?country=CN&cell_source={value}"))
        assert len(found) == int(count)


def test_a_filter_without_a_field_is_kept_by_the_form(client: Client) -> None:
    make_trial(start_date="2016-03")
    text = read(client, "/trials/?start_from=2016&page=1")
    assert '<input type="hidden" name="start_from" value="2016">' in text
    assert 'type="hidden" name="page"' not in text


def test_a_parameter_that_does_not_exist_is_said_and_not_obeyed(client: Client) -> None:
    make_trial(countries=("CN",))
    make_trial(countries=("TW",))
    text = read(client, "/trials/?cell_sorce=placenta&country=CN", status=400)
    assert "cell_sorce" in text
    assert text.count("Did you mean") == 1
    assert "It was not filtered by what was not understood." in text
    assert "<h1>1 trial</h1>" in text


def test_when_nothing_matches_each_filter_can_be_taken_away(client: Client) -> None:
    make_trial(sources=("placenta",), countries=("CN",))
    make_trial(sources=("adipose",), countries=("TW",))
    text = read(client, "/trials/?cell_source=placenta&country=TW")
    assert "No trial matches all of this" in text
    way = '<a href="/trials/?{}">without {}</a> <span class="quiet">{}</span>'
    assert way.format("country=TW", "Cell source: Placenta", "1 trial") in text
    assert way.format("cell_source=placenta", "Country: Taiwan", "1 trial") in text


def test_unknown_participants_are_unknown_and_none_are_zero(client: Client) -> None:
    make_trial("NCT00000001", enrollment_count=None)
    make_trial("NCT00000002", enrollment_count=0, enrollment_type="ACTUAL")
    known = re.compile(r"<dt>Participants</dt><dd>(.*?)</dd>")
    unknown, zero = known.findall(read(client, "/trials/?ordering=title"))
    assert unknown == '<span class="unstated">unknown</span>'
    assert zero == '0 <span class="quiet">actual</span>'


def test_a_fact_that_is_not_stated_is_said_to_be_so(client: Client) -> None:
    make_fact(make_trial(), FactKind.CELL_SOURCE, NOT_STATED)
    text = read(client, "/trials/")
    assert '<dt>Cells from</dt><dd><span class="unstated">not stated</span></dd>' in text


def test_a_start_known_to_the_month_stays_a_month(client: Client) -> None:
    make_trial(start_date="2016-03")
    assert '<time datetime="2016-03">2016-03</time>' in read(client, "/trials/")


def test_an_excluded_trial_is_not_listed(client: Client) -> None:
    make_trial(screening="excluded")
    assert "<h1>0 trials</h1>" in read(client, "/trials/")


def test_the_same_question_is_offered_as_json(client: Client) -> None:
    make_trial(countries=("CN",))
    assert 'href="/api/v1/trials/?country=CN"' in read(client, "/trials/?country=CN")


def test_paging_keeps_the_question(client: Client) -> None:
    for _ in range(3):
        make_trial(countries=("CN",))
    text = read(client, "/trials/?country=CN&page_size=2")
    assert 'rel="next" href="?country=CN&page_size=2&page=2"' in text


def test_words_in_an_address_are_never_html(client: Client) -> None:
    make_trial()
    text = client.get("/trials/", {"q": '"><script>alert(1)</script>'}).content.decode()
    assert "<script" not in text


@pytest.mark.parametrize("address", ["/", "/trials/", "/countries/CN/"])
def test_a_status_has_the_date_of_its_record(client: Client, address: str) -> None:
    make_trial(registry_as_of="2022-10-06", countries=("CN",))
    assert 'Recruiting</span> <span class="asof">as of 2022-10</span>' in read(client, address)


def test_a_status_of_no_known_date_says_nothing_about_it(client: Client) -> None:
    make_trial()
    assert 'class="asof"' not in read(client, "/trials/")


def test_what_a_reader_says_about_himself_stays_in_the_form(client: Client) -> None:
    make_trial(sex="FEMALE")
    text = read(client, "/trials/?age=62&sex=FEMALE&near=31.2,121.4&within_km=50")
    assert re.search(r'name="age" type="number"[^>]* value="62"', text)
    assert '<option value="FEMALE" selected>' in text
    assert re.search(r'name="near" type="text" value="31.2,121.4"', text)
    assert re.search(r'name="within_km"[^>]* value="50"', text)
    assert '<details class="group person" open>' in text
    assert 'type="hidden" name="age"' not in text


def test_fields_that_are_left_empty_ask_nothing(client: Client) -> None:
    make_trial()
    text = read(client, "/trials/?q=&age=&sex=&near=&within_km=")
    assert "<h1>1 trial</h1>" in text
    assert '<details class="group person">' in text
    assert 'role="alert"' not in text


def test_a_distance_that_nobody_wrote_is_empty(client: Client) -> None:
    make_trial()
    assert re.search(r'name="within_km"[^>]* value=""', read(client, "/trials/?near=31.2,121.4"))


@pytest.mark.parametrize(("question", "offered"), [("", False), ("?near=31.2,121.4", True)])
def test_the_nearest_first_is_offered_where_a_place_is_asked(
    client: Client, question: str, offered: bool
) -> None:
    make_trial()
    text = read(client, f"/trials/{question}")
    assert ('<option value="distance">' in text) is offered


def test_a_long_group_is_folded_but_for_its_first_values(client: Client) -> None:
    for n in range(13):
        make_trial(sources=(f"source-{n}",))
    text = read(client, "/trials/?cell_source=source-9")
    folded = text[text.index('<details class="rest" open><summary>4 more</summary>') :]
    assert 'value="source-9" checked' in folded
