"""The queue in the admin: what is asked, what an answer does, what the second curator is told."""

from __future__ import annotations

import html
from typing import Any
from uuid import uuid4

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.builders import (
    make_curator,
    make_document,
    make_left_out,
    make_run,
    make_source,
    make_trial,
    state_fact,
)
from trials.curation import confirm_donor, decide, standing_decisions
from trials.models import Left, Trial
from trials.queue.keeping import note_new_values
from trials.search.kept import writing
from trials.showing import settle
from trials.vocabulary import FactKind

pytestmark = pytest.mark.django_db
QUEUE = "/admin/queue/"
DONOR = FactKind.DONOR_TYPE


@pytest.fixture
def conflict(db: None) -> Trial:
    """A document says autologous, the rules read allogeneic."""
    with writing():
        trial = make_trial("NCT00000001", sources=("placenta",), brief_summary="Donor cells. Two.")
        state_fact(
            trial, DONOR, "allogeneic", basis="rule", quote="Donor cells", place="briefSummary"
        )
        state_fact(trial, DONOR, "autologous", basis="document", document=make_document("page"))
        settle([trial])
    return trial


def open_queue(client: Client, **asked: str) -> Any:
    response = client.get(QUEUE, asked)
    assert response.status_code == 200
    return response


def answer(client: Client, action: str, page: Any = None, **sent: Any) -> Any:
    """Answer the item of the page, the one that waits first if none is given."""
    item = (page or open_queue(client)).context["item"]
    address = reverse("queue-item", args=[item.kind, item.key])
    return client.post(address, {"seen": item.seen, "action": action, **sent}, follow=True)


def said(response: Any) -> str:
    return " ".join(str(message) for message in response.context["messages"])


def decided(trial: Trial) -> list[str]:
    standing = standing_decisions(trial).get(DONOR)
    return [fact.slug for fact in standing.facts] if standing else []


def test_an_item_shows_quotes_in_the_text_and_who_says_what(
    as_curator: Client, conflict: Trial
) -> None:
    text = html.unescape(open_queue(as_curator).content.decode())
    assert "Sources disagree" in text
    assert "<mark>Donor cells</mark>. Two." in text
    assert "Document page" in text


@pytest.mark.parametrize(
    ("action", "values"),
    [
        ("accept", ["autologous"]),
        ("say-1", ["allogeneic"]),
        ("not-stated", ["not-stated"]),
    ],
)
def test_one_answer_decides_and_the_next_item_opens(
    as_curator: Client, curator: User, conflict: Trial, action: str, values: list[str]
) -> None:
    response = answer(as_curator, action)
    assert decided(conflict) == values
    assert standing_decisions(conflict)[DONOR].by == curator
    assert response.redirect_chain == [(QUEUE, 302)]
    assert response.context["item"] is None


def test_another_value_is_chosen_and_a_control_keeps_its_own(as_curator: Client) -> None:
    placenta, adipose = make_source("placenta"), make_source("adipose")
    with writing():
        trial = make_trial()
        state_fact(trial, "cell_source", placenta, basis="rule", confidence=0.2)
        state_fact(trial, "cell_source", adipose, basis="rule", role="comparator")
        settle([trial])
    marrow = make_source("bone-marrow")
    answer(as_curator, "choose", values=[marrow.pk], note="The second arm.")
    standing = standing_decisions(trial)[FactKind.CELL_SOURCE]
    assert [(fact.slug, fact.role) for fact in standing.facts] == [
        ("bone-marrow", "experimental"),
        ("adipose", "comparator"),
    ]
    assert standing.note == "The second arm."


def test_choosing_nothing_is_refused_and_nothing_is_saved(
    as_curator: Client, conflict: Trial
) -> None:
    response = answer(as_curator, "choose")
    assert (response.status_code, decided(conflict)) == (422, [])
    assert "Nothing was chosen" in said(response)


def test_an_answer_that_nobody_offered_is_refused(as_curator: Client, conflict: Trial) -> None:
    assert answer(as_curator, "say-7").status_code == 422
    assert decided(conflict) == []


