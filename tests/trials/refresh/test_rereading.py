"""Facts worked out again: what the rules say changes, and nobody else's word."""

import io
import json
from datetime import UTC, datetime

import pytest
from django.core.management import CommandError, call_command

from tests.builders import make_curator
from tests.records import study_record
from trials import curation
from trials.extraction import screening
from trials.models import CellSource, Fact, RefreshRun, StoredRecord, Trial
from trials.refresh.locking import AlreadyRunning, Turn
from trials.refresh.rereading import reread
from trials.vocabulary import Basis, FactKind, RunKind, Screening

pytestmark = pytest.mark.usefixtures("vocabularies")

MARROW = "NCT90000001"
LATER = datetime(2031, 1, 1, tzinfo=UTC)


def live(kind: FactKind) -> list[Fact]:
    facts = Fact.objects.filter(kind=kind, retired_at=None)
    return list(facts.select_related("cell_source"))


def test_without_a_change_of_tables_nothing_changes(load):
    load(study_record(MARROW))
    before = list(Fact.objects.values().order_by("pk"))

    report = reread(now=LATER)

    assert (report.status, report.records, report.trials_changed) == ("complete", 1, 0)
    assert list(Fact.objects.values().order_by("pk")) == before


def test_a_fact_that_is_read_no_more_ends_and_a_new_one_begins(load):
    load(study_record(MARROW))
    Fact.objects.filter(kind=FactKind.CELL_SOURCE).update(
        cell_source=CellSource.objects.get(slug="adipose")
    )

    report = reread(now=LATER)

    assert (report.trials_changed, report.facts_new, report.facts_ended) == (1, 1, 1)
    assert [one.cell_source.slug for one in live(FactKind.CELL_SOURCE)] == ["bone-marrow"]
    assert Fact.objects.get(kind=FactKind.CELL_SOURCE, retired_at=LATER).shown is False


def test_a_fact_says_which_tables_it_was_read_with(load):
    load(study_record(MARROW))

    (source,) = live(FactKind.CELL_SOURCE)

    rule, _, version = source.rule.partition("@")
    assert (rule, len(version)) == ("cell_source-product-2", 8)
    assert source.confidence == 0.95
    assert source.quote_start == 0


def test_a_dry_run_says_what_would_change_and_changes_nothing(load):
    load(study_record(MARROW))
    Fact.objects.filter(kind=FactKind.CELL_SOURCE).update(quote="something else")
    before = list(Fact.objects.values().order_by("pk"))

    report = reread(dry_run=True)

    (change,) = report.changes
    assert (report.facts_new, report.facts_ended, change["id"]) == (1, 1, MARROW)
    assert change["ended"] == ["Cell source: bone-marrow “something else” (briefTitle)"] or (
        "something else" in change["ended"][0]
    )
    assert list(Fact.objects.values().order_by("pk")) == before
    assert not RefreshRun.objects.filter(kind=RunKind.EXTRACT).exists()


def test_a_curators_decision_stands(load):
    load(study_record(MARROW))
    trial = Trial.objects.get()
    adipose = CellSource.objects.get(slug="adipose")
    curation.confirm_source(trial, sources=[adipose], by=make_curator(), note="Read in the paper.")
    Fact.objects.filter(kind=FactKind.CELL_SOURCE, basis=Basis.RULE).update(quote="other words")

    reread(now=LATER)

    shown = [one for one in live(FactKind.CELL_SOURCE) if one.shown]
    assert [(one.basis, one.cell_source.slug) for one in shown] == [("curator", "adipose")]


def test_what_the_rules_take_in_now_becomes_a_trial(load, monkeypatch):
    with monkeypatch.context() as strict:
        strict.setattr(screening, "SURE_ENOUGH", 2.0)
        load(study_record(MARROW))
    assert StoredRecord.objects.get().screening == Screening.REVIEW
    assert not Trial.objects.exists()

    report = reread(now=LATER)

    assert report.taken_in == [MARROW]
    assert Trial.objects.published().get().number == MARROW
    assert live(FactKind.CELL_SOURCE)


def test_what_the_rules_leave_out_now_keeps_its_row(load, monkeypatch):
    load(study_record(MARROW))
    monkeypatch.setattr(screening, "SURE_ENOUGH", 2.0)

    report = reread(now=LATER)

    assert report.to_review == [MARROW]
    assert Trial.objects.get().screening == Screening.REVIEW
    assert StoredRecord.objects.get().screening_rule == "unsure"


def test_it_waits_for_no_refresh_and_says_who_works(load):
    turn = Turn.begin(kind=RunKind.FULL, origin="somewhere", started_at=LATER)
    try:
        with pytest.raises(AlreadyRunning):
            reread()
    finally:
        turn.run.delete()
        turn.end()


def test_the_command_prints_one_object(load):
    load(study_record(MARROW))
    out = io.StringIO()

    call_command("extract", "--json", "--ids", "nct90000001", stdout=out, stderr=io.StringIO())

    report = json.loads(out.getvalue())
    assert (report["status"], report["records"], report["facts_new"]) == ("complete", 1, 0)


def test_the_command_names_what_would_change(load):
    load(study_record(MARROW))
    Fact.objects.filter(kind=FactKind.CELL_SOURCE).update(quote="something else")
    err = io.StringIO()

    call_command("extract", "--dry-run", stdout=io.StringIO(), stderr=err)

    assert MARROW in err.getvalue()
    assert "dry run: nothing changed" in err.getvalue()


