"""The scores that the rules reached on records that nobody had looked at, `measured.toml`."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

MEASURED = Path(__file__).parent / "measured.toml"


@dataclass(frozen=True, slots=True)
class Measured:
    """Each field's precision and recall, shares of 1, over so many records, on that day."""

    day: date
    records: int
    tables: str  # their version then
    precision: Mapping[str, float]
    recall: Mapping[str, float]


@cache
def measured() -> Measured:
    """The last such measurement."""
    return Measured(**tomllib.loads(MEASURED.read_text("utf-8")))
