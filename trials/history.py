"""Reads of what changed in the registry's records, and of how fresh the catalogue is."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import reduce
from operator import or_
from typing import Any, overload

from django.db.models import Exists, Max, OuterRef, Q, QuerySet

from trials.models import (
    Claim,
    Document,
    Product,
    Publication,
    RecordChange,
    RefreshRun,
    Sponsor,
    StoredRecord,
    Trial,
)
from trials.search import Found
from trials.vocabulary import ChangeKind

NEWS = tuple(kind for kind in ChangeKind if kind != ChangeKind.COSMETIC)
# Updates that a list counts and leads to. Whoever looks for older ones knows the trial.
MOST_UPDATES = 2_000
FEW = 5_000  # trials that are named in a query one by one


@dataclass(frozen=True, slots=True)
class Update:
    """What one refresh found changed in the record of one trial."""

    trial: Trial
    seen_at: datetime
    changes: tuple[RecordChange, ...]

    @property
    def kinds(self) -> frozenset[str]:
        return frozenset(change.kind for change in self.changes)

    @property
    def key(self) -> int | None:
        """Never another's, and the same for as long as the update is there; None if unrecorded."""
        return min((change.pk for change in self.changes if change.pk), default=None)


def changes(
    since: datetime | None = None, *, with_cosmetic: bool = False
) -> QuerySet[RecordChange]:
    """Changes of the registry's records of trials that are shown, the oldest first."""
    shown = _of_shown_trials(with_cosmetic=with_cosmetic)
    if since is not None:
        shown = shown.filter(seen_at__gte=since)
    return shown.select_related("trial").order_by("seen_at", "pk")


def changes_of(trial: Trial, *, with_cosmetic: bool = False) -> QuerySet[RecordChange]:
    """The changes of one trial's record, the newest first."""
    own = _wanted(RecordChange.objects.filter(trial=trial), with_cosmetic=with_cosmetic)
    return own.select_related("trial").order_by("-seen_at", "pk")


def changes_of_each(trials: Collection[int]) -> QuerySet[RecordChange]:
    """The news of the records of the trials with these keys, the newest first."""
    own = RecordChange.objects.filter(trial__in=trials, kind__in=NEWS)
    return own.select_related("trial").order_by("-seen_at", "pk")


class Updates:
    """Updates of trials that are shown, the newest first; `of` one trial, or of all.

    To be counted and sliced, as a paginator does: one query to count, two for a slice. Nothing is
    read of more than the newest `MOST_UPDATES`, so that years of changes cost no more than a month.
    """

    def __init__(self, of: Trial | None = None, *, with_cosmetic: bool = False) -> None:
        changed = _of_shown_trials(with_cosmetic=with_cosmetic)
        self._changes = changed if of is None else changed.filter(trial=of)
        # A run sees everything at one moment, so that trial and moment are trial and run.
        self._heads = (
            self._changes.order_by("-seen_at", "-trial").values_list("seen_at", "trial").distinct()
        )

    def count(self) -> int:
        """How many there are; of very many, the newest `MOST_UPDATES` alone."""
        return self._heads[:MOST_UPDATES].count()

    def __len__(self) -> int:
        return self.count()

    @overload
    def __getitem__(self, wanted: int) -> Update: ...
    @overload
    def __getitem__(self, wanted: slice) -> list[Update]: ...
    def __getitem__(self, wanted: int | slice) -> Update | list[Update]:
        if isinstance(wanted, int):
            return self[wanted : wanted + 1][0]
        return self._with_changes(list(self._heads[wanted]))

    def among(self, trials: Found, most: int) -> list[Update]:
        """The newest of these trials: of a few all there are, of many those of late."""
        if trials.count() <= FEW:
            return self._with_changes(list(self._heads.filter(trial__in=trials.keys)[:most]))
        heads = list(self._heads[:MOST_UPDATES])
        theirs = trials.among({trial for _at, trial in heads if trial})
        return self._with_changes([head for head in heads if head[1] in theirs][:most])

    def _with_changes(self, heads: Sequence[tuple[datetime, int | None]]) -> list[Update]:
        found: dict[tuple[datetime, int | None], list[RecordChange]] = {head: [] for head in heads}
        rows = self._changes.filter(_any_of(heads)) if heads else RecordChange.objects.none()
        for change in rows.select_related("trial").order_by("pk"):
            found[change.seen_at, change.trial_id].append(change)
        return [
            Update(its[0].trial, its[0].seen_at, tuple(its))
            for its in found.values()
            if its and its[0].trial
        ]

    def __iter__(self) -> Iterator[Update]:
        return iter(self[:MOST_UPDATES])


def news_of(trials: Found, most: int) -> list[Update]:
    """What is new about the trials of a list, the newest first: their updates, and their coming.

    A trial that no refresh brought in has no change that says so; then the moment stands for it
    when its row was made.
    """
    noted = RecordChange.objects.filter(trial=OuterRef("pk"), kind=ChangeKind.FIRST)
    last = trials.keys_as_they_came()[-most:].tolist()
    newest = Trial.objects.filter(~Exists(noted), pk__in=last).order_by()
    found = [*Updates().among(trials, most), *map(_coming, newest)]
    return sorted(found, key=lambda update: (update.seen_at, update.trial.pk), reverse=True)[:most]


def _coming(trial: Trial) -> Update:
    change = RecordChange(trial=trial, kind=ChangeKind.FIRST, seen_at=trial.created_at)
    return Update(trial, trial.created_at, (change,))


def _any_of(heads: Iterable[tuple[datetime, int | None]]) -> Q:
    trials: dict[datetime, list[int | None]] = {}
    for seen_at, trial in heads:
        trials.setdefault(seen_at, []).append(trial)
    return reduce(or_, (Q(seen_at=at, trial__in=of) for at, of in trials.items()))


def _of_shown_trials(*, with_cosmetic: bool) -> QuerySet[RecordChange]:
    shown = Exists(Trial.objects.published().filter(pk=OuterRef("trial")))
    return _wanted(RecordChange.objects.filter(shown), with_cosmetic=with_cosmetic)


def _wanted(rows: QuerySet[RecordChange], *, with_cosmetic: bool) -> QuerySet[RecordChange]:
    return rows if with_cosmetic else rows.filter(kind__in=NEWS)


def freshness() -> dict[str, Any]:
    """The registry's date of the data, the last refresh, and how much there is of everything."""
    trials = Trial.objects.published()
    return {
        "data_date": StoredRecord.objects.aggregate(date=Max("data_timestamp"))["date"] or "",
        "last_refresh": RefreshRun.objects.first(),
        "counts": {
            "trials": trials.count(),
            "recruiting": trials.recruiting().count(),
            "sponsors": Sponsor.objects.present().count(),
            "products": Product.objects.count(),
            "publications": Publication.objects.count(),
            "documents": Document.objects.count(),
            "claims": Claim.objects.count(),
        },
    }
