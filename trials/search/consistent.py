"""One state of the database for all that a page reads: its counts, its facets and its rows."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connections, router, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from trials.models import Trial


def reading_from() -> str:
    """The database that reads are sent to."""
    return router.db_for_read(Trial)


@contextmanager
def one_state(using: str) -> Iterator[None]:
    """Whatever is read within sees the database as it is at the first read; nothing is written.

    Within a transaction that is open already nothing changes: what it sees is its own affair.
    """
    connection = connections[using]
    if connection.in_atomic_block:
        yield
        return
    with _waiting_for_no_writer(connection), transaction.atomic(using=using):
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield


@contextmanager
def _waiting_for_no_writer(connection: BaseDatabaseWrapper) -> Iterator[None]:
    """SQLite's transactions are set to take the writer's lock at once; a reader has no need."""
    mode = getattr(connection, "transaction_mode", None)
    if mode is None:
        yield
        return
    connection.transaction_mode = "DEFERRED"  # type: ignore[attr-defined]
    try:
        yield
    finally:
        connection.transaction_mode = mode  # type: ignore[attr-defined]
