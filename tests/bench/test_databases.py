"""The benchmarks begin with seeds that can be read, whatever files the fixtures have today."""

from pathlib import Path

from bench.databases import QUERY, fixtures_in
from trials.seeding import read_fixtures


def test_the_seeds_of_the_benchmarks_are_the_trees_and_one_query(tmp_path: Path) -> None:
    fixtures = read_fixtures(fixtures_in(tmp_path))
    assert fixtures.cell_sources
    assert [query.name for query in fixtures.queries] == [QUERY]
    assert not fixtures.trials
