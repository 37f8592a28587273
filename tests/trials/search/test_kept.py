"""The words of a trial are in step with it, whoever writes, and whichever process asks."""

import threading
from datetime import date

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.db import connection, transaction
from django.http import QueryDict
from django.test import Client
from django.urls import reverse

from catalog.filters import ask
from tests.builders import THEN, make_curator, make_sponsor, make_trial
from trials.curation import confirm_donor
from trials.models import Sponsor, Trial, TrialText
from trials.search import kept
from trials.search.warming import Follower
from trials.seeding import seed

pytestmark = pytest.mark.django_db(transaction=True)


def found(words: str) -> list[str]:
    return [trial.number for trial in ask(QueryDict(f"q={words}")).trials]


def test_a_door_has_the_words_in_its_own_transaction() -> None:
    with kept.writing():
        make_trial("NCT00000001", title="Knee")
    assert (found("knee"), kept.find_behind("default")) == (["NCT00000001"], [])


def test_what_is_taken_back_leaves_no_words() -> None:
    with transaction.atomic():
        with kept.in_step():
            make_trial("NCT00000001", title="Knee")
        transaction.set_rollback(True)
    assert (found("knee"), TrialText.objects.count()) == ([], 0)


def test_what_is_written_twice_in_one_transaction_is_found_as_it_is_at_last() -> None:
    with transaction.atomic():
        with kept.in_step():
            trial = make_trial("NCT00000001", title="Knee")
        with kept.in_step():
            Trial.objects.filter(pk=trial.pk).update(title="Hip")
    assert (found("knee"), found("hip")) == ([], ["NCT00000001"])


def test_a_seeded_catalogue_is_found_at_once() -> None:
    seed(settings.BASE_DIR / "fixtures", now=THEN)
    assert kept.find_behind("default") == []
    assert "NCT03166865" in found("脐带间充质")


def test_what_is_edited_in_the_admin_is_on_the_next_page() -> None:
    trial = make_trial("NCT00000001", title="Knee", sponsor=make_sponsor("beike", name="Beike"))
    sponsor = trial.sponsorships.get().sponsor
    client = Client()
    client.force_login(User.objects.create_superuser("root"))
    address = reverse("admin:trials_sponsor_change", args=[sponsor.pk])
    form = client.get(address).context["adminform"].form
    values = {name: form[name].value() or "" for name in form.fields}
    response = client.post(address, {**values, "chinese": "北科", "decision_note": "Its site."})
    assert response.status_code == 302
    assert Sponsor.objects.get().name_zh == "北科"
    assert found("北科") == ["NCT00000001"]


def test_what_is_written_past_every_door_is_caught_up_with() -> None:
    follower = Follower()
    follower.look()
    make_trial("NCT00000001", title="Knee")
    assert found("knee") == []
    follower.look()
    assert found("knee") == ["NCT00000001"]
    Trial.objects.update(title="Hip")
    follower.look()
    assert (found("knee"), found("hip")) == ([], ["NCT00000001"])


def test_words_that_were_looked_for_too_early_are_looked_for_again() -> None:
    trial = make_trial("NCT00000001", title="Knee")
    kept.catch_up("default")
    assert found("hip") == []
    Trial.objects.filter(pk=trial.pk).update(title="Hip")
    assert found("hip") == []  # the index knows of the change, the words are behind
    kept.catch_up("default")
    assert found("hip") == ["NCT00000001"]


def test_the_words_of_few_are_made_anew_when_few_change() -> None:
    for n in range(3):
        make_trial(f"NCT0000000{n}", title="Knee")
    assert kept.catch_up("default") == 3
    Trial.objects.filter(number="NCT00000001").update(last_updated=date(2026, 1, 5))
    assert (kept.catch_up("default"), kept.catch_up("default")) == (1, 0)


def test_a_catalogue_of_before_gets_its_words() -> None:
    """Rows that no trigger saw, as before the log was: nothing is noted of them."""
    make_trial("NCT00000001", title="Knee")
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM trials_changedtrial WHERE subject > 0")
    assert kept.catch_up("default") == 1
    assert found("knee") == ["NCT00000001"]


def test_two_that_make_words_of_the_same_trial_end_with_the_last_state() -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has one writer at a time")
    trial = make_trial("NCT00000001", title="Knee")
    written, may_commit = threading.Event(), threading.Event()

    def work() -> None:
        with kept.writing():
            Trial.objects.filter(pk=trial.pk).update(title="Hip")
            written.set()
            may_commit.wait(1)
        connection.close()

    thread = threading.Thread(target=work)
    thread.start()
    written.wait(10)
    threading.Timer(0.2, may_commit.set).start()
    kept.catch_up("default")  # waits for the other's note, then reads what it wrote
    thread.join()
    kept.catch_up("default")
    assert (found("knee"), found("hip")) == ([], ["NCT00000001"])


def test_what_is_written_together_is_caught_up_with_once(monkeypatch: pytest.MonkeyPatch) -> None:
    trials = [make_trial(), make_trial()]
    times: list[list[int]] = []
    kept.catch_up("default")
    monkeypatch.setattr(kept, "catch_up", lambda using, some: times.append(sorted(some)))
    with kept.writing():
        for trial in trials:
            confirm_donor(trial, donors=["allogeneic"], by=make_curator(), note="Both.")
    assert times == [sorted(trial.pk for trial in trials)]
