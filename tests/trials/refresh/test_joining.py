"""Two trials that turn out to be one: nothing that was said is lost, and nothing stands twice."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from django.db import transaction
from django.test import Client

from tests.builders import (
    THEN,
    make_change,
    make_claim,
    make_curator,
    make_document,
    make_fact,
    make_mention,
    make_publication,
    make_record,
    make_run,
    make_site,
    make_sponsorship,
    make_trial,
    state_fact,
)
from tests.records import study_record
from trials.checking import check_catalogue
from trials.conflicts import conflicts
from trials.curation import confirm_donor
from trials.models import Fact, RecordChange, Trial
from trials.refresh import FileHarvest, refresh
from trials.refresh.joining import MOVES, STAY, join
from trials.search.kept import writing
from trials.vocabulary import NOT_STATED, Basis, FactKind

pytestmark = pytest.mark.django_db

OLD, PRESENT = "NCT00000001", "NCT00000002"


@pytest.fixture
def reader() -> Client:
    """Not `client`, which is the registry's in this folder."""
    return Client()


def two(**changes: object) -> tuple[Trial, Trial]:
    """A trial under its older number, with these columns, and the one that it turns out to be."""
    pair = make_trial(OLD, **changes), make_trial(PRESENT)  # type: ignore[arg-type]
    for trial in pair:
        make_sponsorship(trial, "beike")
    return pair


def joined(old: Trial, into: Trial) -> Trial:
    """`into` as the database has it after the two were joined."""
    run = make_run()
    with writing():
        join(old, into, run=run, now=THEN)
    return Trial.objects.get(pk=into.pk)


def values(trial: Trial, *, shown: bool = True) -> list[str]:
    facts = trial.facts.filter(retired_at=None, shown=shown)
    return sorted(fact.slug for fact in facts)


def test_every_relation_to_a_trial_is_decided() -> None:
    relations = {one.get_accessor_name() for one in Trial._meta.related_objects}
    assert {*MOVES, *STAY} == relations
    assert not MOVES.keys() & STAY.keys()


def test_what_people_and_documents_said_moves() -> None:
    old, into = two()
    make_fact(old, FactKind.DONOR_TYPE, "autologous", basis=Basis.RECORD, quote="own")
    make_fact(old, FactKind.ROUTE, "topical", basis=Basis.DOCUMENT, source="a paper")
    make_fact(old, FactKind.PREPARATION, "expanded", basis=Basis.INFERRED, note="likely")
    confirm_donor(old, donors=["allogeneic"], by=make_curator(), note="Asked.")
    mention, paper = make_mention(old, "list"), make_publication(trial=old)
    claim = make_claim(make_document("list"))
    claim.trials.add(old)
    into = joined(old, into)
    assert values(into) == ["allogeneic", "expanded", "topical"]
    assert values(into, shown=False) == ["autologous"]
    assert [row.pk for row in into.mentions.all()] == [mention.pk]
    assert list(into.publications.all()) == [paper]
    assert list(into.claims.all()) == [claim]
    assert not Fact.objects.filter(trial=old).exists()
    assert list(check_catalogue()) == []


def test_what_the_rules_read_in_the_older_record_ends_there() -> None:
    old, into = two()
    read = make_fact(old, FactKind.ROUTE, "topical", basis=Basis.RULE, rule="r1")
    make_fact(into, FactKind.ROUTE, "intradiscal", basis=Basis.RULE, rule="r1")
    into = joined(old, into)
    read.refresh_from_db()
    assert (read.trial, read.retired_at, read.shown) == (old, THEN, False)
    assert read.retired_note == f"the trial turned out to be {PRESENT}"
    assert values(into) == ["intradiscal"]


def test_a_statement_that_stands_already_does_not_stand_twice() -> None:
    old, into = two()
    for trial in (old, into):
        make_fact(trial, FactKind.DONOR_TYPE, "autologous", quote="own", place="title")
    make_fact(old, FactKind.DONOR_TYPE, "autologous", quote="own", place="summary")
    into = joined(old, into)
    assert into.facts.count() == 2
    twin = old.facts.get()
    assert (twin.place, twin.retired_at, twin.shown) == ("title", THEN, False)


def test_a_statement_that_a_person_ended_is_not_brought_back() -> None:
    old, into = two()
    fact = make_fact(into, FactKind.DONOR_TYPE, "autologous", quote="own")
    Fact.objects.update(retired_at=THEN, retired_by=make_curator(), shown=False)
    make_fact(old, FactKind.DONOR_TYPE, "autologous", quote="own")
    into = joined(old, into)
    assert list(into.facts.all()) == [fact]
    assert values(into) == []


