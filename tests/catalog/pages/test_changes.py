"""The pages of changes: of all trials by day, and of one trial in full."""

import re
from datetime import UTC, datetime, timedelta
from html import unescape

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from catalog.pages import changes
from tests.builders import THEN, make_change, make_country, make_record, make_run, make_trial
from trials.models import RecordChange, Trial
from trials.vocabulary import ChangeKind

pytestmark = pytest.mark.django_db
LATER = THEN + timedelta(days=1)
ALL, ONE = "/changes/", "/trials/NCT00000001/changes/"


def text_of(client: Client, address: str, **params: str) -> str:
    """What is read on a page: its words, without the elements."""
    response = client.get(address, {"lang": "en", **params})
    assert response.status_code == 200
    main = response.content.decode().split("<main")[1].split("</main>")[0]
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", main)).split())


def changed_trial() -> Trial:
    """A trial of which everything changed that has words of its own."""
    make_country("TW")
    trial = make_trial("NCT00000001", title="Marrow Cells")
    make_change(trial, "", kind=ChangeKind.FIRST, old=None, new=None)
    site = {"facility": "Harbour Hospital", "city": "Taipei", "country_code": "TW", "status": ""}
    rows = (
        ("status", "RECRUITING", "COMPLETED"),
        ("phases", ["PHASE1", "PHASE2"], ["NA"]),
        ("enrollment", {"count": 40, "type": "ESTIMATED"}, {"count": 1234, "type": "ACTUAL"}),
        ("start_date", "2026-03", "2026-03-15"),
        ("start_date_type", "ESTIMATED", "ACTUAL"),
        ("eligibility_criteria", "* pain \\> 3\n* <b>age</b>", "* pain \\> 4\n* <b>age</b>"),
        ("locations", [], [site]),
        ("last_updated", "2026-03-01", "2026-03-15"),
    )
    for field, old, new in rows:
        kind = ChangeKind.COSMETIC if field == "last_updated" else ChangeKind.MATERIAL
        make_change(trial, field, old=old, new=new, kind=kind, seen_at=LATER)
    return trial


def test_changes_of_a_trial_are_told_in_full_the_newest_first(client: Client) -> None:
    changed_trial()
    text = text_of(client, ONE)
    wanted = (
        "2026-03-16",
        "Status before: Recruiting → now: Completed",
        "Start before: 2026-03 (estimated) → now: 2026-03-15 (actual)",
        "Phase before: Phase 1 / Phase 2 → now: No phase",
        "Participants before: 40 (estimated) → now: 1,234 (actual)",
        "Who can take part pain > removed: 3 added: 4 <b>age</b>",
        "Places added: Harbour Hospital, Taipei, Taiwan",
        "2026-03-15",
        "First seen by the catalogue.",
    )
    for words in wanted:
        assert words in text
    assert text.index("2026-03-16") < text.index("First seen by the catalogue.")
    assert "cosmetic" not in text


def test_words_are_marked_as_added_and_removed(client: Client) -> None:
    changed_trial()
    html = client.get(ONE).content.decode()
    assert '<del><span class="hidden">removed: </span>3</del>' in html
    assert '<ins><span class="hidden">added: </span>4</ins>' in html
    assert "<b>" not in html


def test_all_changes_have_the_cosmetic_ones_and_call_them_so(client: Client) -> None:
    changed_trial()
    text = text_of(client, ONE, kind="all")
    assert "Last updated by the sponsor cosmetic before: 2026-03-01 → now: 2026-03-15" in text


def test_changes_of_all_trials_are_told_by_day_in_brief(client: Client) -> None:
    changed_trial()
    text = text_of(client, ALL)
    assert re.findall(r"2026-03-1\d(?= NCT)", text) == ["2026-03-16", "2026-03-15"]
    assert "NCT00000001 First seen Marrow Cells" in text
    assert "Status before: Recruiting → now: Completed" in text
    assert "Who can take part Changed" in text
    assert "Places 1 added" in text
    assert "Last updated" not in text
    assert "Last updated by the sponsor" in text_of(client, ALL, kind="all")


