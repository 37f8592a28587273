"""What the registry was asked and where each study went: the figures add up."""

import pytest
from pytest_django import DjangoAssertNumQueries

from tests.builders import THEN, make_harvested, make_left_out, make_record, make_run, make_trial
from trials.coverage import coverage, left_out
from trials.models import HarvestQuery
from trials.search.words import read_words

pytestmark = pytest.mark.django_db


@pytest.fixture
def spine() -> HarvestQuery:
    return HarvestQuery.objects.create(name="spine", term="disc")


def test_an_empty_catalogue_covers_nothing() -> None:
    covered = coverage()
    assert (covered.run, covered.found, covered.stored, covered.shown) == (None, 0, 0, 0)


def test_every_study_is_counted_where_it_went(spine: HarvestQuery) -> None:
    knee = HarvestQuery.objects.create(name="knee", term="knee")
    shown = make_record(make_trial("NCT00000001"), screening_rule="cells")
    out = make_left_out("NCT00000002")
    unsure = make_left_out("NCT00000003", "unsure")
    make_left_out("NCT00000004", "background")  # came by its number
    make_trial("NCT00000005")  # read by hand in a later version
    make_harvested(spine, "NCT00000001", "NCT00000002", "NCT00000005", "NCT00000009")
    make_harvested(knee, shown.registry_id, unsure.registry_id)
    covered = coverage()
    rows = [
        (row.query.name, row.came, row.included, row.left_out, row.review, row.missing)
        for row in covered.queries
    ]
    assert rows == [("knee", 2, 1, 0, 1, 0), ("spine", 3, 2, 1, 0, 1)]
    assert (covered.found, covered.missing, covered.later) == (5, ("NCT00000009",), 1)
    assert (covered.stored, covered.besides) == (4, 1)
    assert (covered.included, covered.left_out, covered.review) == (1, 2, 1)
    assert (covered.from_records, covered.by_hand, covered.shown) == (1, 1, 2)
    assert out.screening == "excluded"


def test_a_query_in_other_words_is_not_yet_asked(spine: HarvestQuery) -> None:
    make_harvested(spine, "NCT00000001")
    spine.term = "disc OR back"
    spine.save()
    assert coverage().queries[0].harvested is None


def test_a_query_that_was_added_later_counts_from_the_run_that_asked_it(
    spine: HarvestQuery,
) -> None:
    make_harvested(spine, "NCT00000001")
    knee = HarvestQuery.objects.create(name="knee", term="knee")
    later = make_run(kind="incremental", started_at=THEN.replace(hour=15))
    make_harvested(spine, "NCT00000002", run=later, since="2026-03-11")
    make_harvested(knee, "NCT00000003", run=later)
    rows = [(row.query.name, row.harvested and row.harvested.numbers) for row in coverage().queries]
    assert rows == [("knee", ["NCT00000003"]), ("spine", ["NCT00000001"])]


def test_what_an_incomplete_run_had_counts_nothing(spine: HarvestQuery) -> None:
    cut = make_run(kind="full", status="incomplete")
    make_harvested(spine, "NCT00000001", run=cut)
    assert coverage().queries[0].harvested is None


def test_a_query_that_is_switched_off_is_not_shown(spine: HarvestQuery) -> None:
    make_harvested(spine, "NCT00000001")
    HarvestQuery.objects.update(active=False)
    assert (coverage().queries, coverage().found) == ((), 0)


def test_only_a_complete_run_that_asked_for_everything_counts(spine: HarvestQuery) -> None:
    make_harvested(spine, "NCT00000001")
    later = THEN.replace(hour=15)
    make_run(kind="incremental", started_at=later)
    make_run(kind="full", status="incomplete", started_at=later)
    run = coverage().run
    assert run is not None
    assert run.started_at == THEN


@pytest.mark.parametrize(
    ("screening", "rule", "by_person"),
    [
        ("included", "cells", False),
        ("included", "no-cells", True),
        ("included", "", False),
        ("excluded", "no-cells", False),
        ("excluded", "cells", True),
        ("excluded", "unsure", True),
        ("review", "unsure", False),
    ],
)
def test_what_a_person_decided_is_told_apart(screening: str, rule: str, by_person: bool) -> None:
    make_left_out(rule=rule, screening=screening)
    assert [row.by_person for row in coverage().screened] == [by_person]


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("knee", ["NCT00000001"]),
        ("knee pain", ["NCT00000001"]),
        ("knee hip", []),
        ("nct 2", ["NCT00000002"]),
        ("00000002", ["NCT00000002"]),
        ("膝", ["NCT00000003"]),
        ("100%", []),
        ("'; DROP", []),
    ],
)
def test_what_was_left_out_is_found_by_words_and_numbers(words: str, found: list[str]) -> None:
    make_left_out("NCT00000001", title="Pain of the knee")
    make_left_out("NCT00000002", title="Hip")
    make_left_out("NCT00000003", title="膝关节")
    assert [row.registry_id for row in left_out(words=read_words(words))] == found


def test_what_was_left_out_can_be_narrowed_by_its_reason() -> None:
    make_left_out("NCT00000001", "background")
    make_left_out("NCT00000002", "unsure")
    make_record(make_trial("NCT00000003"), screening_rule="cells")
    assert [row.registry_id for row in left_out("unsure")] == ["NCT00000002"]
    assert left_out().count() == 2


@pytest.mark.parametrize("rows", [1, 30])
def test_it_costs_a_fixed_number_of_queries(
    rows: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(rows):
        query = HarvestQuery.objects.create(name=f"query-{number}", term="cells")
        make_harvested(query, make_left_out().registry_id)
    with django_assert_num_queries(7):
        assert coverage().found == rows
