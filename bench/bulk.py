"""Writes very many rows to an empty database: by COPY where it has that, indexes afterwards."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

MOMENT = "2026-01-05 00:00:00"  # UTC; when all was written
# Indexes are made anew, each in one go, which is several times as quick; those that keep a rule,
# as that no number comes twice, stay.
_INDEXES = """
SELECT indexname, indexdef FROM pg_indexes
WHERE schemaname = current_schema() AND tablename = ANY(%s)
AND indexdef NOT LIKE 'CREATE UNIQUE %%'
"""
# No foreign key is looked up and no trigger fires, where we may ask for that: keys are right by
# the way they are made, and a test checks them.
_NO_TRIGGERS = """
SELECT set_config('session_replication_role', 'replica', true)
WHERE has_parameter_privilege('session_replication_role', 'SET')
"""


class Table:
    """The rows that wait to be written to one table.

    A row is a tuple of the values of the columns that are named; the others get their default.
    """

    def __init__(self, model: Any, names: Sequence[str]) -> None:
        self.name = model._meta.db_table
        self.rows: list[tuple[Any, ...]] = []
        fields = {field.attname: field for field in model._meta.concrete_fields}
        others = [
            field for name, field in fields.items() if name not in names and not field.primary_key
        ]
        self._columns = [fields[name].column for name in names]
        self._columns += [field.column for field in others]
        # What never differs stands behind what does.
        self._same = tuple(map(_default, others))

    def write(self) -> None:
        from django.db import connection  # noqa: PLC0415 - after the settings

        write = self._copy if connection.vendor == "postgresql" else self._insert
        with connection.cursor() as cursor:
            write(cursor)
        self.rows = []

    def _copy(self, cursor: Any) -> None:
        with cursor.copy(f"COPY {self._target} FROM STDIN") as copy:
            for row in self.rows:
                copy.write_row(row + self._same)

    def _insert(self, cursor: Any) -> None:
        marks = ", ".join(["%s"] * len(self._columns))
        # Names of our own; no value from outside.
        statement = f"INSERT INTO {self._target} VALUES ({marks})"  # noqa: S608
        cursor.executemany(statement, [row + self._same for row in self.rows])

    @property
    def _target(self) -> str:
        columns = ", ".join(f'"{column}"' for column in self._columns)
        return f'"{self.name}" ({columns})'


def write_together(tables: Sequence[Table]) -> None:
    """Write what waits in all of them, in one transaction."""
    from django.db import connection, transaction  # noqa: PLC0415 - after the settings

    with transaction.atomic():
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute(_NO_TRIGGERS)
        for table in tables:
            table.write()


@contextmanager
def indexes_afterwards(tables: Sequence[Table]) -> Iterator[None]:
    """Without their indexes while it is open. One that ends badly leaves them out."""
    from django.db import connection  # noqa: PLC0415 - after the settings

    if connection.vendor != "postgresql":
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute(_INDEXES, [[table.name for table in tables]])
        found = cursor.fetchall()
        for name, _ in found:
            cursor.execute(f'DROP INDEX "{name}"')
        yield
        connection.check_constraints()  # no index is made while keys wait to be looked up
        for _, statement in found:
            cursor.execute(statement)


def _default(field: Any) -> Any:
    kind = field.get_internal_type()
    if kind == "DateTimeField" and not field.null:
        return MOMENT
    if kind == "JSONField":
        return "[]"
    value = field.get_default()
    return str(value) if isinstance(value, str) else value  # plain text of a listed value
