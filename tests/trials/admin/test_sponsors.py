"""People decide in the admin whether two sponsors are one, and what a sponsor is called."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.contrib.auth.models import Permission, User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.builders import make_curator, make_sponsor, make_trial
from tests.trials.admin.posting import errors_of
from trials.curation import decide_names, find_pairs, merge
from trials.models import Decision, Sponsor, SponsorPair

pytestmark = pytest.mark.django_db
PAIRS = "admin:trials_sponsor_pairs"


@pytest.fixture
def decider(client: Client) -> Client:
    """A member of the staff who may change sponsors."""
    person = User.objects.create_user("li", is_staff=True)
    may = ("change_sponsor", "view_sponsor")
    person.user_permissions.add(*Permission.objects.filter(codename__in=may))
    client.force_login(person)
    return client


def pair_of(kept: str = "Medipost", gone: str = "Medi-Post Ltd") -> tuple[Sponsor, Sponsor]:
    one, other = make_sponsor("kept", name=kept), make_sponsor("gone", name=gone)
    make_trial(sponsor=one)
    find_pairs()
    return one, other


def test_a_pair_leads_to_the_preview_that_keeps_the_one_with_more_trials(decider: Client) -> None:
    kept, gone = pair_of()
    text = decider.get(reverse(PAIRS)).content.decode()
    preview = reverse("admin:trials_sponsor_merge", args=[gone.pk, kept.pk])
    assert f'href="{preview}"' in text
    page = decider.get(preview).content.decode()
    assert "<strong>Medi-Post Ltd</strong> goes into <strong>Medipost</strong>" in page
    assert "/sponsors/gone/ → /sponsors/kept/" in page
    assert not Decision.objects.exists()


def test_merging_and_undoing_by_the_pages(decider: Client) -> None:
    kept, gone = pair_of()
    preview = reverse("admin:trials_sponsor_merge", args=[gone.pk, kept.pk])
    refused = decider.post(preview, {"note": " "})
    assert "Write a note" in errors_of(refused)
    told = decider.post(preview, {"note": "Same address."}, follow=True).content.decode()
    decision = Decision.objects.get()
    assert (decision.by.username, decision.note) == ("li", "Same address.")
    undo = reverse("decision-undo", args=[decision.pk])
    assert f'“Medi-Post Ltd” is merged into “Medipost”. <a href="{undo}">' in told
    decider.post(undo, {"note": "Another company."})
    decision.refresh_from_db()
    gone.refresh_from_db()
    assert (decision.undone_note, gone.merged_into) == ("Another company.", None)


def test_not_the_same_is_one_click_and_remembered(decider: Client) -> None:
    pair_of()
    apart = reverse("admin:trials_sponsor_apart", args=[SponsorPair.objects.get().pk])
    told = decider.post(apart, follow=True).content.decode()
    assert "“Medipost” and “Medi-Post Ltd” are not the same." in told
    assert "No sponsors look alike" in told
    assert "Somebody said so before." in decider.post(apart, follow=True).content.decode()
    assert Decision.objects.count() == 1


def test_who_comes_second_is_told_that_they_are_merged(decider: Client) -> None:
    kept, gone = pair_of()
    merge(gone, into=kept, by=make_curator(), note="One.")
    preview = reverse("admin:trials_sponsor_merge", args=[gone.pk, kept.pk])
    told = decider.post(preview, {"note": "One."}, follow=True).content.decode()
    assert "“Medi-Post Ltd” was merged into “Medipost” already. Nothing was changed." in told
    assert Decision.objects.count() == 1


def test_any_name_leads_to_the_preview(decider: Client) -> None:
    kept, gone = pair_of()
    choose = reverse("admin:trials_sponsor_choose", args=[gone.pk])
    found = decider.get(choose, {"into": "MEDIPOST."})
    assert found["Location"] == reverse("admin:trials_sponsor_merge", args=[gone.pk, kept.pk])
    told = decider.get(choose, {"into": "Nobody"}, follow=True).content.decode()
    assert "No sponsor is known as “Nobody”." in told


def sent(client: Client, sponsor: Sponsor) -> dict[str, Any]:
    form = client.get(page_of(sponsor)).context["adminform"].form
    return {name: form[name].value() or "" for name in form.fields}


def page_of(sponsor: Sponsor) -> str:
    return reverse("admin:trials_sponsor_change", args=[sponsor.pk])


def test_names_are_decided_on_the_sponsors_page(decider: Client) -> None:
    sponsor = make_sponsor("medipost", name="Medipost", aliases=("MP",))
    changes = {"names": "Medipost\r\nMEDI POST", "chinese": "迈迪", "decision_note": "Its site."}
    response = decider.post(page_of(sponsor), sent(decider, sponsor) | changes)
    assert (response.status_code, errors_of(response)) == (302, "")
    sponsor.refresh_from_db()
    assert sponsor.name_zh == "迈迪"
    assert sorted(sponsor.aliases.values_list("name", flat=True)) == ["MEDI POST", "Medipost"]
    page = decider.get(page_of(sponsor)).content.decode()
    undo = reverse("decision-undo", args=[Decision.objects.get().pk])
    assert f'<a href="{undo}">Undo</a>' in page


def test_a_note_about_the_sponsor_is_no_decision_about_names(decider: Client) -> None:
    sponsor = make_sponsor("medipost", name="Medipost", aliases=("MP",))
    values = sent(decider, sponsor)
    values |= {"names": values["names"].replace("\n", "\r\n"), "note": "Of Seoul."}
    assert decider.post(page_of(sponsor), values).status_code == 302
    sponsor.refresh_from_db()
    assert (sponsor.note, Decision.objects.count()) == ("Of Seoul.", 0)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"chinese": "迈迪"}, "Write a note"),
        ({"names": "Medipost\r\nBeike", "decision_note": "Site."}, "leads to “Beike”"),
        ({"names": "MP", "decision_note": "Site."}, "own name"),
    ],
)
def test_names_that_cannot_be_are_refused_in_words(
    decider: Client, changes: dict[str, str], words: str
) -> None:
    sponsor = make_sponsor("medipost", name="Medipost")
    make_sponsor("beike", name="Beike")
    response = decider.post(page_of(sponsor), sent(decider, sponsor) | changes)
    assert words in errors_of(response)
    assert not Decision.objects.exists()


def test_names_that_changed_meanwhile_are_not_overwritten(decider: Client) -> None:
    sponsor = make_sponsor("medipost", name="Medipost")
    values = sent(decider, sponsor) | {"chinese": "迈迪", "decision_note": "Site."}
    decide_names(sponsor, name_zh="美迪", names=["Medipost"], by=make_curator(), note="Site.")
    assert "changed after you opened" in errors_of(decider.post(page_of(sponsor), values))
    sponsor.refresh_from_db()
    assert sponsor.name_zh == "美迪"


def test_who_may_not_change_sponsors_gets_none_of_it(as_editor: Client, client: Client) -> None:
    kept, gone = pair_of()
    decision = merge(gone, into=kept, by=make_curator(), note="One.")
    pages = [
        reverse(PAIRS),
        reverse("admin:trials_sponsor_merge", args=[gone.pk, kept.pk]),
        reverse("admin:trials_sponsor_choose", args=[kept.pk]),
        reverse("decision-undo", args=[decision.pk]),
    ]
    apart = reverse("admin:trials_sponsor_apart", args=[SponsorPair.objects.get().pk])
    assert {as_editor.get(page).status_code for page in pages} == {403}
    posted = [page for page in pages if page != pages[2]]
    assert {as_editor.post(page, {"note": "x"}).status_code for page in (*posted, apart)} == {403}
    assert {client.get(page).status_code for page in pages} == {302}


@pytest.mark.parametrize("count", [1, 30])
def test_the_list_of_pairs_costs_the_same_for_one_and_for_thirty(
    decider: Client, count: int
) -> None:
    for number in range(count):
        make_sponsor(f"a{number}", name=f"Zyx{number * 7}q Cells", aliases=(f"Z{number}",))
        make_sponsor(f"b{number}", name=f"Zyx{number * 7}q Cells Ltd")
    assert find_pairs() >= count
    with CaptureQueriesContext(
        connection,
    ) as queries:
        text = decider.get(reverse(PAIRS)).content.decode()
    assert len(re.findall('class="pair"', text)) == count
    assert len(queries) == 12
