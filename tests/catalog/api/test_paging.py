"""Lists are read in pages: by number near the beginning, by cursor at any depth."""

from collections.abc import Iterable, Iterator
from itertools import chain
from random import Random
from typing import Any

import pytest
from django.test import Client

from catalog.api import paging
from catalog.api.cursors import packed, read_cursor
from tests.builders import make_change, make_site, make_trial
from tests.queries import price
from tests.trials.search.catalogues import grow_catalogue
from trials.models import Trial
from trials.partial_date import PartialDate

pytestmark = pytest.mark.django_db
ADDRESS = "/api/v1/trials/"
ORDERINGS = {
    "-updated": "",
    "updated": "",
    "start": "",
    "-start": "",
    "enrollment": "",
    "-enrollment": "",
    "title": "",
    "relevance": "&q=trial",
    "distance": "&near=31.2,121.5&within_km=9000",
}


def get(client: Client, address: str) -> Any:
    response = client.get(address)
    assert response.status_code == 200, response.content
    return response.json()


def pages(client: Client, address: str, link: str = "next") -> Iterator[list[str]]:
    """The numbers of the trials of this page and of all that follow it by one kind of link."""
    while address:
        page = get(client, address)
        yield [row["id"] for row in page["results"]]
        address = page[link]


def joined(parts: Iterable[list[str]]) -> list[str]:
    return list(chain.from_iterable(parts))


def wrong(client: Client, query: str) -> list[tuple[str, str | None]]:
    response = client.get(f"{ADDRESS}?{query}")
    assert response.status_code == 400, response.content
    return [(error["parameter"], error["did_you_mean"]) for error in response.json()["errors"]]


@pytest.fixture
def _grown(transactional_db: None) -> None:
    # Committed: of what is not, PostgreSQL makes the index anew for every page.
    random = Random(7)
    for trial in grow_catalogue(random, 30):
        if random.random() < 0.8:
            make_site(trial, "CN", latitude=random.choice((31.0, 30.0)), longitude=121.0)


@pytest.mark.usefixtures("_grown")
@pytest.mark.parametrize("ordering", ORDERINGS)
def test_cursors_lead_through_every_order_and_back(client: Client, ordering: str) -> None:
    query = f"{ADDRESS}?ordering={ordering}{ORDERINGS[ordering]}"
    (whole,) = pages(client, f"{query}&page_size=1000")
    assert len(whole) > 10
    forth = list(pages(client, f"{query}&page_size=3&cursor="))
    assert joined(forth) == whole
    assert {len(page) for page in forth[:-1]} == {3}
    last = get(client, f"{query}&page_size=3&cursor=")
    while last["next"]:
        last = get(client, last["next"])
    back = list(pages(client, last["previous"], "previous"))
    assert joined(reversed(back)) + [row["id"] for row in last["results"]] == whole


@pytest.mark.usefixtures("_grown")
@pytest.mark.parametrize("seed", range(2))
@pytest.mark.parametrize("ordering", ORDERINGS)
def test_what_stays_is_seen_once_while_the_rest_comes_goes_and_moves(
    client: Client, ordering: str, seed: int
) -> None:
    random = Random(seed)
    query = f"{ADDRESS}?ordering={ordering}{ORDERINGS[ordering]}"
    (before,) = pages(client, f"{query}&page_size=1000")
    touched: set[str] = set()
    seen: list[str] = []
    for page in pages(client, f"{query}&page_size=4&cursor="):
        seen += page
        trial = Trial.objects.get(number=random.choice(before))
        trial.title = random.choice(("Aa trial", "Zz trial"))
        trial.start_date = PartialDate(str(random.choice((2010, 2020))))
        trial.enrollment_count = random.choice((None, 1, 90))
        trial.screening = random.choice(("included", "excluded"))
        trial.save()
        new = make_trial(title=random.choice(("Knee trial", "Trial")))
        touched |= {trial.number, new.number}
    assert [number for number in seen if number not in touched] == [
        number for number in before if number not in touched
    ]


@pytest.mark.usefixtures("_grown")
def test_links_keep_the_question_and_lose_the_page(client: Client) -> None:
    page = get(client, f"{ADDRESS}?page_size=2&country=CN&ordering=title&lang=en&cursor=")
    assert page["previous"] is None
    query, _at, cursor = page["next"].partition("&cursor=")
    assert query == f"http://testserver{ADDRESS}?page_size=2&country=CN&ordering=title&lang=en"
    assert read_cursor(cursor).ordering == "title"


def test_a_page_that_lost_its_trials_is_empty_and_leads_back(client: Client) -> None:
    trials = [make_trial(f"NCT0000000{n}") for n in range(1, 5)]
    page = get(client, f"{ADDRESS}?ordering=title&page_size=2&cursor=")
    Trial.objects.filter(pk__in=[trial.pk for trial in trials[2:]]).delete()
    empty = get(client, page["next"])
    assert (empty["results"], empty["next"]) == ([], None)
    assert next(pages(client, empty["previous"])) == ["NCT00000001", "NCT00000002"]


