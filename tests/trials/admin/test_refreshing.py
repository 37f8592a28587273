"""The button that asks for a refresh, and what the pages about refreshes tell."""

from __future__ import annotations

import html
import re
import time
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Permission, User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from tests.builders import make_run
from trials.admin.refreshing import compared, duration
from trials.models import HarvestedQuery, RefreshRun

pytestmark = pytest.mark.django_db
LIST = "/admin/trials/refreshrun/"
ASK = f"{LIST}ask/"


def text_of(response: Any) -> str:
    """The page's words, in one line."""
    return html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode())))


def page_of(client: Client, run: RefreshRun) -> str:
    return text_of(client.get(reverse("admin:trials_refreshrun_change", args=[run.pk])))


def button(client: Client) -> bool:
    return f'action="{ASK}"' in client.get(LIST).content.decode()


def test_the_button_queues_a_refresh_and_answers_without_waiting(as_superuser: Client) -> None:
    begun = time.monotonic()
    response = as_superuser.post(ASK, {"full": "1"})

    assert (response.status_code, response.headers["Location"]) == (302, LIST)
    assert time.monotonic() - begun < 1
    queued = DBTaskResult.objects.get()
    root = User.objects.get(username="root").pk
    assert queued.args_kwargs["kwargs"] == {"full": True, "asked_by": root}
    assert not RefreshRun.objects.exists()
    assert "The refresh is asked for." in text_of(as_superuser.get(LIST))


def test_a_second_press_is_refused_in_words(as_superuser: Client) -> None:
    as_superuser.post(ASK)
    text = text_of(as_superuser.post(ASK, follow=True))

    assert re.search(
        r"Not asked for again. A refresh was asked for at [-\d]+ [:\d]+ and wait", text
    )
    assert DBTaskResult.objects.count() == 1
    assert not button(as_superuser)


def test_a_press_while_one_runs_is_refused_with_who_began_it(as_superuser: Client) -> None:
    wei = User.objects.create_user("wei")
    make_run(status="running", started_at=timezone.now(), beat_at=timezone.now(), asked_by=wei)
    text = text_of(as_superuser.post(ASK, follow=True))

    assert re.search(r"Not asked .* is running since [-\d]+ [:\d]+, asked for by wei.", text)
    assert not DBTaskResult.objects.exists()


def test_looking_at_the_address_of_the_button_asks_for_nothing(as_superuser: Client) -> None:
    assert as_superuser.get(ASK).status_code == 405
    assert not DBTaskResult.objects.exists()


def test_a_press_from_another_site_is_refused() -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(User.objects.create_superuser("root"))

    assert client.post(ASK).status_code == 403
    assert not DBTaskResult.objects.exists()


def test_a_curator_sees_the_runs_and_may_not_press(as_curator: Client) -> None:
    assert not button(as_curator)
    assert as_curator.post(ASK).status_code == 403
    assert not DBTaskResult.objects.exists()


def test_whoever_may_add_refreshes_may_press(as_curator: Client, curator: User) -> None:
    curator.user_permissions.add(Permission.objects.get(codename="add_refreshrun"))

    assert button(as_curator)
    assert as_curator.post(ASK).status_code == 302
    assert DBTaskResult.objects.get().args_kwargs["kwargs"]["asked_by"] == curator.pk


def test_a_visitor_is_sent_to_the_login(client: Client) -> None:
    assert client.post(ASK).headers["Location"].startswith("/admin/login/")


def test_a_refresh_that_no_worker_takes_is_told_with_what_to_do(as_superuser: Client) -> None:
    as_superuser.post(ASK)
    assert "no worker" not in text_of(as_superuser.get(LIST))

    DBTaskResult.objects.update(enqueued_at=timezone.now() - timedelta(minutes=1))
    assert "no worker has taken it: none is running. Start one with “manage.py work”" in text_of(
        as_superuser.get(LIST)
    )


def test_a_run_whose_process_is_gone_is_told_and_the_button_is_there(as_superuser: Client) -> None:
    hours_ago = timezone.now() - timedelta(hours=2)
    make_run(status="running", started_at=hours_ago, beat_at=hours_ago)

    assert "gives no sign of life any more" in text_of(as_superuser.get(LIST))
    assert button(as_superuser)


