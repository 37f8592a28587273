"""The line at the foot of every page: of which day the data are, and what is wrong with that."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import OperationalError
from django.test import Client
from django.utils import timezone

from catalog import context
from tests.builders import make_run

pytestmark = pytest.mark.django_db


def line(client: Client, page: str = "/about/") -> str:
    text = client.get(page).content.decode()
    found = re.search(r'<p class="asof-line">(.*?)</p>', text, re.DOTALL)
    return re.sub(r"</?strong>", "", found[1]) if found else ""


def run(days_ago: float, **changes: Any) -> str:
    """Make a run that ended so long ago; its day, as the line shows it."""
    at = timezone.now() - timedelta(days=days_ago)
    make_run(**{"started_at": at, "finished_at": at, **changes})
    return at.strftime("%Y-%m-%d")


def test_a_catalogue_that_was_only_set_up_says_so(client):
    assert line(client).startswith("Registry data: as the catalogue was set up;")
    assert "not refreshed from the registry yet" in line(client)


def test_the_day_of_the_data_and_of_the_refresh(client):
    day = run(1, data_timestamp="2026-03-14T09:00:05")

    assert line(client) == f"Registry data of 2026-03-14, brought in on {day}."


@pytest.mark.parametrize(
    ("status", "words"),
    [
        ("failed", "The refresh of {} failed: nothing newer came with it."),
        ("incomplete", "The refresh of {} was not complete: some trials may be older than others."),
    ],
)
def test_a_refresh_that_went_wrong_is_told(client, status, words):
    good, bad = run(2), run(1, status=status)

    assert line(client) == f"Registry data brought in on {good}. {words.format(bad)}"


def test_data_that_are_too_old_are_told_with_what_that_means(client):
    day = run(9)

    assert line(client) == (
        f"Registry data brought in on {day}. That is more than eight days ago: a trial may have"
        " opened or closed since. Check its record in the registry."
    )


def test_a_page_that_is_not_there_has_the_line_too(client):
    assert line(client, "/nowhere/") != ""


def test_it_is_read_once_in_some_seconds(client, settings, monkeypatch, django_assert_num_queries):
    monkeypatch.setattr(context, "_kept", None)
    settings.FRESHNESS_KEPT = 60
    first = line(client)
    run(1)

    with django_assert_num_queries(1):  # the page's own
        assert line(client) == first
    context._kept = None
    assert line(client) != first


def test_a_database_that_does_not_answer_costs_the_line_alone(client, monkeypatch):
    def refuse() -> None:
        raise OperationalError("gone")

    monkeypatch.setattr(context, "freshness", refuse)

    assert client.get("/about/").status_code == 200
    assert line(client) == ""
