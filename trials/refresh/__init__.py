"""Brings registry records in: harvest → store → screen → read → save → record what changed.

The only writer of the registry's columns. It knows the registry and the models, and nothing else
does. People's decisions are not its business: it neither writes nor reads them.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import nullcontext
from datetime import datetime
from itertools import islice

from django.db import Error as DatabaseError
from django.db import transaction
from django.utils import timezone

from trials.models import RefreshRun
from trials.refresh.harvest import FileHarvest, Harvest, Named, RegistryHarvest
from trials.refresh.report import RefreshReport
from trials.refresh.storing import Store
from trials.registry.errors import RegistryError, UnusableRecord
from trials.vocabulary import RunStatus

__all__ = ["FileHarvest", "Harvest", "RefreshReport", "RegistryHarvest", "refresh"]

BATCH = 50  # studies a transaction: small enough that readers never wait long for a writer

Progress = Callable[[RefreshReport], None]


def refresh(
    harvest: Harvest,
    *,
    dry_run: bool = False,
    progress: Progress = lambda report: None,
    now: datetime | None = None,
) -> RefreshReport:
    """Save everything that the harvest gives, study by study; a bad one falls out alone.

    Ends `complete`, or `incomplete` with the reasons in `message`; what came is kept either way.
    `dry_run` does the same work and then undoes it.
    """
    with transaction.atomic() if dry_run else nullcontext():
        report = _Run(harvest, progress, now or timezone.now()).work()
        if dry_run:
            transaction.set_rollback(True)
    return report


class _Run:
    def __init__(self, harvest: Harvest, progress: Progress, now: datetime) -> None:
        self.harvest, self.progress = harvest, progress
        self.report = RefreshReport()
        self.started = time.monotonic()
        self.row = RefreshRun.objects.create(
            origin=harvest.origin, status=RunStatus.RUNNING, started_at=now
        )
        self.store = Store(run=self.row, report=self.report, origin=harvest.origin, now=now)

    def work(self) -> RefreshReport:
        records = self.harvest.records()
        status = RunStatus.FAILED
        try:
            while batch := list(islice(records, BATCH)):
                self._save(batch)
                self.progress(self.report)
            self.report.gone = self.store.mark_gone(self.harvest.gone)
            status = RunStatus.INCOMPLETE if self.harvest.missing else RunStatus.COMPLETE
            self.report.message = "; ".join(self.harvest.missing)
        except RegistryError as error:
            status = RunStatus.INCOMPLETE if self.report.fetched else RunStatus.FAILED
            self.report.message = str(error)
        except KeyboardInterrupt:
            status = RunStatus.INCOMPLETE
            self.report.message = "stopped by hand"
        finally:
            self._finish(status)
        return self.report

    def _save(self, batch: list[Named]) -> None:
        """One transaction for the batch; if the database refuses it, one for each study."""
        before = self.report.snapshot()
        try:
            with transaction.atomic():
                for name, record in batch:
                    self._take(name, record)
        except (DatabaseError, ValueError):
            self.report.restore(before)
            self.store.forget()
            for name, record in batch:
                self._save_alone(name, record)

    def _save_alone(self, name: str, record: object) -> None:
        before = self.report.snapshot()
        try:
            with transaction.atomic():
                self._take(name, record)
        except (DatabaseError, ValueError) as error:
            self.report.restore(before)
            self.store.forget()
            self.report.fetched += 1
            self.report.skip(name, f"the database refused it: {str(error).splitlines()[0]}")

    def _take(self, name: str, record: object) -> None:
        self.report.fetched += 1
        try:
            if isinstance(record, UnusableRecord):
                raise record
            self.store.take(record)
        except UnusableRecord as error:
            self.report.skip(error.registry_id or name, error.reason)

    def _finish(self, status: RunStatus) -> None:
        report, row = self.report, self.row
        report.status = status
        report.expected = self.harvest.expected
        report.requests = self.harvest.requests
        report.seconds = round(time.monotonic() - self.started, 2)
        for name in ("fetched", "expected", "created", "changed", "unchanged", "screened_out"):
            setattr(row, name, getattr(report, name))
        row.gone, row.requests, row.skipped = report.gone, report.requests, report.skipped
        row.status, row.message = status, report.message
        row.data_timestamp = self.harvest.data_timestamp
        row.finished_at = timezone.now()
        row.save()
