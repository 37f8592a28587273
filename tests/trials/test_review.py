"""Which trials a curator should look at."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries

from tests.builders import make_curator, make_document, make_fact, make_trial
from trials.conflicts import conflicts
from trials.models import Fact, Trial
from trials.review import conflicting_trials
from trials.vocabulary import FactKind

pytestmark = pytest.mark.django_db
STATEMENTS = st.lists(
    st.tuples(
        st.sampled_from(["curator", "record", "document", "rule", "inferred"]),
        st.sampled_from(["autologous", "allogeneic", "not-stated"]),
        st.sampled_from(["experimental", "comparator"]),
        st.sampled_from(["", "a", "b"]),
    ),
    max_size=4,
)


def test_a_trial_whose_sources_disagree_is_found() -> None:
    make_trial(donors=("autologous",))
    trial = make_trial(donors=("autologous",))
    make_fact(trial, FactKind.DONOR_TYPE, "allogeneic", basis="rule")
    assert conflicting_trials() == [trial.pk]


def test_what_has_ended_disagrees_with_nothing() -> None:
    trial = make_trial(donors=("autologous",))
    fact = make_fact(trial, FactKind.DONOR_TYPE, "allogeneic", basis="rule")
    Fact.objects.filter(pk=fact.pk).update(retired_at=fact.decided_at, shown=False)
    assert conflicting_trials() == []


@settings(deadline=None, max_examples=50)
@given(trials=st.lists(STATEMENTS, max_size=3))
def test_it_finds_the_trials_that_the_pages_call_conflicting(trials: list[list[tuple]]) -> None:  # type: ignore[type-arg]
    Fact.objects.all().delete()
    Trial.objects.all().delete()
    ann, ben = make_curator("ann"), make_curator("ben")
    document = make_document("list")
    for said in trials:
        trial = make_trial()
        for basis, donor, role, source in said:
            make_fact(
                trial,
                FactKind.DONOR_TYPE,
                donor,
                role=role,
                basis=basis,
                source=source,
                **({"decided_by": ann if source else ben} if basis == "curator" else {}),
                **({"document": document} if basis == "document" else {}),
            )
    expected = [trial.pk for trial in Trial.objects.order_by("pk") if conflicts(trial.facts.all())]
    assert conflicting_trials() == expected


@pytest.mark.parametrize("rows", [1, 30])
def test_it_costs_one_query(rows: int, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    for _ in range(rows):
        trial = make_trial(donors=("autologous",))
        make_fact(trial, FactKind.DONOR_TYPE, "allogeneic", basis="rule")
    with django_assert_num_queries(1):
        assert len(conflicting_trials()) == rows
