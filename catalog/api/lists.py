"""Trials in a list: as many fields as were asked for, and further parts of each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import Any

import orjson
from django.db.models import QuerySet
from rest_framework import serializers

from catalog.api import documents
from catalog.api.answers import ChangeRow
from catalog.api.documents import FIELDS, Row
from catalog.api.fields import origin
from catalog.api.trials import FactOfTrial, SiteOfTrial, TrialRow
from trials import history
from trials.models import Fact, Site

__all__ = ["FIELDS", "PARTS", "TrialInList", "rows_of"]

IDENTITY = "id"  # no row is without it


class TrialInList(TrialRow):
    """A trial as a list shows it.

    Without `fields` it has every field; `facts`, `sites` and `changes` only where `include` asks
    for them. `changes` are those of the registry's record, the newest first.
    """

    facts = FactOfTrial(many=True)
    sites = SiteOfTrial(many=True)
    changes = ChangeRow(many=True)

    def get_fields(self) -> dict[str, Any]:
        fields: dict[str, Any] = super().get_fields()
        for name, field in fields.items():
            field.required = name == IDENTITY
            field.read_only = False  # else the schema would promise it in every answer
        return fields


def _facts(keys: Collection[int]) -> QuerySet[Any]:
    return Fact.objects.filter(trial__in=keys, retired_at=None).select_related(
        "cell_source", "indication", "product", "document", "decided_by__public_name", "trial"
    )


def _sites(keys: Collection[int]) -> QuerySet[Any]:
    return Site.objects.filter(trial__in=keys).select_related("country", "trial")


_Read = Callable[[Collection[int]], QuerySet[Any]]
PARTS: Mapping[str, tuple[_Read, type[serializers.Serializer[Any]]]] = {
    "facts": (_facts, FactOfTrial),
    "sites": (_sites, SiteOfTrial),
    "changes": (history.changes_of_each, ChangeRow),
}


def rows_of(
    keys: Sequence[int],
    context: Mapping[str, Any],
    parts: Iterable[str] = (),
    fields: Collection[str] = (),
) -> list[Any]:
    """The objects of these trials, to be written as JSON.

    They have these fields alone, or all where none is named, and these further parts, each of
    which costs one query.
    """
    address = origin(context["request"])
    if not parts and not fields:
        return list(map(orjson.Fragment, documents.documents(keys, address)))
    further = {part: _part(part, keys, context) for part in parts}
    kept = {IDENTITY, *(fields or FIELDS)}
    return [
        {name: value for name, value in row.items() if name in kept}
        | {part: of_trial[row[IDENTITY]] for part, of_trial in further.items()}
        for row in documents.rows(keys, address)
    ]


def _part(name: str, keys: Collection[int], context: Mapping[str, Any]) -> Mapping[str, list[Row]]:
    read, serializer = PARTS[name]
    found = list(read(keys))
    written = serializer(found, many=True, context=dict(context)).data
    of_trial: dict[str, list[Row]] = defaultdict(list)
    for row, value in zip(found, written, strict=True):
        of_trial[row.trial.number].append(value)
    return of_trial
