"""The benchmarks: `make bench`, one line a figure, all of them in var/bench.json.

Machines differ and are noisy: where it matters, a figure stands beside another of the same run. A
refresh runs in a process of its own, against a registry in a third one, on databases that are made
for it and gone afterwards: SQLite, and the PostgreSQL server that `make test` would use.
"""

from __future__ import annotations

import argparse
import os
import signal
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from types import FrameType

from bench import (
    api,
    curating,
    extraction,
    finding,
    full_table,
    memory,
    pages,
    profiling,
    reading,
    refreshing,
)
from bench.databases import Kind, postgres_kind, sqlite_kind
from bench.figures import Figures, load, machine_facts
from bench.processes import ROOT, Broken
from bench.workshop import Workshop
from tests.run import NoServer, find_server

Part = Callable[[Kind, Workshop, Figures], None]
# Some minutes.
PARTS: dict[str, Part] = {
    "extraction": extraction.measure,
    "refresh": refreshing.measure,
    "reading": reading.measure,
    "pages": pages.measure,
    "finding": finding.measure,
    "api": api.measure,
}
# An hour.
LARGE: dict[str, Part] = {
    "memory": memory.measure,
    "full-table": full_table.measure,
    "finding-large": finding.measure_many,
    "curating-large": curating.measure_many,
    "api-large": api.measure_many,
}
# They touch no database: once is enough.
ONCE = {"extraction"}
# A table for the eye, and no figure.
WHEN_NAMED: dict[str, Part] = {"profile": profiling.measure}


def main(arguments: Sequence[str]) -> int:
    options = _options(arguments)
    signal.signal(signal.SIGTERM, _end)
    figures = Figures()
    kinds = _kinds(figures)
    machine = machine_facts() | {kind.name: kind.version for kind in kinds} | {"load": load()}
    print(", ".join(f"{name} {value}" for name, value in machine.items()), flush=True)
    everything = PARTS | LARGE | WHEN_NAMED
    chosen = options.only or [*PARTS, *(LARGE if options.large else ())]
    if left_out := [name for name in PARTS | LARGE if name not in chosen]:
        figures.leave_out(", ".join(left_out), "not asked for (ARGS=--large, ARGS='--only NAME')")
    broken = 0
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        workshop = Workshop(Path(folder))
        for name in chosen:
            for kind in kinds[:1] if name in ONCE else kinds:
                try:
                    everything[name](kind, workshop, figures)
                except Broken as reason:
                    broken += 1
                    where = name if name in ONCE else f"{name} on {kind.name}"
                    figures.leave_out(where, str(reason))
    machine["load at the end"] = load()
    figures.write(ROOT / "var" / "bench.json", machine)
    figures.tell()
    print(f"load at the end {machine['load at the end']}")
    return 1 if broken else 0


def _options(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__, allow_abbrev=False)
    parser.add_argument(
        "--large", action="store_true", help=f"the long ones too: {', '.join(LARGE)}"
    )
    parser.add_argument(
        "--only",
        action="append",
        metavar="NAME",
        choices=[*PARTS, *LARGE, *WHEN_NAMED],
        help=f"this one alone: {', '.join([*PARTS, *LARGE, *WHEN_NAMED])}",
    )
    return parser.parse_args(arguments)


def _kinds(figures: Figures) -> list[Kind]:
    kinds = [sqlite_kind()]
    try:
        kinds.append(postgres_kind(find_server(os.environ)))
    except NoServer as reason:
        figures.leave_out("PostgreSQL", str(reason))
    return kinds


def _end(signum: int, frame: FrameType | None) -> None:
    sys.exit(128 + signum)  # by way of everything that cleans up


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
