"""How fresh the catalogue is, read in one query from the runs of the refresh."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.builders import make_run
from trials.freshness import freshness
from trials.models import RefreshRun

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 20, 12, tzinfo=UTC)


def run(days_ago: float, **changes: Any) -> RefreshRun:
    """A run that began so long ago and took an hour."""
    begun = NOW - timedelta(days=days_ago)
    row = {"started_at": begun, "finished_at": begun + timedelta(hours=1)}
    return make_run(**{**row, **changes})


def test_a_catalogue_that_was_never_refreshed_is_stale():
    fresh = freshness()

    assert (fresh.last, fresh.complete, fresh.broken, fresh.data_date) == (None, None, None, "")
    assert fresh.stale(NOW)


def test_the_last_complete_run_gives_the_date_of_the_data():
    run(3, data_timestamp="2026-03-17T09:00:05")
    run(2, data_timestamp="2026-03-18T09:00:05")

    assert freshness().data_date == "2026-03-18"
    assert not freshness().stale(NOW)


@pytest.mark.parametrize("status", ["failed", "incomplete"])
def test_a_later_run_that_went_wrong_is_told_beside_it(status):
    complete = run(2)
    broken = run(1, status=status)

    assert (freshness().complete, freshness().broken) == (complete, broken)


def test_a_failure_that_a_complete_run_mended_is_no_longer_told():
    run(2, status="failed")
    run(1)

    assert freshness().broken is None


@pytest.mark.parametrize("other", [{"status": "running"}, {"kind": "numbers"}, {"kind": "files"}])
def test_neither_a_run_on_its_way_nor_one_of_a_part_counts(other):
    complete = run(2)
    run(1, **other)

    assert (freshness().last, freshness().complete) == (complete, complete)


@pytest.mark.parametrize(("days", "stale"), [(7.9, False), (8.2, True)])
def test_more_than_eight_days_are_stale(days, stale):
    run(days)

    assert freshness().stale(NOW) is stale


@pytest.mark.parametrize("rows", [0, 1, 30])
def test_it_costs_one_query_without_the_long_columns(rows, django_assert_num_queries):
    for day in range(rows):
        run(day, status="complete" if day % 2 else "failed", skipped=[{"id": "x"}])

    with django_assert_num_queries(1) as asked:
        fresh = freshness()
        assert fresh.stale(NOW) is (rows < 2)
        assert fresh.data_date == ""
    assert "unknown_values" not in asked.captured_queries[0]["sql"]
