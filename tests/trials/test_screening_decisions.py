"""A person takes a study in or leaves it out: no refresh and no re-reading decides otherwise."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import transaction
from django.test import Client

from tests.builders import (
    THEN,
    make_country,
    make_curator,
    make_indication,
    make_left_out,
    make_run,
    make_source,
    make_trial,
)
from tests.records import study_record
from trials.checking import CHECKS
from trials.curation import screen, screen_many, screen_record, undo
from trials.extraction import screening as rules
from trials.models import Decision, Fact, StoredRecord, Trial
from trials.refresh import FileHarvest, refresh
from trials.refresh.rereading import reread

pytestmark = pytest.mark.django_db
NUMBER = "NCT90000001"
Load = Callable[..., Any]


@pytest.fixture
def load(db: None, tmp_path: Path) -> Load:
    make_country("TW")
    make_source("bone-marrow")
    make_indication("knee-osteoarthritis", parent="osteoarthritis")

    def load(**changes: Any) -> Any:
        path = tmp_path / "records.jsonl"
        path.write_text(json.dumps(study_record(NUMBER, **changes)), "utf-8")
        return refresh(FileHarvest(path))

    return load


@pytest.fixture
def near_the_line(load: Load, monkeypatch: pytest.MonkeyPatch) -> StoredRecord:
    """A stored study of which the rules are not sure."""
    monkeypatch.setattr(rules, "SURE_ENOUGH", 2.0)
    load()
    record = StoredRecord.objects.get()
    assert (record.screening, record.trial) == ("review", None)
    return record


def standing() -> tuple[str, str, str]:
    trial = Trial.objects.get()
    assert StoredRecord.objects.get().screening == trial.screening
    return trial.screening, trial.screening_basis, trial.screening_reason


def faults() -> list[Any]:
    # Within the one transaction of a test PostgreSQL cannot tell whether words are in step.
    checks = [check for name, check in CHECKS.items() if name != "words-in-step"]
    return [fault for check in checks for fault in check()]


def test_a_study_that_is_taken_in_becomes_a_whole_trial(near_the_line: StoredRecord) -> None:
    trial = screen_record(near_the_line, take_in=True, by=make_curator("wei"), note="Cells given.")
    assert Trial.objects.published().get() == trial
    assert standing() == ("included", "curator", "Cells given.")
    assert [site.city for site in trial.sites.all()] == ["Taipei"]
    assert trial.facts.filter(kind="cell_source", shown=True).exists()
    assert faults() == []


def test_what_a_person_took_in_stays_in(near_the_line: StoredRecord, load: Load) -> None:
    screen_record(near_the_line, take_in=True, by=make_curator(), note="Cells given.")
    reread()
    load(designModule={"phases": ["PHASE3"]}, conditionsModule={"conditions": ["Asthma"]})
    assert standing() == ("included", "curator", "Cells given.")
    assert [phase.phase for phase in Trial.objects.get().phases.all()] == ["PHASE3"]


def test_what_a_person_left_out_stays_out(
    near_the_line: StoredRecord, load: Load, monkeypatch: pytest.MonkeyPatch
) -> None:
    screen_record(near_the_line, take_in=False, by=make_curator(), note="No cells.")
    monkeypatch.undo()
    reread()
    load(designModule={"phases": ["PHASE3"]})
    assert standing() == ("excluded", "curator", "No cells.")
    assert not Trial.objects.published().exists()
    assert faults() == []


def test_undone_it_is_as_the_rules_decide_today(
    near_the_line: StoredRecord, monkeypatch: pytest.MonkeyPatch
) -> None:
    screen_record(near_the_line, take_in=False, by=make_curator(), note="No cells.")
    decision = Trial.objects.get().decisions.get()
    monkeypatch.undo()  # the rules are sure now
    undo(decision, by=make_curator(), note="Wrong study.")
    assert standing()[:2] == ("included", "rule")
    assert Trial.objects.get().facts.filter(shown=True).exists()


def test_undone_at_once_it_is_near_the_line_again(near_the_line: StoredRecord) -> None:
    reason = near_the_line.screening_reason
    screen_record(near_the_line, take_in=True, by=make_curator(), note="Cells given.")
    undo(Trial.objects.get().decisions.get(), by=make_curator(), note="Wrong study.")
    assert standing() == ("review", "rule", reason)


def test_undoing_brings_back_the_decision_before_with_its_reason(load: Load) -> None:
    load()
    trial = Trial.objects.get()
    screen(trial, take_in=False, by=make_curator("wei"), note="No joint.")
    screen(trial, take_in=True, by=make_curator("li"), note="A joint.")
    undo(trial.decisions.all()[0], by=make_curator("li"), note="Hm.")
    assert standing() == ("excluded", "curator", "No joint.")


def test_what_came_while_it_was_out_is_there_when_it_is_in_again(load: Load) -> None:
    load()
    trial = Trial.objects.get()
    screen(trial, take_in=False, by=make_curator(), note="No joint.")
    load(designModule={"phases": ["PHASE3"]})
    screen(trial, take_in=True, by=make_curator(), note="A joint.")
    assert [phase.phase for phase in trial.phases.all()] == ["PHASE3"]


def test_the_same_decision_again_is_none() -> None:
    trial = make_trial()
    assert screen(trial, take_in=False, by=make_curator(), note="No joint.")
    assert not screen(trial, take_in=False, by=make_curator(), note="No joint.")
    assert trial.decisions.count() == 1


def make_three(load: Load, tmp_path: Path) -> list[Trial]:
    """Trials with their records: taken in by the rules, left out by a person, and by the rules."""
    load()
    for number in ("NCT90000002", "NCT90000003"):
        path = tmp_path / "more.jsonl"
        path.write_text(json.dumps(study_record(number)), "utf-8")
        refresh(FileHarvest(path))
    trials = list(Trial.objects.order_by("number"))
    screen(trials[1], take_in=False, by=make_curator("li"), note="No joint.")
    Trial.objects.filter(pk=trials[2].pk).update(screening="excluded")
    return trials


@pytest.mark.parametrize("take_in", [True, False])
def test_many_are_decided_as_each_would_be_alone(load: Load, tmp_path: Path, take_in: bool) -> None:
    def alone(trials: list[Trial]) -> int:
        return sum(screen(one, take_in=take_in, by=wei, note="So.", at=THEN) for one in trials)

    def together(trials: list[Trial]) -> int:
        return screen_many(trials, take_in=take_in, by=wei, note="So.", at=THEN)

    wei, outcomes = make_curator("wei"), []
    trials = make_three(load, tmp_path)
    for way in (alone, together):
        with transaction.atomic():
            made = way(trials)
            rows = Trial.objects.order_by("number")
            records = StoredRecord.objects.order_by("registry_id")
            facts = Fact.objects.filter(shown=True).order_by("trial__number", "kind", "pk")
            decisions = Decision.objects.order_by("trial__number", "pk")
            outcomes.append(
                (
                    made,
                    list(rows.values_list("screening", "screening_basis", "screening_reason")),
                    list(records.values_list("screening", "screening_reason", "trial")),
                    list(facts.values_list("trial", "kind", "value", "quote")),
                    list(decisions.values_list("trial", "before", "after", "at")),
                )
            )
            transaction.set_rollback(True)
    assert outcomes[0] == outcomes[1]
    assert outcomes[0][0] == (3 if take_in else 2)


def test_one_of_many_that_cannot_be_decided_about_stops_all() -> None:
    other = make_trial("NCT00000001")
    joined = make_trial(joined_to=other, screening="excluded")
    with pytest.raises(ValidationError, match="It turned out to be NCT00000001"):
        screen_many([other, joined], take_in=False, by=make_curator(), note="Out.")
    assert not Decision.objects.exists()


def test_a_trial_that_turned_out_to_be_another_is_not_decided_about() -> None:
    other = make_trial("NCT00000001")
    joined = make_trial(joined_to=other, screening="excluded")
    with pytest.raises(ValidationError, match="It turned out to be NCT00000001"):
        screen(joined, take_in=True, by=make_curator(), note="In.")


def test_a_damaged_record_is_told_and_nothing_is_decided() -> None:
    make_run()
    record = make_left_out(rule="unsure", body=b"garbage")
    with pytest.raises(ValidationError, match="cannot be read"):
        screen_record(record, take_in=True, by=make_curator(), note="In.")
    assert not Trial.objects.exists()


def test_the_queue_shows_its_words_and_takes_it_in_by_one_answer(
    near_the_line: StoredRecord,
) -> None:
    client = Client()
    client.force_login(User.objects.create_superuser("root"))
    page = client.get("/admin/queue/")
    assert "<mark>" in page.content.decode()
    sent = {"seen": page.context["item"].seen, "action": "take-in"}
    client.post(f"/admin/queue/screening/{NUMBER}/", sent)
    assert standing()[:2] == ("included", "curator")
    client.post("/admin/queue/undo/")
    assert standing()[:2] == ("review", "rule")
    assert client.get("/admin/queue/").context["item"].key == NUMBER
