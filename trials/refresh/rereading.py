"""Works the facts out again from the stored records, after a change of tables or rules.

Only what a rule said changes: a fact that is read as before keeps its row, its date and the version
of the tables that it was read with; people's decisions and documents' words are not touched.
"""

from __future__ import annotations

import time
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from trials.extraction.aside import Outcome, read_all
from trials.extraction.facts import read_facts
from trials.extraction.readings import Reading
from trials.extraction.records import ReadRecord
from trials.extraction.tables import lexicon_version
from trials.models import Fact, StoredRecord, Trial
from trials.refresh.arriving import Arrival
from trials.refresh.facts import Difference, Readings, Trees
from trials.refresh.locking import Turn
from trials.refresh.storing import SOURCE, Store
from trials.vocabulary import Basis, RunKind, RunStatus, Screening

AT_ONCE = 200  # records in a transaction
ORIGIN = "the stored records"


@dataclass(slots=True)
class ExtractReport:
    """What came of it; `changes` says it trial by trial."""

    status: str = RunStatus.RUNNING
    lexicon: str = ""
    records: int = 0
    expected: int = 0
    trials_changed: int = 0
    facts_new: int = 0
    facts_ended: int = 0
    taken_in: list[str] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)
    to_review: list[str] = field(default_factory=list)
    changes: list[dict[str, Any]] = field(default_factory=list)
    skipped: list[dict[str, str]] = field(default_factory=list)
    seconds: float = 0.0
    message: str = ""

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    def note(self, difference: Difference) -> None:
        self.trials_changed += 1
        self.facts_new += len(difference.made)
        self.facts_ended += len(difference.ended)
        self.changes.append(
            {
                "id": difference.trial.number,
                "new": [_in_words(fact) for fact in difference.made],
                "ended": [_in_words(fact) for fact in difference.ended],
            }
        )


Progress = Callable[[ExtractReport], None]


def reread(
    *,
    numbers: Sequence[str] = (),
    dry_run: bool = False,
    progress: Progress = lambda report: None,
    now: datetime | None = None,
) -> ExtractReport:
    """Read every stored record again, or these; screen it again as well.

    AlreadyRunning where a refresh works on this database. `dry_run` says what would change.
    """
    now = now or timezone.now()
    turn = Turn.begin(kind=RunKind.EXTRACT, origin=ORIGIN, started_at=now)
    again = _Rereading(turn, now=now, dry_run=dry_run, progress=progress)
    try:
        return again.work(numbers)
    finally:
        again.finish()
        turn.end()


@dataclass(slots=True)
class _Known:
    """A stored record, read again."""

    record: StoredRecord
    read: ReadRecord

    @property
    def readings(self) -> tuple[Reading, ...]:
        """Of a study that a document or a person put in, too."""
        return self.read.readings if self.read.verdict.included else read_facts(self.read.study)


class _Rereading:
    def __init__(self, turn: Turn, *, now: datetime, dry_run: bool, progress: Progress) -> None:
        self._turn, self._now, self._dry_run, self._progress = turn, now, dry_run, progress
        self._started = time.monotonic()
        self.report = ExtractReport(lexicon=lexicon_version())
        self._readings = Readings(trees=Trees(), origin=SOURCE, now=now)
        self._store = Store(run=turn.run, origin=ORIGIN, now=now)

    def work(self, numbers: Sequence[str]) -> ExtractReport:
        self.report.status = RunStatus.FAILED
        records = StoredRecord.objects.order_by("pk")
        if numbers:
            records = records.filter(registry_id__in=numbers)
        self.report.expected = records.count()
        last = 0
        while batch := list(records.filter(pk__gt=last).select_related("trial")[:AT_ONCE]):
            last = batch[-1].pk
            with transaction.atomic():
                self._take(batch)
                if self._dry_run:
                    transaction.set_rollback(True)
            if self._dry_run:
                self._store.forget()
            self._turn.beat()
            self._progress(self.report)
        self.report.status = RunStatus.COMPLETE
        return self.report

    def finish(self) -> None:
        """End the run's row; a dry run leaves none."""
        report, row = self.report, self._turn.run
        report.seconds = round(time.monotonic() - self._started, 2)
        if self._dry_run:
            row.delete()
            return
        row.status = report.status
        row.fetched, row.expected = report.records, report.expected
        row.changed, row.skipped = report.trials_changed, report.skipped
        row.unchanged = report.records - report.trials_changed - len(report.skipped)
        row.message = f"tables {report.lexicon}"
        row.finished_at = row.beat_at = timezone.now()
        row.save()

    def _take(self, batch: Sequence[StoredRecord]) -> None:
        known = list(self._known(batch))
        entering = [one for one in known if self._enters(one)]
        self._screen(one for one in known if one not in entering)
        of_trials = {
            one.record.trial: one.readings
            for one in known
            if one.record.trial is not None and one.record.trial.joined_to_id is None
        }
        differences = [one for one in self._readings.differences(of_trials) if one]
        for difference in differences:
            self.report.note(difference)
        self._readings.apply(differences)
        if entering:
            self._store.take_in([Arrival(one.read, one.record.served_digest) for one in entering])
            self.report.taken_in += [one.record.registry_id for one in entering]

    def _known(self, batch: Sequence[StoredRecord]) -> Iterator[_Known]:
        outcomes: list[Outcome] = read_all([zlib.decompress(bytes(one.body)) for one in batch])
        for record, outcome in zip(batch, outcomes, strict=True):
            self.report.records += 1
            if isinstance(outcome, ReadRecord):
                yield _Known(record, outcome)
            else:
                self.report.skipped.append({"id": record.registry_id, "reason": str(outcome)})

    @staticmethod
    def _enters(one: _Known) -> bool:
        return one.record.trial is None and one.read.verdict.included

    def _screen(self, known: Iterator[_Known]) -> None:
        for one in known:
            record, verdict, trial = one.record, one.read.verdict, one.record.trial
            decided = trial is not None and trial.screening_basis != Basis.RULE
            screening = record.screening if decided else verdict.screening
            reason = record.screening_reason if decided else verdict.reason
            before = (record.screening, record.screening_rule, record.screening_reason)
            if before == (screening, verdict.rule, reason):
                continue
            if screening != record.screening:
                to = self.report.to_review if screening == Screening.REVIEW else None
                names = to if to is not None else self._other_list(screening)
                names.append(record.registry_id)
            record.screening, record.screening_reason = screening, reason
            record.screening_rule = verdict.rule
            record.save(update_fields=["screening", "screening_rule", "screening_reason"])
            if trial is not None and not decided:
                Trial.objects.filter(pk=trial.pk).update(
                    screening=screening, screening_reason=reason
                )

    def _other_list(self, screening: str) -> list[str]:
        included = screening == Screening.INCLUDED
        return self.report.taken_in if included else self.report.left_out


def _in_words(fact: Fact) -> str:
    return f"{fact.get_kind_display()}: {fact.label} “{fact.quote[:80]}” ({fact.place})"
