"""Settings of Python and SQLite under which many records are read and written."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection


@contextmanager
def little_garbage() -> Iterator[None]:
    """Decoded records are many small objects and no cycles: looking for cycles costs a fifth."""
    before = gc.get_threshold()
    gc.collect()
    gc.freeze()  # what is here already will be here at the end
    gc.set_threshold(50_000, 20, 100)
    try:
        yield
    finally:
        gc.set_threshold(*before)
        gc.unfreeze()


@contextmanager
def room_to_write() -> Iterator[None]:
    """SQLite: pages that a batch changes stay in memory until it is whole.

    In return the file is not mapped, so that the process does not seem to hold all of it.
    """
    if connection.vendor != "sqlite":
        yield
        return
    with connection.cursor() as cursor:
        before = {name: _pragma(cursor, name) for name in _ROOM}
        for name, value in _ROOM.items():
            cursor.execute(f"PRAGMA {name}={value}")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            for name, value in before.items():
                cursor.execute(f"PRAGMA {name}={value}")


def _pragma(cursor: Any, name: str) -> int:
    row = cursor.execute(f"PRAGMA {name}").fetchone()
    return int(row[0]) if row else 0  # a database in memory maps nothing


_ROOM = {"cache_size": -32_000, "mmap_size": 0}  # KiB where negative; bytes
