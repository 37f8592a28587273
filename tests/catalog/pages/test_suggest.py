"""What is suggested while somebody types."""

from typing import Any

import pytest
from django.test import Client

from tests.builders import make_indication, make_product, make_source, make_sponsor, make_trial
from tests.queries import price

pytestmark = pytest.mark.django_db


def names(client: Client, **question: str) -> list[tuple[str, str]]:
    answer: dict[str, Any] = client.get("/trials/suggest/", question).json()
    return [(one["kind"], one["name"]) for one in answer["suggestions"]]


def test_each_kind_of_thing_is_suggested_by_the_start_of_its_name(client: Client) -> None:
    make_trial(
        title="A Medicine",
        sources=(make_source("medulla"),),
        indications=(make_indication("medial-meniscus"),),
        products=(make_product("medcell"),),
        sponsor=make_sponsor("medipost"),
    )
    assert names(client, q="med") == [
        ("cell_source", "Medulla"),
        ("indication", "Medial meniscus"),
        ("product", "Medcell"),
        ("sponsor", "Medipost"),
        ("trial", "A Medicine"),
    ]


@pytest.mark.parametrize("typed", ["post", "MEDIPOST", " medi  post co", "ＭＥＤＩ"])
def test_a_name_is_found_at_its_words_in_any_case_and_width(client: Client, typed: str) -> None:
    make_trial(sponsor=make_sponsor("m", name="Medi Post Co", aliases=("Medipost",)), title="None")
    assert names(client, q=typed) == [("sponsor", "Medi Post Co")]


def test_the_inside_of_a_word_is_no_start(client: Client) -> None:
    make_trial(sponsor=make_sponsor("m", name="Medipost"), title="Implanted")
    assert names(client, q="plant") == []
    assert names(client, q="dipost") == []


def test_chinese_names_are_found_anywhere_and_in_both_scripts(client: Client) -> None:
    make_trial(
        title_zh="膝关节软骨",
        indications=(make_indication("knee", name_zh="膝关节炎"),),
        sponsor=make_sponsor("b", name="Beike", name_zh="北京关节医院"),
    )
    found = [("indication", "Knee"), ("sponsor", "Beike")]
    assert [one for one in names(client, q="关节") if one[0] != "trial"] == found
    assert ("indication", "Knee") in names(client, q="關節")
    zh = client.get("/trials/suggest/", {"q": "关节", "lang": "zh-hans"}).json()["suggestions"]
    assert [one["name"] for one in zh] == ["膝关节炎", "北京关节医院", "膝关节软骨"]


@pytest.mark.parametrize(
    "typed", ["NCT01234567", "nct 1234567", "1234567", "NCT0123", "2345", "nct-01234567"]
)
def test_a_trial_is_found_by_its_number_in_any_spelling(client: Client, typed: str) -> None:
    make_trial("NCT01234567", title="This one")
    make_trial("NCT09999999", title="Another")
    assert names(client, q=typed) == [("trial", "This one")]


def test_a_trial_is_found_by_an_older_number_of_it(client: Client) -> None:
    make_trial("NCT01234567", title="This one", aliases=("NCT00000042",))
    assert names(client, q="nct42") == []  # too few digits to be more than a guess
    assert names(client, q="NCT00000042") == [("trial", "This one")]


def test_what_has_no_published_trial_is_not_suggested(client: Client) -> None:
    make_source("medulla")
    make_sponsor("medipost")
    make_trial(
        title="Medicine",
        sources=("medial",),
        sponsor=make_sponsor("medics"),
        screening="excluded",
    )
    assert names(client, q="med") == []


def test_a_choice_leads_to_its_trials_and_says_how_many(client: Client) -> None:
    make_trial(sponsor="medipost", title="One")
    make_trial(sponsor="medipost", title="Two")
    answer = client.get("/trials/suggest/", {"q": "medi"}).json()
    assert answer == {
        "suggestions": [
            {
                "kind": "sponsor",
                "label": "Sponsor",
                "name": "Medipost",
                "value": "medipost",
                "count": 2,
                "url": "/trials/?sponsor=medipost",
            }
        ],
        "said": "1 suggestion",
    }
    assert "<h1>2 trials</h1>" in client.get("/trials/?sponsor=medipost").content.decode()


def test_a_name_that_begins_so_comes_before_one_that_has_it_inside(client: Client) -> None:
    for _ in range(2):
        make_trial(sponsor=make_sponsor("r", name="Rush Medical"))
    make_trial(sponsor="medipost")
    assert names(client, q="med") == [("sponsor", "Medipost"), ("sponsor", "Rush Medical")]


def test_one_kind_alone_can_be_asked_for(client: Client) -> None:
    make_trial(sources=(make_source("medulla"),), sponsor="medipost", title="Medicine")
    assert names(client, q="med", kind="sponsor") == [("sponsor", "Medipost")]


@pytest.mark.parametrize("question", [{}, {"q": ""}, {"q": "  "}, {"q": '"'}, {"q": "%"}])
def test_nothing_typed_suggests_nothing(client: Client, question: dict[str, str]) -> None:
    make_trial(sponsor="medipost")
    assert names(client, **question) == []


@pytest.mark.parametrize(
    ("question", "parameter"),
    [({"query": "a"}, "query"), ({"q": "a", "kind": "place"}, "kind"), ({"q": "a" * 101}, "q")],
)
def test_what_is_not_understood_is_refused(
    client: Client, question: dict[str, str], parameter: str
) -> None:
    response = client.get("/trials/suggest/", question)
    assert response.status_code == 400
    assert [error["parameter"] for error in response.json()["errors"]] == [parameter]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("rows", [1, 30])
def test_suggestions_cost_three_queries_whatever_there_is(client: Client, rows: int) -> None:
    for n in range(rows):
        make_trial(sources=(f"source-{n}",), sponsor=f"source-{n}", title=f"Source {n}")
    assert price(client, "/trials/suggest/?q=source") == 3
