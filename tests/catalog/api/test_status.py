"""What programs are told of how fresh the catalogue is."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from tests.builders import make_run

pytestmark = pytest.mark.django_db
KEYS = [
    "status",
    "kind",
    "started_at",
    "finished_at",
    "fetched",
    "expected",
    "created",
    "changed",
    "gone",
    "message",
]


def status(client: Client) -> dict[str, Any]:
    answer: dict[str, Any] = client.get("/api/v1/status/").json()
    return answer


def run(days_ago: float, **changes: Any) -> None:
    at = timezone.now() - timedelta(days=days_ago)
    make_run(**{"started_at": at, "finished_at": at, **changes})


def test_a_catalogue_that_was_never_refreshed_is_stale(client):
    answer = status(client)

    assert (answer["last_refresh"], answer["last_complete_refresh"]) == (None, None)
    assert answer["stale"] is True


def test_the_last_refresh_and_the_last_complete_one_are_told_apart(client):
    run(2, fetched=10, expected=10, created=3, changed=2, gone=1, kind="incremental")
    run(1, status="incomplete", fetched=4, expected=10, message="it broke off")

    answer = status(client)

    last, complete = answer["last_refresh"], answer["last_complete_refresh"]
    assert (list(last), list(complete)) == (KEYS, KEYS)
    assert [last[key] for key in KEYS[:2] + KEYS[4:]] == [
        *("incomplete", "full", 4, 10, 0, 0, 0, "it broke off")
    ]
    assert [complete[key] for key in KEYS[:2] + KEYS[4:]] == [
        *("complete", "incremental", 10, 10, 3, 2, 1, None)
    ]
    assert complete["started_at"] < last["started_at"]
    assert answer["stale"] is False


def test_a_refresh_on_its_way_is_the_last_and_has_no_end(client):
    run(1)
    run(0, status="running", finished_at=None)

    answer = status(client)

    assert (answer["last_refresh"]["status"], answer["last_refresh"]["finished_at"]) == (
        "running",
        None,
    )
    assert answer["last_complete_refresh"]["status"] == "complete"


def test_more_than_eight_days_without_a_complete_refresh_are_stale(client):
    run(9)
    run(1, status="failed")

    assert status(client)["stale"] is True
