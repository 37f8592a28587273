"""Reads of what changed: which changes, in which order, and as updates that a reader can follow."""

from datetime import UTC, datetime, timedelta

import pytest
from pytest_django import DjangoAssertNumQueries

from tests.builders import THEN, make_change, make_record, make_run, make_trial
from trials import history
from trials.history import NEWS, Update, Updates, changes, changes_of
from trials.models import RecordChange
from trials.vocabulary import ChangeKind

pytestmark = pytest.mark.django_db
LATER = THEN + timedelta(days=1)


def told(updates: list[Update]) -> list[tuple[str, list[str]]]:
    """Each update by its trial's number and its changed fields, or kinds of the whole record."""
    return [
        (update.trial.number, [change.field or change.kind for change in update.changes])
        for update in updates
    ]


def test_news_is_every_kind_but_the_cosmetic() -> None:
    assert {*NEWS, ChangeKind.COSMETIC} == set(ChangeKind)
    assert ChangeKind.COSMETIC not in NEWS


def test_changes_come_the_oldest_first_and_those_of_a_trial_the_newest_first() -> None:
    trial, other = make_trial(), make_trial()
    for at in (LATER, THEN):
        for one in (trial, other):
            make_change(one, "status", seen_at=at)
            make_change(one, "title", seen_at=at)
    every = [(one.seen_at, one.trial, one.field) for one in changes()]
    assert every == [
        (at, one, field)
        for at in (THEN, LATER)
        for one in (trial, other)
        for field in ("status", "title")
    ]
    own = [(one.seen_at, one.field) for one in changes_of(trial)]
    assert own == [(at, field) for at in (LATER, THEN) for field in ("status", "title")]


def test_cosmetic_changes_come_only_when_asked_for() -> None:
    trial = make_trial()
    make_change(trial, "status")
    make_change(trial, "last_updated", kind=ChangeKind.COSMETIC)
    assert [one.field for one in changes()] == ["status"]
    assert [one.field for one in changes_of(trial)] == ["status"]
    assert [one.field for one in changes(with_cosmetic=True)] == ["status", "last_updated"]
    assert [one.field for one in changes_of(trial, with_cosmetic=True)] == [
        "status",
        "last_updated",
    ]


def test_changes_of_what_is_not_shown_are_not_told() -> None:
    make_change(make_trial(screening="excluded"))
    make_change(make_trial(screening="review"))
    RecordChange.objects.create(
        run=make_run(), record=None, trial=None, field="status", seen_at=THEN
    )
    assert list(changes(with_cosmetic=True)) == []
    assert list(Updates(with_cosmetic=True)) == []


def test_changes_since_a_moment() -> None:
    trial = make_trial()
    make_change(trial, "status")
    make_change(trial, "title", seen_at=LATER)
    assert [one.field for one in changes(LATER)] == ["title"]


def test_an_update_is_what_one_refresh_found_in_one_trial() -> None:
    first, second = make_trial("NCT00000001"), make_trial("NCT00000002")
    for trial in (first, second):
        make_change(trial, "", kind=ChangeKind.FIRST)
        make_change(trial, "status", seen_at=LATER)
    make_change(first, "enrollment", seen_at=LATER)
    make_change(first, "last_updated", seen_at=LATER, kind=ChangeKind.COSMETIC)
    updates = Updates()
    assert (updates.count(), len(updates)) == (4, 4)
    assert told(updates[:10]) == [
        ("NCT00000002", ["status"]),
        ("NCT00000001", ["status", "enrollment"]),
        ("NCT00000002", ["first"]),
        ("NCT00000001", ["first"]),
    ]
    assert told(updates[1:3]) == told(updates[:10])[1:3]
    assert updates[1].seen_at == LATER
    assert updates[1].kinds == {"material"}
    assert updates[1].key == min(change.pk for change in updates[1].changes)


def test_updates_with_the_cosmetic_changes_have_them_in_their_place() -> None:
    trial = make_trial("NCT00000001")
    make_change(trial, "status", seen_at=LATER)
    make_change(trial, "last_updated", seen_at=LATER, kind=ChangeKind.COSMETIC)
    make_change(trial, "last_updated", kind=ChangeKind.COSMETIC)
    assert told(Updates(with_cosmetic=True)[:5]) == [
        ("NCT00000001", ["status", "last_updated"]),
        ("NCT00000001", ["last_updated"]),
    ]
    assert told(Updates()[:5]) == [("NCT00000001", ["status"])]


def test_updates_of_one_trial_are_its_own() -> None:
    trial = make_trial("NCT00000001")
    make_change(trial, "status")
    make_change(make_trial(), "status")
    assert told(Updates(trial)[:5]) == [("NCT00000001", ["status"])]


@pytest.mark.parametrize("rows", [1, 30])
def test_a_page_of_updates_costs_three_queries(
    rows: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for n in range(rows):
        trial = make_trial()
        make_change(trial, "status", seen_at=THEN + timedelta(hours=n % 3))
        make_change(trial, "title", seen_at=THEN + timedelta(hours=n % 3))
    with django_assert_num_queries(3):
        updates = Updates()
        count, page = updates.count(), updates[:50]
        assert count == len(page) == rows
        assert {len(update.changes) for update in page} == {2}
        assert all(update.trial.title for update in page)


def test_no_update_costs_no_look_for_changes(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    with django_assert_num_queries(1):
        assert Updates()[:50] == []


def test_a_list_of_updates_ends_where_nobody_looks_any_more(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(history, "MOST_UPDATES", 3)
    trial = make_trial()
    record, run = make_record(trial), make_run()
    RecordChange.objects.bulk_create(
        RecordChange(
            record=record, trial=trial, run=run, seen_at=datetime(2026, 1, day, tzinfo=UTC)
        )
        for day in range(1, 6)
    )
    assert Updates().count() == 3
    assert [update.seen_at.day for update in Updates()] == [5, 4, 3]


def test_no_change_has_no_updates() -> None:
    assert (Updates().count(), Updates()[:5], list(Updates())) == (0, [], [])
