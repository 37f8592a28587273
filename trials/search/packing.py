"""A column of many rows in one value: half a million keys come as one string of bytes."""

from __future__ import annotations

from typing import Any

import numpy as np
from django.db.models import Aggregate, BinaryField, Expression, Func, IntegerField
from django.db.models.functions import Coalesce

MISSING = -(2**31)  # less than every number and day that there is
Integers = np.ndarray[Any, np.dtype[np.int32]]


class Packed(Aggregate):
    """The whole numbers of a group as an array. Those of one query are in the same order.

    Null is `MISSING`. The database says so if a number does not fit into four bytes.
    """

    name = "Packed"
    output_field = BinaryField()

    def __init__(self, expression: Any, **extra: Any) -> None:
        super().__init__(Coalesce(expression, MISSING, output_field=IntegerField()), **extra)

    def as_postgresql(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        template = "string_agg(int4send(CAST(%(expressions)s AS integer)), ''::bytea)"
        return self.as_sql(compiler, connection, template=template, **extra)

    def as_sqlite(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        template = "group_concat(CAST(%(expressions)s AS integer))"
        return self.as_sql(compiler, connection, template=template, **extra)

    def convert_value(self, value: Any, expression: Expression, connection: Any) -> Integers:
        if value is None:
            return np.empty(0, np.int32)
        if connection.vendor == "postgresql":
            return np.frombuffer(value, ">i4").astype(np.int32)
        return np.fromstring(str(value), np.int64, sep=",").astype(np.int32)


class Days(Func):
    """A date as the number of days since 1970."""

    output_field = IntegerField()

    def as_postgresql(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        template = "(%(expressions)s - DATE '1970-01-01')"
        return self.as_sql(compiler, connection, template=template, **extra)

    def as_sqlite(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        # Midnight is half a day in Julian days.
        template = "CAST(julianday(%(expressions)s) - 2440587.5 AS integer)"
        return self.as_sql(compiler, connection, template=template, **extra)
