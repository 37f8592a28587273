"""Readers' reports in the queue: read beside what is shown, answered by one key, taken back."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.builders import make_curator, make_document, make_report, make_trial, state_fact
from tests.trials.admin.test_queue import answer, decided, open_queue, said
from trials.curation import close_report, confirm_donor
from trials.models import Left, Report, Trial
from trials.search.kept import writing
from trials.showing import settle
from trials.vocabulary import FactKind

pytestmark = pytest.mark.django_db
DONOR = FactKind.DONOR_TYPE


@pytest.fixture
def reported(db: None) -> Report:
    """A reader doubts the donor: the rules read allogeneic, a document says autologous."""
    with writing():
        trial = make_trial("NCT00000001", sources=("placenta",), brief_summary="Donor cells. Two.")
        state_fact(trial, DONOR, "allogeneic", quote="Donor cells", place="briefSummary")
        state_fact(trial, DONOR, "xenogeneic", basis="rule")
        settle([trial])
    return make_report(trial, aspect=DONOR, words="<b>No!</b>\nThe pigs gave them.", fault="wrong")


def outcome(report: Report) -> tuple[str, str]:
    report.refresh_from_db()
    return report.outcome, str(report.closed_by or "")


def test_a_report_comes_before_all_else_with_the_readers_words_and_the_quote(
    as_curator: Client, reported: Report
) -> None:
    with writing():
        state_fact(
            reported.trial, DONOR, "autologous", basis="document", document=make_document("page")
        )
        settle([reported.trial])
    page = open_queue(as_curator)
    text = page.content.decode()
    assert page.context["item"].key == reported.reference
    assert "&lt;b&gt;No!&lt;/b&gt;<br>The pigs gave them." in text
    assert "<mark>Donor cells</mark>. Two." in text
    assert "What a reader says: It is wrong" in text


@pytest.mark.parametrize("action", ["corrected", "right", "registry", "unclear", "spam"])
def test_one_answer_closes_it_with_its_outcome(
    as_curator: Client, reported: Report, action: str
) -> None:
    response = answer(as_curator, action)
    assert outcome(reported) == (action, "wei")
    assert decided(reported.trial) == []
    assert response.context["item"].kind == "conflict"  # what waits next


@pytest.mark.parametrize(
    ("action", "sent", "values"),
    [
        ("say-1", {}, ["xenogeneic"]),
        ("not-stated", {}, ["not-stated"]),
        ("choose", {"values": ["autologous"]}, ["autologous"]),
    ],
)
def test_deciding_about_the_fact_answers_it_as_corrected_and_one_undo_takes_both_back(
    as_curator: Client, reported: Report, action: str, sent: dict[str, Any], values: list[str]
) -> None:
    answer(as_curator, action, **sent, note="By the record.")
    assert decided(reported.trial) == values
    assert (outcome(reported), reported.note) == (("corrected", "wei"), "By the record.")
    response = as_curator.post(reverse("queue-undo"), follow=True)
    assert (decided(reported.trial), outcome(reported)) == ([], ("", ""))
    assert response.context["item"].key == reported.reference


def test_what_does_not_belong_here_is_left_out_and_comes_back(as_curator: Client) -> None:
    report = make_report(make_trial("NCT00000001", sources=("placenta",)), aspect="screening")
    answer(as_curator, "exclude")
    assert outcome(report) == ("corrected", "wei")
    assert Trial.objects.get().screening == "excluded"
    as_curator.post(reverse("queue-undo"))
    assert (outcome(report), Trial.objects.get().screening) == (("", ""), "included")


def test_a_skipped_report_stays_open_and_waits_again_once_it_is_reopened(
    as_curator: Client, reported: Report
) -> None:
    response = answer(as_curator, "skip")
    assert "stays open" in said(response)
    assert (outcome(reported), response.context["item"].kind) == (("", ""), "conflict")
    address = reverse("queue-item", args=["report", reported.reference])
    answer(as_curator, "spam", as_curator.get(address))
    page = as_curator.get(address)
    assert [action.name for action in page.context["item"].actions()] == ["reopen"]
    answer(as_curator, "reopen", page)
    assert Left.objects.count() == 0
    assert open_queue(as_curator).context["item"].key == reported.reference


def test_what_is_no_fact_is_shown_with_the_record_and_has_no_values_to_choose(
    as_curator: Client,
) -> None:
    make_report(make_trial(sources=("placenta",), brief_summary="So it is."), aspect="title")
    page = open_queue(as_curator)
    assert "So it is." in page.content.decode()
    names = [action.name for action in page.context["item"].actions()]
    assert names == ["right", "corrected", "registry", "unclear", "spam", "skip"]
    assert answer(as_curator, "choose", page).status_code == 422


def test_the_second_curator_is_told_and_overwrites_nothing(
    as_curator: Client, reported: Report
) -> None:
    page = open_queue(as_curator)
    close_report(reported, outcome="right", by=make_curator("li"), note="It is so.")
    response = answer(as_curator, "say-1", page)
    assert response.status_code == 409
    assert "closed already, by li: The catalogue is right." in said(response)
    assert (outcome(reported), decided(reported.trial)) == (("right", "li"), [])


def test_what_was_decided_meanwhile_is_looked_at_first(
    as_curator: Client, reported: Report
) -> None:
    page = open_queue(as_curator)
    confirm_donor(reported.trial, donors=["xenogeneic"], by=make_curator("li"), note="Pigs.")
    response = answer(as_curator, "right", page)
    assert (response.status_code, outcome(reported)) == (409, ("", ""))
    assert "Meanwhile somebody decided" in said(response)


def test_undo_takes_the_latest_of_closing_deciding_and_leaving_first(
    as_curator: Client, curator: User, reported: Report
) -> None:
    now = timezone.now()
    close_report(reported, outcome="right", by=curator, note="So.", at=now - timedelta(hours=1))
    confirm_donor(reported.trial, donors=["xenogeneic"], by=curator, note="Pigs.")
    as_curator.post(reverse("queue-undo"))
    assert (decided(reported.trial), outcome(reported)) == ([], ("right", "wei"))
    as_curator.post(reverse("queue-undo"))
    assert outcome(reported) == ("", "")


def test_the_list_of_reports_leads_to_the_queue(as_curator: Client, reported: Report) -> None:
    text = as_curator.get(reverse("admin:trials_report_changelist")).content.decode()
    assert f'href="{reverse("queue")}?kind=report"' in text
    page = as_curator.get(reverse("admin:trials_report_change", args=[reported.pk]))
    assert reverse("queue-item", args=["report", reported.reference]) in page.content.decode()


def test_who_decides_about_facts_alone_is_not_asked_about_reports(reported: Report) -> None:
    person = User.objects.create_user("facts", is_staff=True)
    person.user_permissions.add(Permission.objects.get(codename="change_fact"))
    client = Client()
    client.force_login(person)
    page = open_queue(client)
    assert page.context["item"].kind == "conflict"
    assert f"{reverse('queue')}?kind=report" not in page.content.decode()
    address = reverse("queue-item", args=["report", reported.reference])
    assert client.get(reverse("queue"), {"kind": "report"}).status_code == 403
    assert [client.get(address).status_code, client.post(address).status_code] == [403, 403]


@pytest.mark.parametrize("n", [1, 30])
def test_a_page_with_a_report_costs_the_same_however_many_wait(
    as_curator: Client, reported: Report, django_assert_num_queries: Any, n: int
) -> None:
    for number in range(n):
        make_report(reported.trial, words=f"Fault {number}")
    open_queue(as_curator)
    with django_assert_num_queries(19):
        open_queue(as_curator)
