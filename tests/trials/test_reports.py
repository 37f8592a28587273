"""Readers' reports behind the form: closed once, by a person, and their addresses forgotten."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.core.exceptions import ValidationError
from django.db import IntegrityError

from tests.builders import THEN, make_curator, make_report, make_trial
from trials.curation import close_report, forget_emails, reopen_report
from trials.curation import reports as door
from trials.curation.reports import EMAIL_KEPT
from trials.models import Report
from trials.tasks import tidy

pytestmark = pytest.mark.django_db


def test_closing_keeps_who_and_why_and_deletes_the_address() -> None:
    report, wei = make_report(email="lan@example.org"), make_curator("wei")
    close_report(report, outcome="corrected", by=wei, note=" Allogeneic now. ", at=THEN)
    report.refresh_from_db()
    assert (report.outcome, report.closed_by, report.closed_at, report.note, report.email) == (
        "corrected",
        wei,
        THEN,
        "Allogeneic now.",
        "",
    )
    assert list(Report.objects.open()) == []


def test_the_second_curator_is_told_and_overwrites_nothing() -> None:
    report = make_report()
    stale = Report.objects.get()
    close_report(report, outcome="right", by=make_curator("wei"), note="It is so.")
    with pytest.raises(ValidationError, match="closed already, by wei: The catalogue is"):
        close_report(stale, outcome="spam", by=make_curator("lan"), note="No report.")
    assert Report.objects.get().note == "It is so."


@pytest.mark.parametrize(
    ("outcome", "note"), [("corrected", "  "), ("martian", "So."), ("", "So.")]
)
def test_closing_wants_an_outcome_and_a_note(outcome: str, note: str) -> None:
    with pytest.raises(ValidationError):
        close_report(make_report(), outcome=outcome, by=make_curator(), note=note)
    assert Report.objects.open().count() == 1


def test_a_closed_report_can_be_opened_again_and_the_log_tells_both() -> None:
    report, wei = make_report(), make_curator("wei")
    close_report(report, outcome="right", by=wei, note="It is so.")
    reopen_report(report, by=wei, note="It was the other arm.")
    assert list(Report.objects.open()) == [report]
    assert [entry.change_message for entry in LogEntry.objects.order_by("pk")] == [
        "closed: right",
        "reopened: It was the other arm. (was right, wei: It is so.)",
    ]


def test_a_report_is_not_opened_beside_the_same_that_is_open() -> None:
    trial, wei = make_trial(), make_curator("wei")
    first = make_report(trial)
    close_report(first, outcome="right", by=wei, note="It is so.")
    make_report(trial)
    with pytest.raises(ValidationError, match="reported again"):
        reopen_report(first, by=wei, note="No.")


def test_addresses_are_forgotten_after_their_time_and_the_reports_stay() -> None:
    old = make_report(email="lan@example.org", at=THEN)
    new = make_report(email="mei@example.org", at=THEN + timedelta(days=1))
    assert forget_emails(THEN + EMAIL_KEPT + timedelta(hours=1)) == 1
    emails = dict(Report.objects.values_list("pk", "email"))
    assert emails == {old.pk: "", new.pk: "mei@example.org"}


def test_the_worker_forgets_addresses_by_itself() -> None:
    make_report(email="lan@example.org", at=THEN)
    tidy(THEN + EMAIL_KEPT * 2)
    assert Report.objects.get().email == ""


@pytest.mark.parametrize(
    "changes",
    [
        {"outcome": "right"},
        {"closed_at": THEN, "outcome": "right", "note": "Nobody did."},
        {"words": ""},
        {"fault": "martian"},
    ],
)
def test_the_database_refuses_half_a_closing_and_what_is_no_report(changes: dict[str, Any]) -> None:
    report = make_report()
    with pytest.raises(IntegrityError):
        Report.objects.filter(pk=report.pk).update(**changes)


def test_the_database_keeps_no_address_of_a_closed_report() -> None:
    report = make_report()
    close_report(report, outcome="right", by=make_curator(), note="It is so.")
    with pytest.raises(IntegrityError):
        Report.objects.filter(pk=report.pk).update(email="lan@example.org")


def test_the_queue_has_the_open_ones_oldest_first() -> None:
    late = make_report(at=THEN + timedelta(days=1))
    early = make_report(at=THEN)
    closed = make_report(at=THEN)
    close_report(closed, outcome="spam", by=make_curator(), note="No report.")
    assert list(Report.objects.for_queue()) == [early, late]


def test_two_senders_at_once_have_one_report(monkeypatch: pytest.MonkeyPatch) -> None:
    trial = make_trial()
    first = make_report(trial)
    seen = Report.objects.open

    def sees_nothing_first(manager: Any = None) -> Any:
        monkeypatch.setattr(type(Report.objects), "open", lambda self: seen())
        return Report.objects.none()

    monkeypatch.setattr(type(Report.objects), "open", sees_nothing_first)
    assert make_report(trial) == first


@pytest.mark.parametrize("aspect", ["martian", "DOSE"])
def test_what_nobody_knows_is_not_reported(aspect: str) -> None:
    with pytest.raises(ValidationError):
        make_report(aspect=aspect)


def test_invisible_signs_are_taken_out() -> None:
    report = make_report(words="a\x07b\r\nc\x1b")
    assert report.words == "ab\nc"


def test_a_reference_is_not_a_number_that_counts() -> None:
    first, second = make_report(), make_report()
    assert first.reference != second.reference
    assert set(first.reference.removeprefix("R-")) <= set(door._LETTERS)
