"""Ready documents: each trial as the API's lists tell it, kept beside it as JSON.

A document is made by the serializer when its trial changes (`trials.search.kept`), and with it the
trial's row of a CSV file. What depends on who asks is put in when it is sent (`catalog.holes`):
addresses, and names in the reader's language. So are all names of cell sources, indications and
countries, which tens of thousands of trials share.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import orjson
from django.db import connections, router
from django.urls import reverse
from rest_framework import serializers

from catalog.api.trials import (
    CellSourceOfTrial,
    CountryOfTrial,
    NamedThing,
    TitledThing,
    TrialRow,
)
from catalog.exports.rows import ADDRESS, to_keep
from catalog.holes import Filling, either, hole
from trials.models import ChangedTrial, Trial, TrialDocument
from trials.search import Terms
from trials.search.loading import AT_ONCE, batched
from trials.search.vocabularies import Term, reads_chinese

FORM = 3  # another number whenever a document would be another: all are made anew then
FIELDS: tuple[str, ...] = tuple(map(str, TrialRow().fields))
Row = dict[str, Any]
_NAMED = {"cell_sources": "slug", "indications": "slug", "countries": "code"}
_TITLED = ("publications", "documents")
_TABLE, _LOG = TrialDocument._meta.db_table, ChangedTrial._meta.db_table


# --- Made, when a trial changes


def made(keys: Sequence[int]) -> Iterator[TrialDocument]:
    """The documents of these trials, as they are now."""
    for key, row in fresh(keys).items():
        cells = to_keep(row)
        yield TrialDocument(trial_id=key, form=FORM, body=_with_holes(row), cells=cells)


def forget_other_forms(using: str) -> None:
    """Take out the documents of an earlier form, so that they are missing. After each migrate."""
    if _TABLE in connections[using].introspection.table_names():
        TrialDocument.objects.using(using).exclude(form=FORM).delete()


def fresh(keys: Sequence[int]) -> dict[int, Row]:
    """What the documents of these trials would be now, by the trials' keys."""
    trials = list(Trial.objects.filter(pk__in=keys).order_by("pk").for_list())
    # One serializer for all: most of the time would go into making one for each.
    found = _Document(trials, many=True).data
    return {trial.pk: row for trial, row in zip(trials, found, strict=True)}


class _Later(serializers.Field):
    """What is put in when the document is sent."""

    def __init__(self) -> None:
        super().__init__(source="*", read_only=True)

    def to_representation(self, value: Any) -> None:
        return None


class _BothTitles(_Later):
    def to_representation(self, value: Any) -> Any:
        return [value.title, value.title_zh]


class _CellSource(CellSourceOfTrial):
    name: Any = _Later()


class _Indication(NamedThing):
    name: Any = _Later()


class _Country(CountryOfTrial):
    name: Any = _Later()


class _Titled(TitledThing):
    title: Any = _BothTitles()


class _Document(TrialRow):
    """A trial's object without what depends on who asks."""

    url: Any = _Later()
    countries = _Country(many=True)
    cell_sources = _CellSource(many=True)
    indications = _Indication(many=True)
    publications = _Titled(many=True)
    documents = _Titled(many=True)

    def get_fields(self) -> dict[str, Any]:
        fields: dict[str, Any] = super().get_fields()
        return {name: fields[name] for name in FIELDS}  # in the order of the original


def _with_holes(row: Row) -> str:
    """The document as JSON; the row is used up."""
    row["url"] = orjson.Fragment(f'"{hole(ADDRESS)}{row["id"]}/"')
    for name, key in _NAMED.items():
        for thing in row[name]:
            thing["name"] = orjson.Fragment(hole(f"{name}:{thing[key]}"))
    for name in _TITLED:
        for thing in row[name]:
            english, chinese = (_as_json(title or thing["title"][0]) for title in thing["title"])
            thing["title"] = orjson.Fragment(either(english, chinese))
    return orjson.dumps(row).decode()


# --- Sent


def documents(keys: Sequence[int], origin: str) -> Iterator[bytes]:
    """The JSON object of each trial of these primary keys, in their order; a gone one is left out.

    `origin` is what the objects' addresses begin with, without a slash at its end. Names that the
    API has in one language are in the language that is active. Some hundreds are read at a time.
    """
    names = _Names(origin)
    for some in batched(keys, AT_ONCE):
        for text in in_order(some, "body", _with_holes):
            yield names.fill(text).encode()


def rows(keys: Sequence[int], origin: str) -> Iterator[Row]:
    """The same objects, taken apart."""
    return map(orjson.loads, documents(keys, origin))


def in_order(keys: Sequence[int], column: str, make: Callable[[Row], str]) -> Iterator[str]:
    """What is kept of these trials in a column; a gone one is left out.

    What is behind its trial is made here of the trial's document by `make`, and not kept.
    """
    found = _kept(keys, column)
    missing = [key for key in keys if key not in found]
    if missing:
        found |= {key: make(row) for key, row in fresh(missing).items()}
    return (found[key] for key in keys if key in found)


def _kept(keys: Sequence[int], column: str) -> dict[int, str]:
    using = router.db_for_read(TrialDocument)
    numbers, wanted = ",".join(map(str, keys)), "IN ({})"
    in_step = "document.stamp = COALESCE(log.stamp, 0)"
    if connections[using].vendor == "postgresql":
        wanted = "= ANY('{{{}}}')"  # one constant, which is planned faster than a hundred
        # As in `trials.search.kept.find_behind`: within a transaction that writes, nothing is sure.
        in_step += " AND log.stamp IS DISTINCT FROM pg_current_xact_id_if_assigned()::text::bigint"
    with connections[using].cursor() as cursor:
        cursor.execute(
            f"SELECT document.trial_id, document.{column} FROM {_TABLE} AS document"  # noqa: S608
            f" LEFT JOIN {_LOG} AS log ON log.subject = document.trial_id"
            f" WHERE document.trial_id {wanted.format(numbers)} AND form = {FORM} AND {in_step}"
        )
        return dict(cursor.fetchall())


class _Names(Filling):
    """What is put into documents for the reader of this request, as JSON."""

    def __init__(self, origin: str) -> None:
        super().__init__(in_chinese=reads_chinese())
        terms = Terms()
        self[ADDRESS] = _as_json(f"{origin}{reverse('api:trials')}")[1:-1]
        self._terms: dict[str, dict[str, Term]] = {name: getattr(terms, name) for name in _NAMED}

    def named(self, name: str) -> str:
        thing, _colon, key = name.partition(":")
        return _as_json(self._terms[thing][key].label_in(chinese=self.in_chinese))


def _as_json(text: str) -> str:
    return orjson.dumps(text).decode()
