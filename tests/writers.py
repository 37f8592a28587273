"""Another writer at work beside the test, in a connection of its own."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from django.db import connection, transaction

PATIENCE = 10  # seconds
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
