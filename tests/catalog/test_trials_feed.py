"""The feed of a question: what is new about just these trials, valid, with names that stay."""

from datetime import timedelta
from typing import Any
from urllib.parse import parse_qsl, quote
from xml.etree import ElementTree

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.builders import THEN, make_change, make_trial
from tests.catalog.test_feeds import ATOM, check_atom, feed, of, texts
from trials import history
from trials.models import Trial
from trials.vocabulary import ChangeKind

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _public_address(settings: Any) -> None:
    settings.PUBLIC_URL = "https://trials.example"


def make_old(number: str, days: int = 0, **changes: Any) -> Trial:
    """A trial that came into the catalogue so many days after THEN."""
    trial = make_trial(number, title="Cells", **changes)
    Trial.objects.filter(pk=trial.pk).update(created_at=THEN + timedelta(days))
    return trial


def ask(client: Client, query: str = "") -> ElementTree.Element:
    return feed(client, "/trials.atom", **dict(parse_qsl(query)))


def titles(client: Client, query: str = "") -> list[str]:
    return texts(ask(client, query), "./entry/title")


def test_changes_and_new_trials_are_entries_the_newest_first(client: Client) -> None:
    old, new = make_old("NCT00000001"), make_old("NCT00000002", 2)
    make_change(old, "status", seen_at=THEN + timedelta(days=3))
    assert titles(client) == [
        "NCT00000001 · Status · Cells",
        "NCT00000002 · First seen · Cells",
        "NCT00000001 · First seen · Cells",
    ]
    entry = ask(client).findall(f"{ATOM}entry")[1]
    assert of(entry, "content") == "First seen by the catalogue."
    assert of(entry, "id") == f"tag:trials.example,2026:trials/{new.pk}/first"
    assert of(entry, "updated") == "2026-03-17T12:00:00+00:00"
    link = entry.find(f"{ATOM}link")
    assert link is not None
    assert link.attrib["href"] == "https://trials.example/trials/NCT00000002/"


def test_only_the_trials_of_the_question_are_in_it(client: Client) -> None:
    make_old("NCT00000001", countries=("CN",))
    make_change(make_old("NCT00000002", countries=("DE",)))
    make_old("NCT00000003", countries=("CN",), screening="excluded")
    assert titles(client, "country=CN") == ["NCT00000001 · First seen · Cells"]


def test_a_trial_whose_coming_is_recorded_comes_once(client: Client) -> None:
    trial = make_old("NCT00000001")
    change = make_change(trial, "", kind=ChangeKind.FIRST, seen_at=THEN + timedelta(hours=1))
    root = ask(client)
    assert texts(root, "./entry/id") == [f"tag:trials.example,2026:changes/{change.pk}"]
    assert texts(feed(client, "/changes.atom"), "./entry/id") == texts(root, "./entry/id")


def test_of_very_many_trials_the_newest_changes_are_in_it(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(history, "FEW", 1)
    for n, code in enumerate(("CN", "DE", "CN"), start=1):
        trial = make_old(f"NCT0000000{n}", countries=(code,))
        make_change(trial, seen_at=THEN + timedelta(hours=n))
    assert titles(client, "country=CN")[:2] == [
        "NCT00000003 · Status · Cells",
        "NCT00000001 · Status · Cells",
    ]
    assert len(titles(client, "country=CN")) == 4


def test_the_feed_says_which_question_it_answers(client: Client) -> None:
    make_old("NCT00000001", countries=("CN",), phases=("PHASE2",))
    root = ask(client, "country=CN&phase=PHASE2&page_size=10")
    assert of(root, "title") == "Stem-cell trials: China, Phase 2"
    links = {link.attrib["rel"]: link.attrib["href"] for link in root.findall(f"{ATOM}link")}
    query = "country=CN&phase=PHASE2"
    assert links == {
        "alternate": f"https://trials.example/trials/?{query}",
        "self": f"https://trials.example/trials.atom?{query}",
    }
    assert of(root, "id") == f"tag:trials.example,2026:trials?{query}"
    assert of(ask(client), "title") == "Stem-cell trials: new and changed"


def test_a_question_has_one_name_however_it_is_asked(client: Client) -> None:
    make_old("NCT00000001", countries=("CN",), phases=("PHASE2",))
    one, other = (
        of(ask(client, query), "id")
        for query in ("phase=PHASE2&country=CN", "country=CN&phase=PHASE2&ordering=title")
    )
    assert one == other


def test_entries_come_in_pages(client: Client) -> None:
    for n in range(1, 4):
        make_old(f"NCT0000000{n}", n)
    assert titles(client, "page_size=2") == [
        "NCT00000003 · First seen · Cells",
        "NCT00000002 · First seen · Cells",
    ]
    assert titles(client, "page_size=2&page=2") == ["NCT00000001 · First seen · Cells"]


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_a_feed_of_odd_texts_is_valid(client: Client, language: str) -> None:
    trial = make_old("NCT00000001")
    Trial.objects.update(title="Cells\x01 & <b>膝</b> ]]>")
    make_change(trial, "acronym", old="\x01", new="<x>")
    query = f"q={quote('膝')}&lang={language}"
    response = client.get(f"/trials.atom?{query}")
    root = ElementTree.fromstring(response.content)  # noqa: S314 - our own feed
    assert len(root.findall(f"{ATOM}entry")) == 2
    assert "&lt;b&gt;膝&lt;/b&gt;" in response.content.decode()
    check_names(root)


def check_names(root: ElementTree.Element) -> None:
    """As RFC 4287 demands; the question stands in the feed's own name."""
    name = root.find(f"{ATOM}id")
    assert name is not None
    assert (name.text or "").startswith("tag:trials.example,2026:trials?q=%E8%86%9D")
    name.text = "tag:trials.example,2026:trials"
    check_atom(root)


def test_an_empty_feed_stays_the_same(client: Client) -> None:
    first = client.get("/trials.atom?status=COMPLETED")
    again = client.get("/trials.atom?status=COMPLETED", headers={"if-none-match": first["ETag"]})
    assert (first.status_code, again.status_code) == (200, 304)
    root = ElementTree.fromstring(first.content)  # noqa: S314 - our own feed
    assert root.findall(f"{ATOM}entry") == []


def test_who_has_the_newest_is_told_so_until_something_is_new(client: Client) -> None:
    trial = make_old("NCT00000001")
    first = client.get("/trials.atom")
    same = {"if-none-match": first["ETag"]}
    assert client.get("/trials.atom", headers=same).status_code == 304
    make_change(trial)
    assert client.get("/trials.atom", headers=same).status_code == 200


@pytest.mark.parametrize("rows", [1, 30])
def test_a_feed_costs_the_same_queries_for_1_and_for_30_rows(client: Client, rows: int) -> None:
    for n in range(1, rows + 1):
        make_change(make_old(f"NCT000000{n:02d}", countries=("CN",)))
    client.get("/trials.atom?country=CN")
    with CaptureQueriesContext(connection) as queries:
        client.get("/trials.atom?country=CN")
    asked = [query["sql"] for query in queries if "FROM" in query["sql"]]
    theirs = [sql for sql in asked if "trials_recordchange" in sql]
    assert len(theirs) == 3  # the newest updates, their changes, the trials that came
