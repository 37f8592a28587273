"""Who may ask, and how often: pages of any site, at a rate that is told in each answer."""

from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from catalog.api import throttling
from tests.builders import make_trial
from tests.catalog.api.test_errors import problem
from tests.writers import wait_for_earlier_writers

pytestmark = pytest.mark.django_db
ADDRESS = "/api/v1/trials/"


@pytest.fixture
def _two_a_minute(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.API_RATE_LIMIT = 2
    monkeypatch.setattr(throttling.time, "time", lambda: 1_000_000_060.5)  # 19.5 s are left
    cache.clear()


@pytest.mark.usefixtures("_two_a_minute")
def test_each_answer_tells_what_is_left(client: Client) -> None:
    answers = [client.get(ADDRESS), client.get(f"{ADDRESS}?nope=1")]
    assert [answer["RateLimit"] for answer in answers] == ['"minute";r=1;t=20', '"minute";r=0;t=20']
    assert {answer["RateLimit-Policy"] for answer in answers} == {'"minute";q=2;w=60'}


@pytest.mark.usefixtures("_two_a_minute")
def test_whoever_asks_too_often_is_told_when_to_ask_again(client: Client) -> None:
    for _ in range(2):
        client.get(ADDRESS)
    refused = client.get(ADDRESS)
    assert problem(refused, 429)["detail"] == (
        "At most 2 requests a minute come from one address; wait 20 seconds."
    )
    assert (refused["Retry-After"], refused["RateLimit"]) == ("20", '"minute";r=0;t=20')
    assert client.get(ADDRESS, REMOTE_ADDR="192.0.2.7").status_code == 200


@pytest.mark.usefixtures("_two_a_minute")
def test_the_next_minute_begins_anew(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(3):
        client.get(ADDRESS)
    monkeypatch.setattr(throttling.time, "time", lambda: 1_000_000_080.0)
    assert client.get(ADDRESS)["RateLimit"] == '"minute";r=1;t=60'


@pytest.mark.usefixtures("_two_a_minute")
def test_an_answer_that_still_holds_costs_nothing(client: Client) -> None:
    wait_for_earlier_writers()
    etag = client.get(ADDRESS)["ETag"]
    held = [client.get(ADDRESS, headers={"if-none-match": etag}) for _ in range(5)]
    assert {answer.status_code for answer in held} == {304}


@pytest.mark.usefixtures("_two_a_minute")
@pytest.mark.parametrize(
    ("proxy", "first", "second", "same"),
    [
        (False, "192.0.2.1", "192.0.2.2", True),  # anybody can write this header
        (True, "192.0.2.1", "192.0.2.2", False),
        (True, "192.0.2.1", "192.0.2.9, 192.0.2.1", True),
        (True, "2001:db8::1", "2001:db8::ffff", True),
        (True, "2001:db8::1", "2001:db8:0:1::1", False),
        (True, "::ffff:192.0.2.1", "::ffff:192.0.2.2", False),
        (True, "nonsense", "", True),
    ],
)
def test_one_address_is_one_visitor(
    client: Client, settings: Any, *, proxy: bool, first: str, second: str, same: bool
) -> None:
    settings.BEHIND_PROXY = proxy
    client.get(ADDRESS, headers={"x-forwarded-for": first})
    answer = client.get(ADDRESS, headers={"x-forwarded-for": second})
    assert answer["RateLimit"].startswith(f'"minute";r={0 if same else 1};')


def test_without_a_limit_nothing_is_counted_or_told(client: Client) -> None:
    assert "RateLimit" not in client.get(ADDRESS)


def test_the_limit_is_in_the_words_of_the_schema(client: Client) -> None:
    described = client.get("/api/v1/schema/").json()["info"]["description"]
    for word in ("RateLimit", "429", "Retry-After", "ETag", "cursor"):
        assert word in described


@pytest.mark.parametrize("address", ["trials/", "trials/NCT99999999/", "nothing/", "schema/"])
def test_pages_of_any_site_may_read(client: Client, address: str) -> None:
    make_trial()
    answer = client.get(f"/api/v1/{address}", headers={"origin": "https://example.org"})
    assert answer["Access-Control-Allow-Origin"] == "*"
    assert "Access-Control-Allow-Credentials" not in answer
    assert "RateLimit" in answer["Access-Control-Expose-Headers"]


def test_a_browser_that_asks_first_is_answered_without_a_look_at_the_rows(
    client: Client, django_assert_num_queries: Any
) -> None:
    asking = {
        "origin": "https://example.org",
        "access-control-request-method": "GET",
        "access-control-request-headers": "if-none-match",
    }
    with django_assert_num_queries(0):
        answer = client.options(f"{ADDRESS}?country=CN", headers=asking)
    assert (answer.status_code, answer.content) == (204, b"")
    assert answer["Access-Control-Allow-Methods"] == "GET, HEAD, OPTIONS"
    assert answer["Access-Control-Allow-Headers"] == "*"


@pytest.mark.parametrize(
    "address",
    [
        "/trials.csv?country=CN",
        "/trials.atom",
        "/changes.atom",
        "/landscape.csv",
        "/about/data/a.sqlite3",
    ],
)
def test_files_and_feeds_are_read_by_pages_of_any_site_too(client: Client, address: str) -> None:
    asking = {"origin": "https://example.org", "access-control-request-method": "GET"}
    assert client.options(address, headers=asking).status_code == 204
    assert client.head(address)["Access-Control-Allow-Origin"] == "*"


def test_the_pages_of_the_site_are_no_other_sites_to_read(client: Client) -> None:
    for address in ("/trials/", "/about/data/", "/changes/"):
        assert "Access-Control-Allow-Origin" not in client.get(address)


@pytest.mark.django_db(transaction=True)
def test_head_is_get_without_its_body(client: Client) -> None:
    make_trial()
    wait_for_earlier_writers()
    whole, head = client.get(ADDRESS), client.head(ADDRESS)
    assert head.content == b""
    for name in ("Content-Type", "Content-Length", "ETag", "Vary", "Cache-Control"):
        assert head.headers.get(name) == whole.headers.get(name)
