"""Writes many small rows at once: the arms, places and outcomes of a hundred studies.

A row of a study's part is a handful of plain values. Making a model instance of each and handing
it to `bulk_create` takes three times as long as the rest of a refresh together; the database's own
bulk door (COPY on PostgreSQL) takes values as they are. Constraints hold here as everywhere.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from typing import Any

from django.db import connection, models
from psycopg import sql

from trials.models.fields import PartialDateField

Row = Sequence[Any]

# Fields whose Python values both drivers write as they are.
_OF_FEW_VALUES = (models.DateField, PartialDateField)
_PLAIN = (models.CharField, models.TextField, models.IntegerField, models.FloatField)


def insert_instances(instances: Sequence[models.Model]) -> None:
    """Insert new instances of one model, whose keys `give_keys` has set (or need not be known)."""
    if not instances:
        return
    model = type(instances[0])
    keyed = instances[0].pk is not None
    fields = [field for field in model._meta.concrete_fields if keyed or not field.primary_key]
    insert(
        model,
        [field.attname for field in fields],
        ([field.pre_save(one, True) for field in fields] for one in instances),
    )


def give_keys(instances: Sequence[models.Model]) -> None:
    """Set the primary keys that the database would give next. Call it inside a transaction."""
    if instances:
        keys = next_keys(type(instances[0]), len(instances))
        for one, key in zip(instances, keys, strict=True):
            one.pk = key


def next_keys(model: type[models.Model], count: int) -> list[int]:
    """So many primary keys that the database would give next. Call it inside a transaction."""
    table = model._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)",
                [table, count],
            )
            return [key for (key,) in cursor.fetchall()]
        # The transaction is the only writer, and the table's AUTOINCREMENT follows by itself.
        cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])
        last = (cursor.fetchone() or (0,))[0]
        return list(range(last + 1, last + 1 + count))


def insert(model: type[models.Model], columns: Sequence[str], rows: Iterable[Row]) -> None:
    """Insert these rows, each with a value for each of the columns (`arm_id`, not `arm`).

    Every column of the table but its key has to be named: no default is filled in.
    """
    rows = list(rows)
    if not rows:
        return
    fields = [_field(model, name) for name in columns]
    written = _written(fields, rows)
    table = model._meta.db_table
    names = [str(field.column) for field in fields]
    if connection.vendor == "postgresql":
        _copy(table, names, written)
    else:
        _execute_many(table, names, written)


def _field(model: type[models.Model], name: str) -> models.Field[Any, Any]:
    return next(field for field in model._meta.concrete_fields if field.attname == name)


def _written(fields: Sequence[models.Field[Any, Any]], rows: list[Row]) -> list[Row]:
    """The rows as the driver takes them."""
    converters = [(n, _converter(field)) for n, field in enumerate(fields) if not _is_plain(field)]
    if not converters:
        return rows
    written: list[Row] = []
    for row in rows:
        values = list(row)
        for place, converted in converters:
            values[place] = converted(values[place])
        written.append(values)
    return written


def _is_plain(field: models.Field[Any, Any]) -> bool:
    plain = (*_PLAIN, models.ForeignKey, models.BooleanField)
    return isinstance(field, plain) and not isinstance(field, PartialDateField)


def _converter(field: models.Field[Any, Any]) -> Callable[[Any], Any]:
    def converted(value: Any) -> Any:
        return field.get_db_prep_save(value, connection)

    # A batch has few different days, and one moment.
    return lru_cache(maxsize=1_000)(converted) if isinstance(field, _OF_FEW_VALUES) else converted


def _copy(table: str, columns: list[str], rows: Iterable[Row]) -> None:
    into = sql.SQL("COPY {} ({}) FROM STDIN").format(
        sql.Identifier(table), sql.SQL(", ").join(map(sql.Identifier, columns))
    )
    # COPY goes past Django, which else would translate what the driver raises.
    wrapped = connection.wrap_database_errors
    with wrapped, connection.cursor() as cursor, cursor.cursor.copy(into) as copy:
        for row in rows:
            copy.write_row(row)


def _execute_many(table: str, columns: list[str], rows: list[Row]) -> None:
    quote = connection.ops.quote_name
    names = ", ".join(map(quote, columns))
    places = ", ".join(["%s"] * len(columns))
    with connection.cursor() as cursor:
        # The names are the models' own.
        into = f"INSERT INTO {quote(table)} ({names}) VALUES ({places})"  # noqa: S608
        cursor.executemany(into, rows)
