"""The Atom feeds of changes: valid by RFC 4287, with names that stay, and nothing that breaks."""

import re
from datetime import datetime, timedelta
from html import unescape
from typing import Any
from xml.etree import ElementTree

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from catalog.feeds import ENTRIES, in_xml
from tests.builders import THEN, make_change, make_country, make_record, make_run, make_trial
from trials.models import RecordChange
from trials.vocabulary import ChangeKind

pytestmark = pytest.mark.django_db
ATOM = "{http://www.w3.org/2005/Atom}"
LATER = THEN + timedelta(days=1)


@pytest.fixture(autouse=True)
def _public_address(settings: Any) -> None:
    settings.PUBLIC_URL = "https://trials.example"


def feed(client: Client, address: str = "/changes.atom", **params: str) -> ElementTree.Element:
    response = client.get(address, {"lang": "en", **params})
    assert response.status_code == 200
    assert response["Content-Type"] == "application/atom+xml; charset=utf-8"
    return ElementTree.fromstring(response.content)  # noqa: S314 - our own feed


def texts(element: ElementTree.Element, path: str) -> list[str]:
    return [found.text or "" for found in element.findall(path.replace("/", f"/{ATOM}"))]


def of(entry: ElementTree.Element, name: str) -> str:
    (text,) = texts(entry, f"./{name}")
    return text


def test_an_update_is_an_entry_in_plain_words(client: Client) -> None:
    trial = make_trial("NCT00000001", title="Marrow Cells & <Knees>")
    change = make_change(trial, "status", old="RECRUITING", new="COMPLETED", seen_at=LATER)
    make_change(trial, "eligibility_criteria", old="a", new="b", seen_at=LATER)
    make_change(trial, "why_stopped", old="", new="No <funds> & no cells", seen_at=LATER)
    entry = feed(client).find(f"{ATOM}entry")
    assert entry is not None
    assert of(entry, "title") == (
        "NCT00000001 · Status, Who can take part, Why it stopped · Marrow Cells & <Knees>"
    )
    content = entry.find(f"{ATOM}content")
    assert content is not None
    assert content.attrib == {"type": "text"}
    assert content.text == (
        "Status: Recruiting → Completed\nWho can take part: changed\nWhy it stopped: added"
    )
    link = entry.find(f"{ATOM}link")
    assert link is not None
    assert link.attrib == {
        "rel": "alternate",
        "href": f"https://trials.example/trials/NCT00000001/changes/#u{change.pk}",
    }
    assert of(entry, "id") == f"tag:trials.example,2026:changes/{change.pk}"
    assert of(entry, "updated") == of(entry, "published") == "2026-03-16T12:00:00+00:00"


def test_the_link_of_an_entry_leads_to_its_place_on_the_page(client: Client) -> None:
    make_change(make_trial("NCT00000001"))
    entry = feed(client).find(f"{ATOM}entry")
    assert entry is not None
    link = entry.find(f"{ATOM}link")
    assert link is not None
    page, _hash, place = link.attrib["href"].removeprefix("https://trials.example").partition("#")
    assert f'id="{place}"' in client.get(page).content.decode()


def test_new_gone_and_renumbered_trials_are_entries(client: Client) -> None:
    for n, kind in enumerate(("first", "gone", "renumbered"), start=1):
        trial = make_trial(f"NCT0000000{n}", title="Cells")
        at = THEN + timedelta(hours=n)
        make_change(trial, "", kind=kind, old="NCT00000009", new=trial.number, seen_at=at)
    root = feed(client)
    assert texts(root, "./entry/title") == [
        "NCT00000003 · Has another number · Cells",
        "NCT00000002 · No longer in the registry · Cells",
        "NCT00000001 · First seen · Cells",
    ]
    assert texts(root, "./entry/content") == [
        "The registry gave the study another number. NCT00000009 → NCT00000003",
        "The registry no longer has this record.",
        "First seen by the catalogue.",
    ]


def test_what_is_no_news_is_no_entry(client: Client) -> None:
    make_change(make_trial(), "last_updated", kind=ChangeKind.COSMETIC)
    make_change(make_trial(screening="excluded"))
    assert feed(client).findall(f"{ATOM}entry") == []


