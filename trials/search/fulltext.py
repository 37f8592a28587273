"""The databases' own full text over the words of trials: PostgreSQL's tsvector, SQLite's FTS5.

Both are fed by the database itself from `TrialText`; they are made after each `migrate`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import numpy as np
from django.db import connections

from trials.models import TrialText
from trials.search.loading import batched
from trials.search.packing import Integers
from trials.search.tokens import Phrase

# Where a phrase can stand, the best first; eligibility is looked at only if it is asked for.
PARTS = ("titles", "subjects", "around")
ELIGIBILITY = "eligibility"
_TEXTS = TrialText._meta.db_table
_FTS5 = f"{_TEXTS}_fts"
_COLUMNS = (*PARTS, ELIGIBILITY)
_AT_ONCE = 100  # phrases in one query: SQLite takes 500 parts of it


def install(using: str) -> bool:
    """Make the full text and what feeds it, if need be. After each migrate.

    False in an older state of the schema, on the way through the migrations.
    """
    connection = connections[using]
    tables = connection.introspection.table_names()
    if _TEXTS not in tables:
        return False
    postgres = connection.vendor == "postgresql"
    with connection.cursor() as cursor:
        for statement in _POSTGRES if postgres else _sqlite(new=_FTS5 not in tables):
            cursor.execute(statement)
    return True


def where_said(
    using: str, asked: Iterable[Phrase], *, eligibility: bool
) -> dict[Phrase, dict[str, Integers]]:
    """The keys of the trials that say each phrase, by the part of the trial where it stands.

    A trial may be named under several parts of a phrase.
    """
    asked = list(dict.fromkeys(asked))
    parts = (*PARTS, ELIGIBILITY) if eligibility else PARTS
    said: dict[Phrase, dict[str, Integers]] = {phrase: {} for phrase in asked}
    search = _search_postgres if connections[using].vendor == "postgresql" else _search_sqlite
    for some in batched(asked, _AT_ONCE):
        for number, part, keys in search(using, some, parts):
            said[some[number]][part] = keys
    return said


_Rows = Iterator[tuple[int, str, Integers]]

# --- PostgreSQL

_VECTORS = {
    "words": " || ".join(
        f"setweight(to_tsvector('simple'::regconfig, {part}), '{weight}')"
        for part, weight in zip(PARTS, "ABC", strict=True)
    ),
    "eligibility_words": f"to_tsvector('simple'::regconfig, {ELIGIBILITY})",
}
_POSTGRES = [
    statement
    for name, vector in _VECTORS.items()
    for statement in (
        f"ALTER TABLE {_TEXTS} ADD COLUMN IF NOT EXISTS {name} tsvector"
        f" GENERATED ALWAYS AS ({vector}) STORED",
        f"CREATE INDEX IF NOT EXISTS {_TEXTS}_{name} ON {_TEXTS} USING gin ({name})",
    )
]


def _search_postgres(using: str, asked: Sequence[Phrase], parts: tuple[str, ...]) -> _Rows:
    best = " ".join(f"WHEN words @@ %s THEN '{part}'" for part in PARTS[:-1])
    selects, values = [], []
    for number, phrase in enumerate(asked):
        selects.append(
            f"SELECT {number} AS number, CASE {best} ELSE '{PARTS[-1]}' END AS part, trial_id"  # noqa: S608
            f" FROM {_TEXTS} WHERE words @@ %s"
        )
        values += [_tsquery(phrase, weight) for weight in ("A", "B", "")]
        if ELIGIBILITY in parts:
            selects.append(
                f"SELECT {number}, '{ELIGIBILITY}', trial_id"  # noqa: S608
                f" FROM {_TEXTS} WHERE eligibility_words @@ %s"
            )
            values.append(_tsquery(phrase))
    sql = (
        "SELECT number, part, string_agg(int4send(trial_id::integer), ''::bytea)"  # noqa: S608
        f" FROM ({' UNION ALL '.join(selects)}) AS said GROUP BY number, part"
    )
    with connections[using].cursor() as cursor:
        cursor.execute(sql.replace("@@ %s", "@@ %s::tsquery"), values)
        for number, part, packed in cursor.fetchall():
            yield number, part, np.frombuffer(packed, ">i4").astype(np.int32)


def _tsquery(phrase: Phrase, weight: str = "") -> str:
    suffix = f":{weight}" if weight else ""
    return " <-> ".join(f"'{word}'{suffix}" for word in phrase)


# --- SQLite


def _sqlite(*, new: bool) -> list[str]:
    columns = ", ".join(_COLUMNS)
    old_row, new_row = (
        ", ".join(f"{row}.{column}" for column in ("trial_id", *_COLUMNS)) for row in ("old", "new")
    )
    add = f"INSERT INTO {_FTS5} (rowid, {columns}) VALUES ({new_row})"  # noqa: S608
    remove = f"INSERT INTO {_FTS5} ({_FTS5}, rowid, {columns}) VALUES ('delete', {old_row})"  # noqa: S608
    bodies = {"INSERT": [add], "DELETE": [remove], "UPDATE": [remove, add]}
    made = [
        f"CREATE VIRTUAL TABLE {_FTS5} USING fts5 ({columns}, content = '{_TEXTS}',"
        " content_rowid = 'trial_id', tokenize = 'unicode61 remove_diacritics 0')",
        f"INSERT INTO {_FTS5} ({_FTS5}) VALUES ('rebuild')",  # noqa: S608
    ]
    triggers = []
    for event, body in bodies.items():
        name = f"{_TEXTS}_{event.lower()}_is_found"
        triggers += [
            f"DROP TRIGGER IF EXISTS {name}",
            f"CREATE TRIGGER {name} AFTER {event} ON {_TEXTS} BEGIN {'; '.join(body)}; END",
        ]
    return [*(made if new else []), *triggers]


def _search_sqlite(using: str, asked: Sequence[Phrase], parts: tuple[str, ...]) -> _Rows:
    selects, values = [], []
    for number, phrase in enumerate(asked):
        for part in parts:
            selects.append(
                f"SELECT {number}, '{part}', group_concat(rowid)"  # noqa: S608
                f" FROM {_FTS5} WHERE {_FTS5} MATCH %s"
            )
            values.append(f'{part} : "{" ".join(phrase)}"')
    with connections[using].cursor() as cursor:
        cursor.execute(" UNION ALL ".join(selects), values)
        rows: list[Any] = cursor.fetchall()
    for number, part, packed in rows:
        if packed:
            yield number, part, np.fromstring(str(packed), np.int64, sep=",").astype(np.int32)
