"""Facets: a count is what clicking gives, whatever else is asked."""

from random import Random

import pytest
from django.http import QueryDict
from django.test import Client

from catalog.filters import FacetRow, ask
from tests.builders import make_fact, make_indication, make_source, make_sponsor, make_trial
from tests.queries import price
from tests.trials.search.catalogues import grow_catalogue, random_question
from tests.trials.search.plain import clicked
from trials.search import FACETS, Question, Terms
from trials.vocabulary import FactKind

pytestmark = pytest.mark.django_db


def rows(question: str, facet: str) -> list[tuple[str, int]]:
    return [(row.value, row.count) for row in facet_rows(question, facet)]


def facet_rows(question: str, facet: str) -> tuple[FacetRow, ...]:
    asked = ask(QueryDict(question))
    assert asked.faults == ()
    return asked.facets()[facet]


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.django_db(transaction=True)
def test_every_count_is_the_number_of_trials_that_the_value_alone_gives(seed: int) -> None:
    random = Random(seed)
    grow_catalogue(random, 20)
    terms = Terms()
    for _ in range(6):
        question = random_question(random)
        asked = ask(QueryDict(question), terms=terms)
        facets = asked.facets()
        assert tuple(facets) == FACETS
        for parameter, facet in facets.items():
            found = [(row.value, row.count) for row in facet]
            values = [row.value for row in facet]
            expected = clicked(Question(asked.values, terms), parameter, values)
            assert found == [*expected.items()], (question, parameter)


@pytest.mark.parametrize("seed", range(2))
@pytest.mark.django_db(transaction=True)
def test_every_trial_comes_once_and_in_every_order(seed: int) -> None:
    random = Random(100 + seed)
    grow_catalogue(random, 20)
    terms = Terms()
    for _ in range(6):
        question = QueryDict(random_question(random), mutable=True)
        found = {}
        for ordering in ("-updated", "start", "-start", "enrollment", "title"):
            question["ordering"] = ordering
            found[ordering] = [trial.number for trial in ask(question, terms=terms).trials]
        assert len({tuple(sorted(numbers)) for numbers in found.values()}) == 1
        assert all(len(numbers) == len(set(numbers)) for numbers in found.values())


def test_a_parent_counts_the_trials_of_its_branch_once() -> None:
    make_source("amnion", "placenta")
    make_source("chorion", "placenta")
    make_trial(sources=("amnion", "chorion"))
    make_trial(sources=("placenta",))
    found = [(row.value, row.count, row.depth) for row in facet_rows("", "cell_source")]
    assert found == [
        ("placenta", 2, 0),
        ("amnion", 1, 1),
        ("chorion", 1, 1),
        ("not-stated", 0, 0),
    ]


def test_what_is_not_stated_is_a_row() -> None:
    trial = make_trial(sources=("not-stated",))
    make_fact(trial, FactKind.ROUTE, "intravenous", role="comparator")
    assert rows("", "cell_source") == [("not-stated", 1)]
    assert rows("", "route") == [("not-stated", 1)]
    assert rows("", "country") == [("not-stated", 1)]


def test_a_status_that_is_not_stated_is_a_row_where_a_trial_has_none() -> None:
    make_trial(status="COMPLETED")
    assert rows("", "status") == [("COMPLETED", 1)]
    make_trial(status="")
    assert rows("", "status") == [("COMPLETED", 1), ("not-stated", 1)]
    assert rows("country=CN&status=not-stated", "status") == [("not-stated", 0)]


def test_a_row_of_zero_stays_only_if_it_is_selected() -> None:
    make_indication("hip-osteoarthritis", "osteoarthritis")
    make_trial(indications=("disc-degeneration",), countries=("CN",))
    assert rows("", "indication") == [("disc-degeneration", 1), ("not-stated", 0)]
    assert rows("indication=hip-osteoarthritis", "indication") == [
        ("disc-degeneration", 1),
        ("osteoarthritis", 0),
        ("hip-osteoarthritis", 0),
        ("not-stated", 0),
    ]


def test_a_facet_ignores_its_own_selection_and_no_other() -> None:
    make_trial(countries=("CN",), phases=("PHASE1", "PHASE2"))
    make_trial(countries=("TW",), phases=("PHASE2",))
    question = "country=CN&phase=PHASE1"
    assert rows(question, "country") == [("CN", 1), ("not-stated", 0)]
    assert rows(question, "phase") == [("PHASE1", 1), ("PHASE2", 1), ("not-stated", 0)]


def test_selected_rows_are_marked_and_lead_back() -> None:
    make_trial(countries=("CN", "TW"))
    found = [
        (row.value, row.selected, row.query)
        for row in facet_rows("country=CN&page=1&q=", "country")
    ]
    assert found == [
        ("CN", True, ""),
        ("TW", False, "country=CN&country=TW"),
        ("not-stated", False, "country=CN&country=not-stated"),
    ]


def test_a_word_that_the_registry_added_is_a_row_that_can_be_clicked() -> None:
    make_trial(status="PAUSED_BY_SPONSOR", phases=("PHASE5", "PHASE1"))
    make_trial(status="COMPLETED")
    found = [(row.value, row.label, row.count) for row in facet_rows("", "status")]
    assert found == [
        ("COMPLETED", "Completed", 1),
        ("PAUSED_BY_SPONSOR", "Paused by sponsor", 1),
    ]
    assert rows("", "phase") == [("PHASE1", 1), ("PHASE5", 1), ("not-stated", 1)]
    question = "status=PAUSED_BY_SPONSOR"
    assert [row.query for row in facet_rows("", "status")][1] == question
    assert [row.selected for row in facet_rows(question, "status")] == [False, True]


def test_a_new_word_that_other_filters_leave_no_trial_of_stays_selected() -> None:
    make_trial(status="PAUSED", countries=("CN",))
    make_trial(countries=("TW",))
    assert rows("country=TW&status=PAUSED", "status") == [("RECRUITING", 1), ("PAUSED", 0)]


def test_only_the_fifty_largest_sponsors_are_listed_and_the_selected_one() -> None:
    for number in range(51):
        make_trial(sponsor=f"s-{number:02d}")
    make_trial(sponsor="s-00")
    assert len(rows("", "sponsor")) == 50
    assert rows("", "sponsor")[0] == ("s-00", 2)
    assert ("s-50", 1) in rows("sponsor=s-50", "sponsor")
    assert len(rows("sponsor=s-50", "sponsor")) == 51


def test_a_sponsors_other_name_marks_its_row() -> None:
    make_trial(sponsor=make_sponsor("abelzeta", aliases=("Cellular Biomedicine Group",)))
    found = facet_rows("sponsor=Cellular+Biomedicine+Group", "sponsor")
    assert [(row.value, row.selected, row.query) for row in found] == [("abelzeta", True, "")]


@pytest.mark.parametrize("size", [1, 30])
@pytest.mark.django_db(transaction=True)
def test_all_facets_cost_the_same_queries_whatever_the_catalogue(client: Client, size: int) -> None:
    for _ in range(size):
        make_trial(sources=("placenta",), countries=("CN",), sponsor="s", documents=("list",))
    assert price(client, "/api/v1/facets/?country=CN&cell_source=placenta") == 3
