"""One record on its way in: scrub, compare with what is stored, screen, save, note what changed."""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from trials.extraction.readings import read_facts
from trials.extraction.screening import screen
from trials.models import RecordChange, RefreshRun, StoredRecord, Trial
from trials.refresh.changes import Change, compare
from trials.refresh.facts import Trees, save_readings
from trials.refresh.harvest import number_of
from trials.refresh.report import RefreshReport
from trials.refresh.saving import save_study
from trials.refresh.sponsors import Sponsors
from trials.registry.scrub import scrub_and_hash
from trials.registry.study import Study, parse_study
from trials.vocabulary import Basis, ChangeKind, Screening

# What readers are told; the run's own row says which file or address it was.
SOURCE = "ClinicalTrials.gov record"


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
        number = number_of(raw)
        # Held until the transaction ends: another refresh must not write the same change again.
        held = StoredRecord.objects.select_for_update(of=("self",))
        stored = held.filter(registry_id=number).first()
        if stored is not None and stored.content_hash == digest and stored.gone_at is None:
            self._count(stored.screening, "unchanged")
            return
        study = parse_study(raw)
        if stored is None:
            # The registry renumbers: a record under an older number is the same record.
            stored = held.filter(registry_id__in=study.aliases).first()
        trial = self._trial_of(study)
        is_of_old_number = trial is not None and trial.number not in (number, *study.aliases)
        if is_of_old_number or _is_older(study, stored, trial):
            self._report.older += 1
            self._count(stored.screening if stored else Screening.INCLUDED, "unchanged")
            return
        screening, reason = _screened(study, trial)
        is_known = trial is not None
        if screening == Screening.INCLUDED:
            trial = save_study(study, trial, sponsors=self._sponsors, origin=SOURCE, now=self._now)
            readings = read_facts(study)
            save_readings(trial, readings, trees=self._trees, origin=SOURCE, now=self._now)
        record = stored or StoredRecord(first_seen_at=self._now)
        changes = (
            compare(_stored_study(stored), study)
            if stored
            else (Change("", None, None, ChangeKind.FIRST),)
        )
        self._fill(record, study, raw)
        record.trial, record.content_hash = trial, digest
        record.screening, record.screening_reason = screening, reason
        record.save()
        self._note(record, changes)
        for value in study.unknown_values:
            name = f"{value.path}: {value.value}"
            self._report.unknown_values[name] = self._report.unknown_values.get(name, 0) + 1
        self._count(screening, "changed" if is_known else "created")

    def _trial_of(self, study: Study) -> Trial | None:
        """The trial under the study's number, under an older one, or renumbered since."""
        own = Trial.objects.filter(registry_id=study.registry_id).first()
        older = Trial.objects.filter(registry_id__in=study.aliases).first()
        if own is not None and older is not None:
            self._report.notes.append(
                f"{older.number} is now {own.number}, and both are trials here: merge them"
            )
        renumbered = Trial.objects.filter(aliases__number=study.registry_id)
        return own or older or renumbered.first()

    def mark_gone(self, numbers: Iterable[str]) -> int:
        """Records that the registry no longer has; their trials keep their pages."""
        fresh = StoredRecord.objects.filter(registry_id__in=list(numbers), gone_at=None)
        return fresh.update(gone_at=self._now)

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
                trial=record.trial,
                run=self._run,
                kind=change.kind,
                field=change.field,
                old=change.old,
                new=change.new,
                seen_at=self._now,
            )
            for change in changes
        )

    def _count(self, screening: str, outcome: str) -> None:
        if screening != Screening.INCLUDED:
            outcome = "screened_out"
        setattr(self._report, outcome, getattr(self._report, outcome) + 1)


def _screened(study: Study, trial: Trial | None) -> tuple[str, str]:
    """What the rules say and why, unless a document or a person has put the trial in or out."""
    if trial is not None and trial.screening_basis != Basis.RULE:
        return trial.screening, trial.screening_reason or "named by a document"
    verdict = screen(study)
    screening = Screening.INCLUDED if verdict.included else Screening.EXCLUDED
    if trial is not None and (trial.screening, trial.screening_reason) != (
        screening,
        verdict.reason,
    ):
        trial.screening, trial.screening_reason = screening, verdict.reason
        trial.save(update_fields=["screening", "screening_reason", "updated_at"])
    return screening, verdict.reason


def _version(study: Study) -> tuple[str, str]:
    """When the study was last updated, and of which day this copy of the registry's data is."""
    return str(study.last_updated or ""), str(study.version_date or "")


def _is_older(study: Study, stored: StoredRecord | None, trial: Trial | None) -> bool:
    """A file may hold an earlier version than we know of: it must not undo the later one."""
    updated, copied = _version(study)
    if stored is not None:
        if updated and stored.version and updated != stored.version:
            return updated < stored.version
        return bool(copied) and copied < stored.data_timestamp
    if trial is None or trial.refreshed_at is not None:
        return False
    return _precedes_the_reading(updated, copied, trial)


def _precedes_the_reading(updated: str, copied: str, trial: Trial) -> bool:
    """Whether a record is of before what somebody read by hand and put into the fixtures."""
    if trial.registry_as_of is None:
        # Read in an undated copy: of the day of the reading, as far as we can tell.
        return (copied or updated) < str(trial.checked_on or "")
    if updated and trial.last_updated:
        return updated < str(trial.last_updated)
    return (copied or updated) < str(trial.registry_as_of.earliest)


def _stored_study(record: StoredRecord) -> Study:
    return parse_study(json.loads(zlib.decompress(record.body)))
