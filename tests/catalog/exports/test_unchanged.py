"""A list that was taken away is not sent again while the catalogue is as it was."""

from typing import Any

import pytest
from django.test import Client

from tests.builders import make_trial
from tests.writers import wait_for_earlier_writers
from trials.models import Trial

pytestmark = pytest.mark.django_db(transaction=True)
TWINS = ("csv", "ndjson", "ris")


def again(client: Client, address: str, etag: str, **headers: str) -> Any:
    """The same question by somebody who has the file."""
    return client.get(address, headers={"if-none-match": etag, **headers})


def settled(client: Client, address: str) -> str:
    """The tag of a file that holds."""
    wait_for_earlier_writers()
    etag: str = client.head(address)["ETag"]
    return etag


@pytest.mark.parametrize("ending", TWINS)
def test_a_list_that_is_as_it_was_is_not_sent_again(client: Client, ending: str) -> None:
    make_trial(countries=("CN",))
    address = f"/trials.{ending}?country=CN"
    answer = again(client, address, settled(client, address))
    assert (answer.status_code, answer.content) == (304, b"")
    assert {"Accept-Language", "Cookie"} <= set(answer["Vary"].split(", "))


@pytest.mark.parametrize("ending", TWINS)
def test_a_list_is_sent_anew_after_a_change_and_in_another_language(
    client: Client, ending: str
) -> None:
    trial = make_trial(countries=("CN",), title="Before")
    address = f"/trials.{ending}?country=CN"
    etag = settled(client, address)
    other = again(client, address, etag, **{"accept-language": "zh-hans"})
    assert other.status_code == 200
    other.getvalue()
    Trial.objects.filter(pk=trial.pk).update(title="Afterwards")
    answer = again(client, address, etag)
    assert answer.status_code == 200
    assert b"Afterwards" in answer.getvalue()


def test_a_question_that_is_wrong_never_holds(client: Client) -> None:
    make_trial()
    etag = settled(client, "/trials.csv")
    refused = again(client, "/trials.csv?contry=CN", etag)
    assert (refused.status_code, refused.has_header("ETag")) == (400, False)
