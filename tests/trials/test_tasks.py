"""Asking for a refresh: queued once, refused in words, due by the schedule, never stuck."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django_tasks_db.models import DBTaskResult

from tests.builders import make_curator, make_run
from trials import refresh
from trials.refresh import RefreshReport, locking
from trials.tasks import (
    SILENT_AFTER,
    NotAsked,
    ask_for_refresh,
    ask_if_due,
    refresh_from_registry,
    standing,
    tidy,
)

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 20, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def taken(ago: timedelta, **changes: Any) -> DBTaskResult:
    """The task that waits, as a worker takes it."""
    row = {"status": "RUNNING", "started_at": datetime.now(UTC) - ago, **changes}
    DBTaskResult.objects.update(**row)
    return DBTaskResult.objects.get()


def waiting_since(at: datetime) -> None:
    DBTaskResult.objects.update(enqueued_at=at)


def test_asking_queues_what_was_asked_for_and_by_whom():
    person = make_curator("wei")

    ask_for_refresh(full=True, by=person)

    queued = DBTaskResult.objects.get()
    assert (queued.status, queued.task_path) == ("READY", "trials.tasks.refresh_from_registry")
    assert queued.args_kwargs == {"args": [], "kwargs": {"full": True, "asked_by": person.pk}}


def test_a_second_one_is_refused_while_one_waits():
    ask_for_refresh()

    with pytest.raises(NotAsked, match=r"was asked for at \d{4}-.* and waits"):
        ask_for_refresh()
    assert DBTaskResult.objects.count() == 1


def test_it_is_refused_while_one_is_just_beginning():
    ask_for_refresh()
    taken(timedelta(seconds=1))

    with pytest.raises(NotAsked, match="about to begin"):
        ask_for_refresh()


@pytest.mark.parametrize(("who", "words"), [("wei", ", asked for by wei."), (None, ".")])
def test_it_is_refused_while_one_runs(who, words):
    by = User.objects.create_user(who) if who else None
    now = datetime.now(UTC)
    make_run(status="running", started_at=now - 5 * 60 * MINUTE, beat_at=now, asked_by=by)

    with pytest.raises(NotAsked, match=r"is running since \d{4}-\d\d-\d\d \d\d:\d\d") as refused:
        ask_for_refresh()
    assert str(refused.value).endswith(f"{now - 5 * 60 * MINUTE:%H:%M}{words}")
    assert not DBTaskResult.objects.exists()


def test_a_run_whose_process_is_gone_keeps_nobody_from_asking():
    make_run(status="running", started_at=NOW - 60 * MINUTE, beat_at=NOW - 4 * MINUTE)

    assert standing(NOW).silent
    assert standing(NOW).refusal() == ""


def test_a_task_whose_worker_was_killed_keeps_nobody_from_asking():
    ask_for_refresh()
    taken(2 * MINUTE)

    ask_for_refresh()

    assert sorted(DBTaskResult.objects.values_list("status", flat=True)) == ["READY", "RUNNING"]


@pytest.mark.parametrize(("seconds", "untaken"), [(19, False), (21, True)])
def test_a_task_that_nobody_takes_tells_that_no_worker_runs(seconds, untaken):
    ask_for_refresh()
    waiting_since(NOW - timedelta(seconds=seconds))

    assert standing(NOW).untaken is untaken


def test_a_task_that_waits_for_another_run_is_not_taken_for_untaken():
    ask_for_refresh()
    waiting_since(NOW - 60 * MINUTE)
    make_run(status="running", started_at=NOW - 61 * MINUTE, beat_at=NOW)

    assert not standing(NOW).untaken


def test_the_schedule_asks_when_its_time_has_come_and_once():
    make_run(started_at=NOW - timedelta(days=1))

    assert [ask_if_due("0 12 * * *", NOW), ask_if_due("0 12 * * *", NOW)] == [True, False]
    assert DBTaskResult.objects.count() == 1


def test_the_schedule_does_not_ask_before():
    make_run(started_at=NOW - timedelta(hours=23))

    assert not ask_if_due("1 12 * * *", NOW)


def test_an_attempt_that_was_killed_counts_for_the_schedule():
    ask_for_refresh()
    waiting_since(NOW - MINUTE)
    taken(2 * MINUTE)

    assert not ask_if_due("30 11 * * *", NOW)


def test_single_studies_do_not_count_for_the_schedule():
    make_run(started_at=NOW - timedelta(days=1))
    make_run(started_at=NOW, kind="numbers")

    assert ask_if_due("0 12 * * *", NOW)


def test_tidying_ends_the_tasks_of_dead_workers():
    ask_for_refresh()
    taken(2 * MINUTE)

    tidy()

    ended = DBTaskResult.objects.get()
    assert (ended.status, ended.traceback) == (
        "FAILED",
        "The worker that did it ended without a word.",
    )


def test_tidying_leaves_a_task_whose_run_is_alive():
    ask_for_refresh()
    taken(60 * MINUTE)
    make_run(status="running", started_at=NOW, beat_at=datetime.now(UTC))

    tidy()

    assert DBTaskResult.objects.get().status == "RUNNING"


def test_tidying_forgets_what_ended_long_ago():
    ask_for_refresh()
    taken(MINUTE, status="SUCCESSFUL", finished_at=NOW - timedelta(days=91))

    tidy(NOW)

    assert not DBTaskResult.objects.exists()


@pytest.mark.parametrize("who", ["wei", None])
def test_the_task_is_one_call_into_the_refresh(monkeypatch, who):
    by = make_curator(who) if who else None
    asked = []

    def done(**how: Any) -> RefreshReport:
        asked.append(how)
        return RefreshReport(status="incomplete", message="query “spine” broke off")

    monkeypatch.setattr(refresh, "refresh_from_registry", done)
    told = refresh_from_registry.call(full=True, asked_by=by and by.pk)

    assert told == {"status": "incomplete", "message": "query “spine” broke off"}
    assert asked == [{"full": True, "asked_by": by}]


def test_the_task_gives_way_to_a_refresh_that_was_begun_elsewhere(monkeypatch):
    def refused(**how: Any) -> RefreshReport:
        raise refresh.AlreadyRunning("another one runs")

    monkeypatch.setattr(refresh, "refresh_from_registry", refused)

    assert refresh_from_registry.call() == {"status": "refused", "message": "another one runs"}


def test_a_run_is_called_silent_when_the_refresh_calls_it_so():
    assert SILENT_AFTER == locking.SILENT_ELSEWHERE


def test_an_accident_is_told_until_the_next_one_is_asked_for():
    ask_for_refresh()
    taken(MINUTE, status="FAILED", traceback="Traceback …\n\nCommandError: No query is active.\n")

    assert standing().accident == "CommandError: No query is active."
    ask_for_refresh()
    assert standing().accident == ""
