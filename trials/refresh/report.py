"""What a refresh did, counted so that every study that came is in exactly one place."""

from __future__ import annotations

import copy
from dataclasses import asdict, dataclass, field, fields
from typing import Any

from trials.registry.fields import clean


@dataclass(slots=True)
class RefreshReport:
    """`fetched` = created + changed + unchanged + screened_out + len(skipped).

    `expected` is what the registry said there is; None where nobody said (a folder of files).
    """

    status: str = "running"
    fetched: int = 0
    expected: int | None = None
    created: int = 0
    changed: int = 0
    unchanged: int = 0
    older: int = 0  # of the unchanged: earlier versions than the one that is known
    screened_out: int = 0
    gone: int = 0
    skipped: list[dict[str, str]] = field(default_factory=list)
    seconds: float = 0.0
    requests: int = 0
    message: str = ""
    notes: list[str] = field(default_factory=list)
    unknown_values: dict[str, int] = field(default_factory=dict)

    def skip(self, registry_id: str, reason: str) -> None:
        # Names of files and the words of a damaged record may hold what no database stores.
        self.skipped.append({"id": clean(registry_id)[:300], "reason": clean(reason)[:1000]})

    def snapshot(self) -> RefreshReport:
        """A copy to come back to, should the work that follows be undone."""
        return copy.deepcopy(self)

    def restore(self, snapshot: RefreshReport) -> None:
        for column in fields(self):
            setattr(self, column.name, getattr(snapshot, column.name))

    def as_json(self) -> dict[str, Any]:
        return asdict(self)
