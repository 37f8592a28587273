"""Reads of what changed, and of how fresh the catalogue is."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Max, QuerySet

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
from trials.vocabulary import Screening


def changes(since: datetime | None = None) -> QuerySet[RecordChange]:
    """Changes of the registry's records of trials that are shown, the oldest first."""
    shown = RecordChange.objects.filter(trial__screening=Screening.INCLUDED)
    if since is not None:
        shown = shown.filter(seen_at__gte=since)
    return shown.select_related("trial").order_by("seen_at", "pk")


def changes_of(trial: Trial) -> QuerySet[RecordChange]:
    """The changes of one trial's record, the newest first."""
    own = RecordChange.objects.filter(trial=trial)
    return own.select_related("trial").order_by("-seen_at", "pk")


def freshness() -> dict[str, Any]:
    """The registry's date of the data, the last refresh, and how much there is of everything."""
    trials = Trial.objects.published()
    return {
        "data_date": StoredRecord.objects.aggregate(date=Max("data_timestamp"))["date"] or "",
        "last_refresh": RefreshRun.objects.first(),
        "counts": {
            "trials": trials.count(),
            "recruiting": trials.recruiting().count(),
            "sponsors": Sponsor.objects.count(),
            "products": Product.objects.count(),
            "publications": Publication.objects.count(),
            "documents": Document.objects.count(),
            "claims": Claim.objects.count(),
        },
    }
