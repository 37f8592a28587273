"""Brings registry records in: harvest → store → screen → read → save → record what changed.

The only writer of the registry's columns. It knows the registry and the models, and nothing else
does. People's decisions are not its business: it neither writes nor reads them.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from itertools import islice

from django.db import transaction
from django.utils import timezone

from trials.models import RefreshRun
from trials.refresh.harvest import FileHarvest, Harvest, Named, RegistryHarvest
from trials.refresh.report import RefreshReport
from trials.refresh.storing import Store
from trials.registry.errors import RegistryError, UnusableRecord
from trials.registry.fields import clean
from trials.vocabulary import RunStatus

__all__ = ["FileHarvest", "Harvest", "RefreshReport", "RegistryHarvest", "refresh"]

logger = logging.getLogger(__name__)
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
    `dry_run` does the same work and undoes it, batch by batch: a transaction never waits for the
    registry.
    """
    return _Run(harvest, progress, now or timezone.now(), dry_run=dry_run).work()


class _Run:
    def __init__(
        self, harvest: Harvest, progress: Progress, now: datetime, *, dry_run: bool
    ) -> None:
        self.harvest, self.progress, self.dry_run = harvest, progress, dry_run
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
            with self._transaction():
                self.report.gone = self.store.mark_gone(self.harvest.gone)
            status = self._outcome()
            self.report.message = "; ".join([*self.harvest.missing, *self.report.notes])
        except RegistryError as error:
            status = RunStatus.INCOMPLETE if self.report.fetched else RunStatus.FAILED
            self.report.message = str(error)
        except KeyboardInterrupt:
            status = RunStatus.INCOMPLETE
            self.report.message = "stopped by hand"
        finally:
            self._finish(status)
        return self.report

    def _outcome(self) -> RunStatus:
        if self.harvest.missing:
            return RunStatus.INCOMPLETE
        # One damaged record is named and no more; where all are, nothing was refreshed.
        all_skipped = 0 < self.report.fetched == len(self.report.skipped)
        return RunStatus.FAILED if all_skipped else RunStatus.COMPLETE

    def _save(self, batch: list[Named]) -> None:
        """One transaction for the batch; if one study breaks it, one for each."""
        try:
            self._save_together(batch)
        except Exception:
            for name, record in batch:
                try:
                    self._save_together([(name, record)])
                except Exception as error:
                    logger.exception("%s could not be saved", name)
                    self.report.fetched += 1
                    self.report.skip(name, f"it could not be saved: {_first_line(error)}")

    def _save_together(self, batch: list[Named]) -> None:
        before = self.report.snapshot()
        try:
            with self._transaction():
                for name, record in batch:
                    self._take(name, record)
        except BaseException:  # Ctrl-C too: what was undone must not be counted
            self.report.restore(before)
            self.store.forget()
            raise

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        with transaction.atomic():
            yield
            if self.dry_run:
                transaction.set_rollback(True)
        if self.dry_run:
            self.store.forget()

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
        row.status, row.message = status, clean(report.message)
        row.data_timestamp = self.harvest.data_timestamp
        row.finished_at = timezone.now()
        if self.dry_run:
            row.delete()
        else:
            row.save()


def _first_line(error: Exception) -> str:
    return (str(error).splitlines() or [""])[0] or type(error).__name__
