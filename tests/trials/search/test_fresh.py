"""What one process saves, another shows on its next page; and no page shows half a change."""

import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection
from django.http import QueryDict
from django.test import Client

from catalog.filters import ask
from tests.builders import make_trial
from tests.writers import at_work
from trials.models import Trial
from trials.search import consistent, current
from trials.search.keeper import refill

ROOT = Path(__file__).parents[3]
SAVE = """
import django; django.setup()
from trials.models import Trial
Trial.objects.filter(number="NCT00000001").update(status="COMPLETED")
"""


@pytest.mark.django_db(transaction=True)
def test_what_another_process_saves_is_on_the_next_page(client: Client) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("the tests' SQLite is in the memory of this process")
    make_trial("NCT00000001")
    make_trial("NCT00000002")
    assert client.get("/api/v1/trials/?status=COMPLETED").json()["count"] == 0
    place = connection.settings_dict
    url = f"postgres://{place['USER']}@{place['HOST']}:{place['PORT']}/{place['NAME']}"
    environment = {**os.environ, "DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "catalog.settings"}
    subprocess.run([sys.executable, "-c", SAVE], env=environment, cwd=ROOT, check=True)
    answer = client.get("/api/v1/trials/?status=COMPLETED").json()
    assert (answer["count"], answer["results"][0]["status"]) == (1, "COMPLETED")


@pytest.mark.django_db(transaction=True)
def test_within_a_page_count_facets_and_rows_are_of_one_state() -> None:
    if connection.vendor != "postgresql":
        pytest.skip("the tests' SQLite has one connection")
    make_trial("NCT00000001", phases=("PHASE1",))
    with consistent():
        asked = ask(QueryDict("status=RECRUITING"))
        elsewhere(lambda: Trial.objects.update(status="COMPLETED"))
        elsewhere(lambda: make_trial("NCT00000002"))
        (trial,) = asked.trials[:10]
        assert (trial.status, len(asked.trials)) == ("RECRUITING", 1)
        assert [row.count for row in asked.facets()["phase"] if row.value == "PHASE1"] == [1]
    assert [trial.number for trial in ask(QueryDict("status=RECRUITING")).trials] == ["NCT00000002"]


def elsewhere(write: object) -> None:
    """Write in a connection of its own and commit."""

    def work() -> None:
        write()  # type: ignore[operator]
        connection.close()

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()


@pytest.mark.django_db(transaction=True)
def test_a_writer_who_commits_late_is_not_stepped_over() -> None:
    """The number of a change is given out before its transaction ends, and others may overtake."""
    slow, quick = make_trial("NCT00000001"), make_trial("NCT00000002")
    with at_work(lambda: Trial.objects.filter(pk=slow.pk).update(status="COMPLETED")):
        Trial.objects.filter(pk=quick.pk).update(status="COMPLETED")
        assert ask(QueryDict("status=COMPLETED")).trials.keys == [quick.pk]
    assert sorted(ask(QueryDict("status=COMPLETED")).trials.keys) == [slow.pk, quick.pk]


@pytest.mark.django_db(transaction=True)
def test_an_index_with_many_empty_places_is_made_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("trials.search.keeper._TOLERATED", 1)
    for _ in range(6):
        make_trial()
    assert len(current().index.keys) == 6
    Trial.objects.filter(pk__in=Trial.objects.order_by("pk")[:4].values("pk")).delete()
    assert len(current().index.keys) == 6
    refill()
    assert len(current().index.keys) == 2


@pytest.mark.django_db(transaction=True)
def test_an_emptied_catalogue_is_not_taken_for_the_one_before() -> None:
    make_trial()
    assert len(ask(QueryDict()).trials) == 1
    call_command("flush", interactive=False, verbosity=0)
    assert len(ask(QueryDict()).trials) == 0