def test_a_trial_is_left_out_by_one_answer(as_curator: Client, conflict: Trial) -> None:
    answer(as_curator, "exclude")
    conflict.refresh_from_db()
    assert (conflict.screening, conflict.screening_basis) == ("excluded", "curator")


def test_a_skipped_item_is_left_and_taken_up_again(as_curator: Client, conflict: Trial) -> None:
    assert answer(as_curator, "skip").context["item"] is None
    assert Left.objects.count() == 1
    response = as_curator.post(reverse("queue-undo"), follow=True)
    assert response.context["item"].trial == conflict
    assert Left.objects.count() == 0


def test_the_last_decision_is_taken_back_and_opens_again(
    as_curator: Client, conflict: Trial
) -> None:
    answer(as_curator, "accept")
    response = as_curator.post(reverse("queue-undo"), follow=True)
    assert decided(conflict) == []
    assert response.context["item"].trial == conflict
    assert as_curator.post(reverse("queue-undo"), follow=True).status_code == 200


def test_what_was_decided_together_is_taken_back_together(
    as_curator: Client, curator: User
) -> None:
    trials, batch = [make_trial(sources=("placenta",)) for _ in range(2)], uuid4()
    for trial in trials:
        decide(trial, kind=DONOR, values=["allogeneic"], by=curator, note="All.", batch=batch)
    response = as_curator.post(reverse("queue-undo"), follow=True)
    assert [decided(trial) for trial in trials] == [[], []]
    assert "2 decisions that were made together are taken back" in said(response)


def test_nobody_takes_back_what_somebody_else_decided(as_curator: Client, conflict: Trial) -> None:
    confirm_donor(conflict, donors=["allogeneic"], by=make_curator("li"), note="Arm 1.")
    response = as_curator.post(reverse("queue-undo"), follow=True)
    assert decided(conflict) == ["allogeneic"]
    assert "nothing of yours" in said(response)


@pytest.mark.parametrize("action", ["accept", "skip", "exclude"])
def test_the_second_curator_is_told_and_overwrites_nothing(
    as_curator: Client, conflict: Trial, action: str
) -> None:
    page = open_queue(as_curator)
    confirm_donor(conflict, donors=["allogeneic"], by=make_curator("li"), note="Arm 1.")
    response = answer(as_curator, action, page)
    assert response.status_code == 409
    told = said(response)
    assert "Meanwhile somebody decided" in told
    assert "li, " in told
    conflict.refresh_from_db()
    assert (decided(conflict), conflict.screening) == (["allogeneic"], "included")
    assert Left.objects.count() == 0


def test_nobody_skips_what_they_have_not_seen(as_curator: Client, conflict: Trial) -> None:
    page = open_queue(as_curator)
    with writing():
        state_fact(conflict, DONOR, "xenogeneic", basis="rule")  # not shown, and new
    response = answer(as_curator, "skip", page)
    assert response.status_code == 409
    assert "look again" in said(response)
    assert Left.objects.count() == 0


def test_what_disagrees_with_a_decision_is_shown_with_the_difference(as_curator: Client) -> None:
    with writing():
        trial = make_trial(sources=("placenta",))
    confirm_donor(trial, donors=["allogeneic"], by=make_curator("li"), note="Arm 1.")
    with writing():
        state_fact(trial, DONOR, "xenogeneic", basis="rule", quote="pig", place="briefTitle")
    page = open_queue(as_curator)
    text = page.content.decode()
    assert "A decision that something later disagrees with" in text
    assert text.count("new since the decision") == 1
    answer(as_curator, "keep", page)
    assert decided(trial) == ["allogeneic"]
    assert open_queue(as_curator).context["item"] is None


def test_a_study_that_cannot_be_read_is_told_and_waits_on(as_curator: Client) -> None:
    make_run()
    make_left_out("NCT00000009", rule="unsure")
    page = open_queue(as_curator)
    assert page.context["item"].key == "NCT00000009"
    response = answer(as_curator, "exclude", page)
    assert response.status_code == 422
    assert "refresh it first" in said(response)
    assert open_queue(as_curator).context["item"].key == "NCT00000009"


def test_a_new_word_is_noted(as_curator: Client) -> None:
    note_new_values(make_run(unknown_values={"statusModule.overallStatus: ON_ICE": 1}))
    page = open_queue(as_curator)
    assert "On ice" in page.content.decode()
    assert answer(as_curator, "skip", page).context["item"] is None


