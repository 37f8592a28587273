"""The words of a search are looked for once in a request, and only so many of them."""

import pytest
from django.db import connection
from django.http import QueryDict
from django.test import Client
from django.test.utils import CaptureQueriesContext

from catalog.filters import ask
from tests.builders import make_trial

pytestmark = pytest.mark.django_db


def looks_for_words(client: Client, address: str) -> int:
    """How many queries of the page look for the words of its search in texts."""
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    asked = [query["sql"].upper() for query in queries]
    return len([sql for sql in asked if sql.startswith("SELECT") and "ZEBRAFISH" in sql])


@pytest.mark.parametrize("address", ["/trials/", "/api/v1/trials/", "/api/v1/facets/"])
def test_a_request_looks_for_its_words_once(client: Client, address: str) -> None:
    make_trial(title="Zebrafish")

    assert looks_for_words(client, f"{address}?q=zebrafish") == 1


def test_the_ways_out_of_an_empty_list_look_for_no_words_again(client: Client) -> None:
    make_trial(title="Zebrafish")
    one, three = "status=COMPLETED", "status=COMPLETED&phase=PHASE1&country=JP"

    looks = [looks_for_words(client, f"/trials/?q=zebrafish&{filters}") for filters in (one, three)]

    assert looks[0] == looks[1]


def test_facets_count_among_the_trials_that_say_the_words() -> None:
    numbers = {make_trial(title="Zebrafish").number for _ in range(3)}
    make_trial(title="Mouse")

    asked = ask(QueryDict("q=zebrafish"))

    assert {trial.number for trial in asked.trials} == numbers
    assert {row.value: row.count for row in asked.facets()["status"]} == {"RECRUITING": 3}


def test_a_question_of_other_words_finds_other_trials_by_the_same_terms() -> None:
    fish, mouse = make_trial(title="Zebrafish"), make_trial(title="Mouse")
    first = ask(QueryDict("q=zebrafish"))

    second = ask(QueryDict("q=mouse"), terms=first.question.terms)

    assert ([*first.trials], [*second.trials]) == ([fish], [mouse])


@pytest.mark.parametrize(("words", "status"), [(12, 200), (13, 400)])
def test_a_search_has_at_most_twelve_words(client: Client, words: int, status: int) -> None:
    asked = " ".join(f"w{number}" for number in range(words))

    assert client.get("/api/v1/trials/", {"q": asked}).status_code == status