def test_what_a_person_ended_of_the_older_trial_stays_ended_under_the_present_number() -> None:
    old, into = two()
    make_fact(old, FactKind.DONOR_TYPE, "autologous", quote="own")
    Fact.objects.update(retired_at=THEN, retired_by=make_curator(), shown=False)
    into = joined(old, into)
    assert into.facts.exclude(retired_by=None).count() == 1


def test_the_decisions_of_both_stay_in_force() -> None:
    old, into = two()
    for trial, donor, name in ((old, "autologous", "ann"), (into, "allogeneic", "ben")):
        confirm_donor(trial, donors=[donor], by=make_curator(name), note="Asked.")
    make_fact(into, FactKind.DONOR_TYPE, "xenogeneic")
    into = joined(old, into)
    assert values(into) == ["allogeneic", "autologous"]
    (conflict,) = conflicts(into.facts.all())
    assert {fact.decided_by.username for fact in conflict.facts} == {"ann", "ben"}


def test_of_two_mentions_at_one_place_one_stays_and_is_completed() -> None:
    old, into = two()
    listed = make_document("list")
    theirs = make_mention(into, listed, place="row 1", note="Theirs.")
    ours = make_mention(old, listed, place="row 1", position=1, note="Ours.", sponsor_words="Beike")
    into = joined(old, into)
    theirs.refresh_from_db()
    ours.refresh_from_db()
    assert (theirs.position, theirs.sponsor_words, theirs.note) == (1, "Beike", "Theirs.")
    assert (ours.trial, ours.position) == (old, None)


def test_of_two_links_to_one_paper_or_claim_one_stays() -> None:
    old, into = two()
    paper, claim = make_publication(trial=into), make_claim(make_document())
    old.publication_links.create(publication=paper, relation="protocol", basis="Its number.")
    claim.trials.set([old, into])
    into = joined(old, into)
    link = into.publication_links.get()
    assert (link.relation, link.basis) == ("results", "Its number.")
    assert set(claim.trials.all()) == {old, into}  # the older trial is not shown there


def test_what_the_older_record_said_stays_with_it() -> None:
    old, into = two(phases=("PHASE1",))
    make_site(old)
    record = make_record(old)
    into = joined(old, into)
    record.refresh_from_db()
    # It is not counted among those of the catalogue any more.
    assert (record.trial, record.screening) == (old, "excluded")
    assert record.screening_reason == old.screening_reason
    assert (into.sites.count(), into.phases.count()) == (0, 0)
    assert (old.sites.count(), old.phases.count(), old.sponsorships.count()) == (1, 1, 1)


def test_the_history_of_both_is_read_under_the_present_number(reader: Client) -> None:
    old, into = two()
    change = make_change(old, "status")
    into = joined(old, into)
    change.refresh_from_db()
    assert (change.trial, change.record.trial) == (into, old)
    answer = reader.get(f"/api/v1/trials/{PRESENT}/changes/").json()
    assert answer["count"] == 2


def test_the_joining_is_a_change_of_the_present_trial() -> None:
    old, into = two()
    record = make_record(into)
    into = joined(old, into)
    change = RecordChange.objects.get(trial=into)
    said = (change.kind, change.record, change.field, change.old, change.new, change.seen_at)
    assert said == ("renumbered", record, "", OLD, PRESENT, THEN)


def test_the_older_trial_is_hidden_and_says_why() -> None:
    old, into = two()
    into = joined(old, into)
    old = Trial.objects.get(pk=old.pk)
    assert (old.joined_to, old.screening, old.screening_basis) == (into, "excluded", "record")
    assert old.screening_reason == f"the same study as {PRESENT}: the registry gave it two numbers"
    assert list(Trial.objects.published()) == [into]
    assert Trial.objects.registry_numbers() == [PRESENT]


@pytest.mark.parametrize("spelling", [OLD, "nct1", "NCT00000009", "NCT00000008"])
def test_every_number_of_both_leads_to_the_one_address(reader: Client, spelling: str) -> None:
    old, into = two(aliases=("NCT00000009",))
    into.aliases.create(number="NCT00000008")
    joined(old, into)
    pages = reader.get(f"/trials/{spelling}/"), reader.get(f"/api/v1/trials/{spelling}/")
    found = [(page.status_code, page.headers["Location"]) for page in pages]
    assert found == [(301, f"/trials/{PRESENT}/"), (301, f"/api/v1/trials/{PRESENT}/")]


def test_the_older_number_finds_the_trial_by_words(reader: Client) -> None:
    joined(*two())
    answer = reader.get("/api/v1/trials/", {"q": OLD}).json()
    assert [trial["id"] for trial in answer["results"]] == [PRESENT]


