"""Two parameters crossed: a number is what the list says that it leads to."""

from collections.abc import Mapping
from itertools import permutations
from random import Random

import pytest
from django.http import QueryDict
from hypothesis import given
from hypothesis import strategies as st

from catalog.filters import Asked, ask
from tests.builders import make_indication, make_source, make_trial
from tests.trials.search.catalogues import grow_catalogue
from tests.trials.search.plain import matching
from tests.trials.search.test_properties import EXAMPLES, questions
from trials.search import Question, Terms
from trials.search.cross import DIMENSIONS, Size, axis, cross

pytestmark = pytest.mark.django_db

sizes = st.builds(Size, st.integers(1, 5), st.integers(1, 5), st.integers(0, 9))


@pytest.fixture
def terms(transactional_db: None) -> Terms:
    grow_catalogue(Random(5), 60)
    return Terms()


def asked_for(question: str, terms: Terms | None = None) -> Asked:
    asked = ask(QueryDict(question), terms=terms)
    assert asked.faults == ()
    return asked


def clicked(asked: Asked, asks: Mapping[str, tuple[str, ...]]) -> Asked:
    return asked_for(asked.query_with(asks), asked.question.terms)


def lines(question: str, parameter: str, most: int = 9, together: int = 9) -> list[object]:
    found = axis(asked_for(question).answer, parameter, most, together)
    return [(line.value, line.count, line.depth) for line in found.lines]


@EXAMPLES
@given(questions, st.sampled_from([*permutations(DIMENSIONS, 2)]), sizes)
def test_every_number_is_what_its_question_gives(
    terms: Terms, question: str, pair: tuple[str, str], size: Size
) -> None:
    asked = asked_for(question, terms)
    table = cross(asked.answer, *pair, size)
    for line in (*table.rows.lines, *table.columns.lines):
        assert line.trials == clicked(asked, line.asks).answer.found
    for row, counts in zip(table.rows.lines, table.counts, strict=True):
        expected = [
            clicked(asked, {**row.asks, **column.asks}).trials.count()
            for column in table.columns.lines
        ]
        assert list(counts) == expected


@EXAMPLES
@given(questions, st.sampled_from(DIMENSIONS))
def test_every_trial_that_was_found_is_counted_or_said_to_be_outside(
    terms: Terms, question: str, parameter: str
) -> None:
    asked = asked_for(question, terms)
    found = axis(asked.answer, parameter, 100, 100)
    plain = {
        pk
        for line in found.lines
        for pk in matching(Question(clicked(asked, line.asks).values, terms)).values_list(
            "pk", flat=True
        )
    }
    assert (len(plain) + found.outside, found.more) == (asked.trials.count(), 0)


def test_a_parent_counts_what_lies_below_it_and_stands_before_it() -> None:
    make_source("svf", "adipose")
    make_trial(sources=("bone-marrow",))
    make_trial(sources=("svf",))
    make_trial(sources=("svf", "adipose"))
    make_trial()
    assert lines("", "cell_source") == [
        ("adipose", 2, 0),
        ("svf", 2, 1),
        ("bone-marrow", 1, 0),
        ("not-stated", 1, 0),
    ]


def test_a_parameter_that_is_asked_has_the_lines_that_were_asked_for_and_those_below() -> None:
    make_indication("knee", "osteoarthritis")
    make_trial(indications=("knee", "spine"))
    make_trial(indications=("hip", "spine"))
    assert lines("indication=osteoarthritis&indication=hip", "indication") == [
        ("hip", 1, 0),
        ("knee", 1, 0),
    ]


def test_the_root_under_which_all_indications_stand_has_no_line() -> None:
    make_indication("knee", make_indication("osteoarthritis", "musculoskeletal"))
    make_trial(indications=("knee",))
    make_trial(indications=("unlike-all-others",))
    assert lines("", "indication") == [
        ("osteoarthritis", 1, 0),
        ("knee", 1, 1),
        ("unlike-all-others", 1, 0),
    ]