def test_a_curator_chooses_the_name_that_readers_see(as_curator: Client, conflict: Trial) -> None:
    address = reverse("queue-name")
    assert as_curator.post(address, {"name": " Wei  L. "}, follow=True).status_code == 200
    answer(as_curator, "accept")
    page = conflict.get_absolute_url()
    assert "Curated by Wei L. on " in Client().get(page).content.decode()
    assert "name you no more" in said(as_curator.post(address, {"name": " "}, follow=True))
    assert "Curated by a curator on " in Client().get(page).content.decode()


def test_a_trial_itself_is_decided_about_on_a_page_of_its_own(as_curator: Client) -> None:
    trial = make_trial("NCT00000001", sources=("placenta",))
    address = reverse("queue-item", args=["trial", trial.pk])
    change = reverse("admin:trials_trial_change", args=[trial.pk])
    assert address in as_curator.get(change).content.decode()
    page = as_curator.get(address)
    response = answer(as_curator, "title", page, title="膝关节", note="Own words.")
    assert response.redirect_chain == [(change, 302)]
    answer(as_curator, "exclude", as_curator.get(address))
    trial.refresh_from_db()
    assert (trial.title_zh, trial.screening) == ("膝关节", "excluded")
    assert answer(as_curator, "take-in", page).status_code == 409
    answer(as_curator, "take-in", as_curator.get(address))
    trial.refresh_from_db()
    assert trial.screening == "included"
    assert [decision.kind for decision in trial.decisions.all()] == [
        "screening",
        "screening",
        "title",
    ]


def test_one_kind_alone_can_be_gone_through(as_curator: Client, conflict: Trial) -> None:
    with writing():
        make_trial("NCT00000002")
    page = open_queue(as_curator, kind="no-source")
    assert page.context["item"].title.startswith("NCT00000002")
    response = answer(as_curator, "not-stated", page, only="no-source")
    assert response.redirect_chain == [(f"{QUEUE}?kind=no-source", 302)]
    assert as_curator.get(QUEUE, {"kind": "nope"}).status_code == 404


def test_who_may_not_decide_sees_no_queue(as_staff: Client, conflict: Trial) -> None:
    key = f"{conflict.pk}:{DONOR}"
    addresses = [QUEUE, f"{QUEUE}conflict/{key}/"]
    assert [as_staff.get(one).status_code for one in addresses] == [403, 403]
    assert as_staff.post(addresses[1], {"action": "accept"}).status_code == 403
    assert as_staff.post(reverse("queue-undo")).status_code == 403
    visitor = Client()
    assert [visitor.get(one).status_code for one in addresses] == [302, 302]
    assert visitor.post(addresses[1], {"action": "accept"}).status_code == 302
    assert decided(conflict) == []


def test_a_page_costs_the_same_however_much_waits(
    as_curator: Client, django_assert_num_queries: Any
) -> None:
    with writing():
        make_trial()
    open_queue(as_curator)
    with writing():
        for _ in range(30):
            make_trial()
    with django_assert_num_queries(24):
        open_queue(as_curator)


def test_what_a_key_stood_for_is_not_another_value_meanwhile(as_curator: Client) -> None:
    """Documents that were heard before are offered by number too, and one may be taken back."""
    first, second = make_document("first"), make_document("second")
    with writing():
        trial = make_trial(sources=("placenta",))
        state_fact(trial, DONOR, "allogeneic", basis="document", document=first)
        settle([trial])
    decide(trial, kind=DONOR, values=["autologous"], by=make_curator("lan"), note="Read it.")
    with writing():
        state_fact(trial, DONOR, "xenogeneic", basis="document", document=second)
        settle([trial])
    page = open_queue(as_curator)
    assert [action.label for action in page.context["item"].actions()][1:3] == [
        "Allogeneic (a donor's) – Document first",
        "Xenogeneic (an animal's) – Document second",
    ]
    with writing():
        trial.facts.filter(document=first).update(retired_at=timezone.now())
    response = answer(as_curator, "say-1", page)
    assert (response.status_code, decided(trial)) == (409, ["autologous"])