def test_the_newest_updates_are_the_entries(client: Client) -> None:
    trial = make_trial()
    record, run = make_record(trial), make_run()
    RecordChange.objects.bulk_create(
        RecordChange(
            record=record,
            trial=trial,
            run=run,
            field="status",
            old="RECRUITING",
            new="COMPLETED",
            seen_at=THEN + timedelta(hours=n),
        )
        for n in range(ENTRIES + 3)
    )
    updated = [datetime.fromisoformat(text) for text in texts(feed(client), "./entry/updated")]
    assert len(updated) == ENTRIES
    assert updated == sorted(updated, reverse=True)
    assert updated[0] == THEN + timedelta(hours=ENTRIES + 2)


def test_a_trial_has_a_feed_of_its_own_under_every_number(client: Client) -> None:
    trial = make_trial("NCT00000001", title="Marrow Cells", aliases=("NCT00000009",))
    make_change(trial)
    make_change(make_trial("NCT00000002"))
    root = feed(client, "/trials/nct00000009/changes.atom")
    assert of(root, "title") == "What changed in NCT00000001"
    assert of(root, "subtitle") == "Marrow Cells"
    assert len(root.findall(f"{ATOM}entry")) == 1
    links = {link.attrib["rel"]: link.attrib["href"] for link in root.findall(f"{ATOM}link")}
    assert links == {
        "alternate": "https://trials.example/trials/NCT00000001/changes/",
        "self": "https://trials.example/trials/NCT00000001/changes.atom",
    }


@pytest.mark.parametrize(
    ("page", "feeds"),
    [
        ("/changes/", ["/changes.atom"]),
        ("/trials/?country=CN", ["/changes.atom", "/trials.atom?country=CN"]),
        ("/trials/NCT00000001/", ["/changes.atom", "/trials/NCT00000001/changes.atom"]),
        ("/trials/NCT00000001/changes/", ["/trials/NCT00000001/changes.atom"]),
    ],
)
def test_a_chinese_page_leads_to_chinese_feeds(client: Client, page: str, feeds: list[str]) -> None:
    """A feed reader has no cookie and often no language of its own."""
    make_change(make_trial("NCT00000001", countries=("CN",)))
    text = client.get(page, headers={"accept-language": "zh"}).content.decode()
    named = re.findall(r'type="application/atom\+xml" href="([^"]+)"', text)
    chinese = [f"{feed}{'&' if '?' in feed else '?'}lang=zh-hans" for feed in feeds]
    assert list(map(unescape, named)) == chinese
    for address in chinese:
        root = ElementTree.fromstring(Client().get(address).content)  # noqa: S314 - our own feed
        assert root.attrib["{http://www.w3.org/XML/1998/namespace}lang"] == "zh-hans"
        links = {link.attrib["rel"]: link.attrib["href"] for link in root.findall(f"{ATOM}link")}
        assert links["self"] == f"https://trials.example{address}"


@pytest.mark.parametrize("page", ["/trials/", "/landscape/", "/about/data/"])
def test_the_feed_among_the_forms_of_a_list_has_the_pages_language(
    client: Client, page: str
) -> None:
    make_trial("NCT00000001")
    for language, feed in (("zh", "/trials.atom?lang=zh-hans"), ("en", "/trials.atom")):
        text = client.get(page, headers={"accept-language": language}).content.decode()
        assert f'<a href="{feed}">Atom</a>' in text


@pytest.mark.parametrize("number", ["NCT99999999", "NCT00000003", "x"])
def test_a_trial_that_is_not_shown_has_no_feed(client: Client, number: str) -> None:
    make_trial("NCT00000003", screening="excluded")
    assert client.get(f"/trials/{number}/changes.atom").status_code == 404


# --- RFC 4287


