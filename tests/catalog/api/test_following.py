"""A client that follows the changes holds a true copy: nothing missed, nothing told twice."""

from random import Random
from typing import Any

import orjson
import pytest
from django.db import connection
from django.test import Client

from catalog.api.cursors import packed, unpacked
from tests.builders import make_ready, make_trial
from tests.catalog.api.test_documents import EDITS, as_serialized
from tests.queries import price
from tests.trials.search.catalogues import grow_catalogue
from tests.writers import at_work, wait_for_earlier_writers
from trials.models import ChangedTrial, Trial
from trials.search.restored import BEFORE_ALL
from trials.search.triggers import begin_epoch

pytestmark = pytest.mark.django_db(transaction=True)
ADDRESS = "/api/v1/changes/"


def get(client: Client, since: str, **params: Any) -> Any:
    response = client.get(ADDRESS, {"since": since, **params})
    assert response.status_code == 200, response.content
    return response.json()


def told(client: Client, since: str, size: int = 2) -> tuple[list[Any], str]:
    """All rows from there on, and the cursor for the next time."""
    rows: list[Any] = []
    while True:
        page = get(client, since, page_size=size)
        rows += page["results"]
        since = page["cursor"]
        if page["next"] is None:
            return rows, since


class Follower:
    """A client with a copy. It asks for one page at a time."""

    def __init__(self, client: Client) -> None:
        self.client, self.copy, self.cursor, self.up_to_date = client, {}, "", False

    def ask(self, size: int) -> None:
        page = get(self.client, self.cursor, page_size=size)
        for row in page["results"]:
            if row["gone"]:
                self.copy.pop(row["key"], None)
            else:
                self.copy[row["key"]] = row["trial"]
        self.cursor, self.up_to_date = page["cursor"], page["next"] is None

    def catch_up(self) -> None:
        self.up_to_date = False
        while not self.up_to_date:
            self.ask(100)


def true_copy() -> dict[int, Any]:
    keys = list(Trial.objects.published().values_list("pk", flat=True))
    rows = orjson.loads(orjson.dumps(as_serialized(keys)))
    return dict(zip(keys, rows, strict=True))


# Renaming a cell source tells no trial, as the docs say: such names are put in when one is sent.
POSSIBLE = [
    *EDITS,
    lambda random: make_trial(title=random.choice("abc"), countries=("CN",)),
    lambda random: Trial.objects.filter(pk=random.randrange(40)).update(screening="excluded"),
    lambda random: Trial.objects.filter(screening="excluded").update(screening="included"),
    lambda random: Trial.objects.filter(pk=random.randrange(40)).delete(),
]


def test_after_a_thousand_edits_a_copy_is_the_catalogue(client: Client) -> None:
    random = Random(4)
    grow_catalogue(random, 20)
    follower = Follower(client)
    # All on SQLite; on PostgreSQL so many take minutes of each run of the tests.
    for _ in range(1000 if connection.vendor == "sqlite" else 300):
        random.choice(POSSIBLE)(random)
        if random.random() < 0.2:
            follower.ask(random.choice((1, 3, 10)))
        if random.random() < 0.01:
            follower.catch_up()
            assert follower.copy == true_copy()
    follower.catch_up()
    assert follower.copy == true_copy()
    assert len(follower.copy) > 10


def test_it_begins_with_every_trial_in_order_once(client: Client) -> None:
    trials = [make_trial() for _ in range(5)]
    make_trial(screening="excluded")
    ChangedTrial.objects.filter(subject__gt=0).delete()  # as of before there was a log
    rows, cursor = told(client, "")
    assert [row["key"] for row in rows] == [trial.pk for trial in trials]
    assert [row["id"] for row in rows] == [trial.number for trial in trials]
    assert told(client, cursor)[0] == []


def test_a_row_has_the_trial_as_the_list_has_it_or_says_that_it_is_gone(client: Client) -> None:
    kept_one, hidden, removed = make_trial(), make_trial(), make_trial()
    cursor = told(client, "")[1]
    Trial.objects.filter(pk=kept_one.pk).update(title="Another")
    Trial.objects.filter(pk=hidden.pk).update(screening="excluded")
    removed_key = removed.pk
    removed.delete()
    page = get(client, cursor)
    assert (page["count"], page["next"], page["previous"]) == (3, None, None)
    (listed,) = client.get("/api/v1/trials/").json()["results"]
    assert page["results"] == [
        {"key": kept_one.pk, "id": kept_one.number, "gone": False, "trial": listed},
        {"key": hidden.pk, "id": hidden.number, "gone": True, "trial": None},
        {"key": removed_key, "id": None, "gone": True, "trial": None},
    ]


def test_what_changes_between_two_pages_is_told_once_and_later(client: Client) -> None:
    trials = [make_trial() for _ in range(6)]
    first = get(client, "", page_size=2)
    assert first["count"] == 6
    for trial in (trials[0], trials[5]):  # one that was told, one that was not yet
        Trial.objects.filter(pk=trial.pk).update(title="Another")
    rest, cursor = told(client, first["cursor"])
    assert [row["key"] for row in rest] == [
        *(trial.pk for trial in trials[2:5]),
        *(trials[0].pk, trials[5].pk),
    ]
    assert told(client, cursor)[0] == []


