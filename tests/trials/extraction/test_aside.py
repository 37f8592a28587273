"""Records are read in a process beside this one, in order, and here if that one dies."""

import os
import signal

import pytest

from tests.records import study_record
from trials.extraction import aside
from trials.extraction.aside import Aside, read_all
from trials.extraction.records import ReadRecord
from trials.extraction.tables import Addition, lexicon
from trials.registry.errors import UnusableRecord
from trials.registry.scrub import canonical

NUMBERS = [f"NCT9{n:07d}" for n in range(1, 9)]


@pytest.fixture
def reading(monkeypatch):
    """One that begins a process for anything."""
    monkeypatch.setattr(aside, "WORTH_A_PROCESS", 0)
    reading = Aside()
    yield reading
    reading.end()


def batch(*numbers: str) -> list[bytes]:
    return [canonical(study_record(number)) for number in numbers]


def numbers_read(reading: Aside) -> list[str]:
    outcomes = [one for part in reading.read(everything=True) for one in part]
    return [one.study.registry_id for one in outcomes if isinstance(one, ReadRecord)]


def test_batches_come_back_in_the_order_in_which_they_were_given(reading):
    for number in NUMBERS:
        reading.give(batch(number))

    assert numbers_read(reading) == NUMBERS


def test_it_reads_the_same_as_is_read_here(reading):
    given = batch(*NUMBERS[:2])
    reading.give(given)

    assert list(reading.read(everything=True)) == [read_all(given)]


def test_the_process_reads_by_the_words_that_were_added(monkeypatch):
    monkeypatch.setattr(aside, "WORTH_A_PROCESS", 0)
    words = lexicon((Addition("products", "said", "cartistem", "marrow cells"),))
    reading = Aside(words)
    # Else it could be read here before the process comes to it.
    monkeypatch.setattr(reading, "_unread_slot", lambda: None)
    given = batch(NUMBERS[0])
    reading.give(given)

    ((beside,),) = reading.read(everything=True)
    reading.end()

    assert "cartistem" in {one.value for one in beside.readings}
    assert [beside] == read_all(given, words) != read_all(given)


def test_a_record_that_cannot_be_used_comes_back_as_the_reason(reading):
    reading.give([canonical({"protocolSection": 1}), *batch(NUMBERS[0])])

    ((bad, good),) = reading.read(everything=True)

    assert isinstance(bad, UnusableRecord)
    assert bad.reason == "protocolSection is not an object"
    assert isinstance(good, ReadRecord)


def test_what_a_process_that_died_was_given_is_read_here(reading, monkeypatch):
    # All of it may be read here before anybody sees that the process is gone: not this time.
    monkeypatch.setattr(reading, "_unread_slot", lambda: None)
    reading.give(batch(NUMBERS[0]))
    assert numbers_read(reading) == NUMBERS[:1]
    os.kill(reading.process_number, signal.SIGKILL)

    for number in NUMBERS[1:]:
        reading.give(batch(number))

    assert numbers_read(reading) == NUMBERS[1:]
    assert reading.process_number is None


def test_few_records_are_read_without_a_process():
    reading = Aside()
    reading.give(batch(*NUMBERS))

    assert numbers_read(reading) == NUMBERS
    assert reading.process_number is None


def test_the_process_ends_with_its_input(reading):
    reading.give(batch(NUMBERS[0]))
    numbers_read(reading)
    process = reading._process

    process.stdin.close()

    assert process.wait(timeout=20) == 0


def test_a_fault_of_ours_is_told_in_words(monkeypatch):
    monkeypatch.setattr("trials.extraction.records.read_gist", lambda study: 1 / 0)

    assert read_all(batch(NUMBERS[0])) == ["division by zero"]
