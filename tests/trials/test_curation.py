"""A curator's decision is kept with its author, date and note, and can be ended, never lost."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.builders import make_curator, make_fact, make_indication, make_source, make_trial
from trials.curation import (
    check_values,
    confirm_donor,
    confirm_source,
    decide,
    standing_decisions,
    withdraw,
)
from trials.models import Fact, Trial
from trials.vocabulary import Basis, DonorType, FactKind, Preparation, Role

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 5, 1, 12, 0, tzinfo=UTC)
LATER = datetime(2026, 5, 2, 12, 0, tzinfo=UTC)


def shown(trial: Trial, kind: str = FactKind.CELL_SOURCE) -> list[tuple[str, str]]:
    facts = trial.facts.filter(kind=kind, shown=True).select_related("cell_source", "indication")
    return sorted((fact.slug, fact.role) for fact in facts)


def test_decision_is_shown_in_place_of_what_the_record_said() -> None:
    trial = make_trial(sources=("bone-marrow",))
    confirm_source(trial, sources=[make_source("placenta")], by=make_curator(), note="Read it.")
    assert shown(trial) == [("placenta", "experimental")]


def test_decision_keeps_its_author_date_and_note() -> None:
    trial, wei = make_trial(), make_curator("wei")
    confirm_source(trial, sources=[make_source("placenta")], by=wei, note=" Arm 1. ", at=NOON)
    fact = trial.facts.get()
    kept = (fact.basis, fact.decided_by, fact.decided_at, fact.note, fact.retired_at)
    assert kept == (Basis.CURATOR, wei, NOON, "Arm 1.", None)


def test_decision_names_studied_and_control_sources() -> None:
    trial = make_trial()
    confirm_source(
        trial,
        sources=[make_source("placenta"), make_source("umbilical-cord")],
        comparators=[make_source("bone-marrow")],
        by=make_curator(),
        note="Three arms.",
    )
    assert shown(trial) == [
        ("bone-marrow", "comparator"),
        ("placenta", "experimental"),
        ("umbilical-cord", "experimental"),
    ]


def test_no_source_is_the_decision_not_stated() -> None:
    trial = make_trial(sources=("bone-marrow",))
    confirm_source(trial, sources=[], by=make_curator(), note="It does not say.")
    assert shown(trial) == [("not-stated", "experimental")]


def test_a_source_given_twice_is_decided_once() -> None:
    trial, placenta = make_trial(), make_source("placenta")
    confirm_source(trial, sources=[placenta, placenta], by=make_curator(), note="Read it.")
    assert shown(trial) == [("placenta", "experimental")]


def test_donors_of_two_arms_stand_side_by_side() -> None:
    trial = make_trial(donors=("autologous",))
    donors = [DonorType.AUTOLOGOUS, DonorType.ALLOGENEIC]
    confirm_donor(trial, donors=donors, by=make_curator(), note="Two arms.")
    assert shown(trial, FactKind.DONOR_TYPE) == [
        ("allogeneic", "experimental"),
        ("autologous", "experimental"),
    ]


@pytest.mark.parametrize(
    ("kind", "value"), [(FactKind.PREPARATION, "expanded"), (FactKind.ROUTE, "intra-articular")]
)
def test_other_closed_lists_are_decided_by_the_same_door(kind: FactKind, value: str) -> None:
    trial = make_trial()
    decide(trial, kind=kind, values=[value], by=make_curator(), note="Read it.")
    assert shown(trial, kind) == [(value, "experimental")]


def test_an_indication_is_decided_by_the_same_door() -> None:
    trial, knee = make_trial(), make_indication("knee-osteoarthritis")
    decide(trial, kind=FactKind.INDICATION, values=[knee], by=make_curator(), note="Read it.")
    assert shown(trial, FactKind.INDICATION) == [("knee-osteoarthritis", "experimental")]


def test_new_decision_ends_the_earlier_one_and_says_who_and_why() -> None:
    trial, wei, lan = make_trial(), make_curator("wei"), make_curator("lan")
    confirm_source(trial, sources=[make_source("placenta")], by=wei, note="Title.", at=NOON)
    confirm_source(trial, sources=[make_source("amnion")], by=lan, note="Arm 2.", at=LATER)
    ended = trial.facts.get(cell_source__slug="placenta")
    assert (ended.retired_at, ended.retired_by, ended.retired_note) == (LATER, lan, "Arm 2.")
    assert (ended.decided_by, ended.decided_at, ended.note) == (wei, NOON, "Title.")
    assert shown(trial) == [("amnion", "experimental")]


def test_the_same_decision_again_changes_nothing() -> None:
    trial, sources = make_trial(), [make_source("placenta"), make_source("adipose")]
    confirm_source(trial, sources=sources, by=make_curator("wei"), note="One.", at=NOON)
    before = list(Fact.objects.values())
    again = confirm_source(trial, sources=sources[::-1], by=make_curator("lan"), note="Two.")
    assert (again, list(Fact.objects.values())) == (False, before)


def test_agreeing_with_a_rule_is_a_decision_of_its_own() -> None:
    trial = make_trial()
    make_fact(trial, FactKind.DONOR_TYPE, "autologous", basis=Basis.RULE)
    assert confirm_donor(trial, donors=["autologous"], by=make_curator(), note="Yes.") is True
    assert trial.facts.get(shown=True).basis == Basis.CURATOR


def test_decision_about_one_kind_leaves_the_others() -> None:
    trial = make_trial(sources=("bone-marrow",), donors=("autologous",))
    confirm_donor(trial, donors=["allogeneic"], by=make_curator(), note="Third party.")
    assert shown(trial) == [("bone-marrow", "experimental")]


def test_decision_leaves_other_trials() -> None:
    trial, other = make_trial(sources=("bone-marrow",)), make_trial(sources=("bone-marrow",))
    confirm_source(trial, sources=[], by=make_curator(), note="It does not say.")
    assert shown(other) == [("bone-marrow", "experimental")]


def test_withdrawn_decision_gives_the_earlier_statement_back() -> None:
    trial, wei, lan = make_trial(donors=("autologous",)), make_curator("wei"), make_curator("lan")
    confirm_donor(trial, donors=["allogeneic"], by=wei, note="Guess.", at=NOON)
    withdraw(trial, kind=FactKind.DONOR_TYPE, by=lan, note="No ground for it.", at=LATER)
    assert shown(trial, FactKind.DONOR_TYPE) == [("autologous", "experimental")]
    ended = trial.facts.get(basis=Basis.CURATOR)
    assert (ended.retired_at, ended.retired_by, ended.retired_note) == (
        LATER,
        lan,
        "No ground for it.",
    )


def test_withdrawing_where_nothing_stands_changes_nothing() -> None:
    trial = make_trial(donors=("autologous",))
    assert withdraw(trial, kind=FactKind.DONOR_TYPE, by=make_curator(), note="Oops.") is False
    assert shown(trial, FactKind.DONOR_TYPE) == [("autologous", "experimental")]


def test_decision_can_be_made_again_after_it_was_withdrawn() -> None:
    trial, wei = make_trial(), make_curator()
    confirm_donor(trial, donors=["allogeneic"], by=wei, note="One.")
    withdraw(trial, kind=FactKind.DONOR_TYPE, by=wei, note="Two.")
    assert confirm_donor(trial, donors=["allogeneic"], by=wei, note="Three.") is True
    assert standing_decisions(trial)[FactKind.DONOR_TYPE].note == "Three."


@pytest.mark.parametrize("note", ["", "  \n"])
def test_decision_without_a_note_is_refused_and_nothing_is_saved(note: str) -> None:
    trial = make_trial()
    with pytest.raises(ValidationError, match="Write a note"):
        confirm_donor(trial, donors=["autologous"], by=make_curator(), note=note)
    assert trial.facts.count() == 0


def test_withdrawal_without_a_note_is_refused() -> None:
    trial = make_trial()
    confirm_donor(trial, donors=["autologous"], by=make_curator(), note="Read it.")
    with pytest.raises(ValidationError, match="Write a note"):
        withdraw(trial, kind=FactKind.DONOR_TYPE, by=make_curator(), note="")
    assert FactKind.DONOR_TYPE in standing_decisions(trial)


def test_unknown_donor_is_refused_with_the_known_ones() -> None:
    with pytest.raises(ValidationError, match="autologous, allogeneic or xenogeneic"):
        confirm_donor(make_trial(), donors=["martian"], by=make_curator(), note="Read it.")


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        (FactKind.CELL_SOURCE, "placenta"),
        (FactKind.DONOR_TYPE, Preparation.EXPANDED),
        (FactKind.DOSE, "2e7"),
    ],
)
def test_value_that_is_none_of_the_kind_is_refused(kind: FactKind, value: Any) -> None:
    with pytest.raises(ValidationError):
        check_values(kind=kind, values=[value])


def test_source_of_studied_product_and_control_only_at_once_is_refused() -> None:
    placenta = make_source("placenta")
    with pytest.raises(ValidationError, match="control only"):
        check_values(kind=FactKind.CELL_SOURCE, values=[placenta], comparators=[placenta])


def test_decision_replaces_every_value_or_none(monkeypatch: pytest.MonkeyPatch) -> None:
    trial = make_trial()
    confirm_donor(trial, donors=["autologous"], by=make_curator(), note="Read it.")

    def fail(_trials: object) -> int:
        raise OSError("disk full")

    monkeypatch.setattr("trials.curation.facts.settle", fail)
    with pytest.raises(OSError, match="disk full"):
        confirm_donor(trial, donors=["allogeneic"], by=make_curator(), note="Read again.")
    assert shown(trial, FactKind.DONOR_TYPE) == [("autologous", "experimental")]


def test_decision_waits_for_another_about_the_same_trial() -> None:
    if not connection.features.has_select_for_update:
        pytest.skip("the database has one writer at a time: there is no row to lock")
    trial, by = make_trial(), make_curator()
    with CaptureQueriesContext(connection) as queries:
        confirm_donor(trial, donors=["autologous"], by=by, note="Read it.")
    locked = [query["sql"] for query in queries if "FOR UPDATE" in query["sql"]]
    assert len(locked) == 1


def test_decision_in_words_marks_the_control() -> None:
    trial = make_trial()
    confirm_source(
        trial,
        sources=[make_source("placenta")],
        comparators=[make_source("adipose")],
        by=make_curator(),
        note="Read it.",
    )
    decision = standing_decisions(trial)[FactKind.CELL_SOURCE]
    assert decision.label == "Placenta, Adipose (comparator only)"
    assert [fact.role for fact in decision.facts] == [Role.EXPERIMENTAL, Role.COMPARATOR]


def test_a_trial_that_turned_out_to_be_another_is_not_decided_about() -> None:
    """A refresh may have joined the two while the curator had the page open."""
    joined = make_trial(joined_to=make_trial("NCT00000002"), screening="excluded")
    with pytest.raises(ValidationError, match="turned out to be NCT00000002"):
        confirm_donor(joined, donors=["autologous"], by=make_curator(), note="Read it.")
    assert not joined.facts.exists()
