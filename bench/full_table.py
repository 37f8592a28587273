"""Whether new records come in as fast when the tables are full as when they are empty."""

from __future__ import annotations

from statistics import median

from bench.databases import QUERY, Kind
from bench.figures import Figures
from bench.processes import registry, run
from bench.refreshing import refresh
from bench.workshop import Workshop

NEW = 10_000
COPIED, TIMES_AS_MANY = 1_000, 100  # records that are loaded, and how many each of them becomes
FULL = COPIED * TIMES_AS_MANY
LEAST = 0.9  # of the rate onto empty tables
REPEATED = 3


def measure(kind: Kind, workshop: Workshop, figures: Figures) -> None:
    """The machine's mood changes by more than a tenth: one of each in turn, and the medians."""
    base = workshop.records(COPIED)
    new = [workshop.records(NEW, first=FULL + 1 + NEW * n) for n in range(REPEATED)]
    empty, full = [], []
    with kind.empty(workshop.folder) as full_url:
        refresh(full_url, "--from", str(base), fetched=COPIED)
        run("-m", "bench.multiplying", str(TIMES_AS_MANY), DATABASE_URL=full_url)
        for records in new:
            with registry(records) as address:
                with kind.empty(workshop.folder) as url:
                    empty.append(_rate(url, address))
                full.append(_rate(full_url, address))
    figures.add(f"{kind.name}: {NEW:,} onto empty tables", median(empty), "studies/s")
    figures.add(f"{kind.name}: {NEW:,} onto {FULL:,} trials", median(full), "studies/s")
    ratio = median(full) / median(empty)
    figures.add(f"{kind.name}: onto full tables, share of empty", ratio, least=LEAST)


def _rate(url: str, address: str) -> float:
    # By its name: a full refresh would ask for all that the registry does not have, one by one.
    return refresh(url, "--query", QUERY, fetched=NEW, registry_url=address).rate