def test_the_running_one_shows_how_far_it_is(as_superuser: Client) -> None:
    now = timezone.now()
    run = make_run(status="running", started_at=now - timedelta(hours=5), beat_at=now, fetched=340)

    assert "340 studies so far." in text_of(as_superuser.get(LIST))
    assert re.search(r"Last sign of life: [-\d]+ [:\d]+ \(\d s ago\)", page_of(as_superuser, run))
    assert "Took: 5 h 00 min" in page_of(as_superuser, run)


@pytest.mark.parametrize(
    ("schedule", "words"),
    [("", "It is not refreshed by itself"), ("17 3 * * *", "By itself next at ")],
)
def test_the_list_tells_whether_it_is_refreshed_by_itself(
    as_superuser: Client, settings: Any, schedule: str, words: str
) -> None:
    settings.REFRESH_SCHEDULE = schedule

    assert words in text_of(as_superuser.get(LIST))


def test_a_run_tells_all_that_is_known_of_it(as_superuser: Client) -> None:
    now = timezone.now()
    make_run(started_at=now - timedelta(days=2), fill={"status": 1.0, "phases": 0.9, "gone": 0.5})
    make_run(started_at=now - timedelta(days=1), status="failed", fill={"status": 0.1})
    run = make_run(
        started_at=now - timedelta(hours=1),
        finished_at=now,
        status="incomplete",
        message="query “spine” broke off",
        fetched=90,
        expected=100,
        skipped=[{"id": "NCT00000009", "reason": "no title <b>"}],
        unknown_values={"phases PHASE5": 3},
        fill={"status": 1.0, "phases": 0.8, "gone": 0.5, "new": 0.25},
        asked_by=User.objects.create_user("wei"),
    )
    HarvestedQuery.objects.create(
        run=run, name="joints", parameters={}, since="2026-03-01", expected=45, finished_at=now
    )
    text = page_of(as_superuser, run)

    for words in (
        "Status: Incomplete",
        "Asked for by: wei",
        "Took: 1 h 00 min",
        "Message: query “spine” broke off",
        "NCT00000009 no title <b>",
        "phases PHASE5 3",
        "phases 90.0 % 80.0 % fallen by 10.0 points gone 50.0 % 50.0 %",
        "new – 25.0 %",
        "joints 2026-03-01 45",
    ):
        assert words in text
    assert text.count("fallen") == 1


def test_a_run_with_nothing_to_say_is_a_page_too(as_superuser: Client) -> None:
    text = page_of(as_superuser, make_run())

    for words in ("Nothing was skipped.", "This run did not say.", "No stored query was asked"):
        assert words in text


def test_of_a_long_list_of_skipped_studies_the_first_are_shown(as_superuser: Client) -> None:
    run = make_run(skipped=[{"id": f"NCT{n:08}", "reason": "damaged"} for n in range(203)])
    text = page_of(as_superuser, run)

    assert ("NCT00000199" in text, "NCT00000200" in text, "and 3 more" in text) == (
        True,
        False,
        True,
    )


@pytest.mark.parametrize("rows", [1, 30])
def test_a_run_costs_the_same_queries_whatever_it_has_to_say(
    as_superuser: Client, rows: int
) -> None:
    for day in range(rows):
        make_run(started_at=timezone.now() - timedelta(days=day + 1), fill={"status": 1.0})
    run = make_run(started_at=timezone.now(), skipped=[{"id": "x", "reason": "y"}] * rows)
    for n in range(rows):
        HarvestedQuery.objects.create(
            run=run, name=f"q{n}", parameters={}, expected=1, finished_at=timezone.now()
        )
    page_of(as_superuser, run)  # Django remembers the content type from now on
    with CaptureQueriesContext(connection) as queries:
        page_of(as_superuser, run)

    assert len(queries) == 7  # session, user, run, its two long columns, the one before, queries


def test_the_deepest_falls_come_first() -> None:
    before = {"a": 1.0, "b": 0.9, "c": 0.5, "d": 0.4}
    now = {"a": 1.0, "b": 0.8, "c": 0.1, "e": 0.2}

    assert [name for name, _was, _now in compared(before, now)] == ["c", "d", "b", "a", "e"]


@pytest.mark.parametrize(
    ("time", "words"),
    [
        (timedelta(seconds=9.9), "9 s"),
        (timedelta(minutes=3, seconds=7), "3 min 07 s"),
        (timedelta(hours=30, minutes=5), "30 h 05 min"),
        (timedelta(seconds=-1), "0 s"),
    ],
)
def test_how_long_a_run_took_is_said_as_far_as_it_matters(time: timedelta, words: str) -> None:
    assert duration(time) == words
