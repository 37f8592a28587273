"""Real study records, for the tests marked `records`, where they are beside the checkout."""

import json
from pathlib import Path
from typing import Any

import pytest

RECORDS = Path(__file__).parents[4] / "shared" / "registry" / "records"


@pytest.fixture(scope="session")
def real_records() -> list[Any]:
    files = sorted(RECORDS.rglob("*.json"))
    if not files:
        pytest.skip(f"no real study records: {RECORDS} is absent or empty")
    return [json.loads(file.read_bytes()) for file in files]