def test_notes_fill_blanks_and_nothing_else() -> None:
    old, into = two(title_zh="旧", title_zh_note="of the list", note="Ours.", doubt="Is it?")
    Trial.objects.filter(pk=into.pk).update(note="Theirs.")
    into = joined(old, into)
    assert (into.title_zh, into.title_zh_note) == ("旧", "of the list")
    assert (into.note, into.doubt) == ("Theirs.", "Is it?")


def test_a_chinese_title_keeps_the_note_that_is_about_it() -> None:
    old, into = two(title_zh="旧", title_zh_note="of the list")
    Trial.objects.filter(pk=into.pk).update(title_zh="新")
    into = joined(old, into)
    assert (into.title_zh, into.title_zh_note) == ("新", "")


@pytest.mark.parametrize(
    ("ours", "theirs", "screening"),
    [
        (("included", "document"), ("excluded", "rule"), "included"),
        (("excluded", "curator"), ("included", "document"), "excluded"),
        (("excluded", "rule"), ("included", "rule"), "included"),
        (("excluded", "document"), ("included", "document"), "included"),
        (("excluded", "document"), ("included", "curator"), "included"),
    ],
)
def test_whether_it_is_in_is_decided_on_the_better_grounds(
    ours: tuple[str, str], theirs: tuple[str, str], screening: str
) -> None:
    names = ("screening", "screening_basis")
    old, into = two(**dict(zip(names, ours, strict=True)))
    Trial.objects.filter(pk=into.pk).update(**dict(zip(names, theirs, strict=True)))
    assert joined(old, into).screening == screening


def test_to_save_the_instances_again_undoes_nothing() -> None:
    old, into = two(title_zh="旧")
    Trial.objects.filter(pk=old.pk).update(note="Written meanwhile.")
    joined(old, into)
    old.save()
    into.save()
    into.refresh_from_db()
    old.refresh_from_db()
    assert (into.title_zh, into.note) == ("旧", "Written meanwhile.")
    assert (old.screening, old.joined_to) == ("excluded", into)


def test_to_join_again_changes_nothing() -> None:
    old, into = two()
    joined(old, into)
    with transaction.atomic():
        join(old, into, run=make_run(), now=THEN)
    assert RecordChange.objects.filter(trial=into).count() == 1


def test_a_chain_leads_to_its_end(reader: Client) -> None:
    first, second = two()
    make_fact(first, FactKind.ROUTE, "topical", quote="skin")
    last = make_trial("NCT00000003", sponsor="beike")
    joined(first, second)
    last = joined(second, last)
    first.refresh_from_db()
    assert first.joined_to == last
    assert reader.get(f"/trials/{OLD}/").headers["Location"] == "/trials/NCT00000003/"
    assert values(last) == ["topical"]
    assert list(check_catalogue()) == []


def test_what_cannot_be_joined_is_refused() -> None:
    old, into = two()
    joined(old, into)
    other = make_trial("NCT00000003")
    for one, another in ((old, other), (other, old), (into, old), (other, other)):
        with pytest.raises(ValueError, match="cannot be joined"), transaction.atomic():
            join(one, another, run=make_run(), now=THEN)


def test_not_stated_and_doses_are_statements_too() -> None:
    old, into = two()
    dose = {"dose_min": 2e7, "dose_max": 2e7, "dose_unit": "cells", "quote": "20 million"}
    for trial in (old, into):
        state_fact(trial, FactKind.DOSE, **dose)
        state_fact(trial, FactKind.ROUTE, NOT_STATED, quote="no word")
    state_fact(old, FactKind.DOSE, **{**dose, "dose_max": 4e7})
    into = joined(old, into)
    doses = into.facts.filter(kind=FactKind.DOSE).values_list("dose_max", flat=True)
    assert sorted(doses) == [2e7, 4e7]
    assert into.facts.filter(kind=FactKind.ROUTE).count() == 1


@pytest.mark.usefixtures("vocabularies")
def test_a_record_under_the_older_number_brings_nothing_back(tmp_path: Path) -> None:
    old, into = two()
    into = joined(old, into)
    file = tmp_path / "record.json"
    file.write_text(json.dumps(study_record(OLD)), "utf-8")
    report = refresh(FileHarvest(file))
    old.refresh_from_db()
    assert (report.fetched, report.created, report.changed) == (1, 0, 0)
    assert (old.title, old.screening, old.joined_to) == (f"Trial {OLD}", "excluded", into)
    assert not old.facts.exists()
    assert list(check_catalogue()) == []