def check_atom(root: ElementTree.Element) -> None:
    """What the RFC demands of a feed and of its entries (sections 3.3, 4.1.1, 4.1.2, 4.2)."""
    assert root.tag == f"{ATOM}feed"
    for element in (root, *root.findall(f"{ATOM}entry")):
        for name in ("id", "title", "updated"):
            assert of(element, name)
        assert datetime.fromisoformat(of(element, "updated")).tzinfo is not None
        assert len(element.findall(f"{ATOM}link[@rel='alternate']")) == 1
    assert all(texts(root, "./author/name"))
    assert len(root.findall(f"{ATOM}link[@rel='self']")) == 1
    ids = [of(root, "id"), *texts(root, "./entry/id")]
    assert len(set(ids)) == len(ids)
    for name in ids:
        assert re.fullmatch(r"tag:trials\.example,2026:[a-z/0-9]+", name)
    for link in root.iter(f"{ATOM}link"):
        assert link.attrib["href"].startswith("https://trials.example/")
    known = {"id", "title", "updated", "link", "published", "content", "author", "subtitle"}
    known |= {"name", "entry", "feed"}
    assert {element.tag.removeprefix(ATOM) for element in root.iter()} <= known


@pytest.mark.parametrize(
    ("address", "entries"), [("/changes.atom", 9), ("/trials/NCT00000001/changes.atom", 3)]
)
@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_a_feed_is_valid(client: Client, address: str, entries: int, language: str) -> None:
    for n in range(1, 4):
        trial = make_trial(f"NCT0000000{n}")
        make_change(trial, "", kind=ChangeKind.FIRST)
        for hour in range(1, 3):
            make_change(trial, "status", seen_at=THEN + timedelta(hours=hour))
    root = feed(client, address, lang=language)
    language_of = root.attrib["{http://www.w3.org/XML/1998/namespace}lang"]
    assert (language_of.lower(), len(root.findall(f"{ATOM}entry"))) == (language, entries)
    check_atom(root)


def test_an_empty_feed_is_valid(client: Client) -> None:
    check_atom(feed(client))


def test_names_stay_when_more_comes(client: Client) -> None:
    trial = make_trial()
    make_change(trial)
    before = texts(feed(client), "./entry/id")
    make_change(trial, "title", seen_at=LATER)
    make_change(make_trial(), seen_at=LATER)
    assert texts(feed(client), "./entry/id")[-1:] == before


@pytest.mark.parametrize("sign", ["\x00", "\x08", "\x0b", "\x1f", "\ufffe", "\uffff", "\ud800"])
def test_what_xml_cannot_hold_is_left_out(sign: str) -> None:
    assert in_xml(f"a{sign}b\t\n\U0001f9b4") == "ab\t\n\U0001f9b4"


def test_old_records_with_odd_characters_do_not_break_the_feed(client: Client) -> None:
    odd = "One\x01 two\x0b \uffff three"
    trial = make_trial("NCT00000001", title=odd)
    make_change(trial, "acronym", old=odd, new="]]> & <b>", seen_at=LATER)
    entry = feed(client).find(f"{ATOM}entry")
    assert entry is not None
    assert of(entry, "title") == "NCT00000001 · Acronym · One two  three"
    assert of(entry, "content") == "Acronym: One two  three → ]]> & <b>"


# --- Asking for it


@pytest.mark.parametrize(
    ("params", "words"),
    [({"knd": "all"}, "There is no parameter “knd”."), ({"page": "2"}, "no parameter “page”")],
)
def test_an_unknown_parameter_is_refused(
    client: Client, params: dict[str, str], words: str
) -> None:
    response = client.get("/changes.atom", params)
    assert response.status_code == 400
    assert response["Content-Type"] == "text/plain; charset=utf-8"
    assert words in response.content.decode()


def test_a_feed_is_only_read(client: Client) -> None:
    assert client.head("/changes.atom").status_code == 200
    assert client.post("/changes.atom").status_code == 405


def test_who_has_the_newest_is_told_so_in_no_bytes(client: Client) -> None:
    make_change(make_trial())
    first = client.get("/changes.atom")
    again = client.get("/changes.atom", headers={"if-none-match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize("rows", [1, 30])
def test_a_feed_costs_the_same_queries_for_1_and_for_30_rows(client: Client, rows: int) -> None:
    make_country("TW")
    site: dict[str, Any] = {"facility": "Harbour Hospital", "country_code": "TW"}
    for n in range(rows):
        make_change(make_trial(), "locations", old=[], new=[site], seen_at=THEN + timedelta(n))
    with CaptureQueriesContext(connection) as queries:
        feed(client)
    assert len(queries) == 3  # the updates, their changes, the countries
