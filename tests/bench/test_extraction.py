"""The speed of the rules is measured over whole records, wherever these lie."""

import pytest

from bench import extraction
from bench.databases import sqlite_kind
from bench.extraction import REAL, measure, speed_of
from bench.figures import Figures
from bench.records import write
from bench.workshop import Workshop
from trials.registry.errors import UnusableRecord

COUNT = 60


@pytest.fixture(autouse=True)
def few(monkeypatch):
    monkeypatch.setattr(extraction, "STUDIES", COUNT)
    monkeypatch.setattr(extraction, "PASSES", 1)


@pytest.fixture
def made_up(tmp_path):
    write(tmp_path / "records.jsonl", COUNT)
    return speed_of(tmp_path / "records.jsonl")


def test_made_up_records_give_the_rules_something_to_read(made_up):
    assert made_up.records == COUNT
    assert made_up.reading > made_up.decoding > 0
    assert made_up.letters > 2_000 * COUNT
    assert made_up.facts > 4 * COUNT


@pytest.mark.records
@pytest.mark.skipif(not REAL.is_dir(), reason="no real study records beside the project")
def test_they_give_them_about_as_much_as_real_ones(made_up):
    real = speed_of(REAL)

    assert 0.7 < (made_up.letters / made_up.records) / (real.letters / real.records) < 1.5
    assert 0.7 < (made_up.facts / made_up.records) / (real.facts / real.records) < 1.5


def test_a_record_that_cannot_be_used_is_not_passed_over(tmp_path):
    (tmp_path / "records.jsonl").write_text("{}\n", "utf-8")

    with pytest.raises(UnusableRecord):
        speed_of(tmp_path / "records.jsonl")


def test_the_rate_stands_beside_its_aim_and_absent_records_are_told(tmp_path, monkeypatch):
    monkeypatch.setattr(extraction, "REAL", tmp_path / "absent")
    figures = Figures()

    measure(sqlite_kind(), Workshop(tmp_path), figures)

    rate = figures.values[f"facts of {COUNT} made-up records, one core"]
    assert (rate["unit"], rate["aim"]) == ("records/s", "at least 1500")
    assert figures.not_run == [f"extraction of real records: {tmp_path / 'absent'} is absent"]
