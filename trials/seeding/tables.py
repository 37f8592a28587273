"""Keeps the rows of a table in step with the values that the files give."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping
from typing import Any, TypeVar

from django.db import models

from trials.partial_date import PartialDate
from trials.seeding.report import Tally

Row = TypeVar("Row", bound=models.Model)
Key = TypeVar("Key", bound=Hashable)
Values = Mapping[str, Any]


def day(text: str | None) -> PartialDate | None:
    """A partial date as the tables hold it."""
    return None if text is None else PartialDate.parse(text)


def keep_in_step(
    model: type[Row],
    wanted: Mapping[Key, Values],
    *,
    existing: Mapping[Key, Row],
    tally: Tally,
) -> dict[Key, Row]:
    """Make the rows that are missing and change those that differ; nothing else is written.

    `wanted` gives the columns by the row's key, foreign keys by their `…_id`. Rows without a
    wanted key stay as they are: see `take_away`.
    """
    rows = dict(existing)
    missing = {key: model(**values) for key, values in wanted.items() if key not in rows}
    if missing:
        model._default_manager.bulk_create(missing.values())
        rows |= missing
        tally.created += len(missing)
    for key in wanted.keys() - missing.keys():
        if differs(rows[key], wanted[key]):
            for name, value in wanted[key].items():
                setattr(rows[key], name, value)
            rows[key].save()
            tally.changed += 1
        else:
            tally.unchanged += 1
    return {key: rows[key] for key in wanted}


def differs(row: models.Model, values: Values) -> bool:
    return any(getattr(row, name) != value for name, value in values.items())


def take_away(rows: Iterable[models.Model], *, tally: Tally) -> None:
    """Delete rows that the files no longer have."""
    by_model: dict[type[models.Model], list[Any]] = {}
    for row in rows:
        by_model.setdefault(type(row), []).append(row.pk)
    for model, keys in by_model.items():
        model._default_manager.filter(pk__in=keys).delete()
        tally.removed += len(keys)


def mirror(
    model: type[Row],
    wanted: Mapping[Key, Values],
    *,
    key: Callable[[Row], Key],
    within: models.QuerySet[Row] | None = None,
    tally: Tally,
) -> dict[Key, Row]:
    """`keep_in_step` for rows that the files own: those that they no longer have are deleted."""
    rows = model._default_manager.all() if within is None else within
    existing = {key(row): row for row in rows}
    take_away((row for name, row in existing.items() if name not in wanted), tally=tally)
    return keep_in_step(model, wanted, existing=existing, tally=tally)


def link(
    through: type[models.Model], wanted: set[tuple[int, int]], *, columns: tuple[str, str]
) -> bool:
    """Bring a many-to-many table in step with pairs of keys; tells whether it was not."""
    rows = through._default_manager.values_list("pk", *columns)
    existing = {(one, other): pk for pk, one, other in rows}
    gone = [pk for pair, pk in existing.items() if pair not in wanted]
    new = [
        through(**dict(zip(columns, pair, strict=True))) for pair in sorted(wanted - set(existing))
    ]
    if gone:
        through._default_manager.filter(pk__in=gone).delete()
    through._default_manager.bulk_create(new)
    return bool(gone or new)
