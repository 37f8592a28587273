"""What the tests of the refresh share: the vocabularies, and a client that does not wait."""

import json

import pytest

from tests.builders import make_country, make_indication, make_source
from tests.stand_in import RegistryStandIn
from trials.models import HarvestQuery
from trials.refresh import FileHarvest, refresh
from trials.registry.client import Registry


@pytest.fixture
def vocabularies(db: None) -> None:
    for code in ("TW", "CN"):
        make_country(code)
    make_source("bone-marrow")
    make_source("bmac", parent="bone-marrow")
    make_source("adipose")
    make_indication("osteoarthritis")
    make_indication("knee-osteoarthritis", parent="osteoarthritis")


@pytest.fixture
def client(registry_stand_in: RegistryStandIn) -> Registry:
    """Sends as fast as it can, and counts its pauses instead of making them."""
    return Registry(registry_stand_in.url, interval=0, sleep=lambda seconds: None)


@pytest.fixture
def cells_query(vocabularies: None) -> HarvestQuery:
    return HarvestQuery.objects.create(name="marrow", titles="marrow")


@pytest.fixture
def load(tmp_path):
    """Refreshes from these records, as from a file of them."""

    def load(*records):
        path = tmp_path / "records.jsonl"
        path.write_text("\n".join(map(json.dumps, records)), "utf-8")
        return refresh(FileHarvest(path))

    return load