def test_the_address_of_the_next_page_keeps_the_question(client: Client) -> None:
    for _ in range(3):
        make_trial()
    page = get(client, "", page_size=2, lang="zh-hans")
    assert page["next"].startswith(f"http://testserver{ADDRESS}?since={page['cursor']}&")
    rest = client.get(page["next"]).json()
    assert (len(rest["results"]), rest["next"]) == (1, None)


def test_an_unchanged_catalogue_is_told_in_one_query(client: Client) -> None:
    make_trial()
    wait_for_earlier_writers()
    cursor = told(client, "")[1]
    answer = client.get(ADDRESS, {"since": cursor})
    held = client.get(ADDRESS, {"since": cursor}, headers={"if-none-match": answer["ETag"]})
    assert held.status_code == 304


def test_a_writer_who_commits_late_is_not_stepped_over(client: Client) -> None:
    slow, quick = make_trial(), make_trial()
    cursor = told(client, "")[1]
    with at_work(lambda: Trial.objects.filter(pk=slow.pk).update(title="Slow")):
        Trial.objects.filter(pk=quick.pk).update(title="Quick")
        rows, cursor = told(client, cursor)
        assert [row["key"] for row in rows] == [quick.pk]
    rows, cursor = told(client, cursor)
    assert [row["key"] for row in rows] == [slow.pk]
    assert told(client, cursor)[0] == []


def test_a_cursor_from_before_the_catalogue_was_filled_anew_is_gone(client: Client) -> None:
    make_trial()
    cursor = told(client, "")[1]
    ChangedTrial.objects.filter(subject=ChangedTrial.EPOCH).delete()
    begin_epoch(connection)
    response = client.get(ADDRESS, {"since": cursor})
    assert response.status_code == 410
    assert response.json()["errors"][0]["parameter"] == "since"
    assert "since=" in response.json()["detail"]


def test_a_cursor_of_a_later_state_is_gone_too(client: Client) -> None:
    """As after a copy of the database from yesterday was put back."""
    make_trial()
    mark, of, since, until, *rest = unpacked(told(client, "")[1])
    later = f"{10**17}:{10**17}:" if connection.vendor == "postgresql" else str(10**17)
    for parts in ([mark, of, later, until, *rest], [mark, of, since, later, *rest]):
        assert client.get(ADDRESS, {"since": packed(parts)}).status_code == 410


@pytest.mark.parametrize(
    "parts",
    [
        ["since"],
        ["since", 1, "5", None, 0, 0],
        ["since", "", 5, None, 0, 0],
        ["since", "", "5", "x", 0, 0],
        ["since", "", "5", None, -1, 0],
        ["since", "", "5", None, 0, -1],
        ["since", "", "5", None, 2**63, 0],
        ["since", "", "5", None, 0, 2**63],
        ["since", "", "5", None, True, 0],
        ["since", "", "5", None, "0", 0],
        ["since", "", "5", None, None, 0, 0],
        ["since", "", "9:5:", None, 0, 0],
        ["since", "", "5:9:7,6", None, 0, 0],
        ["since", "", "5:9:4", None, 0, 0],
        ["since", "", f"5:{2**63}:", None, 0, 0],
        ["since", "", "5:9:'", None, 0, 0],
        ["later", "", "5", None, 0, 0],
    ],
)
def test_what_is_no_cursor_is_refused(client: Client, parts: list[Any]) -> None:
    for text in (packed(parts), packed(parts)[:-1], "abc", "膝", "-1"):
        response = client.get(ADDRESS, {"since": text})
        assert response.status_code == 400, text
        assert response.json()["errors"][0]["parameter"] == "since"


@pytest.mark.parametrize("other", ["page=1", "cosmetic=yes"])
def test_a_cursor_and_what_means_nothing_with_it_are_refused(client: Client, other: str) -> None:
    response = client.get(f"{ADDRESS}?since=&{other}")
    assert response.status_code == 400
    assert response.json()["errors"][0]["parameter"] == other.partition("=")[0]


def test_a_cursor_of_the_other_database_is_gone(client: Client) -> None:
    make_trial()
    for moment in ("5", "5:9:7"):
        parts = ["since", "another.0.-1", moment, None, 0, 0]
        assert client.get(ADDRESS, {"since": packed(parts)}).status_code == 410


@pytest.mark.parametrize("rows", [1, 30])
def test_a_part_costs_the_same_queries_whatever_its_length(client: Client, rows: int) -> None:
    for _ in range(rows):
        make_trial(countries=("CN",), sources=("adipose",))
    make_ready()
    # The version, the log, where to go on, the part, its count, what came after it, the trials'
    # numbers, those that are shown, their documents.
    assert price(client, f"{ADDRESS}?since=&page_size=100") == 9


def test_a_copy_begins_with_every_trial_after_a_dump_was_restored_elsewhere(
    client: Client,
) -> None:
    trials = [make_trial() for _ in range(3)]
    # As `rebase` stamps them: noted before all that this server has ever done.
    ChangedTrial.objects.filter(subject__gt=0).update(stamp=BEFORE_ALL)
    rows, cursor = told(client, "")
    assert [row["key"] for row in rows] == [trial.pk for trial in trials]
    Trial.objects.filter(pk=trials[1].pk).update(title="Another")
    assert [row["key"] for row in told(client, cursor)[0]] == [trials[1].pk]
