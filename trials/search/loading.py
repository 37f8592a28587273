"""Reads what the index holds of trials: of all of them, or of some that changed."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

import numpy as np
from django.db.models import Case, IntegerField, Q, QuerySet, Value, When
from django.db.models.functions import Cast, Coalesce, Substr

from trials.models import Fact, Trial, TrialPublication
from trials.querysets import TrialQuerySet
from trials.search.links import COLUMNS, LINKS, leads, shown_facts
from trials.search.packing import MISSING, Days, Integers, Packed

Key = int | str | bool
AT_ONCE = 500  # keys in one query: SQLite bounds their number, and long lists are slow on both
_TITLE = 48  # bytes of a title that its order goes by; then its number decides
_OWN_NUMBER = 100_000_000  # the catalogue's own numbers come after the registry's, of 8 digits


@dataclass
class Loaded:
    """Some trials, as aligned arrays, and for each value of each parameter the keys that have it.

    A trial that is not published has no key here.
    """

    keys: Integers
    columns: dict[str, Integers] = field(default_factory=dict)
    titles: Any = None  # array of bytes, of one length
    having: list[tuple[str, Key, Integers]] = field(default_factory=list)


_NUMBER = Case(
    When(number__startswith="NCT", then=Cast(Substr("number", 4), IntegerField())),
    default=Cast(Substr("number", 5), IntegerField()) + _OWN_NUMBER,
    output_field=IntegerField(),
)
_COLUMNS: dict[str, Any] = {
    "number": _NUMBER,
    "start_earliest": Days("start_earliest"),
    "start_latest": Days("start_latest"),
    "updated": Days("last_updated"),
    "enrollment": "enrollment_count",
    "age_min": "minimum_age_days",
    "age_max": "maximum_age_days",
}
_UNREAD = Q(sex="", minimum_age="", maximum_age="")


def load(keys: Iterable[int] | None = None) -> Iterator[Loaded]:
    """All trials at once, or those of these keys by and by."""
    if keys is None:
        yield _load(None)
        return
    for some in batched(sorted(keys), AT_ONCE):
        yield _load(some)


def _load(keys: Sequence[int] | None) -> Loaded:
    trials = Trial.objects.published().order_by()
    if keys is not None:
        trials = trials.filter(pk__in=keys)
    loaded = _with_columns(trials)
    _add_titles(loaded, trials)
    loaded.having += [*_words(trials), *_links(keys)]
    _add_leads(loaded, keys)
    return loaded


def _with_columns(trials: TrialQuerySet) -> Loaded:
    packed = {f"packed_{name}": Packed(column) for name, column in _COLUMNS.items()}
    row: Any = trials.aggregate(packed_key=Packed("pk"), **packed)
    columns = {name: row[f"packed_{name}"] for name in _COLUMNS}
    order = np.argsort(row["packed_key"], kind="stable")
    columns = {name: column[order] for name, column in columns.items()}
    columns["start_year"] = _years(columns["start_earliest"])
    return Loaded(row["packed_key"][order], columns)


def _years(days: Integers) -> Integers:
    years = days.astype("datetime64[D]").astype("datetime64[Y]").astype(np.int32) + 1970
    return np.where(days == MISSING, MISSING, years).astype(np.int32)


def _add_titles(loaded: Loaded, trials: TrialQuerySet) -> None:
    """What titles are ordered by: their letters without case and accents, then the number."""
    rows = trials.order_by("pk").values_list("title", flat=True).iterator(chunk_size=20_000)
    parts = [
        np.array([title_key(title) for title in some], f"S{_TITLE}")
        for some in batched(rows, 20_000)
    ]
    titles = np.concatenate(parts) if parts else np.empty(0, f"S{_TITLE}")
    whole = np.zeros(len(titles), f"S{_TITLE + 4}")
    letters = whole.view(np.uint8).reshape(len(titles), _TITLE + 4)
    letters[:, :_TITLE] = titles.view(np.uint8).reshape(len(titles), _TITLE)
    numbers = loaded.columns["number"].astype(">u4")
    letters[:, _TITLE:] = numbers.view(np.uint8).reshape(len(titles), 4)
    loaded.titles = whole


def title_key(title: str) -> bytes:
    if not title.isascii():
        plain = unicodedata.normalize("NFKD", title)
        title = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return title.casefold()[:_TITLE].encode()[:_TITLE]


def _words(trials: TrialQuerySet) -> Iterator[tuple[str, Key, Integers]]:
    """What stands in a column of few words: one query for all of them."""
    unread = Case(When(_UNREAD, then=Value(1)), default=Value(0), output_field=IntegerField())
    groups = trials.values("sex", *COLUMNS.values(), unread=unread).annotate(keys=Packed("pk"))
    for group in groups:
        for parameter, column in {**COLUMNS, "sex": "sex"}.items():
            yield parameter, group[column], group["keys"]
        yield "unread", group["unread"], group["keys"]


def _links(keys: Sequence[int] | None) -> Iterator[tuple[str, Key, Integers]]:
    yield from _facts(_of(keys, shown_facts()))
    for parameter, link in LINKS.items():
        if link.kind or parameter == "sponsor":
            continue
        rows = _of(keys, link.rows()).values(link.column).annotate(keys=Packed("trial_id"))
        for group in rows:
            yield parameter, group[link.column], group["keys"]
    published = _of(keys, TrialPublication.objects.order_by())
    yield "has_publication", True, published.aggregate(keys=Packed("trial_id"))["keys"]


def _facts(facts: QuerySet[Fact]) -> Iterator[tuple[str, Key, Integers]]:
    """One query for all kinds. By kind and value the groups are so few that the database keeps
    them in memory; by every column it would sort millions of facts on disk.
    """
    columns = {link.kind: link.column for link in LINKS.values() if link.kind}
    # A fact has a value of a closed list, or a thing: one of one table, by its kind.
    things = Coalesce(*sorted({*columns.values()} - {"value"}))
    groups = facts.filter(kind__in=list(columns)).values("kind", "value")
    for group in groups.annotate(keys=Packed("trial_id"), of=Packed(things)):
        kind, keys = group["kind"], group["keys"]
        if columns[kind] == "value":
            yield kind, group["value"], keys
            continue
        order = np.argsort(group["of"], kind="stable")
        found, first = np.unique(group["of"][order], return_index=True)
        for key, some in zip(found.tolist(), np.split(keys[order], first[1:]), strict=True):
            yield kind, key, some


def _add_leads(loaded: Loaded, keys: Sequence[int] | None) -> None:
    """The lead sponsor as a column: a set a sponsor would be tens of thousands of sets."""
    row = _of(keys, leads()).aggregate(keys=Packed("trial_id"), sponsors=Packed("sponsor_id"))
    column = np.full(len(loaded.keys), MISSING, np.int32)
    places, known = places_of(row["keys"], loaded.keys)
    column[places] = row["sponsors"][known]
    loaded.columns["sponsor"] = column


def batched(things: Iterable[Any], size: int) -> Iterator[tuple[Any, ...]]:
    """Some things at a time; `itertools` has it from Python 3.12 on."""
    remaining = iter(things)
    while some := tuple(islice(remaining, size)):
        yield some


def _of(keys: Sequence[int] | None, rows: Any) -> Any:
    return rows if keys is None else rows.filter(trial__in=keys)


def places_of(asked: Integers, keys: Integers) -> tuple[Any, Any]:
    """Where the asked keys stand among the sorted keys, and which of them stand there at all."""
    places = np.searchsorted(keys, asked)
    known = places < len(keys)
    known[known] = keys[places[known]] == asked[known]
    return places[known], known
