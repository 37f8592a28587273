"""A cache that fails costs no answer: every process goes on alone, and says so once in a while."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from catalog import shared
from catalog.shared import count_up, first_said


class Down(Exception):
    """What a cache says that cannot be reached; it is nobody's subclass."""


@pytest.fixture(autouse=True)
def _begins_well(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(shared, "_until", 0.0)
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def fallen(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The cache fails whatever is asked; the list has what was."""
    asked: list[str] = []

    def fail(key: str, *rest: Any, **named: Any) -> None:
        asked.append(key)
        raise Down

    for name in ("add", "incr", "get_or_set"):
        monkeypatch.setattr(cache, name, fail)
    return asked


def test_what_all_do_is_counted_together() -> None:
    assert [count_up("a", seconds=60), count_up("b", seconds=60), count_up("a", seconds=60)] == [
        1,
        1,
        2,
    ]


def test_what_the_first_said_holds_for_all() -> None:
    assert [first_said("day", value, seconds=60) for value in ("1", "2")] == ["1", "1"]


def test_without_a_cache_each_goes_on_alone_and_one_line_says_so(
    fallen: list[str], caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.ERROR):
        assert [count_up("a", seconds=60) for _ in range(3)] == [1, 1, 1]
        assert first_said("day", "1", seconds=60) == "1"
    assert fallen == ["a"]  # and not asked again at once
    assert len(caplog.records) == 1


def test_it_is_asked_again_after_a_while(
    fallen: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    count_up("a", seconds=60)
    monkeypatch.setattr(shared.time, "monotonic", lambda: shared._until + 1)
    count_up("a", seconds=60)
    assert fallen == ["a", "a"]


@pytest.mark.django_db
@pytest.mark.usefixtures("fallen")
def test_the_api_answers_without_its_cache(client: Client, settings: Any) -> None:
    settings.API_RATE_LIMIT = 2
    answers = [client.get("/api/v1/trials/") for _ in range(4)]
    assert {answer.status_code for answer in answers} == {200}