def test_an_unknown_number_is_wrong_usage(load):
    with pytest.raises(CommandError) as error:
        call_command("extract", "--ids", "NCT90000009", stderr=io.StringIO())

    assert error.value.returncode == 2
    assert "NCT90000009" in str(error.value)


def stored_and_left_out(load, monkeypatch, record):
    """The record, stored while the rules took nothing in."""
    verdict = screening.Verdict("excluded", "no-cells", "a test")
    with monkeypatch.context() as patch:
        patch.setattr("trials.extraction.records.screen", lambda gist: verdict)
        load(record)
    return StoredRecord.objects.get()


def test_the_dry_run_tells_what_is_taken_in_with_its_facts(load, monkeypatch):
    stored_and_left_out(load, monkeypatch, study_record(MARROW))

    dry = reread(dry_run=True)
    assert not Trial.objects.exists()
    real = reread()

    told = ("taken_in", "changes", "facts_new", "facts_ended", "trials_changed")
    assert [getattr(dry, name) for name in told] == [getattr(real, name) for name in told]
    assert real.taken_in == [MARROW]
    assert real.facts_new == Fact.objects.count() > 0
    assert RefreshRun.objects.filter(kind=RunKind.EXTRACT).get().created == 1


def test_who_is_taken_in_came_when_the_record_came(load, monkeypatch):
    record = stored_and_left_out(load, monkeypatch, study_record(MARROW))
    gone = datetime(2030, 1, 1, tzinfo=UTC)
    StoredRecord.objects.update(gone_at=gone)
    changes = record.changes.count()

    reread(now=LATER)

    trial, after = Trial.objects.get(), StoredRecord.objects.get()
    assert (trial.gone_at, trial.refreshed_at) == (gone, record.changed_at)
    assert (after.gone_at, after.changed_at, after.origin) == (
        gone,
        record.changed_at,
        record.origin,
    )
    assert after.changes.count() == changes
    assert set(after.changes.values_list("trial", flat=True)) == {trial.pk}


def test_a_record_of_an_older_number_makes_no_trial(load):
    load(study_record(MARROW))
    load(study_record("NCT90000009", identificationModule={"nctIdAliases": [MARROW]}))
    # As where both had a record of their own before.
    old = StoredRecord.objects.get(registry_id="NCT90000009")
    old.pk, old.registry_id, old.trial = None, MARROW, None
    old.save()
    before = list(Trial.objects.values("number", "title", "last_updated"))

    for _ in range(2):
        assert reread().taken_in == []

    assert list(Trial.objects.values("number", "title", "last_updated")) == before


def test_what_was_read_by_hand_in_a_later_version_stays(load, monkeypatch):
    stored_and_left_out(load, monkeypatch, study_record(MARROW))
    Trial.objects.create(
        number=MARROW,
        registry="ClinicalTrials.gov",
        registry_id=MARROW,
        title="As somebody read it later",
        last_updated="2030-01-01",
        registry_as_of="2030-01-01",
    )

    assert reread().taken_in == []

    assert Trial.objects.get().title == "As somebody read it later"


@pytest.mark.parametrize("body", [b"", b"garbage"])
def test_a_damaged_record_is_named_and_the_others_are_read(load, body):
    load(study_record(MARROW), study_record("NCT90000002"))
    StoredRecord.objects.filter(registry_id=MARROW).update(body=body)

    report = reread()

    assert report.status == "complete"
    assert [one["id"] for one in report.skipped] == [MARROW]
    assert report.skipped[0]["reason"].startswith("its stored text is damaged")


def test_a_record_that_comes_again_mends_a_damaged_one(load):
    load(study_record(MARROW))
    StoredRecord.objects.update(body=b"garbage", content_hash="0" * 64, served_digest="")

    assert load(study_record(MARROW)).status == "complete"

    assert reread().skipped == []


def test_a_quote_that_moved_is_found_at_its_new_place(load):
    load(study_record(MARROW))
    (fact,) = live(FactKind.CELL_SOURCE)
    Fact.objects.filter(pk=fact.pk).update(quote_start=99, confidence=0.1)

    assert reread(dry_run=True).facts_moved == 1
    assert live(FactKind.CELL_SOURCE)[0].quote_start == 99
    report = reread(now=LATER)

    (again,) = live(FactKind.CELL_SOURCE)
    assert (report.facts_moved, report.facts_new, report.facts_ended) == (1, 0, 0)
    assert (again.pk, again.quote_start, again.confidence) == (fact.pk, 0, fact.confidence)
    assert again.decided_at == fact.decided_at


def test_a_value_without_a_row_is_told(load):
    load(study_record(MARROW))
    CellSource.objects.filter(slug="bone-marrow").update(slug="marrow")

    assert reread().without_row == {"bone-marrow": 1}


def test_who_is_stopped_by_hand_says_so(load, monkeypatch):
    load(study_record(MARROW))

    def stop(_report):
        raise KeyboardInterrupt

    report = reread(progress=stop)

    run = RefreshRun.objects.get(kind=RunKind.EXTRACT)
    assert (report.status, report.message) == ("incomplete", "stopped by hand")
    assert (run.status, run.message.split("; ")[1]) == ("incomplete", "stopped by hand")


def test_a_beginning_that_fails_gives_the_turn_back(load, monkeypatch):
    load(study_record(MARROW))
    with monkeypatch.context() as patch:
        patch.setattr("trials.refresh.rereading.Store", lambda **_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            reread()

    assert reread().status == "complete"
