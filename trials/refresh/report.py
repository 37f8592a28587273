"""What a refresh did, counted so that every study that came is in exactly one place."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict, dataclass, field
from typing import Any

from trials.registry.fields import clean
from trials.vocabulary import Screening

MOST_UNKNOWN = 1_000  # different values that are named; a broken file could have any number


@dataclass(slots=True)
class Tally:
    """What came of one batch of studies."""

    created: int = 0
    changed: int = 0
    unchanged: int = 0
    older: int = 0
    screened_out: int = 0
    notes: list[str] = field(default_factory=list)
    unknown_values: Counter[str] = field(default_factory=Counter)

    def count(self, screening: str, outcome: str) -> None:
        if screening != Screening.INCLUDED:
            outcome = "screened_out"
        setattr(self, outcome, getattr(self, outcome) + 1)


@dataclass(slots=True)
class RefreshReport:
    """`fetched` = created + changed + unchanged + screened_out + len(skipped).

    `expected` is what the registry said there is; None where nobody said (a folder of files).
    """

    status: str = "running"
    kind: str = ""
    fetched: int = 0
    expected: int | None = None
    created: int = 0
    changed: int = 0
    unchanged: int = 0
    older: int = 0  # of the unchanged: earlier versions than the one that is known
    screened_out: int = 0
    gone: int = 0
    skipped: list[dict[str, str]] = field(default_factory=list)
    unreadable: int = 0  # of the skipped: records of a form that we do not know
    seconds: float = 0.0
    requests: int = 0
    message: str = ""
    notes: list[str] = field(default_factory=list)
    unknown_values: dict[str, int] = field(default_factory=dict)

    def skip(self, registry_id: str, reason: str) -> None:
        # Names of files and the words of a damaged record may hold what no database stores.
        self.skipped.append({"id": clean(registry_id)[:300], "reason": clean(reason)[:1000]})

    def add(self, tally: Tally) -> None:
        """Count what a batch came to; called when it is saved for good."""
        for name in ("created", "changed", "unchanged", "older", "screened_out"):
            setattr(self, name, getattr(self, name) + getattr(tally, name))
        self.notes += tally.notes
        for name, times in tally.unknown_values.items():
            if name in self.unknown_values or len(self.unknown_values) < MOST_UNKNOWN:
                self.unknown_values[name] = self.unknown_values.get(name, 0) + times

    def forget_unsaved(self) -> None:
        """After a run that was stopped: what came and was not saved did not come."""
        saved = self.created + self.changed + self.unchanged + self.screened_out
        self.fetched = saved + len(self.skipped)

    def as_json(self) -> dict[str, Any]:
        return asdict(self)
