"""Readers see the name that a curator chose, everywhere and at once, and never the log-in name."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.builders import make_curator, make_trial
from trials.curation import call, confirm_donor
from trials.models import PublicName

pytestmark = pytest.mark.django_db


def test_a_name_is_chosen_changed_and_taken_away() -> None:
    wei = make_curator("wei")
    for name, kept in ((" Wei  L. ", ["Wei L."]), ("Dr. Li", ["Dr. Li"]), (" ", [])):
        call(wei, name)
        assert [str(row) for row in PublicName.objects.all()] == kept


@pytest.mark.django_db(transaction=True)
def test_a_program_that_keeps_a_trial_learns_of_the_new_name(client: Client) -> None:
    trial, wei = make_trial("NCT00000001"), make_curator("wei")
    confirm_donor(trial, donors=["allogeneic"], by=wei, note="Arm 1.")
    address = "/api/v1/trials/NCT00000001/"
    first = client.get(address)
    assert [row["decided_by"] for row in first.json()["facts"]] == ["a curator"]
    call(wei, "Wei L.")
    again = client.get(address, headers={"if-none-match": first.headers["ETag"]})
    assert again.status_code == 200
    assert [row["decided_by"] for row in again.json()["facts"]] == ["Wei L."]