@pytest.mark.parametrize(
    ("kind", "mark", "sentence"),
    [
        ("gone", "No longer in the registry", "The registry no longer has this record."),
        ("back", "In the registry again", "The registry has this record again."),
        ("renumbered", "Has another number", "The registry gave the study another number."),
    ],
)
def test_what_becomes_of_a_record_is_told_in_words(
    client: Client, kind: str, mark: str, sentence: str
) -> None:
    make_change(make_trial("NCT00000001"), "", kind=kind, old="NCT00000009", new="NCT00000001")
    assert f"NCT00000001 {mark}" in text_of(client, ALL)
    assert sentence in text_of(client, ONE)
    renumbered = kind == "renumbered"
    for address in (ALL, ONE):
        told = "before: NCT00000009 → now: NCT00000001" in text_of(client, address)
        assert told is renumbered


def test_an_update_of_very_many_fields_is_cut_in_the_list_of_all(client: Client) -> None:
    trial = make_trial("NCT00000001")
    for n in range(changes.MOST_LINES + 2):
        make_change(trial, f"field_{n}", old="a", new="b")
    assert "and 2 more" in text_of(client, ALL)
    assert "and 2 more" not in text_of(client, ONE)


def test_days_are_those_of_the_sites_clock(client: Client) -> None:
    trial = make_trial("NCT00000001")
    make_change(trial, "status", seen_at=datetime(2026, 3, 15, 23, 59, 59, tzinfo=UTC))
    make_change(trial, "title", seen_at=datetime(2026, 3, 16, 0, 0, 0, tzinfo=UTC))
    assert re.findall(r"2026-03-1\d(?= NCT)", text_of(client, ALL)) == ["2026-03-16", "2026-03-15"]


# --- Where there is nothing


def test_no_change_at_all_is_said(client: Client) -> None:
    assert "No change was seen yet" in text_of(client, ALL)


@pytest.mark.parametrize(
    ("number", "row", "words"),
    [
        ("NCT00000001", {"refreshed_at": THEN}, "The record was last compared on 2026-03-15."),
        ("NCT00000001", {}, "The record was read by hand and not yet refreshed"),
        ("SCT-0001", {}, "No registry number is known for this study"),
    ],
)
def test_a_trial_without_changes_says_why(
    client: Client, number: str, row: dict[str, datetime], words: str
) -> None:
    make_trial(number, **row)
    assert words in text_of(client, f"/trials/{number}/changes/")


@pytest.mark.parametrize("screening", ["excluded", "review"])
def test_a_trial_that_is_not_shown_has_no_changes_either(client: Client, screening: str) -> None:
    make_change(make_trial("NCT00000001", title="Hidden", screening=screening))
    assert client.get(ONE).status_code == 404
    assert "Hidden" not in client.get(ONE).content.decode()
    assert "Hidden" not in client.get(ALL).content.decode()


def test_a_number_that_nobody_knows_is_said_with_ways_on(client: Client) -> None:
    response = client.get("/trials/nct12345678/changes/")
    assert response.status_code == 404
    assert "No trial NCT12345678 in the catalogue" in response.content.decode()


@pytest.mark.parametrize("spelling", ["nct00000001", "NCT 00000001", "NCT00000009"])
def test_every_spelling_and_number_leads_to_the_one_address(client: Client, spelling: str) -> None:
    make_trial("NCT00000001", aliases=("NCT00000009",))
    response = client.get(f"/trials/{spelling}/changes/")
    assert (response.status_code, response["Location"]) == (301, ONE)


# --- Parameters and pages


