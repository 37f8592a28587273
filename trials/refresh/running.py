"""One run of the refresh: takes what the harvest gives, window by window, and ends in one word."""

from __future__ import annotations

import logging
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from django.db import DatabaseError, OperationalError, connection, transaction
from django.db.models import Max
from django.utils import timezone

from trials.extraction.aside import Aside
from trials.lexicon import words_in_use
from trials.models import HarvestedQuery, RefreshRun, Trial
from trials.queue.keeping import note_new_values
from trials.refresh.arriving import Arrival, Unread, arrivals, sort_out
from trials.refresh.harvest import Harvest, Harvested, Named
from trials.refresh.health import ENOUGH, Gate, drops, fill_rates
from trials.refresh.locking import Turn
from trials.refresh.report import RefreshReport
from trials.refresh.room import little_garbage, room_to_write
from trials.refresh.storing import Store
from trials.registry.errors import RegistryError, first_line
from trials.registry.fields import clean
from trials.search.kept import in_step
from trials.vocabulary import RunKind, RunStatus

logger = logging.getLogger(__name__)

SORTED_AT_ONCE = 100  # records whose stored digests are looked up in one query
SAVED_AT_ONCE = 100  # studies in a transaction: readers and other writers never wait long
# New and changed studies that are looked at together before any of them is saved.
WINDOW = 500
# So many trials gone at once are not believed: of all that the registry has, or of those alone
# that were asked for by number.
MOST_GONE, MOST_GONE_SHARE = 10, 0.02
MOST_GONE_ASKED, MOST_GONE_ASKED_SHARE = 5, 0.5
WINDOW_BYTES = 32 * 1024 * 1024  # of compressed records

Progress = Callable[[RefreshReport], None]


class FormChanged(Exception):
    """The registry's records have another form than the one we can read."""


