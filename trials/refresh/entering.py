"""Brings a study in, from its stored record, because a person decided about it."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from datetime import datetime

from trials.extraction.aside import read_all
from trials.extraction.records import ReadRecord
from trials.extraction.screening import Verdict
from trials.extraction.tables import Lexicon, lexicon
from trials.lexicon import words_in_use
from trials.models import RefreshRun, StoredRecord, Trial
from trials.refresh.arriving import Arrival
from trials.refresh.storing import Store
from trials.registry.study import Study

ORIGIN = "the stored records"


class Unreadable(Exception):
    """The stored text of a record is damaged; the message says how."""


def study_of(record: StoredRecord) -> Study:
    """The study as it is stored. Raises Unreadable."""
    return _read(record, lexicon()).study  # which is the same by any words


def verdict_of(record: StoredRecord) -> Verdict:
    """What the rules say of the stored record now. Raises Unreadable."""
    return _read(record, words_in_use()).verdict


def bring_in(records: Sequence[StoredRecord], *, now: datetime) -> list[Trial]:
    """The trials of the records, made or brought up to them, whatever the rules say of them.

    Their screening is the caller's to write. Call it in a transaction. Raises Unreadable.
    """
    run = RefreshRun.objects.first()
    assert run is not None  # noqa: S101 - the records came by one
    words = words_in_use()
    arrivals = [Arrival(_read(record, words), record.served_digest) for record in records]
    return Store(run=run, origin=ORIGIN, now=now, words=words).bring_in(arrivals)


def _read(record: StoredRecord, words: Lexicon) -> ReadRecord:
    try:
        (read,) = read_all([zlib.decompress(record.body)], words)
    except zlib.error as error:
        raise Unreadable(f"{record.registry_id}: {error}") from error
    if not isinstance(read, ReadRecord):
        raise Unreadable(f"{record.registry_id}: {read}")
    return read
