"""Which statements about a trial disagree."""

import pytest

from tests.builders import (
    make_curator,
    make_document,
    make_fact,
    make_indication,
    make_source,
    make_trial,
)
from trials.conflicts import conflicts
from trials.models import Fact, Trial
from trials.vocabulary import FactKind

pytestmark = pytest.mark.django_db


def disagreeing(trial: Trial) -> list[tuple[str, str, list[str]]]:
    facts = Fact.objects.filter(trial=trial)
    return [(one.kind, one.role, [fact.slug for fact in one.facts]) for one in conflicts(facts)]


def test_two_documents_that_say_different_things_disagree() -> None:
    trial = make_trial()
    for slug, donor in (("one", "autologous"), ("two", "allogeneic")):
        make_fact(trial, FactKind.DONOR_TYPE, donor, basis="document", document=make_document(slug))
    assert disagreeing(trial) == [
        ("donor_type", "experimental", ["autologous", "allogeneic"]),
    ]


def test_what_one_author_says_is_a_list() -> None:
    assert disagreeing(make_trial(sources=("adipose", "bone-marrow"))) == []


def test_the_rules_are_one_author_wherever_the_record_came_from() -> None:
    trial = make_trial()
    for slug, origin in (("adipose", "https://example.org"), ("bone-marrow", "a file")):
        make_fact(trial, FactKind.CELL_SOURCE, slug, basis="rule", source=origin)
    assert disagreeing(trial) == []


def test_a_part_does_not_contradict_the_whole() -> None:
    trial = make_trial(sources=(make_source("whartons-jelly", "umbilical-cord"),))
    make_fact(trial, FactKind.CELL_SOURCE, "umbilical-cord", basis="rule")
    assert disagreeing(trial) == []
    make_fact(trial, FactKind.CELL_SOURCE, "placenta", basis="document")
    assert disagreeing(trial) == [
        ("cell_source", "experimental", ["whartons-jelly", "umbilical-cord", "placenta"])
    ]


def test_what_is_only_inferred_contradicts_nothing_that_is_stated() -> None:
    trial = make_trial(donors=("autologous",))
    make_fact(trial, FactKind.DONOR_TYPE, "allogeneic", basis="inferred")
    assert disagreeing(trial) == []


def test_a_curators_decision_ends_the_conflict() -> None:
    trial = make_trial(donors=("autologous",))
    make_fact(trial, FactKind.DONOR_TYPE, "allogeneic", basis="rule")
    assert len(disagreeing(trial)) == 1
    make_fact(trial, FactKind.DONOR_TYPE, "autologous", basis="curator")
    assert disagreeing(trial) == []


def test_two_decisions_that_differ_are_a_conflict_of_their_own() -> None:
    trial = make_trial(donors=("xenogeneic",))
    for name, donor in (("ann", "autologous"), ("ben", "allogeneic")):
        by = make_curator(name)
        make_fact(trial, FactKind.DONOR_TYPE, donor, basis="curator", decided_by=by)
    assert disagreeing(trial) == [("donor_type", "experimental", ["autologous", "allogeneic"])]


def test_two_decisions_with_a_value_in_common_do_not_disagree() -> None:
    trial = make_trial()
    for name, donors in (("ann", ("autologous",)), ("ben", ("autologous", "allogeneic"))):
        by = make_curator(name)
        for donor in donors:
            make_fact(trial, FactKind.DONOR_TYPE, donor, basis="curator", decided_by=by)
    assert disagreeing(trial) == []


def test_silence_a_control_and_an_ended_statement_contradict_nothing() -> None:
    trial = make_trial(routes=("intravenous",))
    make_fact(trial, FactKind.ROUTE, "not-stated", basis="rule")
    make_fact(trial, FactKind.ROUTE, "topical", role="comparator", basis="rule")
    ended = make_fact(trial, FactKind.ROUTE, "topical", basis="inferred")
    Fact.objects.filter(pk=ended.pk).update(retired_at=ended.decided_at)
    assert disagreeing(trial) == []


def test_a_part_of_a_part_does_not_contradict_the_whole() -> None:
    make_indication("osteoarthritis", "musculoskeletal")
    knee = make_indication("knee-osteoarthritis", "osteoarthritis")
    trial = make_trial(indications=(knee,))
    make_fact(trial, FactKind.INDICATION, "musculoskeletal", basis="rule")
    assert disagreeing(trial) == []
    make_fact(trial, FactKind.INDICATION, "hip-osteoarthritis", basis="document")
    assert len(disagreeing(trial)) == 1
