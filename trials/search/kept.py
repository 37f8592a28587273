"""Keeps what is worked out of trials in step with them: their words, doubts, ready documents.

Whoever writes does so `in_step`, and then the same transaction has the words too. The change log
tells what was written (`trials.search.log`), so that no writer has to. What an operator writes by
hand is caught up with by the servers, a moment later (`trials.search.warming`).

What only saves its reader time is made `later`, by the servers too: whoever needs it before works
it out. A refresh would take half as long again if it had to wait for it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.db import connections, router, transaction

from trials.models import ChangedTrial, KeptWithTrial, Trial
from trials.search.loading import AT_ONCE, batched
from trials.search.log import moment, news, note

# What makes the rows of some trials; it need not set `stamp`.
Make = Callable[[Sequence[int]], Iterable[KeptWithTrial]]

_makers: dict[type[KeptWithTrial], Make] = {}
_later: dict[type[KeptWithTrial], Make] = {}
_within: ContextVar[frozenset[str]] = ContextVar("in_step", default=frozenset())
_TRIALS, _LOG = Trial._meta.db_table, ChangedTrial._meta.db_table


def keep(model: type[KeptWithTrial], make: Make, *, later: bool = False) -> None:
    """Keep a row of the model for every trial, made by `make`. Called when the app is ready."""
    (_later if later else _makers)[model] = make


def tables() -> list[str]:
    """The tables of what is kept; each has the columns `trial_id` and `stamp`."""
    return [model._meta.db_table for model in (*_makers, *_later)]


@contextmanager
def in_step(using: str | None = None) -> Iterator[None]:
    """What is kept follows all that is written within, inside of the transaction or after it.

    Within another one, that one does it: a thousand decisions made together are one catching up.
    """
    using = using or router.db_for_write(Trial)
    if using in _within.get():
        yield
        return
    before = moment(using)
    outermost = _within.set(_within.get() | {using})
    try:
        yield
    finally:
        _within.reset(outermost)
    written = news(using, before)
    catch_up(using, written.trials if written else None)


@contextmanager
def writing() -> Iterator[None]:
    """A transaction, `in_step`."""
    with transaction.atomic(), in_step():
        yield


def catch_up(using: str, trials: Iterable[int] | None = None) -> int:
    """Make what is kept of these trials anew where it is behind (None: of all); the number.

    Not what is made later.
    """
    groups: list[Sequence[int] | None] = [None]
    if trials is not None:
        groups = [*batched(sorted(trials), AT_ONCE)]
    number = 0
    for some in groups:
        for behind in batched(find_behind(using, some, unsure=True), AT_ONCE):
            _make_anew(using, behind)
            number += len(behind)
    return number


def make_later(using: str, trials: Sequence[int]) -> None:
    """Make what is made later of these trials, where it is behind. Not inside a transaction.

    No writer waits for it: a row that is out of date when it is written has an earlier stamp than
    the trial has by then, and counts as missing.
    """
    behind = find_behind(using, trials, later=True)
    stamps = _stamps(using, behind)  # before the trials are read, so that none is too new
    for model, make in _later.items():
        _write(using, model, make(behind), stamps)


def find_behind(
    using: str,
    trials: Sequence[int] | None = None,
    *,
    unsure: bool = False,
    later: bool = False,
) -> list[int]:
    """The trials, of these or of all, of which something kept is missing or older than they are.

    `unsure`: and those of which it cannot be told, for the open transaction changed them. `later`:
    those of which something that is made later is behind, instead.
    """
    asked_for = [model._meta.db_table for model in (_later if later else _makers)]
    joins = " ".join(f"LEFT JOIN {table} ON {table}.trial_id = trial.id" for table in asked_for)
    behind = " OR ".join(
        f"{table}.stamp IS NULL OR {table}.stamp <> COALESCE(log.stamp, 0)" for table in asked_for
    )
    if unsure and connections[using].vendor == "postgresql":
        # All changes of one transaction have one stamp: what came after the rows is not to be told.
        behind += " OR log.stamp = pg_current_xact_id_if_assigned()::text::bigint"
    asked = "" if trials is None else f"AND trial.id IN ({', '.join(map(str, trials)) or 'NULL'})"
    with connections[using].cursor() as cursor:
        cursor.execute(
            f"SELECT trial.id FROM {_TRIALS} AS trial"  # noqa: S608 - names of our own, numbers
            f" LEFT JOIN {_LOG} AS log ON log.subject = trial.id {joins}"
            f" WHERE ({behind}) {asked} ORDER BY trial.id"
        )
        return [key for (key,) in cursor.fetchall()]


def _make_anew(using: str, trials: Sequence[int]) -> None:
    """The rows as the trials are now: whoever changes one of them meanwhile waits.

    The trials are noted as changed once more: an index that has looked for words in them already
    must look again.
    """
    with transaction.atomic(using=using):
        stamps = dict.fromkeys(trials, note(using, trials))
        for model, make in _makers.items():
            _write(using, model, make(trials), stamps)


def _stamps(using: str, trials: Sequence[int]) -> dict[int, int]:
    log = ChangedTrial.objects.using(using).filter(subject__in=trials)
    return dict.fromkeys(trials, 0) | dict(log.values_list("subject", "stamp"))


def _write(
    using: str,
    model: type[KeptWithTrial],
    rows: Iterable[KeptWithTrial],
    stamps: Mapping[int, int],
) -> None:
    made = list(rows)
    for row in made:
        row.stamp = stamps[row.trial_id]
    columns = [field.name for field in model._meta.concrete_fields if not field.primary_key]
    manager: Any = model._default_manager
    manager.using(using).bulk_create(
        made, update_conflicts=True, unique_fields=["trial"], update_fields=columns
    )
