"""Keeps what is worked out of trials in step with them: their words, ready documents.

Whoever writes does so `in_step`, and then the same transaction has the words too. The change log
tells what was written (`trials.search.log`), so that no writer has to. What an operator writes by
hand is caught up with by the servers, a moment later (`trials.search.warming`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
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
_within: ContextVar[frozenset[str]] = ContextVar("in_step", default=frozenset())
_TRIALS, _LOG = Trial._meta.db_table, ChangedTrial._meta.db_table


def keep(model: type[KeptWithTrial], make: Make) -> None:
    """Keep a row of the model for every trial, made by `make`. Called when the app is ready."""
    _makers[model] = make


def tables() -> list[str]:
    """The tables of what is kept; each has the columns `trial_id` and `stamp`."""
    return [model._meta.db_table for model in _makers]


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
    """Make what is kept of these trials anew where it is behind (None: of all); the number."""
    groups: list[Sequence[int] | None] = [None]
    if trials is not None:
        groups = [*batched(sorted(trials), AT_ONCE)]
    number = 0
    for some in groups:
        for behind in batched(find_behind(using, some, unsure=True), AT_ONCE):
            _make_anew(using, behind)
            number += len(behind)
    return number


def find_behind(
    using: str, trials: Sequence[int] | None = None, *, unsure: bool = False
) -> list[int]:
    """The trials, of these or of all, of which something kept is missing or older than they are.

    `unsure`: and those of which it cannot be told, for the open transaction changed them.
    """
    joins = " ".join(f"LEFT JOIN {table} ON {table}.trial_id = trial.id" for table in tables())
    behind = " OR ".join(
        f"{table}.stamp IS NULL OR {table}.stamp <> COALESCE(log.stamp, 0)" for table in tables()
    )
    if unsure and connections[using].vendor == "postgresql":
        # All changes of one transaction have one stamp: what came after the rows is not to be told.
        behind += " OR log.stamp = pg_current_xact_id_if_assigned()::text::bigint"
    asked = "" if trials is None else f"AND trial.id IN ({', '.join(map(str, trials))})"
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
        stamp = note(using, trials)
        for model, make in _makers.items():
            rows = list(make(trials))
            for row in rows:
                row.stamp = stamp
            columns = [field.name for field in model._meta.concrete_fields if not field.primary_key]
            manager: Any = model._default_manager
            manager.using(using).bulk_create(
                rows, update_conflicts=True, unique_fields=["trial"], update_fields=columns
            )
