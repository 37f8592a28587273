"""What must hold before any command works: tables of words that can be read, a full text."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from typing import Any

from django.core.checks import CheckMessage, Error, register
from django.db import connections

from trials.extraction.tables import UnusableTables, check_tables


@register("tables")
def tables_can_be_read(**_kwargs: Any) -> list[CheckMessage]:
    try:
        check_tables()
    except UnusableTables as error:
        return [Error(str(error), hint="See trials/extraction/lexicon/.", id="trials.E001")]
    return []


@register("database")
def words_can_be_found(*, databases: Iterable[str] | None = None, **_kwargs: Any) -> list[Error]:
    if not any(connections[alias].vendor == "sqlite" for alias in databases or ()):
        return []
    with sqlite3.connect(":memory:") as database:
        options = {option for (option,) in database.execute("PRAGMA compile_options")}
    if "ENABLE_FTS5" in options:
        return []
    hint = "Use a Python whose SQLite has it (that of python.org does), or PostgreSQL."
    return [Error("This Python's SQLite has no full text (FTS5).", hint=hint, id="trials.E002")]