class Run:
    """A refresh that has the turn, from its first record to its row in the list of runs."""

    def __init__(
        self, turn: Turn, harvest: Harvest, *, progress: Progress, now: datetime, dry_run: bool
    ) -> None:
        self.turn, self.harvest, self.dry_run = turn, harvest, dry_run
        self.row = turn.run
        self.report = RefreshReport(kind=self.row.kind)
        self._progress = progress
        self._started = time.monotonic()
        words = words_in_use()
        self._store = Store(run=self.row, origin=harvest.origin, now=now, words=words)
        self._now = now
        self._usual = _usual()
        # Somebody who names files or single studies may well name the three odd ones.
        whole = self.row.kind in (RunKind.FULL, RunKind.INCREMENTAL)
        self._gate = Gate(self._usual, fewest=0 if whole else ENOUGH)
        self._waiting: list[Named] = []
        self._window: list[Arrival] = []
        self._came = 0  # records since the last look through the gate
        self._unreadable = 0  # records that could not be read, up to that look
        self._aside = Aside(words)
        self._unread: deque[list[Unread]] = deque()  # what the process beside has
        # Queries whose studies have all come, and how many batches had been given by then.
        self._finished_queries: list[tuple[Harvested, int]] = []
        self._batches_given = self._batches_taken = 0
        self._unsaved: list[str] = []  # studies that came while the database took none
        harvest.pulse = self._pulse

    def work(self) -> RefreshReport:
        with little_garbage(), room_to_write():
            return self._work()

    def _work(self) -> RefreshReport:
        status = RunStatus.FAILED
        try:
            self._take_all()
            status = self._outcome()
        except FormChanged as error:
            self.report.forget_unsaved()
            self.report.message = f"{error}; nothing of it was published"
        except RegistryError as error:
            status = RunStatus.INCOMPLETE if self.report.fetched else RunStatus.FAILED
            self.report.message = str(error)
        except KeyboardInterrupt:
            status = RunStatus.INCOMPLETE
            self.report.forget_unsaved()
            self.report.message = "stopped by hand"
        except Exception as error:
            self.report.forget_unsaved()
            self.report.message = f"it broke off: {first_line(error)}"
            raise
        finally:
            self._aside.end()
            self._finish(status)
        return self.report

    def _take_all(self) -> None:
        try:
            for item in self.harvest.records():
                if isinstance(item, Harvested):
                    self._sort_out()
                    self._finished_queries.append((item, self._batches_given))
                    continue
                self._waiting.append(item)
                if len(self._waiting) >= SORTED_AT_ONCE:
                    self._sort_out()
        except RegistryError:
            self._flush()  # what came before the registry failed is good
            raise
        self._flush()
        if not self.harvest.missing and not self._unsaved:
            self._doubt_gone()
        if not self.harvest.missing and not self._unsaved:
            with self._transaction():
                self.report.notes += self._store.join_renamed(self.harvest.renamed)
                self.report.gone = self._store.mark_gone(self.harvest.gone)

    def _doubt_gone(self) -> None:
        """A registry that lost many studies at once, or serves older data, is not itself.

        Who asks for single studies by number has seen it, and is believed.
        """
        if self.row.kind == RunKind.NUMBERS:
            return
        trials = Trial.objects.filter(gone_at=None).exclude(registry_id=None)
        gone = trials.filter(registry_id__in=self.harvest.gone).count()
        asked = len(self.harvest.plan.known) if self.harvest.plan else 0
        many = gone > MOST_GONE + MOST_GONE_SHARE * trials.count()
        most = gone >= MOST_GONE_ASKED and gone > MOST_GONE_ASKED_SHARE * asked
        complete = RefreshRun.objects.filter(origin=self.row.origin, status=RunStatus.COMPLETE)
        newest = complete.aggregate(newest=Max("data_timestamp"))["newest"] or ""
        if many or most:
            self.harvest.missing.append(
                f"the registry says that it does not have {gone} of our trials: too many at once "
                "to be believed, and none is marked (“refresh --ids” with their numbers does)"
            )
        elif gone and self.harvest.data_timestamp < newest:
            self.harvest.missing.append(
                f"{gone} trials are not in data of {self.harvest.data_timestamp}, which are older "
                f"than those of {newest} that came before"
            )

    def _sort_out(self) -> None:
        waiting, self._waiting = self._waiting, []
        unread = sort_out(waiting, self.report)
        self._came += len(waiting) - len(unread)  # the others come when they are read
        if unread:
            self._batches_given += 1
            self._unread.append(unread)
            self._aside.give([one.written for one in unread])
        self._take_read()
        self._tell()

    def _take_read(self, *, everything: bool = False) -> None:
        """Put what is read into the window, and publish that when it is full."""
        for outcomes in self._aside.read(everything=everything, pulse=self._pulse):
            unread = self._unread.popleft()
            with self._transaction():
                self._window += arrivals(unread, outcomes, self.report)
            self._came += len(unread)
            self._batches_taken += 1
            size = sum(len(arrival.read.body) for arrival in self._window)
            if len(self._window) >= WINDOW or size >= WINDOW_BYTES:
                self._publish()

    def _flush(self) -> None:
        if self._waiting:
            self._sort_out()
        self._take_read(everything=True)
        self._publish()

    def _publish(self) -> None:
        """Save the window, if it is as it should be, and then the queries that it completes."""
        window, self._window = self._window, []
        unreadable, self._unreadable = (
            self.report.unreadable - self._unreadable,
            self.report.unreadable,
        )
        came, self._came = self._came, 0
        fault = self._gate.fault((arrival.study for arrival in window), came, unreadable)
        if fault:
            raise FormChanged(fault)
        for start in range(0, len(window), SAVED_AT_ONCE):
            self._save(window[start : start + SAVED_AT_ONCE])
            self._tell()
        self._note_progress()

    def _save(self, batch: Sequence[Arrival]) -> None:
        """One transaction for the batch; if one study breaks it, one for each."""
        try:
            self._save_together(batch)
        except DatabaseError as error:
            if not self.turn.is_ours():
                raise
            logger.warning("a batch is saved study by study, because: %s", first_line(error))
            self._save_each(batch)
        except Exception:
            if not self.turn.is_ours():
                raise
            logger.exception("a batch is saved study by study")
            self._save_each(batch)

    def _save_each(self, batch: Sequence[Arrival]) -> None:
        for arrival in batch:
            try:
                self._save_together([arrival])
            except Exception as error:
                number = arrival.study.registry_id
                logger.exception("%s could not be saved", number)
                if not self.turn.is_ours():
                    raise
                if isinstance(error, OperationalError):  # locked or full; the study is all right
                    self._unsaved.append(number)
                self.report.skip(number, f"it could not be saved: {first_line(error)}")

    def _save_together(self, batch: Sequence[Arrival]) -> None:
        try:
            with self._transaction():
                tally = self._store.save(batch)
        except BaseException:  # Ctrl-C too
            self._store.forget()
            raise
        self.report.add(tally)

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        with transaction.atomic():
            with in_step():
                yield
            if self.dry_run:
                transaction.set_rollback(True)
        if self.dry_run:
            self._store.forget()

    def _note_progress(self) -> None:
        """Write down what is done, so that a run after this one can go on from here."""
        if self.dry_run:
            return
        # All that was taken is saved by now.
        taken = self._batches_taken
        finished = [one for one, given in self._finished_queries if given <= taken]
        self._finished_queries = [pair for pair in self._finished_queries if pair[1] > taken]
        if self._unsaved:
            finished = []  # a later run has to ask again
        plan = self.harvest.plan
        with transaction.atomic():
            if plan is not None and plan.adopted:
                HarvestedQuery.objects.filter(pk__in=plan.adopted).update(run=self.row)
            HarvestedQuery.objects.bulk_create(
                HarvestedQuery(
                    run=self.row,
                    name=one.question.name,
                    parameters=dict(one.question.parameters),
                    since=one.question.since,
                    expected=one.expected,
                    numbers=list(one.numbers),
                    finished_at=timezone.now(),
                )
                for one in finished
            )
            self.row.data_timestamp = self.harvest.data_timestamp
            self._copy_counts()
            self.row.beat_at = timezone.now()
            self.row.save()

    def _tell(self) -> None:
        self.report.expected = self.harvest.expected
        self.report.requests = self.harvest.requests
        self._progress(self.report)
        self._pulse()

    def _pulse(self) -> None:
        self._copy_counts()
        self.turn.beat()

    def _outcome(self) -> RunStatus:
        report, harvest = self.report, self.harvest
        plan = harvest.plan
        said = [plan.nothing_new] if plan is not None and plan.nothing_new else []
        report.message = "; ".join([*said, *harvest.missing, *report.notes])
        if self._unsaved:
            count = len(self._unsaved)
            words = f"{count} {'study' if count == 1 else 'studies'} could not be saved"
            report.message = "; ".join(filter(None, [report.message, words]))
        if harvest.missing or self._unsaved:
            return RunStatus.INCOMPLETE if report.fetched else RunStatus.FAILED
        # One damaged record is named and no more; where all are, nothing was refreshed.
        all_skipped = 0 < report.fetched == len(report.skipped)
        return RunStatus.FAILED if all_skipped else RunStatus.COMPLETE

    def _copy_counts(self) -> None:
        row, report = self.row, self.report
        for name in ("fetched", "created", "changed", "unchanged", "screened_out", "gone"):
            setattr(row, name, getattr(report, name))
        row.expected, row.requests = self.harvest.expected, self.harvest.requests

    def _finish(self, status: RunStatus) -> None:
        report, row = self.report, self.row
        report.status = status
        report.expected = self.harvest.expected
        report.requests = self.harvest.requests
        report.seconds = round(time.monotonic() - self._started, 2)
        self._copy_counts()
        row.skipped, row.unknown_values = report.skipped, report.unknown_values
        row.status, row.message = status, clean(report.message)
        row.data_timestamp = self.harvest.data_timestamp
        row.finished_at = row.beat_at = timezone.now()
        if self.dry_run:
            row.delete()
            return
        if status == RunStatus.COMPLETE:
            row.fill = fill_rates()
            row.message = "; ".join(filter(None, [row.message, *drops(self._usual, row.fill)]))
            report.message = row.message
        try:
            row.save()
        except DatabaseError:  # the connection may be gone; the word is worth another
            connection.close()
            row.save()
        note_new_values(row)
        if status == RunStatus.COMPLETE and row.kind == RunKind.FULL:
            # Nobody goes on from before a complete full run.
            HarvestedQuery.objects.exclude(run=row).exclude(numbers=[]).filter(
                run__origin=row.origin
            ).update(numbers=[])


def _usual() -> dict[str, Any]:
    """How full the fields were after the last complete run."""
    complete = RefreshRun.objects.filter(status=RunStatus.COMPLETE).exclude(fill={})
    last = complete.values_list("fill", flat=True).first()
    return last or {}
