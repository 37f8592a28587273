"""The pages of sponsors, sources, indications, countries and products, and the lists of them."""

import re
from collections.abc import Callable
from html import unescape

import pytest
from django.test import Client

from catalog.asking import Asked, FacetRow
from catalog.pages.listing import FEW
from tests.builders import (
    make_country,
    make_indication,
    make_product,
    make_source,
    make_sponsor,
    make_sponsorship,
    make_trial,
)
from trials.models import Trial

pytestmark = pytest.mark.django_db

PAGES: dict[str, Callable[..., Trial]] = {
    "/sponsors/acme/": lambda **more: make_trial(sponsor="acme", **more),
    "/cell-sources/adipose/": lambda **more: make_trial(sources=("adipose",), **more),
    "/indications/hip/": lambda **more: make_trial(indications=("hip",), **more),
    "/countries/CN/": lambda **more: make_trial(countries=("CN",), **more),
    "/products/cartistem/": lambda **more: make_trial(products=("cartistem",), **more),
}
QUESTIONS = dict(
    zip(
        PAGES,
        (
            "sponsor=acme",
            "cell_source=adipose",
            "indication=hip",
            "country=CN",
            "product=cartistem",
        ),
        strict=True,
    )
)


def read(client: Client, address: str, **params: str) -> str:
    response = client.get(address, params)
    assert (address, response.status_code) == (address, 200)
    return unescape(response.content.decode())


def bars(text: str, parameter: str) -> dict[str, tuple[str, str]]:
    """The number and the address of each bar of a chart, by its words."""
    chart = re.search(rf'aria-labelledby="chart-{parameter}">(.*?)</[uo]l>', text, re.DOTALL)
    row = r'href="([^"]+)"><span class="bars__name[^>]*>([^<]+)<.*?bars__count">([\d,]+)<'
    return {
        words: (number, address)
        for address, words, number in re.findall(row, chart[1] if chart else "", re.DOTALL)
    }


@pytest.mark.parametrize("address", PAGES)
def test_each_bar_leads_to_the_list_of_the_trials_that_it_counts(
    client: Client, address: str
) -> None:
    PAGES[address](phases=("PHASE1", "PHASE2"), status="COMPLETED")
    PAGES[address](phases=("PHASE2",))
    PAGES[address]()
    make_trial(phases=("PHASE2",))
    text = read(client, address)
    asks = f"/trials/?{QUESTIONS[address]}"
    phases = bars(text, "phase")
    assert {words: number for words, (number, _address) in phases.items()} == {
        "Phase 1": "1",
        "Phase 2": "2",
        "Not stated": "1",
    }
    assert phases["Phase 2"][1] == f"{asks}&phase=PHASE2"
    assert bars(text, "status") == {
        "Recruiting": ("2", f"{asks}&status=RECRUITING"),
        "Completed": ("1", f"{asks}&status=COMPLETED"),
    }
    for number, target in (*phases.values(), *bars(text, "status").values()):
        assert client.get(target).context["page"].paginator.count == int(number)


