"""Databases of the benchmark's own, made for one measurement and gone after it."""

from __future__ import annotations

import os
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
from psycopg import sql

from bench.processes import ROOT, run

QUERY = "made-up"
_QUERIES = f"""\
[[query]]
name = "{QUERY}"
description = "All studies of the benchmark's registry."
intervention = "cells"
"""
# What a refresh needs of the fixtures: the trees, and not the trials of the documents, for which
# it would ask the registry number by number. All other files are there, and empty.
_TREES = ("cell_sources.toml", "indications.toml")
_numbers = count(1)


@dataclass(frozen=True, slots=True)
class Kind:
    """SQLite, or a PostgreSQL server."""

    name: str
    version: str
    server: str = ""  # the address of its database `postgres`, or any other

    @contextmanager
    def empty(self, folder: Path) -> Iterator[str]:
        """The address of a database without trials, with vocabularies and one stored query."""
        make = _postgres(self.server) if self.server else _sqlite(folder)
        with make as url:
            run("manage.py", "migrate", "--verbosity", "0", DATABASE_URL=url)
            seeds = str(fixtures_in(folder))
            run("manage.py", "seed", "--folder", seeds, "--verbosity", "0", DATABASE_URL=url)
            yield url


def sqlite_kind() -> Kind:
    return Kind("SQLite", sqlite3.sqlite_version)


def postgres_kind(server: str) -> Kind:
    with psycopg.connect(server) as connection:
        found = connection.execute("SHOW server_version").fetchone()
    return Kind("PostgreSQL", str(found[0]) if found else "?", server)


@contextmanager
def _sqlite(folder: Path) -> Iterator[str]:
    with tempfile.TemporaryDirectory(dir=folder) as own:
        yield f"sqlite:///{own}/bench.sqlite3"


@contextmanager
def _postgres(server: str) -> Iterator[str]:
    name = f"bench_catalogue_{os.getpid()}_{next(_numbers)}"
    _execute(server, "CREATE DATABASE {}", name)
    try:
        yield urlsplit(server)._replace(path=f"/{name}").geturl()
    finally:
        _execute(server, "DROP DATABASE {} WITH (FORCE)", name)


def _execute(server: str, statement: str, name: str) -> None:
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(sql.SQL(statement).format(sql.Identifier(name)))


def fixtures_in(folder: Path) -> Path:
    """A folder of seeds, made if it is not there yet."""
    fixtures = folder / "fixtures"
    if not fixtures.exists():
        for part in ("trials", "claims"):
            (fixtures / part).mkdir(parents=True)
        for path in (ROOT / "fixtures").glob("*.toml"):
            (fixtures / path.name).touch()
        for name in _TREES:
            shutil.copy(ROOT / "fixtures" / name, fixtures / name)
        (fixtures / "queries.toml").write_text(_QUERIES, "utf-8")
    return fixtures
