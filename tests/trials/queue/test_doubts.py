"""What waits for a person is in step with the trials, whoever writes."""

from __future__ import annotations

from random import Random
from typing import Any

import pytest
from django.conf import settings

from tests.builders import (
    THEN,
    make_curator,
    make_document,
    make_left_out,
    make_run,
    make_source,
    make_trial,
    state_fact,
)
from trials.curation import confirm_donor, leave, undo
from trials.models import Doubt, Left, Trial
from trials.queue import keeping
from trials.queue.keeping import _clear, doubt, note_new_values
from trials.queue.kinds import MOST, Kind, following, kind_named, kinds, register, sizes
from trials.search.kept import writing
from trials.seeding import seed
from trials.showing import settle
from trials.vocabulary import NOT_STATED, FactKind, Role

pytestmark = pytest.mark.django_db
DONOR = FactKind.DONOR_TYPE


def make(**facts: Any) -> Trial:
    """A trial of which a tissue is named, so that nothing is in doubt but what a test adds."""
    with writing():
        return make_trial(sources=("placenta",), **facts)


def say(trial: Trial, value: str, *, kind: str = DONOR, basis: str = "rule", **more: Any) -> None:
    with writing():
        state_fact(trial, kind, value, basis=basis, **more)
        settle([trial])


def waits() -> list[tuple[str, str]]:
    """All that waits, as the queue gives it out."""
    return [
        (kind.name, str(getattr(row, "aspect", row))) for kind in kinds() for row in kind.waiting()
    ]


def test_a_trial_about_which_all_is_clear_waits_for_nobody() -> None:
    make(donors=("autologous",))
    assert waits() == []


