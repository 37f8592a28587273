"""The least that storing records could cost: `python -m bench.floor RECORDS` with DATABASE_URL.

Decodes each, and stores it as it came by an INSERT of its own, a hundred in a transaction, by the
driver that the catalogue uses and with its settings. Reads nothing else in them, and makes no
model, index or fact of them. Prints its seconds.
"""

from __future__ import annotations

import os
import sqlite3
import sys
import time
from pathlib import Path
from typing import Any

import orjson
import psycopg

from catalog.databases import SQLITE_AT_START

AT_ONCE = 100  # as many as a refresh saves in a transaction


def store(path: Path, url: str) -> float:
    """Seconds for all records of the file."""
    is_sqlite = url.startswith("sqlite")
    connection = _sqlite(url) if is_sqlite else psycopg.connect(url)
    body, insert = (
        ("BLOB", "INSERT INTO bench_floor VALUES (?, ?)")
        if is_sqlite
        else ("bytea", "INSERT INTO bench_floor VALUES (%s, %s)")
    )
    cursor = connection.cursor()
    cursor.execute(f"CREATE TABLE bench_floor (number varchar(20) PRIMARY KEY, body {body})")
    connection.commit()
    started = time.perf_counter()
    with path.open("rb") as lines:
        for n, line in enumerate(lines, start=1):
            raw = orjson.loads(line)
            number = raw["protocolSection"]["identificationModule"]["nctId"]
            cursor.execute(insert, (number, line))
            if n % AT_ONCE == 0:
                connection.commit()
    connection.commit()
    seconds = time.perf_counter() - started
    connection.close()
    return seconds


def _sqlite(url: str) -> Any:
    connection = sqlite3.connect(url.removeprefix("sqlite:///"))
    connection.executescript(SQLITE_AT_START)
    return connection


if __name__ == "__main__":
    print(store(Path(sys.argv[1]), os.environ["DATABASE_URL"]))
