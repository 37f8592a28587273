"""A batch of arrivals on its way in: compare, screen, save, note what changed."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from trials.extraction.readings import Reading
from trials.extraction.screening import Verdict
from trials.extraction.tables import Lexicon
from trials.models import RecordChange, RefreshRun, StoredRecord, Trial, TrialAlias
from trials.refresh.arriving import Arrival
from trials.refresh.changes import Change, compare
from trials.refresh.facts import Readings, Trees
from trials.refresh.joining import join
from trials.refresh.report import Tally
from trials.refresh.rows import give_keys, insert, insert_instances
from trials.refresh.saving import save_studies
from trials.refresh.sponsors import Sponsors
from trials.refresh.versions import is_older, version
from trials.registry.errors import UnusableRecord
from trials.registry.scrub import read_canonical
from trials.registry.study import Study, parse_study
from trials.vocabulary import Basis, ChangeKind, RunKind, Screening

# What readers are told; the run's own row says which file or address it was.
SOURCE = "ClinicalTrials.gov record"

_Row = TypeVar("_Row", StoredRecord, Trial)


@dataclass(slots=True)
class _Case:
    """An arrival beside what is known of it."""

    arrival: Arrival
    record: StoredRecord | None
    trial: Trial | None
    was_gone: bool
    was_known: bool  # a trial of the catalogue
    screening: str = ""
    reason: str = ""

    @property
    def study(self) -> Study:
        return self.arrival.study

    @property
    def is_in(self) -> bool:
        return self.screening == Screening.INCLUDED


class Store:
    """Saves arrivals for one run, all of them read by the same words."""

    def __init__(self, *, run: RefreshRun, origin: str, now: datetime, words: Lexicon) -> None:
        self._run, self._origin, self._now, self._words = run, origin, now, words
        self._sponsors = Sponsors()
        trees = Trees()
        self.readings = Readings(trees=trees, origin=SOURCE, now=now, version=words.version)

    def forget(self) -> None:
        """After a transaction that was undone."""
        self._sponsors.forget()

    def save(self, arrivals: Sequence[Arrival]) -> Tally:
        """Save these, and say what came of each. Call it inside a transaction."""
        tally = Tally()
        for wave in _waves(arrivals):
            self._save_wave(wave, tally)
        return tally

    def _save_wave(self, arrivals: Sequence[Arrival], tally: Tally) -> None:
        cases = []
        for case in self._cases(arrivals, tally):
            known = case.record
            if known is not None and known.content_hash == case.arrival.read.content_hash:
                is_put = case.trial is not None and case.trial.screening != known.screening
                # The same, twice in one harvest; or a file, which cannot know that it is back.
                if (known.gone_at is None or self._run.kind == RunKind.FILES) and not is_put:
                    tally.count(known.screening, "unchanged")
                    continue
            elif is_older(case.study, stored=known, trial=case.trial):
                tally.older += 1
                tally.count(known.screening if known else Screening.INCLUDED, "unchanged")
                continue
            case.screening, case.reason = _screened(case.arrival.read.verdict, case.trial)
            cases.append(case)
        self._save_trials([case for case in cases if case.is_in])
        self._save_records(cases)
        for case in cases:
            tally.count(case.screening, "changed" if case.was_known else "created")
            tally.unknown_values.update(
                f"{one.path}: {one.value}" for one in case.study.unknown_values
            )

    def take_in(self, arrivals: Sequence[Arrival]) -> list[Trial]:
        """Make trials of stored studies that the rules take in now. Call it in a transaction.

        Nothing came from the registry: the records stay as they are, and of a study that is gone
        the trial is gone.
        """
        cases = [case for case in self._cases(arrivals, Tally()) if _may_enter(case)]
        for case in cases:
            case.screening, case.reason = _screened(case.arrival.read.verdict, case.trial)
        cases = [case for case in cases if case.is_in]
        self._save_trials(cases)
        for case in cases:
            _link(case)
        return [case.trial for case in cases if case.trial is not None]

    def bring_in(self, arrivals: Sequence[Arrival]) -> list[Trial]:
        """Make the trials of stored studies, or bring them up to them, whatever the rules say.

        Not where a later version was read by hand. Call it in a transaction.
        """
        trials = []
        for wave in _waves(arrivals):
            cases = self._cases(wave, Tally())
            fresh = [
                c for c in cases if not (c.trial and is_older(c.study, trial=c.trial, stored=None))
            ]
            for case in fresh:
                case.screening = Screening.INCLUDED
            self._save_trials(fresh)
            for case in fresh:
                _link(case)
            trials += [case.trial for case in cases if case.trial is not None]
        return trials

    def _cases(self, arrivals: Sequence[Arrival], tally: Tally) -> list[_Case]:
        """The arrivals beside their records and trials, held until the transaction ends.

        A curator's decision must not fall between what is read here and what is written then.
        """
        numbers = [number for arrival in arrivals for number in arrival.numbers]
        held = StoredRecord.objects.select_for_update(of=("self",)).filter(registry_id__in=numbers)
        records = {record.registry_id: record for record in held}
        unjoined = Trial.objects.filter(registry_id__in=numbers, joined_to=None)
        rows = unjoined.select_for_update(of=("self",))
        trials = {str(trial.registry_id): trial for trial in rows}
        own = [arrival.study.registry_id for arrival in arrivals]
        aliases = TrialAlias.objects.filter(number__in=own).select_related("trial")
        renumbered = {alias.number: alias.trial for alias in aliases}
        cases = []
        for arrival in arrivals:
            study = arrival.study
            # The registry renumbers: a record or a trial under an older number is the same.
            record = _first(records, arrival.numbers)
            trial = _first(trials, arrival.numbers) or renumbered.get(study.registry_id)
            for number in study.aliases:
                other = trials.get(number)
                if trial is not None and other is not None and self._join(other, trial):
                    tally.notes.append(f"{other.number} is now {trial.number}: joined")
            was_gone = any(row is not None and row.gone_at is not None for row in (record, trial))
            cases.append(_Case(arrival, record, trial, was_gone, was_known=trial is not None))
        return cases

    def _join(self, old: Trial, into: Trial) -> bool:
        """Make one trial of two, where they are two."""
        if old.pk == into.pk or old.joined_to_id or into.joined_to_id:
            return False
        join(old, into, run=self._run, now=self._now)
        return True

    def join_renamed(self, renamed: Mapping[str, str]) -> list[str]:
        """Join trials whose numbers the registry leads on to others; says which."""
        notes = []
        for number, present in renamed.items():
            old = Trial.objects.filter(registry_id=number).first()
            into = Trial.objects.filter(registry_id=present).first()
            if old is not None and into is not None and self._join(old, into):
                notes.append(f"{number} is now {present}: joined")
        return notes

    def _save_trials(self, cases: Sequence[_Case]) -> None:
        trials = save_studies(
            [(case.study, case.trial) for case in cases],
            sponsors=self._sponsors,
            origin=SOURCE,
            now=self._now,
        )
        first: dict[Trial, tuple[Reading, ...]] = {}
        again: dict[Trial, tuple[Reading, ...]] = {}
        for case, trial in zip(cases, trials, strict=True):
            case.trial = trial
            (again if case.was_known else first)[trial] = case.arrival.read.facts(self._words)
        self.readings.save_first(first)
        self.readings.save(again)

    def _save_records(self, cases: Sequence[_Case]) -> None:
        changes: list[tuple[_Case, StoredRecord, Sequence[Change]]] = []
        self._take_trials_back(cases)
        new: list[StoredRecord] = []
        for case in cases:
            noted = _changes(case)
            record = case.record or StoredRecord(first_seen_at=self._now)
            self._fill(record, case)
            changes.append((case, record, noted))
            if record.pk is None:
                new.append(record)
            else:
                record.save()
        give_keys(new)
        insert_instances(new)
        insert(
            RecordChange,
            ("record_id", "trial_id", "run_id", "kind", "field", "old", "new", "seen_at"),
            (
                (
                    record.pk,
                    case.trial.pk if case.trial else None,
                    self._run.pk,
                    str(change.kind),
                    change.field,
                    change.old,
                    change.new,
                    self._now,
                )
                for case, record, noted in changes
                for change in noted
            ),
        )

    @staticmethod
    def _take_trials_back(cases: Sequence[_Case]) -> None:
        """The record of an older number gives its trial to that of the present one."""
        known = [case.trial.pk for case in cases if case.trial is not None and case.was_known]
        own = [case.record.pk for case in cases if case.record is not None]
        if known:
            others = StoredRecord.objects.filter(trial__in=known).exclude(pk__in=own)
            others.update(
                trial=None, screening=Screening.EXCLUDED, screening_reason="has another number now"
            )

    def _fill(self, record: StoredRecord, case: _Case) -> None:
        arrival, study = case.arrival, case.study
        if case.trial is not None and record.pk is not None and record.trial_id is None:
            # What happened before the study was taken into the catalogue is its history too.
            record.changes.update(trial=case.trial)
        record.registry_id, record.title = study.registry_id, study.title
        record.trial = case.trial
        record.body = arrival.read.body
        record.content_hash = arrival.read.content_hash
        record.served_digest = arrival.served_digest
        record.version, record.data_timestamp = version(study)
        record.origin = self._origin
        record.screening, record.screening_reason = case.screening, case.reason
        record.screening_rule = arrival.read.verdict.rule
        record.changed_at = self._now
        record.gone_at = None

    def mark_gone(self, numbers: Iterable[str]) -> int:
        """These the registry does not have any more; their trials keep their pages and data."""
        numbers = list(numbers)
        records = {
            record.registry_id: record
            for record in StoredRecord.objects.filter(registry_id__in=numbers).defer("body")
        }
        fresh = [record.pk for record in records.values() if record.gone_at is None]
        StoredRecord.objects.filter(pk__in=fresh).update(gone_at=self._now)
        trials = list(Trial.objects.filter(registry_id__in=numbers, gone_at=None))
        Trial.objects.filter(pk__in=[trial.pk for trial in trials]).update(gone_at=self._now)
        RecordChange.objects.bulk_create(
            RecordChange(
                record=records.get(trial.number),
                trial=trial,
                run=self._run,
                kind=ChangeKind.GONE,
                seen_at=self._now,
            )
            for trial in trials
        )
        return len(trials)


def _waves(arrivals: Sequence[Arrival]) -> list[list[Arrival]]:
    """Parts in which no two arrivals share a number, so that each part can be looked up at once."""
    waves: list[tuple[list[Arrival], set[str]]] = []
    for arrival in arrivals:
        # After every wave that holds one of its numbers: the order in which they came matters.
        place = max(
            (n + 1 for n, (_, taken) in enumerate(waves) if taken.intersection(arrival.numbers)),
            default=0,
        )
        if place == len(waves):
            waves.append(([], set()))
        waves[place][0].append(arrival)
        waves[place][1].update(arrival.numbers)
    return [wave for wave, _ in waves]


def _first(rows: dict[str, _Row], numbers: Sequence[str]) -> _Row | None:
    return next((rows[number] for number in numbers if number in rows), None)


def _screened(verdict: Verdict, trial: Trial | None) -> tuple[str, str]:
    """What the rules say and why, unless a document or a person has put the trial in or out."""
    if trial is not None and trial.screening_basis != Basis.RULE:
        return trial.screening, trial.screening_reason or "named by a document"
    screening = Screening(verdict.screening)
    if trial is not None and (trial.screening, trial.screening_reason) != (
        screening,
        verdict.reason,
    ):
        trial.screening, trial.screening_reason = screening, verdict.reason
        trial.save(update_fields=["screening", "screening_reason", "updated_at"])
    return screening, verdict.reason


def _may_enter(case: _Case) -> bool:
    """Whether the stored record may make a trial, or fill one that somebody entered.

    Not where the study has another number now, and not where a later version was read by hand.
    """
    if case.record is None or case.record.trial_id is not None:
        return False
    if case.trial is None:
        return True
    own = case.trial.registry_id == case.study.registry_id
    return own and not is_older(case.study, stored=None, trial=case.trial)


def _link(case: _Case) -> None:
    """The record of a study that was taken in, which came and went when it did."""
    record, trial = case.record, case.trial
    assert record is not None  # noqa: S101 - as `_may_enter` saw
    assert trial is not None  # noqa: S101 - it was saved
    trial.gone_at, trial.refreshed_at = record.gone_at, record.changed_at
    trial.save(update_fields=["gone_at", "refreshed_at", "updated_at"])
    record.changes.update(trial=trial)
    record.trial, record.screening, record.screening_reason = trial, case.screening, case.reason
    record.screening_rule = case.arrival.read.verdict.rule
    record.save(update_fields=["trial", "screening", "screening_reason", "screening_rule"])


def _changes(case: _Case) -> list[Change]:
    """What is new about the record, beside what was stored of it."""
    changes = [_whole(ChangeKind.BACK)] if case.was_gone else []
    if case.record is None:
        return [_whole(ChangeKind.FIRST), *changes]
    before = _stored_study(case.record)
    if before is None:
        return changes
    if before.registry_id != case.study.registry_id:
        numbers = (before.registry_id, case.study.registry_id)
        changes.append(Change("", *numbers, ChangeKind.RENUMBERED))
    return [*changes, *compare(before, case.study)]


def _stored_study(record: StoredRecord) -> Study | None:
    """The study as it was stored; None where the stored text is damaged, which a new one mends."""
    try:
        return parse_study(read_canonical(zlib.decompress(record.body)))
    except (zlib.error, ValueError, UnusableRecord):
        return None


def _whole(kind: str) -> Change:
    return Change("", None, None, kind)