def test_trials_that_are_not_read_for_they_are_clear_have_no_doubts(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The short cut and the whole way lead to the same: on what is seeded, and on odd ones."""
    seed(settings.BASE_DIR / "fixtures", now=THEN)
    random = Random(7)
    for _ in range(60):
        trial = make_trial()
        for source in random.choice(((), ("placenta",), ("adipose", "placenta"), (NOT_STATED,))):
            role = random.choice((Role.EXPERIMENTAL, Role.EXPERIMENTAL, Role.COMPARATOR))
            state_fact(trial, FactKind.CELL_SOURCE, source, basis="rule", role=role)
        for basis in random.choice(
            (("rule",), ("rule", "rule"), ("rule", "document"), ("record",))
        ):
            state_fact(
                *(trial, DONOR, random.choice(("autologous", "allogeneic", NOT_STATED))),
                basis=basis,
                document=make_document() if basis == "document" else None,
                confidence=random.choice((None, 0.4, 0.99)) if basis == "rule" else None,
            )
        settle([trial])
    keys = list(Trial.objects.values_list("pk", flat=True))
    columns = ("kind", "trial", "aspect", "said", "weight")
    doubt(keys)
    by_the_short_cut = set(Doubt.objects.values_list(*columns))
    clear = _clear(keys)
    assert 5 < len(clear) < len(keys) - 20
    monkeypatch.setattr(keeping, "_clear", lambda trials: set())
    doubt(keys)
    assert set(Doubt.objects.values_list(*columns)) == by_the_short_cut != set()


def test_a_document_against_the_rules_is_a_conflict_until_somebody_decides() -> None:
    trial = make()
    say(trial, "autologous", confidence=0.3)
    say(trial, "allogeneic", basis="document", document=make_document())
    assert waits() == [("conflict", DONOR)]
    confirm_donor(trial, donors=["allogeneic"], by=make_curator(), note="Arm 1.")
    assert waits() == []
    undo(trial.decisions.get(), by=make_curator(), note="Back.")
    assert waits() == [("conflict", DONOR)]


@pytest.mark.parametrize(("confidence", "found"), [(0.64, [("unsure", DONOR)]), (0.65, [])])
def test_what_a_rule_is_hardly_sure_of_is_asked(
    confidence: float, found: list[tuple[str, str]]
) -> None:
    say(make(), "autologous", confidence=confidence)
    assert waits() == found


def test_the_least_sure_comes_first() -> None:
    for confidence in (0.5, 0.3, 0.6):
        say(make(), "autologous", confidence=confidence)
    kind = kind_named("unsure")
    assert kind is not None
    assert [row.weight for row in kind.waiting()] == [0.3, 0.5, 0.6]


def test_a_trial_without_a_tissue_is_asked_unless_a_person_looked() -> None:
    with writing():
        trial = make_trial()
    assert waits() == [("no-source", "cell_source")]
    say(trial, "not-stated", kind=FactKind.CELL_SOURCE, basis="record")
    assert waits() == []


def test_a_trial_that_is_not_shown_is_not_asked_about() -> None:
    with writing():
        trial = make_trial()
    with writing():
        Trial.objects.filter(pk=trial.pk).update(screening="excluded")
    assert waits() == []


def test_a_rule_that_disagreed_when_it_was_decided_does_not_come_back() -> None:
    trial = make()
    say(trial, "autologous", confidence=0.9)
    confirm_donor(trial, donors=["allogeneic"], by=make_curator(), note="Arm 1.")
    say(trial, "allogeneic", confidence=0.9)
    assert waits() == []


def test_what_later_disagrees_with_a_decision_comes_back_and_touches_nothing() -> None:
    trial = make()
    say(trial, "autologous")
    confirm_donor(trial, donors=["allogeneic"], by=make_curator(), note="Arm 1.")
    say(trial, "xenogeneic")
    assert waits() == [("dissent", DONOR)]
    assert [fact.slug for fact in trial.facts.filter(kind=DONOR, shown=True)] == ["allogeneic"]


def test_what_was_decided_not_stated_comes_back_once_it_is_stated() -> None:
    trial = make()
    confirm_donor(trial, donors=[], by=make_curator(), note="It does not say.")
    say(trial, "allogeneic")
    assert waits() == [("dissent", DONOR)]


def test_an_item_that_was_left_waits_again_once_something_about_it_changed() -> None:
    trial = make()
    say(trial, "autologous", confidence=0.3)
    doubt = Doubt.objects.get()
    leave("unsure", key=doubt.key, said=doubt.said, by=make_curator())
    assert waits() == []
    with writing():
        Trial.objects.filter(pk=trial.pk).update(acronym="OTHER")
    assert waits() == []
    with writing():
        trial.facts.filter(kind=DONOR).update(confidence=0.4)
    assert waits() == [("unsure", DONOR)]
    assert Left.objects.count() == 1


def test_a_study_near_the_line_waits_with_its_reason() -> None:
    make_left_out("NCT00000009", rule="unsure")
    make_left_out("NCT00000008")
    assert waits() == [("screening", "NCT00000009")]


def test_the_worst_come_first() -> None:
    make_left_out(rule="unsure")
    with writing():
        trial = make_trial()
    say(trial, "autologous")
    say(trial, "allogeneic", basis="document", document=make_document())
    say(make(), "autologous", confidence=0.2)
    note_new_values(make_run(unknown_values={"overallStatus: PAUSED": 3}))
    assert [kind for kind, _ in waits()] == [
        "conflict",
        "unsure",
        "no-source",
        "screening",
        "new-value",
    ]
    (first, _row) = following() or (None, None)
    assert first is kind_named("conflict")
    assert {kind.name: size for kind, size in sizes()}["conflict"] == 1


def test_a_new_word_of_the_registry_waits_once() -> None:
    for _ in range(2):
        note_new_values(make_run(unknown_values={"overallStatus: PAUSED": 3}))
    assert waits() == [("new-value", "overallStatus: PAUSED")]


def test_words_that_begin_alike_for_a_whole_line_wait_as_one() -> None:
    """A refresh does not fail of them."""
    word = "overallStatus: " + "PAUSED " * 40
    note_new_values(make_run(unknown_values={f"{word}once": 1, f"{word}twice": 1}))
    assert waits() == [("new-value", word[:200])]


def test_a_further_kind_stands_where_its_severity_puts_it() -> None:
    make_source("placenta")
    from trials.models import CellSource  # noqa: PLC0415 - any table will do
    from trials.queue import kinds as module  # noqa: PLC0415 - to take it out again

    register(Kind("report", "Reports", 25, CellSource.objects.all, key="slug", said="name"))
    try:
        assert ("report", "Placenta") in waits()
        names = [kind.name for kind in kinds()]
        assert names.index("dissent") < names.index("report") < names.index("unsure")
    finally:
        del module._kinds["report"]


def test_a_long_queue_is_not_counted_to_its_end(django_assert_num_queries: Any) -> None:
    kind = kind_named("new-value")
    assert kind is not None
    note_new_values(make_run(unknown_values={f"word: {n}": 1 for n in range(MOST + 5)}))
    with django_assert_num_queries(1) as asked:
        assert kind.size() == MOST + 1
    assert "LIMIT 1001" in asked[0]["sql"]
