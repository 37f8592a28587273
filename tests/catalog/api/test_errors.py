"""Everything that goes wrong is problem+json, and nothing that is asked is a 500."""

import logging
from random import Random
from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client

from catalog.api import views
from catalog.api.strict import TrialListQuestion
from catalog.filters import TrialFilter
from tests.builders import make_trial

pytestmark = pytest.mark.django_db

LISTS = (
    "trials",
    "sponsors",
    "cell-sources",
    "indications",
    "countries",
    "products",
    "publications",
    "documents",
    "changes",
)
OTHERS = ("facets", "status", "schema")


def problem(response: Any, status: int) -> dict[str, Any]:
    """The body of an error, after its shape was looked at."""
    assert response.status_code == status
    assert response["Content-Type"] == "application/problem+json"
    body: dict[str, Any] = response.json()
    assert list(body) == ["type", "title", "status", "detail", "errors"]
    assert body["status"] == status
    return body


def test_a_wrong_value_names_itself_the_nearest_and_the_right_ones(client: Client) -> None:
    assert problem(client.get("/api/v1/trials/?phase=PHASE22"), 400) == {
        "type": "about:blank",
        "title": "Bad Request",
        "status": 400,
        "detail": "“PHASE22” is no value of “phase”.",
        "errors": [
            {
                "parameter": "phase",
                "value": "PHASE22",
                "detail": "“PHASE22” is no value of “phase”.",
                "did_you_mean": "PHASE2",
                "allowed": [
                    "EARLY_PHASE1",
                    "PHASE1",
                    "PHASE2",
                    "PHASE3",
                    "PHASE4",
                    "NA",
                    "not-stated",
                ],
            }
        ],
    }


def test_everything_wrong_is_named_at_once(client: Client) -> None:
    body = problem(client.get("/api/v1/trials/?cuntry=CN&age=old&phase=9"), 400)
    assert [error["parameter"] for error in body["errors"]] == ["cuntry", "phase", "age"]
    assert body["errors"][0]["did_you_mean"] == "country"
    assert body["errors"][0]["allowed"] == [*TrialListQuestion.base_filters]


@pytest.mark.parametrize("address", [*LISTS, *OTHERS])
def test_no_address_takes_an_unknown_parameter(client: Client, address: str) -> None:
    body = problem(client.get(f"/api/v1/{address}/?langg=en"), 400)
    assert [error["did_you_mean"] for error in body["errors"]] == ["lang"]


@pytest.mark.parametrize("parameter", ["format=xml", "limit=10", "offset=20", "csrf=1"])
def test_parameters_that_the_api_does_not_have_are_refused(client: Client, parameter: str) -> None:
    body = problem(client.get(f"/api/v1/trials/?{parameter}"), 400)
    assert [error["parameter"] for error in body["errors"]] == [parameter.split("=", maxsplit=1)[0]]


@pytest.mark.parametrize("address", LISTS)
def test_a_page_beyond_the_end_is_not_there(client: Client, address: str) -> None:
    body = problem(client.get(f"/api/v1/{address}/?page=99"), 404)
    assert [(error["parameter"], error["did_you_mean"]) for error in body["errors"]] == [
        ("page", "1")
    ]


@pytest.mark.parametrize("address", LISTS)
def test_a_page_has_at_most_a_thousand_entries(client: Client, address: str) -> None:
    assert client.get(f"/api/v1/{address}/?page_size=1000").status_code == 200
    problem(client.get(f"/api/v1/{address}/?page_size=1001"), 400)


@pytest.mark.parametrize(
    "address",
    [
        "",
        "nothing/",
        "trials/NCT99999999/",
        "trials/NCT99999999/changes/",
        "trials/x%00y/",
        "trials/NCT1/more/",
        "sponsors/none/",
        "sponsors/%00/",
        "cell-sources/none/",
        "indications/none/",
        "countries/qq/",
        "products/none/",
        "publications/none/",
        "documents/none/",
        "documents/" + "x" * 3000 + "/",
    ],
)
def test_what_does_not_exist_is_a_problem_too(client: Client, address: str) -> None:
    problem(client.get(f"/api/v1/{address}"), 404)


