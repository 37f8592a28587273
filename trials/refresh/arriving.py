"""Records as they arrive: the same as what is stored, new or changed, or not usable.

What is known already costs a digest of the record and a share of one query for a hundred of them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from trials.extraction.aside import Outcome
from trials.extraction.records import ReadRecord
from trials.models import StoredRecord, Trial
from trials.refresh.harvest import Named, number_of
from trials.refresh.report import RefreshReport
from trials.registry.errors import UnusableRecord
from trials.registry.scrub import canonical, served_digest
from trials.registry.study import Study
from trials.vocabulary import Screening


@dataclass(frozen=True, slots=True)
class Arrival:
    """A record that is not the stored one, read."""

    read: ReadRecord
    served_digest: str

    @property
    def study(self) -> Study:
        return self.read.study

    @property
    def numbers(self) -> tuple[str, ...]:
        return (self.study.registry_id, *self.study.aliases)


@dataclass(frozen=True, slots=True)
class _Stored:
    pk: int
    content_hash: str
    served_digest: str
    screening: str
    is_gone: bool
    is_in_step: bool  # with its trial, which may have been put in or out since

    @property
    def is_settled(self) -> bool:
        """Whether the same record once more would change nothing."""
        return self.is_in_step and not self.is_gone


@dataclass(frozen=True, slots=True)
class Unread:
    """A record that came and is not known to be the stored one."""

    name: str
    number: str
    written: bytes  # canonical JSON, contacts and all
    digest: str
    known: _Stored | None


def sort_out(records: Sequence[Named], report: RefreshReport) -> list[Unread]:
    """The records that have to be read; the report counts the others."""
    digested = [
        one for name, record in records if (one := _digested(name, record, report)) is not None
    ]
    stored = _stored([one.number for one in digested])
    unread: list[Unread] = []
    unchanged: Counter[str] = Counter()
    for one in digested:
        known = stored.get(one.number)
        if known is not None and known.is_settled and known.served_digest == one.digest:
            unchanged[known.screening] += 1
        else:
            unread.append(replace(one, known=known))
    _count_unchanged(unchanged, report)
    return unread


def arrivals(
    unread: Sequence[Unread], outcomes: Sequence[Outcome], report: RefreshReport
) -> list[Arrival]:
    """Those of the records that differ from the stored ones, now that they are read."""
    arrived: list[Arrival] = []
    moved: dict[int, str] = {}
    unchanged: Counter[str] = Counter()
    for one, outcome in zip(unread, outcomes, strict=True):
        known = one.known
        if isinstance(outcome, UnusableRecord):
            report.skip(outcome.registry_id or one.name, outcome.reason)
            report.unreadable += 1
        elif isinstance(outcome, str):
            report.skip(one.number, f"it could not be read: {outcome}")
        elif known is None or not known.is_settled or known.content_hash != outcome.content_hash:
            arrived.append(Arrival(outcome, one.digest))
        else:  # another contact, another day of the copy
            moved[known.pk] = one.digest
            unchanged[known.screening] += 1
    _count_unchanged(unchanged, report)
    _remember(moved)
    return arrived


def _digested(
    name: str, record: dict[str, Any] | UnusableRecord, report: RefreshReport
) -> Unread | None:
    report.fetched += 1
    try:
        if isinstance(record, UnusableRecord):
            raise record
        written = canonical(record)
    except UnusableRecord as error:
        report.skip(error.registry_id or name, error.reason)
        return None
    return Unread(name, number_of(record), written, served_digest(written), None)


def _count_unchanged(unchanged: Counter[str], report: RefreshReport) -> None:
    report.unchanged += unchanged[Screening.INCLUDED]
    report.screened_out += unchanged.total() - unchanged[Screening.INCLUDED]


def _stored(numbers: Sequence[str]) -> dict[str, _Stored]:
    rows = StoredRecord.objects.filter(registry_id__in=numbers).values_list(
        "registry_id", "pk", "content_hash", "served_digest", "screening", "gone_at"
    )
    trials = dict(
        Trial.objects.filter(registry_id__in=numbers, joined_to=None).values_list(
            "registry_id", "screening"
        )
    )
    return {
        number: _Stored(
            pk,
            content,
            served,
            screening,
            gone_at is not None,
            trials.get(number, screening) == screening,
        )
        for number, pk, content, served, screening, gone_at in rows
    }


def _remember(moved: dict[int, str]) -> None:
    """So that the next time these records cost a digest and no more."""
    if moved:
        rows = [StoredRecord(pk=pk, served_digest=digest) for pk, digest in moved.items()]
        StoredRecord.objects.bulk_update(rows, ["served_digest"])
