"""Triggers that note every change which a list of trials can show or find, whoever makes it.

A list must show a curator's save on its next page, and a refresh writes by COPY, a seed by bulk
inserts, an operator by hand: only the database sees them all. Installed after each `migrate`.
"""

from __future__ import annotations

import secrets
from typing import NamedTuple

from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Model

from trials.models import (
    Approval,
    Arm,
    CellSource,
    Citation,
    Claim,
    Country,
    Document,
    ExcludedStudy,
    Fact,
    Indication,
    Intervention,
    Mention,
    Outcome,
    Product,
    Publication,
    RecordChange,
    Reference,
    RefreshRun,
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

# Tables of which a trial's page or its row shows something, and their column with its key.
FOLLOWED: dict[type[Model], str] = {
    Trial: "id",
    **dict.fromkeys((Fact, Site, TrialPhase, TrialSponsor, Mention, TrialPublication), "trial_id"),
    **dict.fromkeys((Intervention, TrialAlias, Arm, Outcome, Reference), "trial_id"),
    RecordChange: "trial_id",  # null for a study that is no trial
}
VOCABULARIES: tuple[type[Model], ...] = (CellSource, Indication, Country, Product, Document)


class Linked(NamedTuple):
    """Things of which a trial's row shows these columns, and where the trials are that show them.

    Of cell sources and indications, which tens of thousands of trials have, the slug alone, which
    hardly ever changes; their names, and those of countries, are put in when a row is shown.
    """

    model: type[Model]
    columns: tuple[str, ...]
    through: type[Model]
    column: str


LINKED = (
    Linked(Sponsor, ("sponsor_class", "slug", "name", "name_zh"), TrialSponsor, "sponsor_id"),
    # The year and the position are what they are ordered by.
    Linked(Publication, ("slug", "title", "title_zh", "year"), TrialPublication, "publication_id"),
    Linked(Document, ("slug", "title", "title_zh", "position"), Mention, "document_id"),
    Linked(Product, ("slug", "name"), Fact, "product_id"),
    Linked(CellSource, ("slug",), Fact, "cell_source_id"),
    Linked(Indication, ("slug",), Fact, "indication_id"),
)
# All else that is shown. Each row is a subject of its own, so that no two writers wait.
ELSEWHERE: tuple[type[Model], ...] = (
    *(Sponsor, Publication, Claim, Approval, Citation, ExcludedStudy, RefreshRun),
    *(Claim.trials.through, Claim.publications.through, Claim.products.through),
    *(Claim.contradicts.through, Intervention.arms.through),
)
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


def end_epoch(connection: BaseDatabaseWrapper) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            f"DELETE FROM {LOG} WHERE subject = %s",  # noqa: S608
            [ChangedTrial.EPOCH],
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
_PARTS = TrialSponsor._meta.db_table
_TRIALS_OF_ALIASES = (
    f"SELECT DISTINCT part.trial_id FROM ({{rows}}) AS alias"  # noqa: S608
    f" JOIN {_PARTS} AS part ON part.sponsor_id = alias.sponsor_id"
)


def _elsewhere(model: type[Model], key: str) -> str:
    """The subject of a row: below those that are named, and no other's."""
    return f"-({key} * {len(ELSEWHERE)} + {ELSEWHERE.index(model)}) - 10"


def _postgres() -> list[str]:
    statements = []
    for event in EVENTS:
        rows = f"({_ROWS[event]}) AS any_row"
        for model, column in FOLLOWED.items():
            subjects = f"SELECT DISTINCT {column} FROM {rows} WHERE {column} IS NOT NULL"  # noqa: S608
            statements += _postgres_trigger(model, event, subjects)
        for model in VOCABULARIES:
            statements += _postgres_trigger(model, event, f"SELECT {ChangedTrial.VOCABULARIES}")
        for model in ELSEWHERE:
            subjects = f"SELECT DISTINCT {_elsewhere(model, 'id')} FROM {rows}"  # noqa: S608
            statements += _postgres_trigger(model, event, subjects, "elsewhere")
        subjects = _TRIALS_OF_ALIASES.format(rows=_ROWS[event])
        statements += _postgres_trigger(SponsorAlias, event, subjects)
    for linked in LINKED:
        subjects = _trials_of_changed(linked)
        statements += _postgres_trigger(linked.model, "UPDATE", subjects, "in_trials")
    return statements


def _trials_of_changed(linked: Linked) -> str:
    before, after = (
        ", ".join(f"{rows}.{column}" for column in linked.columns)
        for rows in ("old_rows", "new_rows")
    )
    return f"""
      SELECT DISTINCT part.trial_id FROM old_rows JOIN new_rows USING (id)
      JOIN {linked.through._meta.db_table} AS part ON part.{linked.column} = new_rows.id
      WHERE ({before}) IS DISTINCT FROM ({after})
    """  # noqa: S608


def _postgres_trigger(
    model: type[Model], event: str, subjects: str, where: str = "is"
) -> list[str]:
    name = f"{model._meta.db_table}_{event.lower()}_{where}_noted"
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
        for model in ELSEWHERE:
            notes = [_note(_elsewhere(model, f"{side}.id")) for side in sides]
            statements += _sqlite_trigger(model, event, notes, where="elsewhere")
        notes = [
            _note_trials_of(TrialSponsor, "sponsor_id", f"{side}.sponsor_id") for side in sides
        ]
        statements += _sqlite_trigger(SponsorAlias, event, notes)
    for model, columns, through, column in LINKED:
        condition = " OR ".join(f"OLD.{name} IS NOT NEW.{name}" for name in columns)
        notes = [_note_trials_of(through, column, "NEW.id")]
        statements += _sqlite_trigger(model, "UPDATE", notes, condition, where="in_trials")
    return statements


def _note_trials_of(through: type[Model], column: str, thing: str) -> str:
    return (
        f"INSERT INTO {LOG} (subject, stamp) SELECT trial_id, {NEXT}"  # noqa: S608
        f" FROM {through._meta.db_table} WHERE {column} = {thing} GROUP BY trial_id {_OVER}"
    )


def _note(subject: str) -> str:
    return (
        f"INSERT INTO {LOG} (subject, stamp) SELECT {subject}, {NEXT}"
        f" WHERE {subject} IS NOT NULL {_OVER}"
    )


def _sqlite_trigger(
    model: type[Model], event: str, notes: list[str], condition: str = "1", where: str = "is"
) -> list[str]:
    table = model._meta.db_table
    name = f"{table}_{event.lower()}_{where}_noted"
    body = "; ".join(dict.fromkeys(notes))
    return [
        f"DROP TRIGGER IF EXISTS {name}",
        f"CREATE TRIGGER {name} AFTER {event} ON {table} FOR EACH ROW WHEN {condition}"
        f" BEGIN {body}; END",
    ]
