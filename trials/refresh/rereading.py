"""Works the facts out again from the stored records, after a change of tables or rules.

Only what a rule said changes: a fact that is read as before keeps its row, its date and the version
of the tables that it was read with; people's decisions and documents' words are not touched.
"""

from __future__ import annotations

import time
import zlib
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from trials.extraction.aside import Outcome, read_all
from trials.extraction.records import ReadRecord
from trials.lexicon import words_in_use
from trials.models import Fact, StoredRecord, Trial
from trials.models.fact import LINKED
from trials.refresh.arriving import Arrival
from trials.refresh.facts import Difference
from trials.refresh.locking import Turn
from trials.refresh.storing import Store
from trials.registry.errors import first_line
from trials.search.kept import in_step
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
    facts_moved: int = 0  # the same words at another place, or as sure as not before
    taken_in: list[str] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)
    to_review: list[str] = field(default_factory=list)
    changes: list[dict[str, Any]] = field(default_factory=list)
    skipped: list[dict[str, str]] = field(default_factory=list)
    # Values of the tables that are read and that no row of the vocabularies stands for.
    without_row: dict[str, int] = field(default_factory=dict)
    seconds: float = 0.0
    message: str = ""

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    def note(self, difference: Difference) -> None:
        self.facts_moved += len(difference.moved)
        self._tell(difference.trial, difference.made, difference.ended)

    def note_entered(self, trial: Trial, facts: Sequence[Fact]) -> None:
        self.taken_in.append(trial.number)
        self._tell(trial, facts, ())

    def _tell(self, trial: Trial, made: Sequence[Fact], ended: Sequence[Fact]) -> None:
        self.trials_changed += 1
        self.facts_new += len(made)
        self.facts_ended += len(ended)
        if made or ended:
            new, old = ([_in_words(fact) for fact in facts] for facts in (made, ended))
            self.changes.append({"id": trial.number, "new": new, "ended": old})


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
    try:
        return _Rereading(turn, now=now, dry_run=dry_run, progress=progress).work(numbers)
    finally:
        turn.end()


@dataclass(slots=True)
class _Known:
    """A stored record, read again."""

    record: StoredRecord
    read: ReadRecord


class _Rereading:
    def __init__(self, turn: Turn, *, now: datetime, dry_run: bool, progress: Progress) -> None:
        self._turn, self._now, self._dry_run, self._progress = turn, now, dry_run, progress
        self._started = time.monotonic()
        self._words = words_in_use()
        self.report = ExtractReport(lexicon=self._words.version)
        self._store = Store(run=turn.run, origin=ORIGIN, now=now, words=self._words)
        self._readings = self._store.readings

    def work(self, numbers: Sequence[str]) -> ExtractReport:
        report, status = self.report, RunStatus.FAILED
        try:
            self._read_all(numbers)
            if 0 < report.records == len(report.skipped):
                report.message = "no record could be read"
            else:
                status = RunStatus.COMPLETE
        except KeyboardInterrupt:
            status, report.message = RunStatus.INCOMPLETE, "stopped by hand"
        except Exception as error:
            report.message = f"it broke off: {first_line(error)}"
            raise
        finally:
            report.status = status
            self._finish()
        return report

    def _read_all(self, numbers: Sequence[str]) -> None:
        records = StoredRecord.objects.order_by("pk")
        if numbers:
            records = records.filter(registry_id__in=numbers)
        self.report.expected = records.count()
        last: int | None = 0
        while last is not None:
            with transaction.atomic():
                with in_step():
                    last = self._take(records.filter(pk__gt=last)[:AT_ONCE])
                if self._dry_run:
                    transaction.set_rollback(True)
            if self._dry_run:
                self._store.forget()
            self._turn.run.fetched = self.report.records
            self._turn.beat()
            self._progress(self.report)

    def _finish(self) -> None:
        """End the run's row; a dry run leaves none."""
        report, row = self.report, self._turn.run
        report.seconds = round(time.monotonic() - self._started, 2)
        report.without_row = dict(self._readings.without_row)
        if self._dry_run:
            row.delete()
            return
        row.status = report.status
        row.fetched, row.expected = report.records, report.expected
        row.created = len(report.taken_in)
        row.changed, row.skipped = report.trials_changed - row.created, report.skipped
        row.unchanged = report.records - report.trials_changed - len(report.skipped)
        row.message = "; ".join(filter(None, [f"tables {report.lexicon}", report.message]))
        row.finished_at = row.beat_at = timezone.now()
        row.save()

    def _take(self, records: QuerySet[StoredRecord]) -> int | None:
        """Read these again; the key of the last, or None where there is none."""
        batch = self._held(records)
        known = list(self._known(batch))
        entering = [one for one in known if self._enters(one)]
        self._screen(one for one in known if one not in entering)
        of_trials = {
            one.record.trial: one.read.facts(self._words)
            for one in known
            if one.record.trial is not None and one.record.trial.joined_to_id is None
        }
        differences = [one for one in self._readings.differences(of_trials) if one]
        for difference in differences:
            self.report.note(difference)
        self._readings.apply(differences)
        if entering:
            self._take_in(entering)
        return batch[-1].pk if batch else None

    @staticmethod
    def _held(records: QuerySet[StoredRecord]) -> list[StoredRecord]:
        """The records and their trials, held until the transaction ends.

        A curator's decision must not fall between what is read here and what is written then.
        """
        batch = list(records.select_for_update(of=("self",)))
        keys = [record.trial_id for record in batch if record.trial_id]
        held = Trial.objects.select_for_update(of=("self",)).filter(pk__in=keys)
        trials = {trial.pk: trial for trial in held.order_by("pk")}
        for record in batch:
            if record.trial_id:
                record.trial = trials[record.trial_id]
        return batch

    def _take_in(self, entering: Sequence[_Known]) -> None:
        arrivals = [Arrival(one.read, one.record.served_digest) for one in entering]
        trials = self._store.take_in(arrivals)
        said = Fact.objects.filter(trial__in=trials, basis=Basis.RULE, retired_at=None)
        facts: dict[int, list[Fact]] = defaultdict(list)
        for fact in said.select_related(*LINKED.values()):
            facts[fact.trial_id].append(fact)
        for trial in trials:
            self.report.note_entered(trial, facts[trial.pk])

    def _known(self, batch: Sequence[StoredRecord]) -> Iterator[_Known]:
        for record in batch:
            self.report.records += 1
            try:
                written = zlib.decompress(record.body)
            except zlib.error as error:
                outcome: Outcome = f"its stored text is damaged: {error}"
            else:
                (outcome,) = read_all([written], self._words)
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
            screening, reason = verdict.screening, verdict.reason
            decided = trial is not None and trial.screening_basis != Basis.RULE
            if trial is not None and decided:
                screening = trial.screening
                reason = trial.screening_reason or record.screening_reason
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
                trial.screening, trial.screening_reason = screening, reason
                trial.save(update_fields=["screening", "screening_reason", "updated_at"])

    def _other_list(self, screening: str) -> list[str]:
        included = screening == Screening.INCLUDED
        return self.report.taken_in if included else self.report.left_out


def _in_words(fact: Fact) -> str:
    return f"{fact.get_kind_display()}: {fact.label} “{fact.quote[:80]}” ({fact.place})"
