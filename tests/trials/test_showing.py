"""Of all that is said about a trial, what stands: by kind, the highest basis alone."""

from __future__ import annotations

import pytest

from tests.builders import THEN, make_curator, make_fact, make_trial
from trials.models import Fact, Trial
from trials.showing import PRECEDENCE, settle, standing
from trials.vocabulary import Basis, FactKind

DONOR = FactKind.DONOR_TYPE


def fact(pk: int, value: str, basis: Basis, **changes: object) -> Fact:
    return Fact(pk=pk, kind=DONOR, value=value, basis=basis, **changes)


def test_every_basis_has_its_place_in_the_order() -> None:
    assert set(PRECEDENCE) == set(Basis.values)


@pytest.mark.parametrize(
    ("above", "below"),
    [
        (Basis.CURATOR, Basis.RECORD),
        (Basis.CURATOR, Basis.DOCUMENT),
        (Basis.RECORD, Basis.RULE),
        (Basis.DOCUMENT, Basis.RULE),
        (Basis.RULE, Basis.INFERRED),
    ],
)
def test_higher_basis_stands_alone(above: Basis, below: Basis) -> None:
    higher, lower = fact(1, "autologous", above), fact(2, "allogeneic", below)
    assert standing([lower, higher]) == {higher}


def test_record_and_document_that_disagree_both_stand() -> None:
    facts = [fact(1, "autologous", Basis.RECORD), fact(2, "allogeneic", Basis.DOCUMENT)]
    assert standing(facts) == set(facts)


def test_ended_decision_no_longer_overrules() -> None:
    ended = fact(1, "autologous", Basis.CURATOR, retired_at=THEN)
    live = fact(2, "allogeneic", Basis.INFERRED)
    assert standing([ended, live]) == {live}


def test_kinds_are_judged_apart() -> None:
    donor = fact(1, "autologous", Basis.CURATOR)
    route = Fact(pk=2, kind=FactKind.ROUTE, value="topical", basis=Basis.INFERRED)
    assert standing([donor, route]) == {donor, route}


def test_nothing_said_nothing_stands() -> None:
    assert standing([]) == set()


@pytest.mark.django_db
def test_settling_again_changes_nothing() -> None:
    trial = make_trial(donors=("autologous",))
    assert settle([trial]) == 0


@pytest.mark.django_db
def test_settling_shows_and_hides() -> None:
    trial = make_trial()
    rule = make_fact(trial, DONOR, "autologous", basis=Basis.RULE)
    Fact.objects.create(
        trial=trial,
        kind=DONOR,
        value="allogeneic",
        basis=Basis.CURATOR,
        decided_by=make_curator(),
        decided_at=THEN,
        note="I read it.",
    )
    assert settle([trial]) == 2
    rule.refresh_from_db()
    assert rule.shown is False
    assert trial.facts.get(shown=True).value == "allogeneic"


@pytest.mark.django_db
def test_settling_one_trial_leaves_the_others() -> None:
    mine, other = make_trial(), make_trial()
    for trial in (mine, other):
        Fact.objects.create(
            trial=trial, kind=DONOR, value="autologous", basis=Basis.RULE, decided_at=THEN
        )
    settle([mine])
    assert list(Trial.objects.filter(facts__shown=True)) == [mine]