def test_an_empty_catalogue_has_one_empty_page(client: Client) -> None:
    assert get(client, f"{ADDRESS}?cursor=") == {
        "count": 0,
        "next": None,
        "previous": None,
        "results": [],
    }


@pytest.mark.parametrize(
    "cursor",
    [
        "abc",
        "膝",
        "W10",
        packed([]),
        packed(["a"]),
        packed({"a": 1}),  # type: ignore[arg-type]
        packed(["a", "-updated", "", 1]),
        packed(["a", "-updated", "", 1, 2, 3]),
        packed(["a", "-updated", "", 1.5, 2]),
        packed(["a", "-updated", "", True, 2]),
        packed(["a", "title", "", "名"]),
        packed(["x", "-updated", "", 1, 2]),
        packed(["a", "size", "", 1, 2]),
        packed(["a", ["-updated"], "", 1, 2]),
        packed(["a", "-updated", "", 1, 2]) + "=",
    ],
)
def test_what_is_no_cursor_is_refused(client: Client, cursor: str) -> None:
    make_trial()
    assert wrong(client, f"cursor={cursor}") == [("cursor", None)]


def test_a_cursor_is_good_for_its_own_order_and_words_alone(client: Client) -> None:
    for _ in range(3):
        make_trial(title="Knee trial")
    after = get(client, f"{ADDRESS}?q=knee&ordering=relevance&page_size=1&cursor=")["next"]
    cursor = after.partition("&cursor=")[2]
    assert len(get(client, f"{ADDRESS}?q=knee&ordering=relevance&cursor={cursor}")["results"]) == 2
    for query in ("", "ordering=title&", "q=trial&ordering=relevance&"):
        assert wrong(client, f"{query}cursor={cursor}") == [("cursor", None)]


def test_page_and_cursor_do_not_go_together(client: Client) -> None:
    make_trial()
    assert wrong(client, "page=1&cursor=") == [("page", None)]


def test_numbered_pages_end_where_the_hint_to_use_a_cursor_stands(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(paging, "DEEPEST", 4)
    numbers = [make_trial(f"NCT0000000{n}").number for n in range(1, 8)]
    query = f"{ADDRESS}?ordering=title&page_size=2"
    response = client.get(f"{query}&page=3")
    (error,) = response.json()["errors"]
    assert (response.status_code, error["did_you_mean"]) == (400, "2")
    assert "cursor=" in error["detail"]
    assert "cursor=" in response.json()["detail"]
    # Whoever follows the links does not meet the end.
    assert joined(pages(client, f"{query}&page=1")) == numbers


def test_fields_thin_the_answer(client: Client) -> None:
    make_trial("NCT00000001", countries=("CN",))
    for query in (
        "fields=title,countries",
        "fields=title&fields=countries",
        "fields=title,,countries",
    ):
        (row,) = get(client, f"{ADDRESS}?{query}")["results"]
        assert list(row) == ["id", "title", "countries"]


def test_an_unknown_field_is_named_with_the_nearest_and_all_there_are(client: Client) -> None:
    response = client.get(f"{ADDRESS}?fields=titel,status&include=fact")
    assert response.status_code == 400
    errors = response.json()["errors"]
    assert [(one["parameter"], one["value"], one["did_you_mean"]) for one in errors] == [
        ("fields", "titel", "title"),
        ("include", "fact", "facts"),
    ]
    assert errors[1]["allowed"] == ["facts", "sites", "changes"]
    assert "cell_sources" in errors[0]["allowed"]


def test_included_parts_are_those_of_the_trials_own_addresses(client: Client) -> None:
    trial = make_trial("NCT00000001", countries=("CN", "TW"), sources=("adipose",))
    make_change(trial)
    make_trial("NCT00000002")
    query = f"{ADDRESS}?ordering=title&include=facts,sites,changes"
    row, other = get(client, query)["results"]
    whole = get(client, f"{ADDRESS}NCT00000001/")
    assert (row["facts"], row["sites"]) == (whole["facts"], whole["sites"])
    assert row["changes"] == get(client, f"{ADDRESS}NCT00000001/changes/")["results"]
    assert (other["facts"], other["sites"], other["changes"]) == ([], [], [])
    (thin, _other) = get(client, f"{query}&fields=status")["results"]
    assert list(thin) == ["id", "status", "facts", "sites", "changes"]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("rows", [1, 30])
def test_a_thick_list_costs_a_query_a_part(client: Client, rows: int) -> None:
    for _ in range(rows):
        make_change(make_trial(countries=("CN",), sources=("adipose",)))
    plain = price(client, f"{ADDRESS}?page_size=50")
    assert price(client, f"{ADDRESS}?page_size=50&include=facts,sites,changes") == plain + 3