@pytest.mark.parametrize("address", [ALL, ONE])
@pytest.mark.parametrize(
    ("params", "words"),
    [
        ({"kind": "al"}, "Did you mean “all”?"),
        ({"kind": "cosmetic"}, "“cosmetic” is no value of “kind”."),
        ({"knd": "all"}, "Did you mean “kind”?"),
        ({"page": "x"}, "“x” is no whole number"),
    ],
)
def test_what_is_not_understood_is_said_in_a_banner(
    client: Client, address: str, params: dict[str, str], words: str
) -> None:
    make_trial("NCT00000001")
    response = client.get(address, params)
    assert response.status_code == 400
    assert words in unescape(response.content.decode())


@pytest.mark.parametrize("address", [ALL, ONE])
@pytest.mark.parametrize(
    ("params", "status"),
    [({"kind": "material"}, 200), ({"kind": ""}, 200), ({"page": "1"}, 200), ({"page": "2"}, 404)],
)
def test_what_is_understood_is_obeyed(
    client: Client, address: str, params: dict[str, str], status: int
) -> None:
    make_trial("NCT00000001")
    assert client.get(address, params).status_code == status


@pytest.mark.parametrize(
    ("address", "size"), [(ALL, changes.PAGE_SIZE), (ONE, changes.PAGE_SIZE_OF_ONE)]
)
def test_more_updates_than_a_page_has_are_on_the_next(
    client: Client, address: str, size: int
) -> None:
    trial = make_trial("NCT00000001")
    record, run = make_record(trial), make_run()
    RecordChange.objects.bulk_create(
        RecordChange(
            record=record,
            trial=trial,
            run=run,
            kind=ChangeKind.MATERIAL,
            field="acronym",
            old=f"old {n}",
            new=f"new {n}.",
            seen_at=THEN + timedelta(hours=n),
        )
        for n in range(size + 1)
    )
    first = client.get(address, {"kind": "all"}).content.decode()
    assert "new 0." not in first
    assert f"new {size}." in first
    assert 'rel="next" href="?kind=all&amp;page=2"' in first
    assert "new 0." in client.get(address, {"page": "2"}).content.decode()


def test_the_list_says_where_it_ends(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    words = "This list ends after 1 entries."
    make_change(make_trial("NCT00000001"))
    assert words not in text_of(client, ALL)
    monkeypatch.setattr(changes, "MOST_UPDATES", 1)
    assert words in text_of(client, ALL)


# --- What a page costs

QUERIES = {ALL: 5, ONE: 6}  # the footer's, the trial's, the count, the updates, changes, countries


@pytest.mark.parametrize("rows", [1, 30])
def test_a_page_costs_the_same_queries_for_1_and_for_30_rows(client: Client, rows: int) -> None:
    make_country("TW")
    site = {"facility": "Harbour Hospital", "city": "Taipei", "country_code": "TW"}
    for n in range(rows):
        trial = make_trial(f"NCT{n + 1:08d}")
        for at in [THEN + timedelta(days=day) for day in range(rows if n == 0 else 1)]:
            make_change(trial, "status", seen_at=at)
            make_change(trial, "locations", old=[], new=[site], seen_at=at)
    price = {}
    for address in QUERIES:
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address).status_code == 200
        price[address] = len(queries)
    assert price == QUERIES


# --- Ways there


def test_a_trials_page_leads_to_its_changes(client: Client) -> None:
    make_trial("NCT00000001")
    assert f'href="{ONE}"' in client.get("/trials/NCT00000001/").content.decode()


def test_a_trial_that_the_registry_no_longer_has_says_so(client: Client) -> None:
    make_trial("NCT00000001", gone_at=THEN)
    make_trial("NCT00000002")
    for address in ("/trials/NCT00000001/", ONE):
        text = text_of(client, address)
        assert "No longer in the registry" in text
        assert "the catalogue saw that on 2026-03-15" in text
    assert "No longer in the registry" not in text_of(client, "/trials/NCT00000002/")


def test_pages_name_their_feeds(client: Client) -> None:
    make_trial("NCT00000001")
    feed = '<link rel="alternate" type="application/atom+xml" href="%s"'
    assert feed % "/changes.atom" in client.get(ALL).content.decode()
    assert feed % "/trials/NCT00000001/changes.atom" in client.get(ONE).content.decode()
