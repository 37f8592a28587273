"""The figures of one run: one line each on standard output, all of them in var/bench.json."""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any


@dataclass
class Figures:
    """Figures by name, and in words what they do not reach and what was not run."""

    values: dict[str, dict[str, Any]] = field(default_factory=dict)
    missed: list[str] = field(default_factory=list)
    not_run: list[str] = field(default_factory=list)

    def add(
        self,
        name: str,
        value: float,
        unit: str = "",
        *,
        least: float | None = None,
        most: float | None = None,
    ) -> None:
        """A figure, with what it should at least, or at most, be."""
        self.values[name] = {"value": round(value, 3), "unit": unit}
        aim = ""
        if least is not None or most is not None:
            is_reached = (least is None or value >= least) and (most is None or value <= most)
            words = f"at least {least:g}" if least is not None else f"at most {most:g}"
            aim = f"  ({words})" if is_reached else f"  ({words}: MISSED)"
            self.values[name]["aim"] = words
            if not is_reached:
                self.missed.append(f"{name}: {value:,.3g} {unit}, not {words}")
        print(f"{name:<64} {_shown(value):>10} {unit}{aim}", flush=True)

    def leave_out(self, what: str, why: str) -> None:
        self.not_run.append(f"{what}: {why}")

    def tell(self) -> None:
        """The closing words."""
        for missed in self.missed:
            print(f"missed: {missed}")
        for what in self.not_run:
            print(f"not run: {what}")

    def write(self, path: Path, machine: Mapping[str, Any]) -> None:
        told = {
            "machine": machine,
            "figures": self.values,
            "missed": self.missed,
            "not_run": self.not_run,
        }
        path.parent.mkdir(exist_ok=True)
        path.write_text(json.dumps(told, indent=2, ensure_ascii=False) + "\n", "utf-8")


def machine_facts() -> dict[str, Any]:
    return {
        "system": platform.platform(),
        "processor": platform.machine(),
        "cores": os.cpu_count(),
        "python": platform.python_version(),
    }


def load() -> str:
    """How busy the machine is: processes that want a core, over one, five and fifteen minutes."""
    return " ".join(f"{average:.1f}" for average in os.getloadavg())


def _shown(value: float) -> str:
    if value >= 1_000 or value == int(value):
        return f"{value:,.0f}"
    return f"{value:.3g}" if value < 1 else f"{value:.1f}"
