"""What the files last gave to each row: so a person's later edit is told from an older file."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import Any

from django.db import models

from trials.models import SeededRow

Values = Mapping[str, Any]


class Ledger:
    """The entries of one table, by the key that the loader gives its rows."""

    def __init__(self, model: type[models.Model]) -> None:
        self._table = model._meta.label_lower[:60]
        rows = SeededRow.objects.filter(table=self._table)
        self._given: dict[str, Values] = {row.key: row.values for row in rows}
        self._new: dict[str, SeededRow] = {}

    def keys(self) -> set[str]:
        """The keys, as texts, of all that the files have given."""
        return set(self._given)

    def __contains__(self, key: Hashable) -> bool:
        return as_text(key) in self._given

    def is_as_given(self, key: Hashable, values: Values) -> bool:
        """Whether the files give what they gave the last time."""
        return self._given.get(as_text(key)) == plain(values)

    def edited(self, key: Hashable, row: models.Model) -> set[str]:
        """The columns that somebody has changed since the files gave them."""
        given = self._given.get(as_text(key), {})
        return {name for name, value in given.items() if _plain(getattr(row, name)) != value}

    def note(self, key: Hashable, values: Values) -> None:
        name = as_text(key)
        self._new[name] = SeededRow(table=self._table, key=name, values=plain(values))

    def forget(self, keys: list[Hashable]) -> None:
        """The files no longer have these rows."""
        names = [as_text(key) for key in keys]
        SeededRow.objects.filter(table=self._table, key__in=names).delete()

    def write(self) -> None:
        SeededRow.objects.bulk_create(
            self._new.values(),
            update_conflicts=True,
            unique_fields=("table", "key"),
            update_fields=("values",),
        )


def plain(values: Values) -> dict[str, Any]:
    """The values as JSON gives them back."""
    return {name: _plain(value) for name, value in values.items()}


def _plain(value: Any) -> Any:
    return value if value is None or isinstance(value, bool | int | float | list) else str(value)


def as_text(key: Hashable) -> str:
    """The key as the ledger writes it."""
    return " ".join(map(str, key)) if isinstance(key, tuple) else str(key)
