"""How long a curator waits for the queue and for the list of trials in the admin."""

from __future__ import annotations

import os

from bench.curating_pages import PAGES
from bench.databases import Kind
from bench.figures import Figures
from bench.processes import run
from bench.workshop import Workshop

MANY = 500_000  # trials
MOST = 300  # milliseconds of the server's time


def measure_many(kind: Kind, workshop: Workshop, figures: Figures) -> None:
    count = int(os.environ.get("BENCH_TRIALS", MANY))
    if not kind.server:
        figures.leave_out(f"{count:,} trials on {kind.name}", "so many are for a server")
        return
    with kind.empty(workshop.folder) as url:
        run("-m", "bench.catalogue", str(count), DATABASE_URL=url)
        seconds = run("-m", "bench.curating_pages", DATABASE_URL=url).json
    for name in PAGES:
        what = f"{kind.name}: {count:,} trials, admin, {name}"
        figures.add(what, seconds[name] * 1000, "ms", most=MOST)
