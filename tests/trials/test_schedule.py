"""When a refresh is due: cron's fields, the time zone, and times that passed unused."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from trials.schedule import is_due, next_time

NIGHTLY = "17 3 * * *"


def at(text: str, zone: str = "UTC") -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone))


@pytest.mark.parametrize(
    ("last", "now", "due"),
    [
        ("2026-03-01 03:17", "2026-03-02 03:16", False),
        ("2026-03-01 03:17", "2026-03-02 03:17", True),
        ("2026-03-01 12:00", "2026-03-02 03:17", True),  # somebody asked at noon
        ("2026-03-01 03:17", "2026-03-09 15:00", True),  # no worker ran for a week
        ("2026-03-09 15:00", "2026-03-09 15:01", False),  # and that is made up for once
    ],
)
def test_a_refresh_is_due_once_a_time_of_the_schedule_has_passed(last, now, due):
    assert is_due(NIGHTLY, last=at(last), now=at(now)) is due


def test_a_catalogue_that_was_never_refreshed_is_due():
    assert is_due(NIGHTLY, last=None, now=at("2026-03-01 12:00"))


def test_without_a_schedule_nothing_is_ever_due():
    assert not is_due("", last=None, now=at("2026-03-01 12:00"))


def test_the_fields_are_read_in_the_time_zone_of_now():
    last = at("2026-03-01 12:00")
    now = datetime(2026, 3, 1, 19, 17, tzinfo=UTC).astimezone(ZoneInfo("Asia/Shanghai"))

    assert is_due(NIGHTLY, last=last, now=now)
    assert not is_due(NIGHTLY, last=last, now=now - timedelta(minutes=1))


def test_an_hour_that_the_clock_skips_is_not_lost():
    before = at("2026-03-28 12:00", "Europe/Berlin")

    assert next_time("30 2 * * *", before) == at("2026-03-29 03:00", "Europe/Berlin")
