"""Keeping a copy of the catalogue: each trial that changed since, and each that is gone."""

from __future__ import annotations

from dataclasses import astuple
from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers
from rest_framework.request import Request

from catalog.api import documents
from catalog.api.cursors import packed, unpacked
from catalog.api.errors import NoLonger, Refusal
from catalog.api.fields import Maybe, absolute, origin
from catalog.api.trials import TrialRow
from catalog.faults import Fault
from catalog.reading import Reading
from trials.models import Trial
from trials.search import consistent
from trials.search.consistent import reading_from
from trials.search.following import Forgotten, Part, Walk, next_part

_MARK = "since"


class FollowedTrial(serializers.Serializer[Any]):
    """A trial that changed, as it is now; or that the catalogue does not show any more.

    `key` stays the same for ever; `id` may change, and is null where nothing of the trial is left.
    """

    key = serializers.IntegerField()
    id = Maybe()
    gone = serializers.BooleanField()
    trial = TrialRow(allow_null=True)


def written(walk: Walk) -> str:
    return packed([_MARK, *astuple(walk)])


def read_walk(text: str) -> Walk:
    """Raises ValueError for what `written` never wrote."""
    mark, of, *moments, after, left = unpacked(text)
    of_texts = isinstance(of, str) and all(isinstance(moment, str | None) for moment in moments)
    if mark != _MARK or not of_texts or not type(after) is type(left) is int:
        raise ValueError(text)
    since, until = moments
    walk = Walk(of, since, until, after, left)
    if not walk.is_sound():
        raise ValueError(text)
    return walk


def is_followed(request: Request, reading: Reading) -> bool:
    """Whether the request follows the trials; `since` is then empty, to begin, or a cursor."""
    since = reading.values.get("since")
    return isinstance(since, Walk) or (since is None and "since" in request.GET)


def part(request: Request, reading: Reading) -> dict[str, Any]:
    """The answer: the next trials, and where to go on."""
    _refuse_others(reading)
    using = reading_from()
    try:
        with consistent():
            found = next_part(using, reading.values.get("since") or Walk(), reading.page_size)
            rows = _rows(request, found)
    except Forgotten as error:
        detail = _(
            "The catalogue was filled anew after this cursor: begin again with “since=” (empty)."
        )
        raise NoLonger([Fault("since", "", detail)]) from error
    then = written(found.then)
    return {
        "count": found.left,
        "next": None if found.is_last else _address(request, then),
        "previous": None,
        "cursor": then,
        "results": rows,
    }


def _refuse_others(reading: Reading) -> None:
    faults = []
    for name in ("page", "cosmetic"):
        if name in reading.values:
            detail = _("“%(name)s” cannot be asked together with a cursor.") % {"name": name}
            faults.append(Fault(name, reading.params.get(name) or "", detail))
    if faults:
        raise Refusal(faults)


def _rows(request: Request, found: Part) -> list[dict[str, Any]]:
    found_trials = Trial.objects.filter(pk__in=found.keys)
    numbers = {trial.pk: trial.number for trial in found_trials.only("number")}
    shown = found_trials.published().values_list("pk", flat=True)
    trials = {row["id"]: row for row in documents.rows(list(shown), origin(request))}
    return [
        {
            "key": key,
            "id": numbers.get(key),
            "gone": numbers.get(key) not in trials,
            "trial": trials.get(numbers.get(key)),
        }
        for key in found.keys
    ]


def _address(request: Request, since: str) -> str:
    params = request.GET.copy()
    params["since"] = since
    return absolute(request, f"{request.path}?{params.urlencode()}")
