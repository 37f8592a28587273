"""Brings registry records in: harvest → compare → gate → screen → read → save → note what changed.

The only writer of the registry's columns. It knows the registry and the models, and nothing else
does. People's decisions are not its business: it neither writes nor reads them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils import timezone

from trials.curation.pairs import find_pairs
from trials.models import HarvestQuery, RefreshRun
from trials.refresh.harvest import FileHarvest, Harvest, Plan, RegistryHarvest
from trials.refresh.locking import AlreadyRunning, Turn
from trials.refresh.planning import kind_of_next_run, plan_of_query, planner
from trials.refresh.report import RefreshReport
from trials.refresh.running import Progress, Run
from trials.signals import refreshed
from trials.vocabulary import RunKind

__all__ = [
    "TIME_LIMIT",
    "AlreadyRunning",
    "FileHarvest",
    "Harvest",
    "Progress",
    "RefreshReport",
    "RegistryHarvest",
    "refresh",
    "refresh_from_registry",
    "refresh_numbers",
    "refresh_query",
]

TIME_LIMIT = 6 * 60.0  # minutes that a refresh may take; a full one takes some


def nothing(report: RefreshReport) -> None:
    """Nobody wants to know how far the work is."""


def refresh(  # noqa: PLR0913 - all but the first may be left out
    harvest: Harvest | Callable[[RefreshRun], Harvest],
    *,
    kind: RunKind = RunKind.FILES,
    origin: str = "",
    asked_by: Any = None,
    dry_run: bool = False,
    progress: Progress = nothing,
    now: datetime | None = None,
) -> RefreshReport:
    """Save everything that the harvest gives; a bad study falls out alone.

    `harvest` may be a function that makes it once the run has its turn and its row. Ends
    `complete`; or `incomplete`, with what is missing in `message`, and what came is kept; or
    `failed`. AlreadyRunning where another refresh works on this database. `dry_run` does the same
    work and undoes it, batch by batch: a transaction never waits for the registry.
    """
    now = now or timezone.now()
    origin = origin or getattr(harvest, "origin", "")
    turn = Turn.begin(kind=kind, origin=origin, asked_by=asked_by, started_at=now)
    try:
        made = harvest(turn.run) if callable(harvest) else harvest
        report = Run(turn, made, progress=progress, now=now, dry_run=dry_run).work()
        if not dry_run:
            find_pairs()  # new sponsors that look like known ones
            if report.created or report.changed or report.gone:
                refreshed.send(sender=None, report=report)
        return report
    finally:
        turn.end()


def refresh_from_registry(
    *, full: bool = False, now: datetime | None = None, **wanted: Any
) -> RefreshReport:
    """Ask the registry for everything that is new since the last time, or (`full`) for everything.

    `wanted` is as for `refresh`, and `time_limit` in seconds: when that is used up, the run ends
    `incomplete`.
    """
    now = now or timezone.now()
    kind = kind_of_next_run(origin=registry_address(), full=full, now=now)
    return _ask(lambda run: planner(run, full=full), kind=kind, now=now, **wanted)


def refresh_query(query: HarvestQuery, **wanted: Any) -> RefreshReport:
    """Ask the registry for all studies of one stored query."""
    return _ask(lambda run: lambda stamp: plan_of_query(query), kind=RunKind.QUERY, **wanted)


def refresh_numbers(numbers: Iterable[str], **wanted: Any) -> RefreshReport:
    """Ask the registry for these studies."""
    plan = Plan(known=frozenset(numbers))
    return _ask(lambda run: lambda stamp: plan, kind=RunKind.NUMBERS, **wanted)


def registry_address() -> str:
    """The registry's address, as runs have it for their origin."""
    return str(settings.REGISTRY_URL).rstrip("/")


def _ask(
    plan_of: Callable[[RefreshRun], Callable[[str], Plan]],
    *,
    time_limit: float | None = TIME_LIMIT * 60,
    **wanted: Any,
) -> RefreshReport:
    def harvest(run: RefreshRun) -> Harvest:
        return RegistryHarvest.at(
            settings.REGISTRY_URL,
            interval=settings.REGISTRY_INTERVAL,
            plan=plan_of(run),
            budget=time_limit,
        )

    return refresh(harvest, origin=registry_address(), **wanted)
