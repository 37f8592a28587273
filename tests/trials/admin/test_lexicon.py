"""Words that editors add: what is refused and why, what would change, what is kept of them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tests.builders import (
    THEN,
    make_country,
    make_curator,
    make_indication,
    make_product,
    make_source,
    make_term,
)
from tests.records import study_record
from tests.trials.admin.posting import errors_of
from tests.writers import ending_soon
from trials.admin.meanings import SECTIONS
from trials.extraction.adding import PLAIN, meanings
from trials.lexicon import words_in_use
from trials.models import Fact, LexiconTerm
from trials.refresh import FileHarvest, previewing, refresh
from trials.refresh.rereading import reread

pytestmark = pytest.mark.django_db
ADD = reverse("admin:trials_lexiconterm_add")
PREVIEW = reverse("admin:trials_lexiconterm_preview")


def sent(phrase: str = "golden drops", meaning: str = "sources/named/adipose") -> dict[str, str]:
    return {"phrase": phrase, "meaning": meaning, "note": "A brand of fat cells."}


def page(term: LexiconTerm, view: str = "change") -> str:
    return reverse(f"admin:trials_lexiconterm_{view}", args=[term.pk])


def told(response: Any) -> dict[str, str]:
    return response.context["found"].report.as_json()


@pytest.fixture
def stored(tmp_path: Path) -> None:
    """Two studies of marrow, of which one names golden drops in a paragraph of its own."""
    make_country("TW")
    for slug in ("adipose", "bone-marrow"):
        make_source(slug)
    make_indication("osteoarthritis")
    make_indication("knee-osteoarthritis", parent="osteoarthritis")
    drops = {"briefTitle": "A study of cells", "officialTitle": "One\nGolden-drops for knees"}
    records = [study_record("NCT90000001"), study_record("NCT90000002", identificationModule=drops)]
    path = tmp_path / "records.jsonl"
    path.write_text("\n".join(map(json.dumps, records)), "utf-8")
    refresh(FileHarvest(path))


def test_an_editor_adds_a_word_and_is_told_when_it_takes_effect(as_editor: Client) -> None:
    response = as_editor.post(ADD, sent(" golden  drops "), follow=True)
    term = LexiconTerm.objects.get()
    assert (term.table, term.section, term.value) == ("sources", "named", "adipose")
    assert (term.phrase, str(term.added_by), term.withdrawn_at) == ("golden drops", "mei", None)
    assert "manage.py extract" in response.content.decode()
    assert words_in_use().additions == (("sources", "named", "adipose", "golden drops"),)


@pytest.mark.parametrize(
    ("phrase", "meaning", "words"),
    [
        ("", "sources/named/adipose", "This field is required."),
        ("*", "sources/named/adipose", "at least two letters or digits"),
        ("golden drops", "sources/named/goldfish", "Select a valid choice"),
        ("golden drops", "donors/said/autologous", "Select a valid choice"),
        (
            "Bone-Marrow derived",
            "sources/named/adipose",
            "it means “bone-marrow” (lexicon/sources.toml, [named])",
        ),
        ("Old Drops", "sources/tissue/skin", "it means “adipose” (added before)"),
        ("bad drops", "sources/named/adipose", "was withdrawn: open it and put it back"),
        (
            "shed",
            "sources/named/adipose",
            "The example “shed in small letters is a verb” would be read otherwise. In “Stem cells"
            " are shed into the joint after injection”, sources would be “adipose” instead of"
            " nothing.",
        ),
        ("mesenchymal", "sources/named/adipose", "and 49 more examples"),
    ],
)
def test_what_is_refused_is_told_why(
    as_editor: Client, phrase: str, meaning: str, words: str
) -> None:
    make_term("old drops")
    make_term("bad drops", withdrawn_at=THEN, withdrawn_by=make_curator())
    for address in (ADD, PREVIEW):
        response = as_editor.post(address, sent(phrase, meaning))
        assert response.status_code == 200
        assert words in errors_of(response)
    assert LexiconTerm.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_of_two_who_add_the_same_at_once_the_second_is_told(as_editor: Client) -> None:
    with ending_soon(lambda: make_term("golden drops")):
        response = as_editor.post(ADD, sent())
    assert response.status_code == 200
    assert "has this phrase already: it means “adipose” (added before)" in errors_of(response)
    assert LexiconTerm.objects.get().note != sent()["note"]


def test_a_word_in_use_keeps_its_phrase_and_may_mean_something_else(as_editor: Client) -> None:
    term = make_term("golden drops", added_by=make_curator())
    changed = {"phrase": "other", "meaning": "sources/tissue/skin", "note": "Seen again."}
    assert as_editor.post(page(term), changed).status_code == 302
    term.refresh_from_db()
    assert (term.phrase, term.section, term.value) == ("golden drops", "tissue", "skin")
    assert (str(term.added_by), term.added_at) == ("curator", THEN)


def test_a_word_is_withdrawn_and_put_back(as_editor: Client) -> None:
    term = make_term("golden drops")
    as_editor.post(page(term), sent() | {"withdrawn": "on"})
    term.refresh_from_db()
    assert (str(term.withdrawn_by), words_in_use().additions) == ("mei", ())
    as_editor.post(page(term), sent())
    term.refresh_from_db()
    assert (term.withdrawn_by, term.withdrawn_at) == (None, None)


def test_a_word_of_another_list_is_no_meaning_of_this_one(as_editor: Client) -> None:
    response = as_editor.post(page(make_term("golden drops")), sent(meaning="routes/said/topical"))
    assert "Select a valid choice" in errors_of(response)


def test_a_new_product_of_the_catalogue_can_be_meant(as_editor: Client) -> None:
    make_product("golden-drops", name="Golden Drops")
    assert as_editor.post(ADD, sent(meaning="products/said/golden-drops")).status_code == 302


def test_every_section_is_told_in_words() -> None:
    assert set(SECTIONS) == {(t, section) for t in PLAIN for section, _value in meanings(t)}


@pytest.mark.parametrize(("asked", "phrases"), [("yes", ["golden drops"]), ("no", ["bad drops"])])
def test_those_in_use_can_be_asked_for(as_editor: Client, asked: str, phrases: list[str]) -> None:
    make_term("golden drops")
    make_term("bad drops", withdrawn_at=THEN, withdrawn_by=make_curator())
    page = as_editor.get(reverse("admin:trials_lexiconterm_changelist"), {"in_use": asked})
    assert [term.phrase for term in page.context["cl"].result_list] == phrases


def test_a_withdrawal_is_in_the_log_of_acts(as_editor: Client) -> None:
    term = make_term("golden drops")
    as_editor.post(page(term), sent() | {"withdrawn": "on"})
    history = as_editor.get(page(term, "history")).content.decode()
    assert "Changed Note and Withdrawn." in history


# --- What would change


@pytest.mark.usefixtures("stored")
def test_a_preview_tells_what_a_dry_run_tells_and_saves_nothing(as_editor: Client) -> None:
    before = list(Fact.objects.values())
    response = as_editor.post(PREVIEW, sent())
    found = response.context["found"]
    assert (found.stored, found.searched, found.holding, found.is_whole) == (2, 2, 1, True)
    seen = told(response)
    assert [change["id"] for change in seen["changes"]] == ["NCT90000002"]
    assert "Cell sources: adipose (named)" in response.content.decode()
    assert (list(Fact.objects.values()), LexiconTerm.objects.count()) == (before, 0)
    as_editor.post(ADD, sent())
    run = reread(dry_run=True).as_json()
    same = ("lexicon", "trials_changed", "facts_new", "facts_ended", "changes", "taken_in")
    assert {name: seen[name] for name in same} == {name: run[name] for name in same}


@pytest.mark.usefixtures("stored")
def test_a_withdrawal_has_its_preview_too(as_editor: Client) -> None:
    term = make_term("golden drops")
    reread()
    kept = told(as_editor.post(page(term, "preview"), sent()))
    gone = told(as_editor.post(page(term, "preview"), sent() | {"withdrawn": "on"}))
    assert (kept["trials_changed"], gone["facts_ended"]) == (0, 1)
    assert words_in_use().additions


@pytest.mark.usefixtures("stored")
def test_a_preview_of_a_part_says_so(as_editor: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = as_editor.post(PREVIEW, sent()).content.decode()
    monkeypatch.setattr(previewing, "MOST_SEARCHED", 1)
    response = as_editor.post(PREVIEW, sent())
    assert response.context["found"].searched == 1
    assert "Not every record was looked at" in response.content.decode()
    assert "Not every record was looked at" not in whole


def test_what_the_preview_shows_is_saved_from_there(as_editor: Client) -> None:
    shown = as_editor.post(PREVIEW, sent())
    form = shown.context["form"]
    data = {name: form[name].value() for name in form.fields}
    assert as_editor.post(shown.context["target"], data).status_code == 302
    assert LexiconTerm.objects.get().withdrawn_at is None


@pytest.mark.parametrize(("who", "status"), [("as_curator", 403), ("as_editor", 200)])
def test_editors_alone_open_the_preview(
    request: pytest.FixtureRequest, who: str, status: int
) -> None:
    client = request.getfixturevalue(who)
    term = make_term("golden drops")
    for address in (PREVIEW, page(term, "preview")):
        assert client.post(address, sent("silver drops")).status_code == status
    assert client.get(page(term)).status_code == 200
