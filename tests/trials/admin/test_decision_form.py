"""The form in which a curator decides: how it opens, what it folds, what it says afterwards."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from tests.builders import make_curator, make_fact, make_source, make_trial
from tests.trials.admin.posting import address, errors_of, page_as_sent
from trials.admin.deciding import DecisionForm
from trials.curation import confirm_donor, standing_decisions
from trials.models import Trial
from trials.vocabulary import FactKind, Role

pytestmark = pytest.mark.django_db


def test_note_of_the_trial_is_not_put_into_the_curators_mouth(as_curator: Client) -> None:
    trial = make_trial(note="Two doses stand in the record.")
    form = as_curator.get(address(trial)).context["adminform"].form
    assert form["decision_note"].value() is None


def test_note_of_the_trial_does_not_stand_for_the_curators(as_curator: Client) -> None:
    trial = make_trial(donors=("autologous",), note="Two doses stand in the record.")
    sent = page_as_sent(as_curator, trial) | {"donor_type": ["allogeneic"]}
    response = as_curator.post(address(trial), sent)
    assert "Write a note" in errors_of(response)
    assert standing_decisions(trial) == {}


def test_no_field_of_the_form_bears_the_name_of_a_column() -> None:
    columns = {field.name for field in Trial._meta.get_fields()}
    assert columns & set(DecisionForm.base_fields) == set()


def test_curator_is_told_what_was_decided(as_curator: Client) -> None:
    trial, adipose = make_trial("NCT00000001", donors=("autologous",)), make_source("adipose")
    confirm_donor(trial, donors=["allogeneic"], by=make_curator("lan"), note="Guess.")
    sent = page_as_sent(as_curator, trial)
    sent |= {"cell_source": [adipose.pk], "withdraw": ["donor_type"], "decision_note": "Arm 1."}
    response = as_curator.post(address(trial), sent, follow=True)
    (message,) = response.context["messages"]
    assert str(message) == (
        f'<a href="{address(trial)}">NCT00000001</a>: '
        "Cell source decided: Adipose. Donor: the decision is withdrawn."
    )


def test_curator_who_goes_on_editing_stays_on_the_page(as_curator: Client) -> None:
    trial = make_trial()
    sent = page_as_sent(as_curator, trial) | {"_continue": "1", "decision_note": "Arm 1."}
    response = as_curator.post(address(trial), sent | {"donor_type": ["allogeneic"]})
    assert response.headers["Location"] == address(trial)


@pytest.mark.parametrize(("role", "folded"), [(Role.EXPERIMENTAL, 1), (Role.COMPARATOR, 0)])
def test_ticks_of_the_control_are_folded_until_one_is_ticked(
    as_curator: Client, role: str, folded: int
) -> None:
    trial = make_trial()
    make_fact(trial, FactKind.CELL_SOURCE, "adipose", role=role)
    page = as_curator.get(address(trial)).content.decode()
    heading = r"<details>\s*<summary>\s*<h2[^>]*>\s*Cells that only a control group receives"
    assert len(re.findall(heading, page)) == folded


def test_ticks_of_a_tree_say_their_depth(as_curator: Client) -> None:
    make_source("svf", parent="adipose")
    page = as_curator.get(address(make_trial())).content.decode()
    depths = re.findall(r'name="cell_source" [^>]*data-depth="(\d)"', page)
    assert depths == ["0", "1"]
