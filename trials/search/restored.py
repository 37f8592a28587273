"""Brings the log of changes back into the past where a dump was restored into another PostgreSQL.

The log's stamps are numbers of transactions, and every server counts its own: those of a busy one
lie in the future of a new one. A change that is still to come is news to each page again, and is
never noted when that number comes.
"""

from __future__ import annotations

from django.db import connections, transaction
from django.db.backends.utils import CursorWrapper

from trials.search import kept
from trials.search.log import LOG
from trials.search.triggers import begin_epoch, end_epoch

BEFORE_ALL = 0
# What a statement sees was committed before it began, or is its own transaction's.
_TO_COME = """
  log.stamp >= pg_snapshot_xmax(pg_current_snapshot())::text::bigint
  AND log.stamp IS DISTINCT FROM pg_current_xact_id_if_assigned()::text::bigint
"""


def rebase(using: str) -> bool:
    """Stamp as before all transactions what is stamped by one to come; whether there was any.

    Then the epoch is another, so that every process makes its index anew, once. What is kept of
    trials (`trials.search.kept`) and was in step with the log stays so.
    """
    if connections[using].vendor != "postgresql":
        return False
    with transaction.atomic(using=using), connections[using].cursor() as cursor:
        cursor.execute(f"SELECT EXISTS (SELECT FROM {LOG} AS log WHERE {_TO_COME})")  # noqa: S608
        (found,) = cursor.fetchone()
        if found:
            _rebase(cursor)
            end_epoch(connections[using])
            begin_epoch(connections[using])
    return bool(found)


def _rebase(cursor: CursorWrapper) -> None:
    # Whoever notes a change now waits, and notes it after us.
    cursor.execute(f"LOCK TABLE {LOG} IN SHARE ROW EXCLUSIVE MODE")
    for table in kept.tables():
        cursor.execute(
            f"UPDATE {table} AS kept SET stamp = {BEFORE_ALL} FROM {LOG} AS log"  # noqa: S608
            f" WHERE log.subject = kept.trial_id AND log.stamp = kept.stamp AND {_TO_COME}"
        )
    cursor.execute(f"UPDATE {LOG} AS log SET stamp = {BEFORE_ALL} WHERE {_TO_COME}")  # noqa: S608
