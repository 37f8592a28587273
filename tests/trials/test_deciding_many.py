"""Many trials are decided at once as each would be alone, in as many queries as one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.builders import THEN, make_curator, make_document, make_source, make_trial, state_fact
from trials.curation import Asked, decide, decide_many, undo_all
from trials.models import Decision, Doubt, Fact, Trial
from trials.search.kept import writing
from trials.showing import settle
from trials.vocabulary import FactKind

pytestmark = pytest.mark.django_db
DONOR, SOURCE = FactKind.DONOR_TYPE, FactKind.CELL_SOURCE
Way = Callable[[Sequence[Asked]], int]


def one_by_one(asked: Sequence[Asked]) -> int:
    batch = uuid4()
    return sum(
        decide(
            one.trial,
            kind=one.kind,
            values=one.values,
            comparators=one.comparators,
            note=one.note,
            **{"by": make_curator("wei"), "at": THEN, "batch": batch},
        )
        for one in asked
    )


def together(asked: Sequence[Asked]) -> int:
    return decide_many(asked, by=make_curator("wei"), at=THEN, batch=uuid4())


def make_odd_trials(first: int) -> list[Trial]:
    """Trials as they are met: of rules, of documents, decided before, so and otherwise."""
    li, trials = make_curator("li"), []
    with writing():
        for number in range(first, first + 6):
            trial = make_trial(f"NCT{number:08d}", title="Knees")
            state_fact(trial, SOURCE, "placenta", basis="rule", confidence=0.3)
            state_fact(trial, DONOR, "xenogeneic", basis="rule")
            trials.append(trial)
        state_fact(trials[1], DONOR, "autologous", basis="document", document=make_document("page"))
        settle(trials)
    decide(trials[2], kind=DONOR, values=["autologous"], by=li, note="Arm 1.")
    decide(trials[3], kind=DONOR, values=["allogeneic"], by=li, note="Arm 2.")  # the same as asked
    decide(trials[4], kind=SOURCE, values=[make_source("adipose")], by=li, note="Arm 3.")
    return trials


def what_is_asked(trials: Sequence[Trial]) -> list[Asked]:
    placenta, adipose = make_source("placenta"), make_source("adipose")
    return [
        *(Asked(trial, DONOR, ["allogeneic"], (), "One programme.") for trial in trials),
        Asked(trials[4], SOURCE, [placenta], [adipose], "Read again."),
        Asked(trials[5], SOURCE, [], (), "It does not say."),
    ]


def ended(fact: Fact) -> tuple[Any, ...]:
    return fact.retired_at is None, str(fact.retired_by), fact.retired_note


def signed(made: Decision) -> tuple[Any, ...]:
    return made.note, made.batch is None, str(made.by), made.at == THEN, made.undone_at is None


def outcome(trials: Sequence[Trial]) -> list[Any]:
    """All that stands of the trials in their order, without keys."""
    found: list[Any] = []
    for trial in trials:
        facts = trial.facts.select_related("cell_source", "decided_by", "retired_by").order_by("pk")
        order = {fact.pk: n for n, fact in enumerate(facts)}
        found.append(
            [
                (*(f.kind, f.slug, f.role, f.basis, f.shown, str(f.decided_by), f.note), *ended(f))
                for f in facts
            ]
        )
        found.append(
            [
                (d.aspect, [order[key] for key in (*d.before, *d.after)], d.heard, *signed(d))
                for d in trial.decisions.order_by("aspect", "pk")
            ]
        )
        doubts = Doubt.objects.filter(trial=trial).order_by("aspect")
        found.append(list(doubts.values_list("kind", "aspect", "said")))
    return found


def test_together_is_as_one_by_one_and_is_taken_back_so() -> None:
    ones, others = make_odd_trials(1), make_odd_trials(11)
    assert one_by_one(what_is_asked(ones)) == together(what_is_asked(others)) == 7
    assert outcome(ones) == outcome(others)
    for trials in (ones, others):
        batch = Decision.objects.filter(trial__in=trials).exclude(batch=None)
        undo_all(batch.values_list("batch", flat=True)[0] or uuid4(), by=make_curator(), note="No.")
    assert outcome(ones) == outcome(others)


def test_all_or_none_is_decided() -> None:
    trials = [make_trial(), make_trial()]
    asked = [Asked(trials[0], DONOR, ["allogeneic"], (), "So.")]
    for wrong in (
        Asked(trials[1], DONOR, ["martian"], (), "So."),
        Asked(trials[1], DONOR, ["allogeneic"], (), " "),
    ):
        with pytest.raises(ValidationError):
            together([*asked, wrong])
    assert not Fact.objects.exists()


def test_many_cost_as_many_queries_as_one() -> None:
    made_by = make_curator("wei")
    numbers = []
    for n in (1, 30):
        trials = [make_trial(donors=("autologous",)) for _ in range(n)]
        with writing(), CaptureQueriesContext(connection) as queries:
            decide_many(
                [Asked(trial, DONOR, ["allogeneic"], (), "So.") for trial in trials], by=made_by
            )
        numbers.append(len(queries))
    assert numbers[0] == numbers[1] == 10
