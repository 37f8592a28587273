"""Whether a refresh of many records needs more memory than one of few."""

from __future__ import annotations

from bench.databases import Kind
from bench.figures import Figures
from bench.processes import registry
from bench.refreshing import refresh, tell_memory
from bench.workshop import Workshop

FEW, MANY = 10_000, 50_000
MOST = 1.2  # times the memory for the few


def measure(kind: Kind, workshop: Workshop, figures: Figures) -> None:
    peaks = {}
    for count in (FEW, MANY):
        with kind.empty(workshop.folder) as url, registry(workshop.records(count)) as address:
            loaded = refresh(url, fetched=count, registry_url=address)
        peaks[count] = loaded.done
        name = f"{kind.name}: load of {count:,}"
        figures.add(f"{name}, rate", loaded.rate, "studies/s")
        tell_memory(name, loaded, figures)
    name = f"{kind.name}: memory for {MANY:,} beside {FEW:,}"
    figures.add(name, peaks[MANY].peak / peaks[FEW].peak, "times", most=MOST)
    if peaks[FEW].together:
        ratio = peaks[MANY].together / peaks[FEW].together
        figures.add(f"{name}, without mapped files", ratio, "times", most=MOST)
