"""What a curator takes back in the queue is what opens next, whatever else waits."""

import pytest
from django.test import Client
from django.urls import reverse

from tests.builders import make_trial, state_fact
from trials.models import Doubt, Trial
from trials.search.kept import writing
from trials.showing import settle
from trials.vocabulary import FactKind

pytestmark = pytest.mark.django_db


@pytest.fixture
def unsure(db: None) -> list[Trial]:
    """Trials of whose donor the rules were not sure: the surer, the later."""
    trials = []
    with writing():
        for number, confidence in (("NCT00000001", 0.3), ("NCT00000002", 0.5)):
            trial = make_trial(number, sources=("placenta",))
            state_fact(
                trial, FactKind.DONOR_TYPE, "autologous", basis="rule", confidence=confidence
            )
            settle([trial])
            trials.append(trial)
    return trials


def test_the_item_opens_again_and_not_the_one_that_waits_first(
    as_curator: Client, unsure: list[Trial]
) -> None:
    doubt = Doubt.objects.get(trial=unsure[1])
    address = reverse("queue-item", args=[doubt.kind, doubt.key])
    item = as_curator.get(address).context["item"]
    as_curator.post(address, {"seen": item.seen, "action": "accept"})
    response = as_curator.post(reverse("queue-undo"), follow=True)
    assert response.context["item"].trial == unsure[1]
