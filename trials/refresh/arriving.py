"""Records as they arrive: the same as what is stored, new or changed, or not usable.

What is known already costs a digest of the record and a share of one query for a hundred of them.
"""

from __future__ import annotations

import zlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from trials.models import StoredRecord
from trials.refresh.harvest import Named, number_of
from trials.refresh.report import RefreshReport
from trials.registry.errors import UnusableRecord
from trials.registry.scrub import canonical, read_canonical, scrub_canonical, served_digest
from trials.registry.study import Study, parse_study
from trials.vocabulary import Screening

# The texts are small: more effort would save a tenth of the room and take twice the time.
_COMPRESSION = 1


@dataclass(frozen=True, slots=True)
class Arrival:
    """A record that is not the stored one, scrubbed and read: `body` is compressed JSON."""

    study: Study
    body: bytes
    content_hash: str
    served_digest: str

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


def sort_out(records: Sequence[Named], report: RefreshReport) -> list[Arrival]:
    """The records that have to be stored; the report counts the others. Writes no study."""
    digested = [_digest(name, record, report) for name, record in records]
    stored = _stored([one.number for one in digested if one is not None])
    arrivals: list[Arrival] = []
    moved: dict[int, str] = {}
    unchanged: Counter[str] = Counter()
    for one in digested:
        if one is None:
            continue
        known = stored.get(one.number)
        if known is not None and not known.is_gone and known.served_digest == one.digest:
            unchanged[known.screening] += 1
            continue
        try:
            arrival = _read(one)
        except UnusableRecord as error:
            report.skip(error.registry_id or one.name, error.reason)
            report.unreadable += 1
            continue
        if known is None or known.is_gone or known.content_hash != arrival.content_hash:
            arrivals.append(arrival)
        else:  # another contact, another day of the copy
            moved[known.pk] = one.digest
            unchanged[known.screening] += 1
    report.unchanged += unchanged[Screening.INCLUDED]
    report.screened_out += unchanged.total() - unchanged[Screening.INCLUDED]
    _remember(moved)
    return arrivals


@dataclass(frozen=True, slots=True)
class _Digested:
    name: str
    number: str
    record: Any
    written: bytes  # canonical JSON, contacts and all
    digest: str


def _digest(name: str, record: dict[str, Any] | UnusableRecord, report: RefreshReport) -> Any:
    report.fetched += 1
    try:
        if isinstance(record, UnusableRecord):
            raise record
        written = canonical(record)
    except UnusableRecord as error:
        report.skip(error.registry_id or name, error.reason)
        return None
    return _Digested(name, number_of(record), record, written, served_digest(written))


def _read(one: _Digested) -> Arrival:
    scrubbed = scrub_canonical(one.written)
    # Where nothing was taken out, the record as it came is the one to read.
    is_same = scrubbed.body is one.written
    study = parse_study(one.record if is_same else read_canonical(scrubbed.body))
    body = zlib.compress(scrubbed.body, _COMPRESSION)
    return Arrival(study, body, scrubbed.content_hash, one.digest)


def _stored(numbers: Sequence[str]) -> dict[str, _Stored]:
    rows = StoredRecord.objects.filter(registry_id__in=numbers).values_list(
        "registry_id", "pk", "content_hash", "served_digest", "screening", "gone_at"
    )
    return {
        number: _Stored(pk, content, served, screening, gone_at is not None)
        for number, pk, content, served, screening, gone_at in rows
    }


def _remember(moved: dict[int, str]) -> None:
    """So that the next time these records cost a digest and no more."""
    if moved:
        rows = [StoredRecord(pk=pk, served_digest=digest) for pk, digest in moved.items()]
        StoredRecord.objects.bulk_update(rows, ["served_digest"])
