"""Trials as the JSON objects that the API's lists have, for whatever sends many of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import orjson

from catalog.api.trials import TrialRow
from trials.models import Trial


@dataclass(frozen=True, slots=True)
class _Origin:
    """Stands in for a request, of which the serializers ask nothing but an address."""

    origin: str

    def build_absolute_uri(self, address: str) -> str:
        return f"{self.origin}{address}"


def documents(keys: Sequence[int], origin: str) -> Iterator[bytes]:
    """The JSON object of each trial of these primary keys, in their order; a gone one is left out.

    `origin` is what the objects' addresses begin with, without a slash at its end. Names that the
    API has in one language are in the language that is active.
    """
    trials = Trial.objects.filter(pk__in=keys).order_by().for_list()
    by_key = {trial.pk: trial for trial in trials}
    serializer = TrialRow(context={"request": _Origin(origin)})
    for key in keys:
        if key in by_key:
            yield orjson.dumps(serializer.to_representation(by_key[key]))
