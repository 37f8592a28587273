"""Another writer at work beside the test, in a connection of its own."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from django.db import connection, transaction

from trials.search.log import LOG

PATIENCE = 10  # seconds
LONGEST_TEST = 60  # seconds
_EARLIER = f"""
  SELECT EXISTS (SELECT 1 FROM pg_snapshot_xip(pg_current_snapshot()) AS any_of (running)
                 WHERE running::text::bigint < (SELECT MAX(stamp) FROM {LOG}))
"""  # noqa: S608 - a name of our own
A_MOMENT = 0.5  # seconds, after which whoever waits for the writer surely does


@contextmanager
def at_work(write: Callable[[], object]) -> Iterator[Callable[[], None]]:
    """Within, the other has written and not committed; it does at the end, or by what this gives.

    Skips the test on SQLite, which has one writer at a time.
    """
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has one writer at a time")
    written, may_commit = threading.Event(), threading.Event()

    def work() -> None:
        with transaction.atomic():
            write()
            written.set()
            may_commit.wait(PATIENCE)
        connection.close()

    thread = threading.Thread(target=work)

    def commit() -> None:
        may_commit.set()
        thread.join()

    thread.start()
    try:
        assert written.wait(PATIENCE)
        yield commit
    finally:
        commit()


@contextmanager
def ending_soon(write: Callable[[], object]) -> Iterator[None]:
    """The same, of a writer who commits a moment later: for what waits for it."""
    with at_work(write) as commit:
        threading.Timer(A_MOMENT, commit).start()
        yield


def wait_for_earlier_writers() -> None:
    """Wait until all have ended who began before the last write of this database.

    Until then every end of theirs is another version of the catalogue, in whichever database of the
    PostgreSQL server they write: other tests do, at the same time.
    """
    until = time.monotonic() + LONGEST_TEST
    while connection.vendor == "postgresql" and time.monotonic() < until:
        with connection.cursor() as cursor:
            cursor.execute(_EARLIER)
            if cursor.fetchone() == (False,):
                return
        time.sleep(0.02)
