"""Joins two trials that turn out to be one: the registry says that one number is another's alias.

What people and documents said of the older number moves to the present one. What the registry said
stays where it is, with its stored record: the present number has a record of its own. Nothing is
deleted, and the older number goes on leading to the trial.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from datetime import datetime
from typing import Any

from django.db.models import Model

from trials.models import (
    Claim,
    Fact,
    RecordChange,
    RefreshRun,
    StoredRecord,
    Trial,
    TrialAlias,
)
from trials.papers import put_links_as_decided
from trials.showing import PRECEDENCE, settle
from trials.vocabulary import Basis, ChangeKind, DecisionKind, Screening

_DECIDED = ("screening", "screening_basis", "screening_reason")
_NOTED = ("title_zh", "title_zh_note", "doubt", "note")
# What makes two statements one: the same words at the same place for the same value.
_STATEMENT = (
    "kind",
    "role",
    "cell_source_id",
    "indication_id",
    "product_id",
    "value",
    "number",
    "dose_min",
    "dose_max",
    "dose_unit",
    "basis",
    "quote",
    "place",
)


def join(old: Trial, into: Trial, *, run: RefreshRun, now: datetime) -> None:
    """Make `old` the trial `into`; both instances are brought in step with their rows.

    Call it inside a transaction, before the record of `into` is screened: a document's or a
    curator's word that the study is in (or out) comes with it. Joined already: nothing happens.
    Raises ValueError where either is joined to another trial, or both are one.
    """
    _hold(old, into)
    if old.joined_to_id == into.pk:
        return
    if old.pk == into.pk or old.joined_to_id or into.joined_to_id:
        raise ValueError(f"{old.number} cannot be joined to {into.number}: one of them is joined")
    for move in MOVES.values():
        move(old, into, now)
    _fill_blanks(old, into)
    _hide(old, into)
    settle([into, old])
    RecordChange.objects.create(
        record=StoredRecord.objects.filter(trial=into).first(),
        trial=into,
        run=run,
        kind=ChangeKind.RENUMBERED,
        old=old.number,
        new=into.number,
        seen_at=now,
    )


def _hold(*trials: Trial) -> None:
    """Curators of either wait until the transaction ends; the instances are what the rows are."""
    keys = sorted({trial.pk for trial in trials})
    list(Trial.objects.select_for_update(of=("self",)).filter(pk__in=keys).order_by("pk"))
    for trial in trials:
        trial.refresh_from_db(fields=["joined_to", *_DECIDED, *_NOTED])


def _move_facts(old: Trial, into: Trial, now: datetime) -> None:
    """Statements move, ended ones too; the rules' own end, for they read the other's record.

    One that `into` has already ends as well, and so does one that a person has ended there. Every
    curator's decision stays in force: where the two differ, pages show both.
    """
    known = {
        _statement(fact)
        for fact in into.facts.all()
        if fact.retired_at is None or fact.retired_by_id is not None
    }
    moving, ending = [], []
    for fact in old.facts.all():
        is_live = fact.retired_at is None
        is_decision = fact.basis == Basis.CURATOR
        if fact.basis == Basis.RULE or (is_live and not is_decision and _statement(fact) in known):
            ending += [fact.pk] if is_live else []
        else:
            moving.append(fact.pk)
    Fact.objects.filter(pk__in=moving).update(trial=into)
    Fact.objects.filter(pk__in=ending).update(
        retired_at=now, shown=False, retired_note=f"the trial turned out to be {into.number}"
    )


def _statement(fact: Fact) -> tuple[Any, ...]:
    return tuple(getattr(fact, name) for name in _STATEMENT)


def _move_decisions(old: Trial, into: Trial, now: datetime) -> None:
    old.decisions.update(trial=into)


def _move_reports(old: Trial, into: Trial, now: datetime) -> None:
    old.reports.update(trial=into)


def _move_aliases(old: Trial, into: Trial, now: datetime) -> None:
    old.aliases.filter(number=into.number).delete()  # it leads there by itself
    old.aliases.update(trial=into)
    TrialAlias.objects.update_or_create(number=old.number, defaults={"trial": into})


def _move_mentions(old: Trial, into: Trial, now: datetime) -> None:
    rows, theirs = old.mentions.all(), into.mentions.all()
    filled = ("position", "sponsor_words", "title_words", "title_zh_words", "note")
    _move_rows(rows, into, theirs, filled, lambda row: (row.document_id, row.place))


def _move_papers(old: Trial, into: Trial, now: datetime) -> None:
    links, theirs = old.publication_links.all(), into.publication_links.all()
    _move_rows(links, into, theirs, ("basis", "note"), lambda row: row.publication_id)
    put_links_as_decided(into)


def _move_rows(
    rows: Iterable[Any],
    into: Trial,
    theirs: Iterable[Any],
    filled: tuple[str, ...],
    key: Callable[[Any], Hashable],
) -> None:
    """Rows move; of two that are one, that of `into` stays, and gets what it lacks."""
    twins = {key(row): row for row in theirs}
    for row in rows:
        twin = twins.get(key(row))
        if twin is None:
            row.trial = into
            row.save(update_fields=["trial"])
        else:
            _complete(twin, row, filled)


def _complete(row: Model, other: Model, names: tuple[str, ...]) -> None:
    lacking = [name for name in names if not getattr(row, name) and getattr(other, name)]
    for name in lacking:
        setattr(row, name, getattr(other, name))
    if "position" in lacking:  # a row of a document's list stands for one trial
        type(other)._default_manager.filter(pk=other.pk).update(position=None)
    if lacking:
        row.save(update_fields=lacking)


def _move_claims(old: Trial, into: Trial, now: datetime) -> None:
    links = Claim.trials.through.objects
    theirs = list(links.filter(trial=into).values_list("claim", flat=True))
    links.filter(trial=old).exclude(claim__in=theirs).update(trial=into)


def _move_changes(old: Trial, into: Trial, now: datetime) -> None:
    """Readers of the present number see what was seen of the older one; the records stay apart."""
    old.changes.update(trial=into)


def _move_joined(old: Trial, into: Trial, now: datetime) -> None:
    old.joined.update(joined_to=into)


# Every relation that leads to a trial, by its name there, is decided here: a test compares.
MOVES: dict[str, Callable[[Trial, Trial, datetime], None]] = {
    "facts": _move_facts,
    "decisions": _move_decisions,
    "reports": _move_reports,
    "aliases": _move_aliases,
    "mentions": _move_mentions,
    "publication_links": _move_papers,
    "claims": _move_claims,
    "changes": _move_changes,
    "joined": _move_joined,
}
STAY: dict[str, str] = {
    "publications": "moved as publication_links, the table between",
    "doubts": "worked out again, of the present trial alone",
    "stored_record": "the record of the older number as it last came",
    "phases": "read in the older record",
    "arms": "read in the older record",
    "interventions": "read in the older record",
    "outcomes": "read in the older record",
    "sites": "read in the older record",
    "references": "read in the older record",
    "sponsorships": "read in the older record",
}


def _fill_blanks(old: Trial, into: Trial) -> None:
    """What is noted of `old` alone, and whether it is in, if that was decided on better grounds."""
    if not into.title_zh:
        into.title_zh, into.title_zh_note = old.title_zh, old.title_zh_note
    titled = into.decisions.filter(kind=DecisionKind.TITLE, undone_at=None).first()
    if titled is not None and titled.after:  # of either of them: the latest stands
        into.title_zh = titled.after["title_zh"]
        into.title_zh_note = titled.after["title_zh_note"]
    into.doubt = into.doubt or old.doubt
    into.note = into.note or old.note
    if PRECEDENCE[old.screening_basis] < PRECEDENCE[into.screening_basis]:
        for name in _DECIDED:
            setattr(into, name, getattr(old, name))
    screened = into.decisions.filter(kind=DecisionKind.SCREENING, undone_at=None).first()
    if screened is not None and screened.after:  # as with the titles
        into.screening = screened.after["screening"]
        into.screening_basis = screened.after["basis"]
        into.screening_reason = screened.after["reason"]
    into.save(update_fields=[*_NOTED, *_DECIDED, "updated_at"])


def _hide(old: Trial, into: Trial) -> None:
    old.joined_to = into
    old.screening = Screening.EXCLUDED
    old.screening_basis = Basis.RECORD  # not a rule's: the rules must not take it in again
    old.screening_reason = f"the same study as {into.number}: the registry gave it two numbers"
    old.save(update_fields=["joined_to", *_DECIDED, "updated_at"])
    StoredRecord.objects.filter(trial=old).update(
        screening=old.screening, screening_reason=old.screening_reason
    )
