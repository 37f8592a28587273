"""Copied rows are rows as a refresh would have written them."""

import pytest

from bench.multiplying import multiply
from bench.records import number, write
from tests.builders import make_indication, make_source
from trials.models import Fact, Site, Sponsor, StoredRecord, Trial
from trials.refresh import FileHarvest, refresh
from trials.seeding.report import SeedReport
from trials.seeding.terms import save_countries

STUDIES, TIMES = 5, 4


@pytest.fixture
def loaded(db, tmp_path):
    save_countries(SeedReport())
    make_source("bone-marrow")
    make_source("adipose")
    make_indication("knee-osteoarthritis")
    write(tmp_path / "base.jsonl", STUDIES)
    refresh(FileHarvest(tmp_path / "base.jsonl"))


def counts() -> list[int]:
    return [model.objects.count() for model in (Trial, StoredRecord, Sponsor, Site, Fact)]


def test_every_row_is_there_as_many_times(loaded):
    before = counts()

    multiply(TIMES)

    numbers = Trial.objects.order_by("number").values_list("number", flat=True)
    assert counts() == [TIMES * rows for rows in before]
    assert min(before) > 0
    assert list(numbers) == [number(n) for n in range(1, TIMES * STUDIES + 1)]


def test_a_copy_has_parts_of_its_own(loaded):
    first = Trial.objects.get(number=number(1))

    multiply(TIMES)

    copy = Trial.objects.get(number=number(1 + STUDIES))
    assert copy.title == first.title
    assert copy.outcomes.count() == first.outcomes.count() > 0
    assert copy.stored_record.registry_id == copy.number
    assert [arm.trial for arm in copy.interventions.first().arms.all()] == [copy]


def test_new_studies_come_in_beside_the_copies(loaded, tmp_path):
    multiply(TIMES)
    write(tmp_path / "new.jsonl", 3, first=TIMES * STUDIES + 1)

    report = refresh(FileHarvest(tmp_path / "new.jsonl"))

    assert (report.status, report.created) == ("complete", 3)
