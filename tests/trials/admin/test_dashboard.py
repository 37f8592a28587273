"""The admin's first page: what waits and whether the data are well, at the same cost always."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission, User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from tests.builders import make_curator, make_fact, make_left_out, make_report, make_run, make_trial
from trials.admin import dashboard
from trials.curation import close_report, leave
from trials.models import Doubt, Report, Trial
from trials.search.kept import in_step
from trials.vocabulary import DoubtKind, FactKind

pytestmark = pytest.mark.django_db


def figures(client: Client) -> dict[str, tuple[str, str, bool]]:
    """Each figure by its label: the value, the remark, and whether it is a trouble."""
    panels = client.get(reverse("admin:index")).context["panels"]
    return {
        str(one.label): (one.value, one.remark, one.trouble)
        for _title, all in panels
        for one in all
    }


def test_open_reports_are_counted_with_the_age_of_the_oldest(as_curator: Client) -> None:
    trial = make_trial()
    make_report(trial, words="One", at=timezone.now() - timedelta(days=9))
    make_report(trial, words="Two")
    closed = make_report(trial, words="Three", at=timezone.now() - timedelta(days=99))
    close_report(closed, outcome="right", by=make_curator(), note="So.")
    assert figures(as_curator)["Open"] == ("2", "the oldest for 1\xa0week, 2\xa0days", False)


def test_the_queue_is_counted_by_kind_for_who_decides(
    as_curator: Client, as_editor: Client
) -> None:
    trial = make_trial(donors=("autologous",))
    make_fact(trial, FactKind.DONOR_TYPE, "allogeneic", basis="rule")
    with in_step():
        Trial.objects.filter(pk=trial.pk).update(acronym="A")
    label = str(DoubtKind.CONFLICT.label)
    assert figures(as_curator)[label] == ("1", "oldest: today", False)
    assert label not in figures(as_editor)


def test_each_kind_tells_the_age_of_the_oldest_that_waits(
    as_curator: Client, curator: User
) -> None:
    now = timezone.now()
    for number, days in (("NCT00000001", 3), ("NCT00000002", 12), ("NCT00000003", 40)):
        with in_step():
            make_trial(number)
        Doubt.objects.filter(trial__number=number).update(since=now - timedelta(days=days))
    oldest = Doubt.objects.get(trial__number="NCT00000003")
    leave(oldest.kind, key=oldest.key, said=oldest.said, by=curator)  # waits no more
    make_report(Trial.objects.first(), at=now - timedelta(days=5))
    make_left_out(rule="unsure", changed_at=now - timedelta(days=400))
    found = figures(as_curator)
    assert found[str(DoubtKind.NO_SOURCE.label)] == ("2", "oldest: 12 days", False)
    assert found["Readers’ reports"] == ("1", "oldest: 5 days", False)
    assert found["Neither surely in nor surely out"] == ("1", "oldest: 400 days", False)
    assert found[str(DoubtKind.CONFLICT.label)] == ("0", "", False)


def test_who_decides_about_facts_alone_sees_no_number_of_reports() -> None:
    person = User.objects.create_user("facts", is_staff=True)
    person.user_permissions.add(Permission.objects.get(codename="change_fact"))
    client = Client()
    client.force_login(person)
    assert "Readers’ reports" not in figures(client)
    assert str(DoubtKind.CONFLICT.label) in figures(client)


def test_a_refresh_that_failed_is_a_trouble(as_curator: Client) -> None:
    now = timezone.now()
    whole = {"kind": "full", "data_timestamp": "2026-08-14T09:00:00"}
    make_run(**whole, started_at=now - timedelta(days=2), finished_at=now - timedelta(days=2))
    make_run(kind="full", status="failed", started_at=now, finished_at=now)
    found = figures(as_curator)
    assert found["Data as of"] == ("2026-08-14", "", False)
    assert (found["Last refresh"][0], found["Last refresh"][2]) == ("Failed", True)


def test_what_the_last_refresh_met_is_told(as_curator: Client) -> None:
    make_run(
        kind="full",
        finished_at=timezone.now(),
        unknown_values={"status PAUSED": 3},
        skipped=[{"id": "NCT1", "reason": "broken"}],
    )
    found = figures(as_curator)
    assert found["Values that are new to us"] == ("1", "", True)
    assert found["Studies that were skipped"] == ("1", "", True)
    assert found["Gone from the registry"] == ("0", "", False)


def test_before_any_refresh_the_page_opens(as_curator: Client) -> None:
    assert figures(as_curator)["Data as of"] == ("–", "too old", True)


def test_who_may_see_nothing_is_told_nothing(as_staff: Client) -> None:
    make_report()
    assert figures(as_staff) == {}


def test_no_more_is_counted_than_anybody_reads() -> None:
    trial = make_trial()
    for n in range(3):
        make_report(trial, words=f"Fault {n}")
    assert dashboard.bounded(Report.objects.open(), most=2) == "2+"
    assert dashboard.bounded(Report.objects.open(), most=3) == "3"


@pytest.mark.parametrize("n", [1, 30])
def test_the_first_page_costs_the_same_for_one_row_and_for_thirty(
    as_superuser: Client, n: int
) -> None:
    trial = make_trial(sources=("placenta",))
    for number in range(n):
        make_report(trial, words=f"Fault {number}")
        make_run(kind="full", finished_at=timezone.now())
    as_superuser.get(reverse("admin:index"))
    with CaptureQueriesContext(connection) as queries:
        as_superuser.get(reverse("admin:index"))
    assert len(queries) == 17  # eight of them count a kind of the queue, one asks for its oldest
