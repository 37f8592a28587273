"""Many trials are left out or taken back in from the list: a preview, one batch, one undoing."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.contrib.admin import site
from django.contrib.auth.models import User
from django.test import Client, RequestFactory
from django.urls import reverse

from tests.builders import make_curator, make_trial
from trials.admin.trials import TrialAdmin
from trials.curation import screen
from trials.models import Decision, Trial

pytestmark = pytest.mark.django_db
LIST, PAGE = reverse("admin:trials_trial_changelist"), reverse("admin:trials_trial_screening")


def make_three() -> list[int]:
    return [make_trial(f"NCT0000000{n}", sources=("placenta",)).pk for n in (1, 2, 3)]


def choose(client: Client, action: str, keys: list[int]) -> Any:
    return client.post(LIST, {"action": action, "_selected_action": keys})


def sent(preview: Any, **more: str) -> dict[str, Any]:
    """What the form of the preview would send."""
    fields: dict[str, list[str]] = {}
    pairs = r'<input type="hidden" name="(selected|take_in|seen)" value="([^"]*)">'
    for name, value in re.findall(pairs, preview.content.decode()):
        fields.setdefault(name, []).append(value)
    return {**fields, "write": "1", **more}


def state() -> list[tuple[str, str]]:
    return list(Trial.objects.order_by("number").values_list("screening", "screening_basis"))


def test_the_selected_are_left_out_and_brought_back_by_one_undoing(as_curator: Client) -> None:
    preview = choose(as_curator, "leave_out_together", make_three()[:2])
    assert "2 trials would change" in preview.content.decode()
    assert not Decision.objects.exists()
    told = as_curator.post(PAGE, sent(preview, note="No joint."), follow=True)
    assert state() == [("excluded", "curator")] * 2 + [("included", "document")]
    batch = Decision.objects.values_list("batch", flat=True).distinct().get()
    undo = reverse("admin:trials_trial_undo_batch", args=[batch])
    assert f'2 decisions were made. <a href="{undo}">Undo</a>' in told.content.decode()
    as_curator.post(undo, {"note": "The wrong ones."})
    assert state() == [("included", "document")] * 3


def test_they_are_taken_back_in(as_curator: Client) -> None:
    keys = make_three()
    for trial in Trial.objects.filter(pk__in=keys[:2]):
        screen(trial, take_in=False, by=make_curator("li"), note="No joint.")
    text = (preview := choose(as_curator, "take_in_together", keys)).content.decode()
    assert "Not in the catalogue · decided by a curator" in text
    as_curator.post(PAGE, sent(preview, note="A joint."))
    assert state() == [("included", "curator")] * 3


def test_the_preview_tells_what_is_decided_so_and_what_is_another_trial(
    as_curator: Client,
) -> None:
    keys = make_three()
    screen(Trial.objects.get(pk=keys[0]), take_in=False, by=make_curator("li"), note="No joint.")
    other = make_trial("NCT00000009", joined_to_id=keys[2], screening="excluded")
    preview = choose(as_curator, "leave_out_together", [*keys, other.pk])
    text = preview.content.decode()
    for words in ("2 trials would change", "decided so already: 1", "be another: 1"):
        assert words in text
    as_curator.post(PAGE, sent(preview, note="No joint."))
    assert Decision.objects.exclude(batch=None).count() == 2
    nothing = choose(as_curator, "leave_out_together", keys).content.decode()
    assert "Nothing would change." in nothing


def test_a_reason_is_wanted_and_nothing_but_what_was_seen_is_written(as_curator: Client) -> None:
    keys = make_three()
    preview = choose(as_curator, "leave_out_together", keys)
    assert "Write a note" in as_curator.post(PAGE, sent(preview, note=" ")).content.decode()
    screen(Trial.objects.get(pk=keys[0]), take_in=False, by=make_curator("li"), note="No joint.")
    response = as_curator.post(PAGE, sent(preview, note="No joint."))
    assert "not what you saw" in response.content.decode()
    assert "2 trials would change" in response.content.decode()
    assert "No joint.</textarea>" in response.content.decode()
    assert Decision.objects.count() == 1


def test_what_undoes_the_queue_undoes_them_all(as_curator: Client) -> None:
    preview = choose(as_curator, "leave_out_together", make_three())
    as_curator.post(PAGE, sent(preview, note="No joint."))
    as_curator.post(reverse("queue-undo"))
    assert state() == [("included", "document")] * 3


def test_who_may_not_decide_gets_none_of_it(as_staff: Client, client: Client) -> None:
    asked = {"selected": make_three(), "take_in": "no", "write": "1", "note": "No."}
    assert as_staff.post(PAGE, asked).status_code == 403
    assert client.post(PAGE, asked).status_code == 302
    assert as_staff.get(PAGE).status_code == 403
    assert state() == [("included", "document")] * 3


@pytest.mark.parametrize("n", [1, 30])
def test_a_preview_costs_the_same_for_one_trial_and_for_thirty(
    curator: User, rf: RequestFactory, django_assert_num_queries: Any, n: int
) -> None:
    """The view alone: after what is sent, the index follows, which is not the page's own work."""
    request = rf.post(PAGE, {"selected": [make_trial().pk for _ in range(n)], "take_in": "no"})
    request.user = curator
    with django_assert_num_queries(3):
        page: Any = TrialAdmin(Trial, site).screening(request)
        assert f"{n} trial" in page.rendered_content