@pytest.mark.parametrize("address", ["trials", "nothing"])
def test_an_address_without_its_slash_leads_to_the_one_with_it(
    client: Client, address: str
) -> None:
    response = client.get(f"/api/v1/{address}?page=1")
    assert (response.status_code, response["Location"]) == (301, f"/api/v1/{address}/?page=1")


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
@pytest.mark.parametrize("address", ["trials", "facets", "sponsors", "status", "schema", "docs"])
def test_nothing_can_be_written(client: Client, method: str, address: str) -> None:
    response = getattr(client, method)(f"/api/v1/{address}/", "x", content_type="text/plain")
    problem(response, 405)
    assert response["Allow"] == "GET, HEAD, OPTIONS"


@pytest.mark.parametrize("address", ["trials", "schema", "docs"])
def test_a_format_that_there_is_not_is_refused(client: Client, address: str) -> None:
    problem(client.get(f"/api/v1/{address}/", headers={"accept": "image/png"}), 406)


@pytest.mark.parametrize(
    "accept", ["*/*", "application/json", "text/html,application/xhtml+xml,*/*;q=0.8"]
)
def test_a_browsers_and_a_programs_wish_is_met(client: Client, accept: str) -> None:
    response = client.get("/api/v1/trials/", headers={"accept": accept})
    assert (response.status_code, response["Content-Type"]) == (200, "application/json")


def test_head_and_options_are_answered(client: Client) -> None:
    make_trial()
    assert client.head("/api/v1/trials/").status_code == 200
    assert client.head("/api/v1/trials/?nope=1").status_code == 400
    response = client.options("/api/v1/trials/")
    assert (response.status_code, response["Allow"]) == (204, "GET, HEAD, OPTIONS")


def test_an_unforeseen_fault_is_a_problem_without_its_words_and_is_logged(
    client: Client, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail() -> None:
        raise RuntimeError("a secret")

    monkeypatch.setattr(views.history, "freshness", fail)
    client.raise_request_exception = False
    monkeypatch.setattr(logging.getLogger("django"), "propagate", True)
    body = problem(client.get("/api/v1/status/"), 500)
    assert body["detail"] == "The catalogue failed to answer. The fault is logged."
    assert "GET /api/v1/status/" in [record.getMessage() for record in caplog.records]


def test_errors_come_in_the_language_of_the_request(client: Client) -> None:
    problem(client.get("/api/v1/trials/?lang=fr"), 400)
    problem(client.get("/api/v1/trials/?lang=zh-hans&nope=1"), 400)


def random_address(random: Random) -> str:
    """A question of parts that are each likely to break something."""
    names = [
        *TrialFilter.base_filters,
        "lang",
        "cursor",
        "fields",
        "include",
        "since",
        "",
        "x[]",
        "\x00",
        "名",
    ]
    values = ["", "0", "-1", "1e9", "9" * 30, "\x00", "'", '"', "\\", "%", "_", "NCT1", "膝", "«»"]
    values += [
        "W10",
        "id,title",
        "2016",
        "2016-02-30",
        "1,2",
        "90,180",
        "-90,-180",
        "not-stated",
        "CN",
        "a" * 400,
    ]
    values += [
        "\ud83e\uddec".encode("utf-16", "surrogatepass").decode("utf-16"),
        "\u202e",
        "(",
        "*",
    ]
    pairs = [(random.choice(names), random.choice(values)) for _ in range(random.randint(1, 4))]
    raw = urlencode(pairs)
    return (
        raw if random.random() < 0.8 else raw + random.choice(("&%ff=%fe", "&&", "&=", "&a;b", "%"))
    )


@pytest.mark.parametrize("address", ["trials", "facets", "changes", "sponsors"])
def test_nothing_that_is_asked_is_a_fault_of_ours(client: Client, address: str) -> None:
    make_trial(countries=("CN",), phases=("PHASE1",))
    random = Random(address)
    for _ in range(60):
        query = random_address(random)
        status = client.get(f"/api/v1/{address}/?{query}").status_code
        assert status in (200, 400, 404), query
