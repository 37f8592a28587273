"""Whatever decisions, undoings, refreshes and re-readings come: what a person decided stands.

The history is complete, and what is shown can be explained. Each run is compared with a stack.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.builders import (
    make_country,
    make_curator,
    make_indication,
    make_publication,
    make_source,
)
from tests.records import study_record
from trials.curation import (
    decide,
    link_paper,
    name_in_chinese,
    part_paper,
    screen,
    standing_decisions,
    undo,
    withdraw,
)
from trials.models import Decision, Doubt, Fact, Publication, Trial
from trials.queue.finding import dissenting
from trials.queue.keeping import heard_of
from trials.quotes import in_sentence
from trials.refresh import FileHarvest, refresh
from trials.refresh.rereading import reread
from trials.search import kept
from trials.showing import standing
from trials.vocabulary import Basis, DecisionKind, FactKind, Screening

pytestmark = pytest.mark.django_db
NUMBER, DONOR = "NCT90000001", FactKind.DONOR_TYPE
# What the record may say: whose the cells are, or that it is about something else.
TITLES = (
    "Marrow Cells for Painful Knees",
    "Autologous Marrow Cells for Painful Knees",
    "Allogeneic Marrow Cells for Painful Knees",
    "Saline for Asthma",
)
people = st.sampled_from(("wei", "li"))
donors = st.sampled_from(((), ("autologous",), ("allogeneic",), ("autologous", "allogeneic")))
steps = st.one_of(
    st.tuples(st.just("decide"), people, donors),
    st.tuples(st.just("withdraw"), people),
    st.tuples(st.just("screen"), people, st.booleans()),
    st.tuples(st.just("name"), people, st.sampled_from(("膝", "关节", ""))),
    st.tuples(st.just("link"), people, st.sampled_from(("results", "derived"))),
    st.tuples(st.just("part"), people),
    st.tuples(st.just("undo"), people, st.integers(0, 5)),
    st.tuples(st.just("refresh"), st.sampled_from(TITLES)),
    st.tuples(st.just("reread")),
)


@dataclass
class World:
    """The catalogue with one trial, and beside it what should be true of it."""

    folder: Path
    made: list[tuple[Decision, Any]] = field(default_factory=list)  # with what it decided
    undone: set[int] = field(default_factory=set)
    facts: set[int] = field(default_factory=set)  # all that there ever were

    @property
    def trial(self) -> Trial:
        return Trial.objects.get(number=NUMBER)

    def refresh(self, title: str) -> None:
        record = study_record(NUMBER)
        section = record["protocolSection"]
        section["identificationModule"].update(briefTitle=title, officialTitle=None)
        if "Asthma" in title:
            section["conditionsModule"] = {"conditions": ["Asthma"]}
            del section["armsInterventionsModule"]
        path = self.folder / "records.jsonl"
        path.write_text(json.dumps(record), "utf-8")
        assert refresh(FileHarvest(path)).status == "complete"

    def reread(self) -> None:
        assert reread().status == "complete"

    def decide(self, name: str, values: tuple[str, ...]) -> None:
        by = make_curator(name)
        if decide(self.trial, kind=DONOR, values=values, by=by, note=f"{name} looked."):
            self._note((by, sorted(values) or ["not-stated"]))

    def withdraw(self, name: str) -> None:
        by = make_curator(name)
        if withdraw(self.trial, kind=DONOR, by=by, note="No ground."):
            self._note(None)

    def screen(self, name: str, take_in: bool) -> None:
        if screen(self.trial, take_in=take_in, by=make_curator(name), note=f"{name} looked."):
            self._note(take_in)

    def name(self, name: str, title: str) -> None:
        by = make_curator(name)
        if name_in_chinese(self.trial, title=title, by=by, note=f"{name} wrote it."):
            self._note(title)

    def link(self, name: str, relation: str) -> None:
        by, paper = make_curator(name), Publication.objects.get()
        if link_paper(self.trial, paper, relation=relation, by=by, note=f"{name} read it."):
            self._note([relation])

    def part(self, name: str) -> None:
        by, paper = make_curator(name), Publication.objects.get()
        if part_paper(self.trial, paper, by=by, note=f"{name} read it."):
            self._note([])

    def undo(self, name: str, which: int) -> None:
        if not self.made:
            return
        decision = self.made[-1 - which % len(self.made)][0]
        later = [
            one
            for one, _what in self.made
            if one.kind == decision.kind and one.pk > decision.pk and one.pk not in self.undone
        ]
        if later or decision.pk in self.undone:
            with pytest.raises(ValidationError):
                undo(decision, by=make_curator(name), note="Back.")
        else:
            undo(decision, by=make_curator(name), note="Back.")
            self.undone.add(decision.pk)

    def last(self, kind: DecisionKind) -> Any:
        """What should stand; None where nothing does."""
        return next(
            (
                what
                for decision, what in reversed(self.made)
                if decision.kind == kind and decision.pk not in self.undone
            ),
            None,
        )

    def _note(self, what: Any) -> None:
        self.made.append((self.trial.decisions.all()[0], what))


def check_decisions_stand(world: World) -> None:
    trial = world.trial
    found = standing_decisions(trial).get(DONOR)
    decided: tuple[User, list[str]] | None = world.last(DecisionKind.FACTS)
    assert (found and (found.by, sorted(fact.slug for fact in found.facts))) == decided
    if found:
        shown = trial.facts.filter(kind=DONOR, shown=True).order_by("pk")
        assert [fact.pk for fact in shown] == found.keys
    take_in = world.last(DecisionKind.SCREENING)
    assert (trial.screening_basis == Basis.CURATOR) == (take_in is not None)
    if take_in is not None:
        assert trial.screening == (Screening.INCLUDED if take_in else Screening.EXCLUDED)
    assert trial.stored_record.screening == trial.screening
    assert trial.title_zh == (world.last(DecisionKind.TITLE) or "")
    linked = [link.relation for link in trial.publication_links.all()]
    assert linked == (world.last(DecisionKind.PUBLICATION) or [])


def check_the_history_is_complete(world: World) -> None:
    rows = {row.pk: row for row in Decision.objects.all()}
    assert rows.keys() == {decision.pk for decision, _what in world.made}
    for decision, _what in world.made:
        row = rows[decision.pk]
        same = ("kind", "by_id", "at", "note", "before", "after", "heard")
        assert [getattr(row, name) for name in same] == [getattr(decision, name) for name in same]
        assert (row.undone_by is not None) == (row.pk in world.undone)
    facts = set(Fact.objects.values_list("pk", flat=True))
    assert world.facts <= facts  # nothing is deleted
    world.facts = facts


def check_what_is_shown_is_explained(world: World) -> None:
    trial = Trial.objects.prefetch_related("arms", "interventions").get(number=NUMBER)
    facts = list(trial.facts.all())
    assert {fact for fact in facts if fact.shown} == standing(facts)
    for fact in facts:
        if fact.shown and fact.basis == Basis.CURATOR:
            assert fact.decided_by
            assert fact.note
        elif fact.shown and trial.screening == Screening.INCLUDED:
            assert fact.rule
            assert in_sentence(trial, fact) is not None
    assert trial.screening_reason or trial.stored_record.screening_reason


def check_what_disagrees_is_in_the_queue(world: World) -> None:
    if connection.vendor == "sqlite":  # within one transaction PostgreSQL cannot tell
        assert kept.find_behind("default") == []
    trial = world.trial
    facts = list(trial.facts.filter(kind=DONOR, retired_at=None))
    new = dissenting(facts, heard_of({trial.pk: facts})[trial.pk][DONOR])
    decided = any(fact.basis == Basis.CURATOR for fact in facts)
    waits = Doubt.objects.filter(trial=trial, kind="dissent").exists()
    assert waits == (decided and bool(new) and trial.screening == Screening.INCLUDED)


CHECKS: tuple[Callable[[World], None], ...] = (
    check_decisions_stand,
    check_the_history_is_complete,
    check_what_is_shown_is_explained,
    check_what_disagrees_is_in_the_queue,
)


@settings(
    max_examples=40 if connection.vendor == "sqlite" else 20,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(st.lists(steps, min_size=2, max_size=10))
def test_what_a_person_decided_stands_whatever_comes(
    tmp_path: Path, row: list[tuple[Any, ...]]
) -> None:
    with transaction.atomic():
        make_country("TW")
        make_source("bone-marrow")
        make_indication("knee-osteoarthritis", parent="osteoarthritis")
        make_publication("lee-2021")
        world = World(tmp_path)
        world.refresh(TITLES[0])
        for name, *what in row:
            getattr(world, name)(*what)
            for check in CHECKS:
                check(world)
        transaction.set_rollback(True)
