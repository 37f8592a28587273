"""The API's lists of changes: what a row says, and which changes are told."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.builders import make_change, make_trial
from trials.vocabulary import ChangeKind

pytestmark = pytest.mark.django_db
OF_ALL, OF_ONE = "changes/", "trials/NCT00000001/changes/"
LATER = datetime(2026, 4, 1, tzinfo=UTC)


def get(client: Client, address: str, **params: str) -> Any:
    response = client.get(f"/api/v1/{address}", params)
    assert response.status_code == 200, response.content
    return response.json()


def rows(client: Client, address: str, **params: str) -> list[tuple[str, str]]:
    return [(row["kind"], row["field"]) for row in get(client, address, **params)["results"]]


@pytest.fixture
def _changed() -> None:
    trial = make_trial("NCT00000001")
    make_change(trial, "", kind=ChangeKind.FIRST, old=None, new=None)
    make_change(trial, "status", seen_at=LATER)
    make_change(trial, "last_updated", kind=ChangeKind.COSMETIC, seen_at=LATER)


@pytest.mark.usefixtures("_changed")
def test_a_row_says_what_changed_and_of_what_kind(client: Client) -> None:
    expected = {
        "trial": "NCT00000001",
        "url": "http://testserver/api/v1/trials/NCT00000001/",
        "kind": "material",
        "field": "status",
        "old": "A",
        "new": "B",
        "seen_at": "2026-04-01T00:00:00Z",
    }
    assert get(client, OF_ONE)["results"][0] == expected
    assert get(client, OF_ALL)["results"][1] == expected


@pytest.mark.usefixtures("_changed")
def test_a_record_as_a_whole_has_no_field_and_no_values(client: Client) -> None:
    row = get(client, OF_ALL)["results"][0]
    assert (row["kind"], row["field"], row["old"], row["new"]) == ("first", "", None, None)


@pytest.mark.parametrize("kind", ["gone", "back", "renumbered"])
def test_every_kind_of_news_is_told(client: Client, kind: str) -> None:
    make_change(make_trial("NCT00000001"), "", kind=kind)
    assert rows(client, OF_ALL) == rows(client, OF_ONE) == [(kind, "")]


@pytest.mark.usefixtures("_changed")
@pytest.mark.parametrize(
    ("address", "told"),
    [
        (OF_ALL, [("first", ""), ("material", "status"), ("cosmetic", "last_updated")]),
        (OF_ONE, [("material", "status"), ("cosmetic", "last_updated"), ("first", "")]),
    ],
)
def test_cosmetic_changes_are_told_only_when_asked_for(
    client: Client, address: str, told: list[tuple[str, str]]
) -> None:
    news = [row for row in told if row[0] != "cosmetic"]
    assert rows(client, address) == news
    assert rows(client, address, cosmetic="no") == news
    assert rows(client, address, cosmetic="") == news
    assert rows(client, address, cosmetic="yes") == told
    assert get(client, address, cosmetic="yes")["count"] == 3


@pytest.mark.usefixtures("_changed")
def test_since_and_cosmetic_hold_together(client: Client) -> None:
    assert rows(client, OF_ALL, since="2026-04-01") == [("material", "status")]
    assert rows(client, OF_ALL, since="2026-04-01", cosmetic="yes") == [
        ("material", "status"),
        ("cosmetic", "last_updated"),
    ]


@pytest.mark.parametrize("address", [OF_ALL, OF_ONE])
@pytest.mark.parametrize(
    ("params", "guess"),
    [({"cosmetic": "ye"}, "yes"), ({"cosmetc": "yes"}, "cosmetic"), ({"cosmetic": "true"}, None)],
)
def test_what_is_not_understood_is_refused(
    client: Client, address: str, params: dict[str, str], guess: str | None
) -> None:
    make_trial("NCT00000001")
    response = client.get(f"/api/v1/{address}", params)
    assert response.status_code == 400
    (error,) = response.json()["errors"]
    assert error["did_you_mean"] == guess
    assert "yes" in error["allowed"] or "cosmetic" in error["allowed"]


def test_since_is_no_question_about_one_trial(client: Client) -> None:
    make_trial("NCT00000001")
    assert client.get(f"/api/v1/{OF_ONE}", {"since": "2026"}).status_code == 400


def test_the_schema_names_the_parameter_and_the_kinds(client: Client) -> None:
    schema = client.get("/api/v1/schema/").json()
    for path in ("/api/v1/changes/", "/api/v1/trials/{number}/changes/"):
        parameters = {one["name"]: one for one in schema["paths"][path]["get"]["parameters"]}
        assert parameters["cosmetic"]["schema"] == {"type": "string", "enum": ["yes", "no"]}
        assert parameters["cosmetic"]["description"].endswith("For example: `yes`")
    kinds = schema["components"]["schemas"]["ChangeRow"]["properties"]["kind"]["enum"]
    assert kinds == list(ChangeKind.values)


@pytest.mark.parametrize("count", [1, 30])
def test_a_list_costs_the_same_queries_for_1_and_for_30_rows(client: Client, count: int) -> None:
    trial = make_trial("NCT00000001")
    for _n in range(count):
        make_change(trial)
    price = []
    for address in (OF_ALL, OF_ONE):
        with CaptureQueriesContext(connection) as queries:
            assert get(client, address, page_size="100")["count"] == count
        price.append(len(queries))
    assert price == [3, 4]


@pytest.mark.parametrize("since", ["9999-12-31T23:59:59-14:00", "0001-01-01T00:00:00+14:00"])
def test_a_moment_beyond_the_calendar_is_refused_in_words(client: Client, since: str) -> None:
    answer = client.get("/api/v1/changes/", {"since": since})

    assert answer.status_code == 400
    assert answer.json()["errors"][0]["parameter"] == "since"
