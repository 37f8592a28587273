"""Made-up records are as large and as varied as the benchmarks say, and can be used."""

import json
from collections import Counter
from statistics import mean

import pytest

from bench.records import made_up, number, records, write
from trials.extraction.facts import read_gist
from trials.extraction.passages import read_texts
from trials.extraction.screening import screen
from trials.registry.scrub import canonical, scrub
from trials.registry.study import parse_study

COUNT = 600


@pytest.fixture(scope="module")
def some():
    return list(records(COUNT))


@pytest.fixture(scope="module")
def studies(some):
    return [parse_study(scrub(record)) for record in some]


def test_a_record_is_the_same_in_every_run_and_file(tmp_path):
    write(tmp_path / "few.jsonl", 3, first=7)

    lines = (tmp_path / "few.jsonl").read_text("utf-8").splitlines()

    assert [json.loads(line) for line in lines] == [made_up(7), made_up(8), made_up(9)]


def test_every_study_is_read_without_surprises_and_belongs_in_the_catalogue(studies):
    assert [study.registry_id for study in studies] == [number(n) for n in range(1, COUNT + 1)]
    assert {value for study in studies for value in study.unknown_values} == set()
    assert {screen(read_gist(read_texts(study))).included for study in studies} == {True}


def test_they_have_the_size_of_real_ones(some, studies):
    sizes = [len(canonical(record)) for record in some]

    assert 9_500 < mean(sizes) < 13_000
    assert max(sizes) > 3 * mean(sizes)
    assert 6 < mean(len(study.outcomes) for study in studies) < 8.5
    assert 4 < mean(len(study.locations) for study in studies) < 8
    assert max(len(study.locations) for study in studies) > 100
    assert 1.5 < mean(len(study.arms) for study in studies) < 2.5


def test_many_hold_people_and_none_is_left_after_scrubbing(some):
    people = [record for record in some if ".example" in json.dumps(record)]

    assert 0.3 < len(people) / COUNT < 0.5
    assert [record for record in people if ".example" in json.dumps(scrub(record))] == []


def test_they_are_varied(studies):
    sponsors = Counter(study.lead_sponsor.name for study in studies)
    countries = {location.country for study in studies for location in study.locations}

    assert len(sponsors) > COUNT / 2
    assert len({study.title for study in studies}) == COUNT
    assert len(countries) > 15
    assert len({study.status for study in studies}) == 9
