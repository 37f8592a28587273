"""Sponsors that may be one, in the queue: told apart by one key, merged by way of the preview."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.builders import make_curator, make_sponsor, make_trial
from tests.trials.admin.test_dashboard import figures
from tests.trials.admin.test_queue import answer, open_queue, said
from trials.curation import tell_apart
from trials.models import Decision, Sponsor, SponsorPair
from trials.search.kept import writing

pytestmark = pytest.mark.django_db
QUEUE, LABEL = "/admin/queue/", "Sponsors that may be one"


@pytest.fixture
def pair(db: None) -> SponsorPair:
    """Medi-Post, which leads nothing, beside Medipost, which leads a trial."""
    with writing():
        kept = make_sponsor("medipost", name="Medipost Co", name_zh="美迪博")
        gone = make_sponsor("medi-post", name="Medi-Post", aliases=("MP Korea",))
        make_trial("NCT00000001", sources=("placenta",), sponsor=kept)
    return SponsorPair.objects.create(one=kept, other=gone, likeness=93)


def test_a_pair_shows_both_sides_and_is_told_apart_by_one_answer(
    as_curator: Client, pair: SponsorPair
) -> None:
    page = open_queue(as_curator)
    text = page.content.decode()
    assert (page.context["item"].kind, page.context["item"].key) == ("sponsors", str(pair.pk))
    for words in ("Medipost Co / Medi-Post", "美迪博", "MP Korea", "leads 1, takes part in 0"):
        assert words in text
    response = answer(as_curator, "apart", page, note="Two towns.")
    pair.refresh_from_db()
    assert (pair.apart, response.context["item"]) == (True, None)
    assert Decision.objects.get().note == "Two towns."
    response = as_curator.post(reverse("queue-undo"), follow=True)
    pair.refresh_from_db()
    assert (pair.apart, response.context["item"].key) == (False, str(pair.pk))


@pytest.mark.parametrize(("only", "back"), [("", QUEUE), ("sponsors", f"{QUEUE}?kind=sponsors")])
def test_the_same_leads_to_the_preview_and_from_there_back_to_the_queue(
    as_curator: Client, pair: SponsorPair, only: str, back: str
) -> None:
    response = answer(as_curator, "same", only=only)
    assert not Decision.objects.exists()
    address, _status = response.redirect_chain[-1]
    merge = reverse("admin:trials_sponsor_merge", args=[pair.other_id, pair.one_id])
    assert address == f"{merge}?queue={only}"
    assert f'href="{back}">Back' in response.content.decode()
    response = as_curator.post(address, {"note": "One company."}, follow=True)
    assert response.redirect_chain == [(back, 302)]
    assert Sponsor.objects.get(slug="medi-post").merged_into == pair.one
    assert response.context["item"] is None
    response = as_curator.post(reverse("queue-undo"), follow=True)
    assert Sponsor.objects.get(slug="medi-post").merged_into is None
    assert response.context["item"].key == str(pair.pk)


def test_a_skipped_pair_stays_in_the_list_of_pairs(as_curator: Client, pair: SponsorPair) -> None:
    response = answer(as_curator, "skip")
    assert response.context["item"] is None
    assert "stays in the list of pairs" in said(response)
    listed = as_curator.get(reverse("admin:trials_sponsor_pairs")).content.decode()
    assert "Medi-Post" in listed
    assert f'href="{QUEUE}?kind=sponsors"' in listed


def test_the_second_curator_is_told_and_nothing_is_asked_again(
    as_curator: Client, pair: SponsorPair
) -> None:
    page = open_queue(as_curator)
    tell_apart(pair, by=make_curator("li"), note="Two towns.")
    response = answer(as_curator, "apart", page)
    assert response.status_code == 409
    assert "It does not wait any more" in response.content.decode()
    assert response.context["item"].actions() == []
    assert Decision.objects.count() == 1


def test_pairs_are_counted_with_their_age(as_curator: Client, pair: SponsorPair) -> None:
    SponsorPair.objects.update(since=timezone.now() - timedelta(days=12))
    assert figures(as_curator)[LABEL] == ("1", "oldest: 12 days", False)


def test_who_may_not_merge_is_not_asked(pair: SponsorPair) -> None:
    person = User.objects.create_user("facts", is_staff=True)
    person.user_permissions.add(Permission.objects.get(codename="change_fact"))
    client = Client()
    client.force_login(person)
    assert open_queue(client).context["item"] is None
    assert LABEL not in figures(client)
    address = reverse("queue-item", args=["sponsors", pair.pk])
    assert client.post(address, {"action": "apart"}).status_code == 403


@pytest.mark.parametrize("n", [1, 30])
def test_a_page_with_a_pair_costs_the_same_however_many_wait(
    as_curator: Client, pair: SponsorPair, django_assert_num_queries: Any, n: int
) -> None:
    for number in range(n):
        other = make_sponsor(f"like-{number}", name=f"Medipost {number}")
        SponsorPair.objects.create(one=pair.one, other=other, likeness=80)
    open_queue(as_curator)
    with django_assert_num_queries(24):
        open_queue(as_curator)
