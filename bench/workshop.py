"""What the measurements of one run share: a folder, and the records in it, made once."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from bench.records import write


@dataclass
class Workshop:
    folder: Path
    _made: dict[tuple[int, int], Path] = field(default_factory=dict)

    def records(self, count: int, *, first: int = 1) -> Path:
        """A file of so many made-up records, from this number on."""
        key = (count, first)
        if key not in self._made:
            path = self.folder / f"records-{first}-{count}.jsonl"
            write(path, count, first=first)
            self._made[key] = path
        return self._made[key]
