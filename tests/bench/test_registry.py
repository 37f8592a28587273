"""The registry of the benchmarks answers as the real one does, as far as a refresh asks."""

import pytest

from bench.records import number, write
from bench.registry import PAGE_SIZE, ReadyRegistry
from trials.refresh import harvest


@pytest.fixture
def ready(tmp_path):
    write(tmp_path / "records.jsonl", PAGE_SIZE + 2)
    registry = ReadyRegistry(tmp_path / "records.jsonl")
    registry.start()
    yield registry
    registry.stop()


def test_every_record_comes_once(ready, connect):
    client = connect(ready.url)

    pages = list(client.studies({"query.intr": "cells"}, page_size=PAGE_SIZE))

    came = [
        study["protocolSection"]["identificationModule"]["nctId"]
        for page in pages
        for study in page.studies
    ]
    assert came == [number(n) for n in range(1, PAGE_SIZE + 3)]
    assert [page.expected for page in pages] == [PAGE_SIZE + 2] * 2


def test_it_knows_no_study_by_its_number(ready, connect):
    client = connect(ready.url)

    (page,) = client.studies({"filter.ids": number(1)})

    assert page.studies == ()
    assert client.study(number(1)) is None


def test_its_pages_are_as_long_as_those_that_a_refresh_asks_for():
    assert PAGE_SIZE == harvest.PAGE_SIZE
