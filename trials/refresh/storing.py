"""One record on its way in: scrub, compare with what is stored, screen, save, note what changed."""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from trials.extraction.readings import read_facts
from trials.extraction.screening import Verdict, screen
from trials.models import RecordChange, RefreshRun, StoredRecord, Trial
from trials.refresh.changes import Change, compare
from trials.refresh.facts import Trees, save_readings
from trials.refresh.harvest import number_of
from trials.refresh.report import RefreshReport
from trials.refresh.saving import save_study
from trials.refresh.sponsors import Sponsors
from trials.registry.numbers import registry_number
from trials.registry.scrub import scrub_and_hash
from trials.registry.study import Study, parse_study
from trials.vocabulary import Basis, Screening


class Store:
    """Takes raw records for one run and counts them in its report."""

    def __init__(
        self, *, run: RefreshRun, report: RefreshReport, origin: str, now: datetime
    ) -> None:
        self._run, self._report, self._origin, self._now = run, report, origin, now
        self._sponsors = Sponsors()
        self._trees = Trees()

    def forget(self) -> None:
        """After a transaction that was undone."""
        self._sponsors.forget()

    def take(self, raw: Any) -> None:
        """Store one record. UnusableRecord says why it cannot be."""
        raw, digest = scrub_and_hash(raw)
        number = registry_number(number_of(raw)) or ""
        stored = StoredRecord.objects.filter(registry_id=number).first()
        if stored is not None and stored.content_hash == digest:
            self._count(stored, is_new=False, has_changed=False)
            return
        study = parse_study(raw)
        if stored is None:
            # The registry renumbers: a record under an older number is the same record.
            stored = StoredRecord.objects.filter(registry_id__in=study.aliases).first()
        if stored is not None and _is_older(study, stored):
            self._count(stored, is_new=False, has_changed=False)
            return
        is_new = stored is None
        record = stored or StoredRecord(first_seen_at=self._now)
        changes = () if is_new else compare(_stored_study(record), study)
        verdict, trial = self._screened(study)
        if verdict.included:
            trial = save_study(study, sponsors=self._sponsors, origin=self._origin, now=self._now)
            readings = read_facts(study)
            save_readings(trial, readings, trees=self._trees, origin=self._origin, now=self._now)
        self._fill(record, study, raw)
        record.trial, record.content_hash = trial, digest
        record.screening = Screening.INCLUDED if verdict.included else Screening.EXCLUDED
        record.screening_reason = verdict.reason
        record.save()
        self._note(record, changes)
        for value in study.unknown_values:
            name = str(value)
            self._report.unknown_values[name] = self._report.unknown_values.get(name, 0) + 1
        self._count(record, is_new=is_new, has_changed=True)

    def mark_gone(self, numbers: Iterable[str]) -> int:
        """Records that the registry no longer has; their trials keep their pages."""
        fresh = StoredRecord.objects.filter(registry_id__in=list(numbers), gone_at=None)
        return fresh.update(gone_at=self._now)

    def _screened(self, study: Study) -> tuple[Verdict, Trial | None]:
        """What the rules say, unless a document or a person has put the trial in or out."""
        trial = Trial.objects.filter(registry_id__in=[study.registry_id, *study.aliases]).first()
        if trial is not None and trial.screening_basis != Basis.RULE:
            included = trial.screening == Screening.INCLUDED
            return Verdict(included, trial.screening_reason or "named by a document"), trial
        verdict = screen(study)
        if trial is not None:
            trial.screening = Screening.INCLUDED if verdict.included else Screening.EXCLUDED
            trial.screening_reason = verdict.reason
            trial.save(update_fields=["screening", "screening_reason", "updated_at"])
        return verdict, trial

    def _fill(self, record: StoredRecord, study: Study, raw: Any) -> None:
        body = json.dumps(raw, ensure_ascii=False, separators=(",", ":"))
        record.registry_id = study.registry_id
        record.title = study.title
        record.body = zlib.compress(body.encode("utf-8", "replace"))
        record.version, record.data_timestamp = _version(study)
        record.origin = self._origin
        record.changed_at = self._now
        record.gone_at = None

    def _note(self, record: StoredRecord, changes: Iterable[Change]) -> None:
        RecordChange.objects.bulk_create(
            RecordChange(
                record=record,
                run=self._run,
                field=change.field,
                old=change.old,
                new=change.new,
                seen_at=self._now,
            )
            for change in changes
        )

    def _count(self, record: StoredRecord, *, is_new: bool, has_changed: bool) -> None:
        if record.screening != Screening.INCLUDED:
            self._report.screened_out += 1
        elif is_new:
            self._report.created += 1
        elif has_changed:
            self._report.changed += 1
        else:
            self._report.unchanged += 1


def _version(study: Study) -> tuple[str, str]:
    """When the study was last updated, and of which day this copy of the registry's data is."""
    return str(study.last_updated or ""), str(study.version_date or "")


def _is_older(study: Study, stored: StoredRecord) -> bool:
    """A file may hold an earlier version than we have: it must not undo the later one."""
    return _version(study) < (stored.version, stored.data_timestamp)


def _stored_study(record: StoredRecord) -> Study:
    return parse_study(json.loads(zlib.decompress(record.body)))
