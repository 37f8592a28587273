"""Reads the log of changes: what a database shows now that it did not show at an earlier moment.

On PostgreSQL a moment is a snapshot of transactions, not a counter: a counter is handed out before
its transaction is committed, and a reader of counters would step over a slow writer for ever. What
the own transaction wrote is always told: its snapshots do not tell its earlier writes from later.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import connections

from trials.models import ChangedTrial

LOG = ChangedTrial._meta.db_table
_FIRST_AT_WORK = "pg_snapshot_xmin(pg_current_snapshot())::text"
# The moment now. A replica's snapshots do not name the writers that are at work: what came after
# the first of them counts as not seen yet there, and is told once more.
SNAPSHOT = (
    f"CASE WHEN pg_is_in_recovery() THEN {_FIRST_AT_WORK} || ':' || {_FIRST_AT_WORK} || ':'"
    " ELSE pg_current_snapshot()::text END"
)
_POSTGRES = f"""
  SELECT (SELECT stamp FROM {LOG} WHERE subject = {ChangedTrial.EPOCH}),
         {SNAPSHOT},
         ARRAY(SELECT subject FROM {LOG}
               WHERE stamp = pg_current_xact_id_if_assigned()::text::bigint
                  OR stamp >= pg_snapshot_xmin(%(since)s::pg_snapshot)::text::bigint
                 AND NOT pg_visible_in_snapshot(stamp::text::xid8, %(since)s::pg_snapshot))
"""  # noqa: S608 - names of our own
_SQLITE = f"""
  SELECT (SELECT stamp FROM {LOG} WHERE subject = {ChangedTrial.EPOCH}),
         (SELECT MAX(stamp) FROM {LOG}),
         (SELECT GROUP_CONCAT(subject) FROM {LOG} WHERE stamp > %(since)s)
"""  # noqa: S608
# SQLite has one writer at a time: running numbers come in the order of commits.
NEXT = f"(MAX(0, COALESCE((SELECT MAX(stamp) FROM {LOG}), 0)) + 1)"  # noqa: S608
# Before the first transaction that there ever was: all that is noted comes after it.
_BEGINNING = {"postgresql": "1:1:", "sqlite": "0"}


@dataclass(frozen=True, slots=True)
class Moment:
    """A state of the database, as far as the log tells it. `epoch` is None without a log."""

    epoch: int | None
    at: str


@dataclass(frozen=True, slots=True)
class News:
    """The state of the database now, and the keys of the trials that changed since another."""

    moment: Moment
    trials: frozenset[int]
    vocabularies: bool


_VERSION_POSTGRES = f"""
  SELECT (SELECT stamp FROM {LOG} WHERE subject = {ChangedTrial.EPOCH}),
         latest.stamp,
         LEAST({_FIRST_AT_WORK}::bigint, latest.stamp + 1),
         CASE WHEN pg_is_in_recovery() THEN
           (SELECT COALESCE(SUM(hashint8extended(subject, stamp)), 0) FROM {LOG}
            WHERE stamp >= {_FIRST_AT_WORK}::bigint)
         ELSE
           (SELECT COUNT(*) FROM pg_snapshot_xip(pg_current_snapshot()) AS any_of (running)
            WHERE running::text::bigint < latest.stamp)
         END
  FROM (SELECT MAX(stamp) FROM {LOG}) AS latest (stamp)
"""  # noqa: S608
_VERSION_SQLITE = f"""
  SELECT (SELECT stamp FROM {LOG} WHERE subject = {ChangedTrial.EPOCH}),
         (SELECT MAX(stamp) FROM {LOG})
"""  # noqa: S608


def version(using: str) -> str:
    """The same in every process for as long as nothing that is noted changes; then another.

    On PostgreSQL the last stamp alone is no version: a slow writer with an earlier one may still be
    at work. With the number of writers before it that have not ended, it is: when one of them
    commits, there are fewer of these. What others write, elsewhere, changes nothing. A replica
    does not know them; there it is with all that came after the first of them, in one number.
    """
    vendor = connections[using].vendor
    with connections[using].cursor() as cursor:
        cursor.execute(_VERSION_POSTGRES if vendor == "postgresql" else _VERSION_SQLITE)
        return ".".join(map(str, cursor.fetchone()))


def moment(using: str) -> Moment:
    """The state of the database now."""
    with connections[using].cursor() as cursor:
        at = SNAPSHOT
        if connections[using].vendor == "sqlite":
            at = f"(SELECT MAX(stamp) FROM {LOG})"  # noqa: S608
        epoch = f"SELECT stamp FROM {LOG} WHERE subject = {ChangedTrial.EPOCH}"  # noqa: S608
        cursor.execute(f"SELECT ({epoch}), {at}")
        found, state = cursor.fetchone()
    return Moment(found, str(state or 0))


def note(using: str, trials: Iterable[int]) -> int:
    """Note these trials as changed now, in the transaction that is open; the stamp of the note."""
    now = "pg_current_xact_id()::text::bigint"
    if connections[using].vendor == "sqlite":
        now = NEXT
    with connections[using].cursor() as cursor:
        cursor.execute(f"SELECT {now}")
        (stamp,) = cursor.fetchone()
        # In the order of keys, so that two transactions never wait for each other.
        rows = ", ".join(f"({key}, {stamp})" for key in sorted(trials))
        cursor.execute(
            f"INSERT INTO {LOG} (subject, stamp) VALUES {rows}"  # noqa: S608 - whole numbers
            f" ON CONFLICT (subject) DO UPDATE SET stamp = excluded.stamp"
            f" WHERE {LOG}.stamp <> excluded.stamp"
        )
    return int(stamp)


def news(using: str, since: Moment | None = None) -> News | None:
    """What changed since that moment; None where it cannot be told, and all must be read anew."""
    vendor = connections[using].vendor
    with connections[using].cursor() as cursor:
        parameters = {"since": since.at if since else _BEGINNING[vendor]}
        cursor.execute(_POSTGRES if vendor == "postgresql" else _SQLITE, parameters)
        epoch, at, subjects = cursor.fetchone()
    if since and epoch != since.epoch:
        return None
    if vendor == "sqlite":
        subjects = map(int, subjects.split(",")) if subjects else ()
    changed = frozenset(subjects)
    return News(
        Moment(epoch, str(at or 0)),
        frozenset(key for key in changed if key > 0),
        ChangedTrial.VOCABULARIES in changed,
    )
