"""What other words would change in the stored records: the numbers of a dry run, in a moment.

Reads alone, and keeps nobody waiting: the records that hold a phrase are looked for in so many,
and so many of those are read. `manage.py extract --dry-run` goes through all of them.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from trials.extraction.adding import alone
from trials.extraction.aside import read_all
from trials.extraction.phrases import Folded, Phrases
from trials.extraction.records import ReadRecord
from trials.extraction.tables import Addition, Lexicon
from trials.models import StoredRecord, Trial
from trials.refresh.facts import Readings, Trees
from trials.refresh.rereading import ExtractReport
from trials.vocabulary import Basis, Screening

MOST_SEARCHED = 5_000  # stored records
MOST_READ = 200  # of those that hold the phrase
AT_ONCE = 500  # bodies that are in memory


@dataclass(frozen=True, slots=True)
class Preview:
    """`holding` of the `searched` records hold the phrase; `report` is of those that were read."""

    stored: int
    searched: int
    holding: int
    report: ExtractReport

    @property
    def is_whole(self) -> bool:
        """Whether every record that there is was looked at."""
        return self.searched == self.stored and self.holding <= MOST_READ


def preview(phrase: Addition, *, words: Lexicon, now: datetime | None = None) -> Preview:
    """What `extract` would change in the records that hold the phrase if it went by these words."""
    holding, searched = _holding(alone(phrase).phrases)
    report = ExtractReport(lexicon=words.version)
    readings = Readings(trees=Trees(), origin="", now=now or timezone.now(), version=words.version)
    records = StoredRecord.objects.filter(pk__in=holding[:MOST_READ]).select_related("trial")
    facts = {}
    for record, read in _read(records.order_by("pk"), words):
        report.records += 1
        _screen(record, read, report)
        if record.trial is not None and record.trial.joined_to_id is None:
            facts[record.trial] = read.facts(words)
    for difference in readings.differences(facts):
        if difference:
            report.note(difference)
    return Preview(StoredRecord.objects.count(), searched, len(holding), report)


def _holding(phrase: Phrases) -> tuple[list[int], int]:
    """The keys of the records whose text holds the phrase, and how many were searched."""
    holding: list[int] = []
    searched, last = 0, 0
    while searched < MOST_SEARCHED:
        some = min(AT_ONCE, MOST_SEARCHED - searched)
        rows = StoredRecord.objects.filter(pk__gt=last).order_by("pk")
        batch = list(rows.values_list("pk", "body")[:some])
        holding += [key for key, body in batch if phrase.find(Folded(_text(body)))]
        searched += len(batch)
        if len(batch) < some:
            break
        last = batch[-1][0]
    return holding, searched


def _text(body: bytes | memoryview) -> str:
    """The record's JSON, in which no sign of a line's end hides the beginning of a word."""
    try:
        return zlib.decompress(body).decode().replace("\\n", "\n")
    except zlib.error:  # `extract` names it
        return ""


def _read(
    records: Iterable[StoredRecord], words: Lexicon
) -> Iterable[tuple[StoredRecord, ReadRecord]]:
    for record in records:
        (outcome,) = read_all([zlib.decompress(record.body)], words)
        if isinstance(outcome, ReadRecord):
            yield record, outcome


def _screen(record: StoredRecord, read: ReadRecord, report: ExtractReport) -> None:
    trial: Trial | None = record.trial
    if trial is not None and trial.screening_basis != Basis.RULE:
        return  # a document or a person has put it in or out
    to = read.verdict.screening
    if to == record.screening:
        return
    lists = {Screening.INCLUDED: report.taken_in, Screening.EXCLUDED: report.left_out}
    lists.get(Screening(to), report.to_review).append(record.registry_id)
