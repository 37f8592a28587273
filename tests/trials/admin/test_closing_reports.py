"""A curator closes a reader's report in the admin; who may not, does not even see the address."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from tests.builders import make_curator, make_report
from trials.curation import close_report
from trials.models import Report

pytestmark = pytest.mark.django_db


def page_of(report: Report) -> str:
    return reverse("admin:trials_report_change", args=[report.pk])


def test_a_report_is_closed_with_its_outcome(as_curator: Client) -> None:
    report = make_report(email="lan@example.org")
    as_curator.post(page_of(report), {"outcome": "corrected", "note": "Allogeneic now."})
    report.refresh_from_db()
    assert (report.outcome, str(report.closed_by), report.email) == ("corrected", "wei", "")


def test_the_second_curator_is_told_who_was_first(as_curator: Client) -> None:
    report = make_report()
    close_report(report, outcome="right", by=make_curator("lan"), note="It is so.")
    response = as_curator.post(page_of(report), {"outcome": "spam", "note": "No."}, follow=True)
    assert "It is closed already, by lan: The catalogue is right." in response.content.decode()
    assert Report.objects.get().note == "It is so."


def test_the_address_is_seen_by_who_may_answer_alone(
    as_curator: Client, as_editor: Client, as_administrator: Client
) -> None:
    page = page_of(make_report(email="lan@example.org"))
    seen = [
        "lan@example.org" in client.get(page).content.decode()
        for client in (as_curator, as_editor, as_administrator)
    ]
    assert seen == [True, False, False]


def test_the_log_of_acts_has_the_closing_once_and_no_address(as_curator: Client) -> None:
    report = make_report(email="lan@example.org")
    as_curator.post(page_of(report), {"outcome": "spam", "note": "No report."})
    history = reverse("admin:trials_report_history", args=[report.pk])
    page = as_curator.get(history).content.decode()
    assert page.count("closed: spam") == 1
    assert "lan@example.org" not in page


def test_a_note_is_wanted(as_curator: Client) -> None:
    report = make_report()
    assert as_curator.post(page_of(report), {"outcome": "spam", "note": " "}).status_code == 200
    assert Report.objects.open().count() == 1


@pytest.mark.parametrize(("state", "found"), [("open", 1), ("closed", 2)])
def test_the_list_is_narrowed_to_the_open_ones(as_curator: Client, state: str, found: int) -> None:
    for _n in range(2):
        close_report(make_report(), outcome="right", by=make_curator(), note="So.")
    make_report()
    page = as_curator.get(reverse("admin:trials_report_changelist"), {"state": state})
    assert len(page.context["cl"].result_list) == found
