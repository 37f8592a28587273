"""Triggers that note every change which a list of trials can show, whoever makes it.

A list must show a curator's save on its next page, and a refresh writes by COPY, a seed by bulk
inserts, an operator by hand: only the database sees them all. Installed after each `migrate`.
"""

from __future__ import annotations

import secrets
from typing import Any

from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Model

from trials.models import (
    CellSource,
    Country,
    Document,
    Fact,
    Indication,
    Mention,
    Product,
    Site,
    Sponsor,
    Trial,
    TrialPhase,
    TrialPublication,
    TrialSponsor,
)
from trials.models.search import ChangedTrial

LOG = ChangedTrial._meta.db_table
# Tables of which a list shows or counts something, and their column with the trial's key.
FOLLOWED: dict[type[Model], str] = {
    Trial: "id",
    **dict.fromkeys((Fact, Site, TrialPhase, TrialSponsor, Mention, TrialPublication), "trial_id"),
}
VOCABULARIES: tuple[type[Model], ...] = (CellSource, Indication, Country, Product, Document)
EVENTS = ("INSERT", "UPDATE", "DELETE")


def install(using: str, **_kwargs: Any) -> None:
    """Make the triggers anew, and begin an epoch if there is none. A receiver of post_migrate."""
    connection = connections[using]
    if LOG not in connection.introspection.table_names():
        return  # an older state of the schema, on the way through the migrations
    statements = _postgres() if connection.vendor == "postgresql" else _sqlite()
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
    begin_epoch(connection)


def begin_epoch(connection: BaseDatabaseWrapper) -> None:
    # Negative, so that it is never taken for a change.
    stamp = -secrets.randbelow(2**62) - 1
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {LOG} (subject, stamp) VALUES (%s, %s) ON CONFLICT DO NOTHING",  # noqa: S608
            [ChangedTrial.EPOCH, stamp],
        )


# --- PostgreSQL: once a statement, however many rows it writes

_ROWS = {
    "INSERT": "SELECT * FROM new_rows",
    "UPDATE": "SELECT * FROM old_rows UNION ALL SELECT * FROM new_rows",
    "DELETE": "SELECT * FROM old_rows",
}
_TABLES = {
    "INSERT": "NEW TABLE AS new_rows",
    "UPDATE": "OLD TABLE AS old_rows NEW TABLE AS new_rows",
    "DELETE": "OLD TABLE AS old_rows",
}
# In the order of keys, so that two transactions never wait for each other.
_STAMP = f"""
  INSERT INTO {LOG} (subject, stamp)
  SELECT subject, pg_current_xact_id()::text::bigint FROM ({{subjects}}) AS changed (subject)
  ORDER BY subject
  ON CONFLICT (subject) DO UPDATE SET stamp = excluded.stamp WHERE {LOG}.stamp <> excluded.stamp;
"""  # noqa: S608 - names of our own
_OF_ANOTHER_CLASS = f"""
  SELECT DISTINCT part.trial_id FROM old_rows JOIN new_rows USING (id)
  JOIN {TrialSponsor._meta.db_table} AS part ON part.sponsor_id = new_rows.id
  WHERE old_rows.sponsor_class <> new_rows.sponsor_class
"""  # noqa: S608


def _postgres() -> list[str]:
    statements = []
    for model, column in FOLLOWED.items():
        for event in EVENTS:
            rows = f"SELECT DISTINCT {column} FROM ({_ROWS[event]}) AS any_row"  # noqa: S608
            statements += _postgres_trigger(model, event, rows)
    for model in VOCABULARIES:
        for event in EVENTS:
            statements += _postgres_trigger(model, event, f"SELECT {ChangedTrial.VOCABULARIES}")
    return [*statements, *_postgres_trigger(Sponsor, "UPDATE", _OF_ANOTHER_CLASS)]


def _postgres_trigger(model: type[Model], event: str, subjects: str) -> list[str]:
    name = f"{model._meta.db_table}_{event.lower()}_is_noted"
    body = f"BEGIN {_STAMP.format(subjects=subjects)} RETURN NULL; END"
    return [
        f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ {body} $$",
        f"CREATE OR REPLACE TRIGGER {name} AFTER {event} ON {model._meta.db_table}"
        f" REFERENCING {_TABLES[event]} FOR EACH STATEMENT EXECUTE FUNCTION {name}()",
    ]


# --- SQLite: once a row; one writer at a time gives running numbers in the order of commits

_NEXT = f"(MAX(0, COALESCE((SELECT MAX(stamp) FROM {LOG}), 0)) + 1)"  # noqa: S608
# Not OR REPLACE: the policy of the statement that fires the trigger would come before it.
_OVER = "ON CONFLICT (subject) DO UPDATE SET stamp = excluded.stamp"


def _sqlite() -> list[str]:
    statements = []
    for model, column in FOLLOWED.items():
        for event in EVENTS:
            sides = {"INSERT": ["NEW"], "UPDATE": ["OLD", "NEW"], "DELETE": ["OLD"]}[event]
            notes = [_note(f"{side}.{column}") for side in sides]
            statements += _sqlite_trigger(model, event, notes)
    for model in VOCABULARIES:
        for event in EVENTS:
            statements += _sqlite_trigger(model, event, [_note(str(ChangedTrial.VOCABULARIES))])
    led = (
        f"INSERT INTO {LOG} (subject, stamp) SELECT trial_id, {_NEXT}"  # noqa: S608
        f" FROM {TrialSponsor._meta.db_table} WHERE sponsor_id = NEW.id GROUP BY trial_id {_OVER}"
    )
    condition = "OLD.sponsor_class <> NEW.sponsor_class"
    statements += _sqlite_trigger(Sponsor, "UPDATE", [led], condition)
    return statements


def _note(subject: str) -> str:
    return f"INSERT INTO {LOG} (subject, stamp) VALUES ({subject}, {_NEXT}) {_OVER}"  # noqa: S608


def _sqlite_trigger(
    model: type[Model], event: str, notes: list[str], condition: str = "1"
) -> list[str]:
    table = model._meta.db_table
    name = f"{table}_{event.lower()}_is_noted"
    body = "; ".join(dict.fromkeys(notes))
    return [
        f"DROP TRIGGER IF EXISTS {name}",
        f"CREATE TRIGGER {name} AFTER {event} ON {table} FOR EACH ROW WHEN {condition}"
        f" BEGIN {body}; END",
    ]
