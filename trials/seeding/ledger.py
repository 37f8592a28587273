"""What the files last gave to each row: so a person's later edit is told from an older file."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import Any

from django.db import models

from trials.models import Claim, Mention, SeededRow, Trial, TrialPublication

Values = Mapping[str, Any]
# The tables whose rows move with a trial that turns out to be another: their keys hold the
# trial's, and this is its place there.
_MOVED: tuple[tuple[type[models.Model], int], ...] = (
    (Mention, 0),
    (TrialPublication, 0),
    (Claim.trials.through, 1),
)


class Ledger:
    """The entries of one table, by the key that the loader gives its rows."""

    def __init__(self, model: type[models.Model]) -> None:
        self._table = _table(model)
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


def follow_joined_trials() -> None:
    """What the files gave to a trial that was joined to another, they gave to that other one.

    So a row that somebody deleted stays away under the present number too. Where the other trial
    has been given the same row itself, there is nothing to follow.
    """
    joined = dict(Trial.objects.exclude(joined_to=None).values_list("pk", "joined_to"))
    if not joined:
        return
    tables = {_table(model): place for model, place in _MOVED}
    rows = list(SeededRow.objects.filter(table__in=tables))
    given = {(row.table, row.key) for row in rows}
    for row in rows:
        parts = row.key.split(" ")
        trial = joined.get(int(parts[tables[row.table]]))
        if trial is None:
            continue
        parts[tables[row.table]] = str(trial)
        row.key = " ".join(parts)
        if (row.table, row.key) in given:
            row.delete()
        else:
            given.add((row.table, row.key))
            row.values = {n: trial if n == "trial_id" else v for n, v in row.values.items()}
            row.save(update_fields=["key", "values"])


def _table(model: type[models.Model]) -> str:
    return str(model._meta.label_lower)[:60]
