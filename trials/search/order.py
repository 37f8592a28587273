"""The orders that a list can have; each is total, so that no page repeats a trial."""

from __future__ import annotations

from django.db.models import F
from django.db.models.functions import Lower

from trials.querysets import TrialQuerySet
from trials.search import places, text
from trials.search.question import Question

_COLUMNS = {"updated": "last_updated", "start": "start_earliest", "enrollment": "enrollment_count"}
ORDERINGS = (
    "-updated",
    "updated",
    "start",
    "-start",
    "enrollment",
    "-enrollment",
    "title",
    "relevance",
    "distance",
)
DEFAULT = "-updated"


def ordered(trials: TrialQuerySet, ordering: str, question: Question) -> TrialQuerySet:
    """What is unknown comes last in either direction; the trial's number breaks every tie.

    "relevance" needs `q` and "distance" needs `near`.
    """
    if ordering == "title":
        return trials.order_by(Lower("title"), "number")
    if ordering == "relevance":
        trials = trials.alias(relevance=text.relevance(question.values["q"]))
        return trials.order_by("-relevance", F("last_updated").desc(nulls_last=True), "number")
    if ordering == "distance":
        place = question.values["near"]
        if place.latitude is None:  # every distance is unknown
            return trials.order_by("number")
        km = question.values.get("within_km", places.NEARBY)
        trials = trials.alias(distance=places.nearest_site(place, km))
        return trials.order_by(F("distance").asc(nulls_last=True), "number")
    column = F(_COLUMNS[ordering.removeprefix("-")])
    if ordering.startswith("-"):
        return trials.order_by(column.desc(nulls_last=True), "number")
    return trials.order_by(column.asc(nulls_last=True), "number")