@pytest.mark.parametrize("address", PAGES)
def test_years_are_drawn_where_the_search_counts_them(
    client: Client, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    PAGES[address]()
    PAGES[address]()
    before = Asked.facets
    query = f"{QUESTIONS[address]}&start_from=2016&start_to=2016"
    years = (FacetRow("2016", "2016", 1, False, 0, lambda: query),)
    monkeypatch.setattr(Asked, "facets", lambda asked: {**before(asked), "start_year": years})
    text = read(client, address)
    assert f'<a class="years__one" href="/trials/?{query}">' in text
    assert "1 trial does not say when it starts." in text


def test_a_single_trial_has_no_charts(client: Client) -> None:
    make_trial(sponsor="acme", phases=("PHASE1",))
    assert 'class="chart' not in read(client, "/sponsors/acme/")


@pytest.mark.parametrize("address", PAGES)
def test_a_page_shows_the_first_dozen_trials_and_leads_to_all(client: Client, address: str) -> None:
    for _number in range(FEW + 1):
        PAGES[address]()
    text = read(client, address)
    assert text.count('<article class="entry">') == FEW
    assert f'href="/trials/?{QUESTIONS[address]}">All 13 trials in the list' in text


def test_who_takes_participants_now_is_one_click_away_and_what_the_chart_says(
    client: Client,
) -> None:
    make_trial(sponsor="acme", status="RECRUITING")
    make_trial(sponsor="acme", status="RECRUITING")
    make_trial(sponsor="acme", status="ENROLLING_BY_INVITATION")
    make_trial(sponsor="acme", status="UNKNOWN")
    text = read(client, "/sponsors/acme/")
    found = re.search(r'class="tallies__open" href="([^"]+)">([^<]+)<', text)
    assert found is not None
    assert found[2] == "2 recruiting"
    assert client.get(found[1]).context["page"].paginator.count == 2
    assert bars(text, "status")["Recruiting"][0] == "2"


def test_a_thing_without_trials_says_so(client: Client) -> None:
    make_product("cartistem")
    text = read(client, "/products/cartistem/")
    assert "The catalogue joins no trial to it." in text
    assert 'class="tallies"' not in text


def test_a_node_says_where_it_stands_with_the_trials_of_each(client: Client) -> None:
    bones = make_indication("bones")
    joint = make_indication("joint", parent=bones)
    make_indication("knee", parent=joint)
    make_indication("muscle", parent=bones)
    make_trial(indications=("knee",))
    make_trial(indications=("joint",))
    make_trial(indications=("muscle",))
    text = read(client, "/indications/joint/")
    node = r'<li class="line__(\d)">(?:<[^>]+>)+([^<]+)<.*?way__count">(\d+)<'
    assert re.findall(node, text) == [("0", "Bones", "3"), ("1", "Joint", "2"), ("2", "Knee", "1")]
    assert '<strong aria-current="true">Joint</strong>' in text
    assert '<a href="/indications/muscle/">Muscle</a> <span class="way__count">1</span>' in text


def test_a_node_shows_its_words_and_its_mesh_record(client: Client) -> None:
    make_source(
        "adipose", mesh_id="D000273", synonyms=["fat", "脂肪"], description="Fat under the skin."
    )
    text = read(client, "/cell-sources/adipose/")
    assert 'href="https://meshb.nlm.nih.gov/record/ui?ui=D000273"' in text
    assert '<span lang="en">fat</span> · <span lang="zh-Hans">脂肪</span>' in text
    assert "Fat under the skin." in text


@pytest.mark.parametrize(("language", "words"), [("en", "fat · ADSC"), ("zh-hans", "脂肪")])
def test_an_overview_names_synonyms_in_the_readers_language(
    client: Client, language: str, words: str
) -> None:
    make_source("adipose", synonyms=["fat", "脂肪", "ADSC"])
    text = read(client, "/cell-sources/", lang=language)
    assert re.findall(r'class="tree__words">([^<]+)<', text) == [words]


@pytest.mark.parametrize(
    "address", ["/cell-sources/", "/indications/", "/countries/", "/products/", "/sponsors/"]
)
def test_an_overview_of_nothing_says_so(client: Client, address: str) -> None:
    assert " yet." in read(client, address)


def test_the_longest_bar_is_never_longer_than_its_room(client: Client) -> None:
    make_trial(countries=("CN",))
    for _number in range(3):
        make_trial()
    make_country("DE")
    text = read(client, "/countries/")
    assert re.findall(r'<rect width="(\d+)"', text) == ["33", "100"]  # the last: not stated


def test_products_stand_with_their_trials(client: Client) -> None:
    make_trial(products=("cartistem",))
    make_product("elixcyte", aliases=["ELX"])
    text = read(client, "/products/")
    assert re.findall(r'href="/trials/\?product=([a-z]+)">(\d+)<', text) == [("cartistem", "1")]
    assert '<span class="tree__words">ELX</span>' in text


def test_a_sponsor_that_takes_part_in_many_trials_folds_the_later_ones(client: Client) -> None:
    acme = make_sponsor("acme")
    for _number in range(FEW + 2):
        make_sponsorship(make_trial(), acme, role="collaborator")
    text = read(client, "/sponsors/acme/")
    assert "Takes part in 14 trials" in text
    assert "<summary>2 more</summary>" in text


# --- The list of sponsors


def names(text: str) -> list[str]:
    return re.findall(r'<th scope="row"><a href="/sponsors/([^/]+)/"', text)


@pytest.fixture
def _sponsors() -> None:
    make_sponsor("acme", name="Acme Cells")
    make_sponsor(
        "beike", name="Shenzhen Beike", name_zh="北科", aliases=("Beike Biotech Co., Ltd.",)
    )
    make_sponsor("zeta", name="Zeta Hospital")
    make_trial(sponsor="zeta")
    make_sponsorship(make_trial(sponsor="zeta"), "beike", role="collaborator")


@pytest.mark.usefixtures("_sponsors")
@pytest.mark.parametrize(
    ("ordering", "found"),
    [
        ("", ["zeta", "beike", "acme"]),
        ("-trials", ["zeta", "beike", "acme"]),
        ("name", ["acme", "beike", "zeta"]),
    ],
)
def test_sponsors_stand_by_their_trials_or_by_name(
    client: Client, ordering: str, found: list[str]
) -> None:
    assert names(read(client, "/sponsors/", ordering=ordering)) == found


@pytest.mark.usefixtures("_sponsors")
@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("beike", ["beike"]),
        ("BIOTECH, Beike", ["beike"]),  # another name, in any order and case
        ("北科", ["beike"]),
        ("cells beike", []),
        ("%", []),
        ("e", ["zeta", "beike", "acme"]),
    ],
)
def test_a_sponsor_is_found_by_any_of_its_names(
    client: Client, words: str, found: list[str]
) -> None:
    assert names(read(client, "/sponsors/", q=words)) == found


@pytest.mark.usefixtures("_sponsors")
def test_no_sponsor_of_a_name_is_said_with_ways_on(client: Client) -> None:
    text = read(client, "/sponsors/", q="a & b")
    assert "No sponsor has a name with “a & b”" in text
    assert 'href="/trials/?q=a%20%26%20b"' in text
    assert names(text) == []


@pytest.mark.usefixtures("_sponsors")
def test_an_order_that_does_not_exist_is_said_and_not_obeyed(client: Client) -> None:
    response = client.get("/sponsors/", {"ordering": "nam"})
    text = unescape(response.content.decode())
    assert response.status_code == 400
    assert "Did you mean “name”?" in text
    assert names(text) == ["zeta", "beike", "acme"]


@pytest.mark.usefixtures("_sponsors")
def test_another_order_keeps_the_words_and_the_words_keep_the_order(client: Client) -> None:
    text = read(client, "/sponsors/", q="beike", ordering="name")
    assert 'href="?q=beike&ordering=-trials"' in text
    assert '<input type="hidden" name="ordering" value="name">' in text
    assert 'name="q" type="search" value="beike"' in text
