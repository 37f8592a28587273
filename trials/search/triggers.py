"""Triggers that note every change which a list of trials can show or find, whoever makes it.

A list must show a curator's save on its next page, and a refresh writes by COPY, a seed by bulk
inserts, an operator by hand: only the database sees them all. Installed after each `migrate`.
"""

from __future__ import annotations

import secrets

from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Model

from trials.models import (
    CellSource,
    Country,
    Document,
    Fact,
    Indication,
    Intervention,
    Mention,
    Product,
    Site,
    Sponsor,
    SponsorAlias,
    Trial,
    TrialAlias,
    TrialPhase,
    TrialPublication,
    TrialSponsor,
)
from trials.models.search import ChangedTrial
from trials.search.log import LOG, NEXT

# Tables of which a list shows, counts or finds something, and their column with the trial's key.
FOLLOWED: dict[type[Model], str] = {
    Trial: "id",
    **dict.fromkeys((Fact, Site, TrialPhase, TrialSponsor, Mention, TrialPublication), "trial_id"),
    **dict.fromkeys((Intervention, TrialAlias), "trial_id"),
}
VOCABULARIES: tuple[type[Model], ...] = (CellSource, Indication, Country, Product, Document)
EVENTS = ("INSERT", "UPDATE", "DELETE")


def install(using: str) -> bool:
    """Make the triggers anew, and begin an epoch if there is none. After each migrate.

    False in an older state of the schema, on the way through the migrations.
    """
    connection = connections[using]
    if LOG not in connection.introspection.table_names():
        return False
    statements = _postgres() if connection.vendor == "postgresql" else _sqlite()
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
    begin_epoch(connection)
    return True


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
# What a sponsor's trials are counted and found by.
_OF_A_SPONSOR = ("sponsor_class", "name", "name_zh")
_PARTS = TrialSponsor._meta.db_table
_TRIALS_OF_CHANGED_SPONSORS = f"""
  SELECT DISTINCT part.trial_id FROM old_rows JOIN new_rows USING (id)
  JOIN {_PARTS} AS part ON part.sponsor_id = new_rows.id
  WHERE ({", ".join(f"old_rows.{column}" for column in _OF_A_SPONSOR)})
     <> ({", ".join(f"new_rows.{column}" for column in _OF_A_SPONSOR)})
"""  # noqa: S608
_TRIALS_OF_ALIASES = (
    f"SELECT DISTINCT part.trial_id FROM ({{rows}}) AS alias"  # noqa: S608
    f" JOIN {_PARTS} AS part ON part.sponsor_id = alias.sponsor_id"
)


def _postgres() -> list[str]:
    statements = []
    for model, column in FOLLOWED.items():
        for event in EVENTS:
            rows = f"SELECT DISTINCT {column} FROM ({_ROWS[event]}) AS any_row"  # noqa: S608
            statements += _postgres_trigger(model, event, rows)
    for model in VOCABULARIES:
        for event in EVENTS:
            statements += _postgres_trigger(model, event, f"SELECT {ChangedTrial.VOCABULARIES}")
    for event in EVENTS:
        subjects = _TRIALS_OF_ALIASES.format(rows=_ROWS[event])
        statements += _postgres_trigger(SponsorAlias, event, subjects)
    return [*statements, *_postgres_trigger(Sponsor, "UPDATE", _TRIALS_OF_CHANGED_SPONSORS)]


def _postgres_trigger(model: type[Model], event: str, subjects: str) -> list[str]:
    name = f"{model._meta.db_table}_{event.lower()}_is_noted"
    body = f"BEGIN {_STAMP.format(subjects=subjects)} RETURN NULL; END"
    return [
        f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ {body} $$",
        f"CREATE OR REPLACE TRIGGER {name} AFTER {event} ON {model._meta.db_table}"
        f" REFERENCING {_TABLES[event]} FOR EACH STATEMENT EXECUTE FUNCTION {name}()",
    ]


# --- SQLite: once a row; one writer at a time gives running numbers in the order of commits

# Not OR REPLACE: the policy of the statement that fires the trigger would come before it.
_OVER = "ON CONFLICT (subject) DO UPDATE SET stamp = excluded.stamp"


_SIDES = {"INSERT": ("NEW",), "UPDATE": ("OLD", "NEW"), "DELETE": ("OLD",)}


def _sqlite() -> list[str]:
    statements = []
    for event, sides in _SIDES.items():
        for model, column in FOLLOWED.items():
            notes = [_note(f"{side}.{column}") for side in sides]
            statements += _sqlite_trigger(model, event, notes)
        for model in VOCABULARIES:
            statements += _sqlite_trigger(model, event, [_note(str(ChangedTrial.VOCABULARIES))])
        notes = [_note_trials_of(f"{side}.sponsor_id") for side in sides]
        statements += _sqlite_trigger(SponsorAlias, event, notes)
    condition = " OR ".join(f"OLD.{column} <> NEW.{column}" for column in _OF_A_SPONSOR)
    return [
        *statements,
        *_sqlite_trigger(Sponsor, "UPDATE", [_note_trials_of("NEW.id")], condition),
    ]


def _note_trials_of(sponsor: str) -> str:
    return (
        f"INSERT INTO {LOG} (subject, stamp) SELECT trial_id, {NEXT}"  # noqa: S608
        f" FROM {_PARTS} WHERE sponsor_id = {sponsor} GROUP BY trial_id {_OVER}"
    )


def _note(subject: str) -> str:
    return f"INSERT INTO {LOG} (subject, stamp) VALUES ({subject}, {NEXT}) {_OVER}"  # noqa: S608


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
