"""The orders that a list can have; each is total, so that no page repeats a trial."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from django.db.models import QuerySet

from trials.models import Trial
from trials.search import places
from trials.search.packing import Integers
from trials.search.said import said

if TYPE_CHECKING:
    from trials.search.answer import Answer

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


def in_order(answer: Answer, ordering: str) -> Integers:
    """The places of the trials that were found. What is unknown comes last in either direction.

    "relevance" needs `q` and "distance" needs `near`.
    """
    if ordering not in ("relevance", "distance"):
        return answer.index.in_order(answer.found, ordering)
    question = answer.question
    if ordering == "relevance":
        trials = answer.index.in_order(answer.found, DEFAULT)
        points = said(question).points(answer.index, trials)
        return trials[np.argsort(-points, kind="stable")]
    trials = answer.index.in_order(answer.found, "number")
    place = question.values["near"]
    if place.latitude is None:  # every distance is unknown
        return trials
    km = question.values.get("within_km", places.NEARBY)
    distances = _worked_out(answer, trials, places.nearest_site(place, km))
    return trials[np.argsort(distances, kind="stable")]


def _worked_out(answer: Answer, trials: Integers, expression: Any) -> Any:
    """What the database works out of each of these trials; infinite where it is null."""
    keys = answer.index.keys[trials]
    rows: QuerySet[Any] = Trial.objects.filter(pk__in=keys.tolist()).order_by()
    values = dict(rows.annotate(worked_out=expression).values_list("pk", "worked_out"))
    known = (values.get(key) for key in keys.tolist())
    return np.array([np.inf if value is None else value for value in known], float)
