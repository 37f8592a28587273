"""Keeps the rows of a table in step with the values that the files give."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from typing import TypeVar

from django.db import models

from trials.partial_date import PartialDate
from trials.seeding.ledger import Ledger, Values
from trials.seeding.report import Tally

Row = TypeVar("Row", bound=models.Model)
Key = TypeVar("Key", bound=Hashable)


def day(text: str | None) -> PartialDate | None:
    """A partial date as the tables hold it."""
    return None if text is None else PartialDate.parse(text)


def keep_in_step(
    model: type[Row],
    wanted: Mapping[Key, Values],
    *,
    existing: Mapping[Key, Row],
    tally: Tally,
    ledger: Ledger | None = None,
) -> dict[Key, Row]:
    """Make the rows that are missing and change those that differ; nothing else is written.

    `wanted` gives the columns by the row's key, foreign keys by their `…_id`. Rows without a
    wanted key stay as they are: see `mirror`. A column that somebody has edited since the files
    gave it keeps the edit.
    """
    ledger = ledger or Ledger(model)
    rows = dict(existing)
    missing = {key: model(**values) for key, values in wanted.items() if key not in rows}
    if missing:
        model._default_manager.bulk_create(missing.values())
        rows |= missing
        tally.created += len(missing)
    for key, values in wanted.items():
        if key in missing:
            ledger.note(key, values)
        else:
            _bring_in_step(rows[key], key, values, ledger=ledger, tally=tally)
    ledger.write()
    return {key: rows[key] for key in wanted}


def _bring_in_step(
    row: models.Model, key: Hashable, values: Values, *, ledger: Ledger, tally: Tally
) -> None:
    edited = ledger.edited(key, row)
    tally.kept += bool(edited)
    due = {name: value for name, value in values.items() if name not in edited}
    if not ledger.is_as_given(key, values):
        ledger.note(key, values)
    if differs(row, due):
        for name, value in due.items():
            setattr(row, name, value)
        row.save()
        tally.changed += 1
    else:
        tally.unchanged += 1


def differs(row: models.Model, values: Values) -> bool:
    return any(getattr(row, name) != value for name, value in values.items())


def mirror(
    model: type[Row],
    wanted: Mapping[Key, Values],
    *,
    key: Callable[[Row], Key],
    within: models.QuerySet[Row] | None = None,
    tally: Tally,
) -> dict[Key, Row]:
    """`keep_in_step` for rows that nothing else points to.

    Rows that the files gave and no longer have are deleted; rows that somebody added stay, and
    rows that somebody deleted stay away.
    """
    ledger = Ledger(model)
    rows = model._default_manager.all() if within is None else within
    existing = {key(row): row for row in rows}
    ended = [name for name in existing if name not in wanted and name in ledger]
    if ended:
        model._default_manager.filter(pk__in=[existing[name].pk for name in ended]).delete()
        ledger.forget(list(ended))
        tally.removed += len(ended)
    deleted = {name for name in wanted if name in ledger and name not in existing}
    tally.kept += len(deleted)
    due = {name: values for name, values in wanted.items() if name not in deleted}
    return keep_in_step(model, due, existing=existing, tally=tally, ledger=ledger)


def link(
    through: type[models.Model], wanted: set[tuple[int, int]], *, columns: tuple[str, str]
) -> bool:
    """Bring a many-to-many table in step with pairs of keys; tells whether it was not.

    Pairs that somebody added stay, and pairs that somebody removed stay away.
    """
    ledger = Ledger(through)
    rows = through._default_manager.values_list("pk", *columns)
    existing = {(one, other): pk for pk, one, other in rows}
    ended = [pair for pair in existing if pair not in wanted and pair in ledger]
    new = sorted(pair for pair in wanted - set(existing) if pair not in ledger)
    if ended:
        through._default_manager.filter(pk__in=[existing[pair] for pair in ended]).delete()
        ledger.forget(list(ended))
    through._default_manager.bulk_create(
        through(**dict(zip(columns, pair, strict=True))) for pair in new
    )
    for pair in wanted:
        if pair not in ledger:
            ledger.note(pair, {})
    ledger.write()
    return bool(ended or new)
