"""The catalogue as a SQLite file: tables with keys, indexes, and a README that says what it is."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import orjson

from catalog.exports.tables import LIST, NUMBER, WHOLE, YES_NO, Column, Table
from catalog.exports.whole import Whole
from catalog.exports.words import readme

AT_ONCE = 2_000  # rows in one call of the database
_TYPES = {WHOLE: "INTEGER", YES_NO: "INTEGER", NUMBER: "REAL"}


class Disagreement(Exception):
    """A row refers to one that is not in the file."""


def write_sqlite(whole: Whole, path: Path) -> None:
    """Raises Disagreement."""
    path.unlink(missing_ok=True)
    file = sqlite3.connect(path, isolation_level=None)
    try:
        _fill(file, whole)
    finally:
        file.close()


def _fill(file: sqlite3.Connection, whole: Whole) -> None:
    # Nobody reads it before it is whole, and a broken one is thrown away: no journal is needed.
    file.executescript("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; BEGIN;")
    tables = whole.tables()
    keys = {table.name: table.key for table in tables}
    for table in tables:
        file.execute(definition(table, keys))
    counts = {table: _insert(file, table) for table in tables}
    for table in tables:
        for column in table.columns:
            if column.refers_to and column.name != table.key[0]:
                name = f"{table.name}_{column.name}"
                file.execute(f'CREATE INDEX "{name}" ON "{table.name}" ("{column.name}")')
    file.execute("CREATE TABLE README (topic TEXT PRIMARY KEY, en TEXT NOT NULL, zh TEXT)")
    file.executemany("INSERT INTO README VALUES (?, ?, ?)", readme(whole, counts))
    if lost := file.execute("PRAGMA foreign_key_check").fetchone():
        raise Disagreement(f"A row of {lost[0]} refers to a row of {lost[2]} that is not there.")
    file.execute("COMMIT")
    file.execute("ANALYZE")


def definition(table: Table, keys: dict[str, tuple[str, ...]]) -> str:
    """The statement that makes the table. Names are our own; `keys`: those of all tables."""
    lines = [_column(column, keys) for column in table.columns]
    lines.append(f"PRIMARY KEY ({', '.join(map(_quoted, table.key))})")
    columns = ",\n  ".join(lines)
    return f"CREATE TABLE {_quoted(table.name)} (\n  {columns}\n)"


def _column(column: Column, keys: dict[str, tuple[str, ...]]) -> str:
    words = f"{_quoted(column.name)} {_TYPES.get(column.kind, 'TEXT')}"
    if not column.refers_to:
        return words
    (key,) = keys[column.refers_to]
    return f"{words} REFERENCES {_quoted(column.refers_to)} ({_quoted(key)})"


def _quoted(name: str) -> str:
    return f'"{name}"'


def _insert(file: sqlite3.Connection, table: Table) -> int:
    marks = ", ".join("?" * len(table.columns))
    statement = f"INSERT INTO {_quoted(table.name)} VALUES ({marks})"  # noqa: S608 - our own names
    lists = [place for place, column in enumerate(table.columns) if column.kind == LIST]
    count, rows = 0, _with_json(table.rows(), lists)
    while some := list(islice(rows, AT_ONCE)):
        file.executemany(statement, some)
        count += len(some)
    return count


def _with_json(rows: Iterable[tuple[Any, ...]], lists: list[int]) -> Iterator[tuple[Any, ...]]:
    for row in rows:
        cells = list(row)
        for place in lists:
            cells[place] = as_json(cells[place])
        yield tuple(cells)


def as_json(value: Any) -> str | None:
    return None if value is None else orjson.dumps(value).decode()