def test_the_root_of_all_has_a_line_where_a_trial_says_no_more_than_it() -> None:
    make_indication("osteoarthritis", "musculoskeletal")
    make_trial(indications=("osteoarthritis",))
    make_trial(indications=("musculoskeletal",))
    assert lines("", "indication") == [("musculoskeletal", 2, 0), ("osteoarthritis", 1, 1)]


def test_a_vocabulary_in_an_order_of_its_own_keeps_it() -> None:
    make_trial(phases=("PHASE3", "PHASE1"))
    make_trial(phases=("PHASE3",))
    assert lines("", "phase") == [("PHASE1", 1, 0), ("PHASE3", 2, 0)]


def test_what_is_less_frequent_stands_in_one_line_that_asks_for_all_of_it() -> None:
    make_source("amnion", "placenta")
    for sources in (("adipose",), ("adipose",), ("skin", "amnion"), ("skin",), ("amnion",)):
        make_trial(sources=sources)
    make_trial(sources=("muscle",))
    found = axis(asked_for("").answer, "cell_source", most=1, together=9)
    assert [(line.label, line.count) for line in found.lines] == [("Adipose", 2), ("3 others", 4)]
    assert {*found.lines[1].asks["cell_source"]} == {"skin", "placenta", "muscle"}
    assert (found.more, found.outside, found.overlaps) == (4, 0, False)


def test_others_that_are_too_many_for_one_question_have_no_line() -> None:
    for source in ("adipose", "adipose", "skin", "muscle"):
        make_trial(sources=(source,))
    found = axis(asked_for("").answer, "cell_source", most=1, together=1)
    assert [line.value for line in found.lines] == ["adipose"]
    assert (found.more, found.outside) == (2, 2)


def test_a_single_other_value_has_a_line_of_its_own() -> None:
    for source in ("adipose", "adipose", "skin"):
        make_trial(sources=(source,))
    assert lines("", "cell_source", most=1) == [("adipose", 2, 0), ("skin", 1, 0)]


def test_the_years_before_the_latest_stand_in_one_line() -> None:
    for start in ("2014", "2015-03", "2016-03-15", "2017", None):
        make_trial(start_date=start)
    found = axis(asked_for("").answer, "start_year", most=2, together=0)
    assert [(line.label, line.count, line.asks) for line in found.lines] == [
        ("before 2016", 2, {"start_to": ("2015",)}),
        ("2016", 1, {"start_from": ("2016",), "start_to": ("2016",)}),
        ("2017", 1, {"start_from": ("2017",), "start_to": ("2017",)}),
    ]
    assert (found.more, found.outside) == (2, 1)


def test_a_year_asks_for_no_more_than_was_asked_of_the_start() -> None:
    make_trial(start_date="2016-02")
    make_trial(start_date="2016-07")
    asked = asked_for("start_from=2016-05&start_to=2018")
    found = axis(asked.answer, "start_year", most=9, together=0)
    assert [(line.count, line.asks) for line in found.lines] == [
        (1, {"start_from": ("2016-05",), "start_to": ("2016",)})
    ]


def test_sponsors_that_no_question_can_name_all_are_no_line() -> None:
    for number in range(53):
        make_trial(sponsor=f"s-{number:02d}")
    found = axis(asked_for("").answer, "sponsor", most=9, together=100)
    assert (len(found.lines), found.more, found.outside) == (9, 44, 44)


def test_a_trial_with_two_values_is_counted_in_both_and_once_in_all() -> None:
    make_trial(sources=("adipose", "skin"), phases=("PHASE1", "PHASE2"))
    make_trial(sources=("adipose",), phases=("PHASE1",))
    table = cross(asked_for("").answer, "cell_source", "phase", Size(9, 9, 9))
    assert table.counts == ((2, 1), (1, 1))
    assert [line.count for line in table.rows.lines] == [2, 1]
    assert (table.rows.overlaps, table.columns.overlaps, table.most) == (True, True, 2)
