"""A dump that is restored into another PostgreSQL has stamps of transactions that are to come."""

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.http import QueryDict

from catalog.filters import ask
from tests.builders import make_trial
from trials.models import ChangedTrial, Trial, TrialText
from trials.search.kept import catch_up, find_behind, tables
from trials.search.log import moment, news
from trials.search.restored import rebase

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def restored() -> list[int]:
    """Two trials with their words, all as if it came from a server with a billion transactions."""
    if connection.vendor != "postgresql":
        pytest.skip("SQLite's running numbers are in its file, and move with it")
    keys = [make_trial(title="Cord for the knee").pk, make_trial(title="Fat for the disc").pk]
    catch_up("default")
    with connection.cursor() as cursor:
        for table in (ChangedTrial._meta.db_table, *tables()):
            cursor.execute(f"UPDATE {table} SET stamp = stamp + 1000000000 WHERE stamp > 0")  # noqa: S608
    return keys


def test_the_changes_of_another_server_are_past_after_migrate(restored: list[int]) -> None:
    before = moment("default")
    assert news("default", before).trials == set(restored)
    call_command("migrate", verbosity=0)
    assert news("default", before) is None  # whoever knew the old server reads everything
    assert news("default", moment("default")).trials == frozenset()


def test_words_that_were_in_step_stay_so_and_others_are_made_anew(restored: list[int]) -> None:
    TrialText.objects.filter(trial=restored[1]).update(stamp=7)
    assert rebase("default")
    assert find_behind("default") == restored[1:]


def test_what_changes_afterwards_is_on_the_next_page(restored: list[int]) -> None:
    call_command("migrate", verbosity=0)
    assert sorted(ask(QueryDict("status=RECRUITING")).trials.keys) == restored
    Trial.objects.filter(pk=restored[0]).update(status="COMPLETED")
    assert ask(QueryDict("status=COMPLETED")).trials.keys == restored[:1]


@pytest.mark.parametrize("written_here", [True, False])
def test_on_its_own_server_nothing_is_to_be_done(written_here: bool) -> None:
    make_trial()
    before = moment("default")
    with transaction.atomic():
        if written_here:
            Trial.objects.update(status="COMPLETED")
        assert not rebase("default")
    assert moment("default").epoch == before.epoch
