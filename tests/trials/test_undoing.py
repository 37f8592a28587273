"""What a person decided is undone by bringing back what was before; both stay in the list."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from tests.builders import make_curator, make_publication, make_run, make_source, make_trial
from tests.writers import ending_soon
from trials.curation import (
    confirm_donor,
    confirm_source,
    decide,
    link_paper,
    name_in_chinese,
    part_paper,
    screen,
    undo,
    undo_all,
    withdraw,
)
from trials.models import Decision, Trial
from trials.refresh.joining import join
from trials.search.kept import writing
from trials.vocabulary import DecisionKind, FactKind

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 5, 1, 12, 0, tzinfo=UTC)


def shown(trial: Trial, kind: str = FactKind.DONOR_TYPE) -> list[tuple[str, str, str]]:
    facts = trial.facts.filter(kind=kind, shown=True).select_related("cell_source", "decided_by")
    return [(f.slug, f.basis, f.decided_by.username if f.decided_by else "") for f in facts]


def last(trial: Trial) -> Decision:
    decision = trial.decisions.first()
    assert decision is not None
    return decision


def test_an_undone_decision_leaves_what_the_rules_and_documents_said() -> None:
    trial = make_trial(donors=("autologous",))
    confirm_donor(trial, donors=["allogeneic"], by=make_curator("wei"), note="Read it.")
    undo(last(trial), by=make_curator("li"), note="The wrong trial.", at=NOON)
    assert shown(trial) == [("autologous", "record", "")]
    decision = last(trial)
    assert (decision.undone_by and decision.undone_by.username) == "li"
    assert (decision.undone_at, decision.undone_note) == (NOON, "The wrong trial.")


def test_undoing_brings_back_the_decision_before_in_its_authors_name() -> None:
    trial, wei, li = make_trial(), make_curator("wei"), make_curator("li")
    confirm_donor(trial, donors=["allogeneic"], by=wei, note="Arm 1.", at=NOON)
    confirm_donor(trial, donors=["autologous"], by=li, note="Arm 2.")
    undo(last(trial), by=li, note="It was right.")
    assert shown(trial) == [("allogeneic", "curator", "wei")]
    fact = trial.facts.get(shown=True)
    assert (fact.decided_at, fact.note) == (NOON, "Arm 1.")
    assert trial.facts.count() == 3  # nothing is deleted


def test_undoing_a_withdrawal_brings_the_decision_back() -> None:
    trial, wei = make_trial(), make_curator("wei")
    confirm_source(trial, sources=[make_source("placenta")], by=wei, note="Arm 1.")
    withdraw(trial, kind=FactKind.CELL_SOURCE, by=wei, note="Not sure.")
    undo(last(trial), by=wei, note="Sure.")
    assert shown(trial, FactKind.CELL_SOURCE) == [("placenta", "curator", "wei")]


def test_a_row_of_decisions_is_undone_from_the_last_to_the_first() -> None:
    trial, wei = make_trial(donors=("xenogeneic",)), make_curator("wei")
    for donor in ("allogeneic", "autologous", "allogeneic"):
        confirm_donor(trial, donors=[donor], by=wei, note=donor)
    seen = []
    for decision in list(trial.decisions.all()):
        undo(decision, by=wei, note="Back.")
        seen += [value for value, *_ in shown(trial)]
    assert seen == ["autologous", "allogeneic", "xenogeneic"]


def test_what_a_later_decision_has_overtaken_is_not_undone() -> None:
    trial, wei = make_trial(), make_curator("wei")
    confirm_donor(trial, donors=["allogeneic"], by=wei, note="One.")
    first = last(trial)
    confirm_donor(trial, donors=["autologous"], by=wei, note="Two.", at=NOON)
    with pytest.raises(ValidationError, match="A later decision stands, of 2026-05-01"):
        undo(first, by=wei, note="Back.")
    assert shown(trial) == [("autologous", "curator", "wei")]


def test_a_decision_about_something_else_is_in_nobodys_way() -> None:
    trial, other, wei = make_trial(), make_trial(), make_curator("wei")
    confirm_donor(trial, donors=["allogeneic"], by=wei, note="One.")
    first = last(trial)
    confirm_source(trial, sources=[make_source("placenta")], by=wei, note="Two.")
    confirm_donor(other, donors=["allogeneic"], by=wei, note="Three.")
    undo(first, by=wei, note="Back.")
    assert (shown(trial), shown(other)) == ([], [("allogeneic", "curator", "wei")])


def test_a_decision_is_undone_once_and_with_a_note() -> None:
    trial, wei = make_trial(), make_curator("wei")
    confirm_donor(trial, donors=["allogeneic"], by=wei, note="One.")
    with pytest.raises(ValidationError, match="Write a note"):
        undo(last(trial), by=wei, note=" ")
    undo(last(trial), by=wei, note="Back.")
    with pytest.raises(ValidationError, match="undone already"):
        undo(last(trial), by=wei, note="Back.")


def test_what_was_decided_together_is_undone_together_or_not_at_all() -> None:
    trials, wei, batch = [make_trial(), make_trial()], make_curator("wei"), uuid4()
    for trial in trials:
        decide(
            trial,
            kind=FactKind.DONOR_TYPE,
            values=["allogeneic"],
            by=wei,
            note="All of them.",
            batch=batch,
        )
    confirm_donor(trials[0], donors=["autologous"], by=wei, note="But this one.")
    with pytest.raises(ValidationError, match="later decision"):
        undo_all(batch, by=wei, note="Back.")
    assert [shown(trial)[0][0] for trial in trials] == ["autologous", "allogeneic"]
    undo(last(trials[0]), by=wei, note="Back.")
    assert undo_all(batch, by=wei, note="Back.") == 2
    assert [shown(trial) for trial in trials] == [[], []]


def test_a_decision_that_changes_nothing_is_none() -> None:
    trial, wei = make_trial(), make_curator("wei")
    confirm_donor(trial, donors=["allogeneic"], by=wei, note="One.")
    confirm_donor(trial, donors=["allogeneic"], by=wei, note="Again.")
    assert trial.decisions.count() == 1


@pytest.mark.parametrize(
    "columns", [{"note": ""}, {"trial": None}, {"undone_at": NOON}, {"kind": "whim"}]
)
def test_the_database_refuses_a_decision_without_subject_note_or_person(
    columns: dict[str, object],
) -> None:
    row = {"kind": DecisionKind.FACTS, "trial": make_trial(), "note": "One.", "at": NOON}
    with pytest.raises(IntegrityError), transaction.atomic():
        Decision.objects.create(**{**row, "by": make_curator(), **columns})


@pytest.mark.django_db(transaction=True)
def test_a_decision_that_is_just_being_made_is_not_undone_beneath() -> None:
    trial, wei = make_trial(), make_curator("wei")
    confirm_donor(trial, donors=["allogeneic"], by=wei, note="Arm 1.")
    confirm_donor(trial, donors=["xenogeneic"], by=wei, note="Arm 2.")

    def write() -> None:
        confirm_donor(trial, donors=["autologous"], by=make_curator("li"), note="Arm 3.")

    with ending_soon(write), pytest.raises(ValidationError, match="A later decision stands"):
        undo(Decision.objects.filter(by=wei)[0], by=wei, note="It was right.")
    assert shown(trial) == [("autologous", "curator", "li")]


def test_what_was_decided_together_is_undone_in_as_many_queries_whatever_its_length(
    django_assert_max_num_queries: Any,
) -> None:
    trials = [make_trial(donors=("autologous",)) for _ in range(30)]
    batch, wei = uuid4(), make_curator("wei")
    for trial in trials:
        decide(trial, kind=FactKind.DONOR_TYPE, values=[], by=wei, note="No word.", batch=batch)
    with django_assert_max_num_queries(40):
        assert undo_all(batch, by=wei, note="The wrong ones.") == 30
    assert {tuple(shown(trial)) for trial in trials} == {(("autologous", "record", ""),)}


def test_of_one_thing_decided_twice_together_both_are_undone() -> None:
    trial, wei, batch = make_trial(donors=("autologous",)), make_curator("wei"), uuid4()
    for donors in (["allogeneic"], ["xenogeneic"]):
        decide(trial, kind=FactKind.DONOR_TYPE, values=donors, by=wei, note="Read it.", batch=batch)
    assert undo_all(batch, by=wei, note="The wrong ones.") == 2
    assert shown(trial) == [("autologous", "record", "")]


@pytest.mark.parametrize("by_rule", [True, False])
def test_what_came_with_a_joined_trial_is_undone_to_what_stands_of_the_present_one(
    by_rule: bool,
) -> None:
    old, into, wei = make_trial(), make_trial(), make_curator("wei")
    paper = make_publication("lee-2021", old)
    if not by_rule:
        screen(old, take_in=True, by=wei, note="Cells.")
    screen(into, take_in=True, by=wei, note="Knees.")
    name_in_chinese(into, title="膝", by=wei, note="Own words.")
    link_paper(into, paper, relation="results", by=wei, note="Its table 1.")
    screen(old, take_in=False, by=wei, note="No cells.")
    name_in_chinese(old, title="关节", by=wei, note="Own words.")
    part_paper(old, paper, by=wei, note="Another trial.")
    came = [*old.decisions.exclude(note="Cells.")]
    with writing():
        join(old, into, run=make_run(), now=NOON)
    into.refresh_from_db()
    assert (into.screening, into.title_zh) == ("excluded", "关节")  # the latest stands
    for decision in came:
        undo(decision, by=wei, note="The older number was another's.")
    into.refresh_from_db()
    assert (into.screening, into.screening_basis, into.title_zh) == ("included", "curator", "膝")
    assert [link.basis for link in into.publication_links.all()] == ["Its table 1."]


def test_of_two_that_were_decided_at_once_and_turned_out_to_be_one_each_is_undone_alone() -> None:
    old, into, wei, batch = make_trial(), make_trial(), make_curator("wei"), uuid4()
    for trial, donor in ((into, "allogeneic"), (old, "autologous")):
        decide(
            trial,
            kind=FactKind.DONOR_TYPE,
            values=[donor],
            by=wei,
            note="Read it.",
            batch=batch,
            at=NOON,
        )
    with writing():
        join(old, into, run=make_run(), now=NOON)
    undo(last(into), by=wei, note="The older number was another's.")
    assert shown(into) == [("allogeneic", "curator", "wei")]
    assert undo_all(batch, by=wei, note="The wrong ones.") == 1
    assert shown(into) == []
