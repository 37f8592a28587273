"""What a seeding did, counted by kind of row."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass(slots=True)
class Tally:
    """Rows of one kind: made, brought in step, found in step, taken away.

    `kept` counts rows that a person has edited or deleted since: they stay as the person left them.
    """

    created: int = 0
    changed: int = 0
    unchanged: int = 0
    removed: int = 0
    kept: int = 0


@dataclass(slots=True)
class SeedReport:
    """A second seeding of the same files creates, changes and removes nothing."""

    kinds: dict[str, Tally] = field(default_factory=lambda: defaultdict(Tally))
    seconds: float = 0.0

    def total(self, what: str) -> int:
        """How many rows of all kinds were `created`, `changed`, `unchanged` or `removed`."""
        return sum(getattr(tally, what) for tally in self.kinds.values())

    @property
    def wrote(self) -> bool:
        """Whether anything in the database is different from before."""
        return any(self.total(what) for what in ("created", "changed", "removed"))

    def as_json(self) -> dict[str, Any]:
        totals = {what: self.total(what) for what in asdict(Tally())}
        kinds = {kind: asdict(tally) for kind, tally in self.kinds.items()}
        return {"status": "complete", **totals, "kinds": kinds, "seconds": self.seconds}
