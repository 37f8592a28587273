"""How fast and in how much memory a refresh brings records in: first, again, beside a floor."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from bench.databases import Kind
from bench.figures import Figures
from bench.processes import Broken, Done, registry, run
from bench.workshop import Workshop

STUDIES = 10_000
MOST_MEMORY = 250  # megabytes


@dataclass(frozen=True, slots=True)
class Refreshed:
    """A refresh in a process of its own."""

    done: Done
    report: dict[str, Any]

    @property
    def rate(self) -> float:
        """Studies a second, by the refresh's own clock."""
        return float(self.report["fetched"] / self.report["seconds"])

    @property
    def wall_rate(self) -> float:
        """Studies a second, of the whole process: Python's start and the last looks included."""
        return float(self.report["fetched"] / self.done.seconds)


def refresh(url: str, *options: str, fetched: int, registry_url: str = "") -> Refreshed:
    """`manage.py refresh --json`. Raises Broken where not all these studies came in."""
    variables = {"REGISTRY_URL": registry_url} if registry_url else {}
    done = run("manage.py", "refresh", "--json", *options, DATABASE_URL=url, **variables)
    report = done.json
    if (report["status"], report["fetched"]) != ("complete", fetched) or report["skipped"]:
        raise Broken(f"the refresh ended {report['status']}: {report['message']}")
    return Refreshed(done, report)


def measure(kind: Kind, workshop: Workshop, figures: Figures) -> None:
    records = workshop.records(STUDIES)
    with kind.empty(workshop.folder) as url, registry(records) as address:
        floor = STUDIES / float(run("-m", "bench.floor", str(records), DATABASE_URL=url).output)
        first = refresh(url, fetched=STUDIES, registry_url=address)
        again = refresh(url, "--full", fetched=STUDIES, registry_url=address)
    if (first.report["created"], again.report["unchanged"]) != (STUDIES, STUDIES):
        raise Broken(f"{STUDIES} new, then unchanged, expected: {first.report}, {again.report}")
    figures.add(f"{kind.name}: floor, decode and store raw", floor, "studies/s")
    _tell(f"{kind.name}: first load of {STUDIES:,}", first, floor, figures, least=500)
    _tell(f"{kind.name}: the same again, --full", again, floor, figures, least=4_000)
    for name, one in (("first load", first), ("the same again", again)):
        tell_memory(f"{kind.name}: {name}", one, figures, most=MOST_MEMORY)


def tell_memory(name: str, one: Refreshed, figures: Figures, *, most: float | None = None) -> None:
    figures.add(f"{name}, peak memory", one.done.peak, "MB", most=most)
    if one.done.together:
        figures.add(f"{name}, all its processes, without mapped files", one.done.together, "MB")


def _tell(name: str, refreshed: Refreshed, floor: float, figures: Figures, *, least: float) -> None:
    figures.add(name, refreshed.rate, "studies/s", least=least)
    figures.add(f"{name}, by the wall clock", refreshed.wall_rate, "studies/s")
    # Of all figures here the one that other work on the machine disturbs least.
    figures.add(f"{name}, processor", 1e6 * refreshed.done.processor / STUDIES, "µs/study")
    figures.add(f"{name}, share of the floor", refreshed.rate / floor)
