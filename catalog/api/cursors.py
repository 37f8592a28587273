"""Cursors: places in an order of trials, as texts that a client keeps and does not read.

A cursor holds what its trial is ordered by. So it stays right while trials come, go and move, and
its place is found by halving, at any depth.
"""

from __future__ import annotations

import math
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from hashlib import blake2b
from typing import Any

import orjson
from django.http import QueryDict
from django.utils.translation import gettext as _

from catalog.faults import Refused, echo
from catalog.parameters import Parameter
from trials.search import ORDERINGS
from trials.search.order import Rank


class Side(StrEnum):
    """Which page a cursor asks for: the one that begins after its rank, or ends before it."""

    AFTER = "a"
    BEFORE = "b"
    UP_TO = "u"  # ends with its rank


# What a rank is made of, by ordering.
_PARTS: Mapping[str, tuple[type, ...]] = {
    **dict.fromkeys(ORDERINGS, (int, int)),
    "title": (bytes,),
    "relevance": (float, int, int),
    "distance": (float, int),
}
# Parameters without which the rank means nothing, by ordering.
_RANKED_BY = {"relevance": ("q", "in"), "distance": ("near", "within_km")}


@dataclass(frozen=True, slots=True)
class Cursor:
    """A place in an order, for any question that is put in this order."""

    side: Side
    ordering: str
    ranked_by: str  # a digest of what was asked, where the ranks depend on it; else empty
    rank: Rank

    def __str__(self) -> str:
        parts = [self.side, self.ordering, self.ranked_by, *map(_written, self.rank)]
        return packed(parts)


def ranked_by(ordering: str, params: QueryDict) -> str:
    """What the ranks of this order depend on, in a few letters."""
    asked = [params.get(name) for name in _RANKED_BY.get(ordering, ())]
    return blake2b(orjson.dumps(asked), digest_size=6).hexdigest() if asked else ""


def read_cursor(text: str) -> Cursor:
    """Raises ValueError for everything that is no cursor."""
    side, ordering, asked, *rank = unpacked(text)
    if not isinstance(ordering, str) or not isinstance(asked, str):
        raise ValueError(text)
    kinds = _PARTS.get(ordering, ())
    parts = tuple(_read(part, kind) for part, kind in zip(rank, kinds, strict=True))
    return Cursor(Side(side), ordering, asked, parts)


def packed(parts: list[Any]) -> str:
    """A list of JSON's values as one word of an address."""
    return urlsafe_b64encode(orjson.dumps(parts)).rstrip(b"=").decode()


def unpacked(text: str) -> list[Any]:
    """The list again. Raises ValueError for what `packed` never wrote."""
    # A text that only looks like one (other letters, bits left over) must not pass for it.
    if not text.isascii():
        raise ValueError(text)
    parts = orjson.loads(urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    if not isinstance(parts, list) or packed(parts) != text:
        raise ValueError(text)
    return parts


def _written(part: float | bytes) -> float | str | None:
    """JSON has neither bytes nor the endless."""
    if isinstance(part, bytes):
        return urlsafe_b64encode(part).decode()
    return None if math.isinf(part) else part


def _read(part: Any, kind: type) -> int | float | bytes:
    if kind is float and part is None:
        return math.inf
    if kind is bytes and isinstance(part, str):
        return urlsafe_b64decode(part)
    if type(part) is kind and isinstance(part, int | float):
        return part
    raise ValueError(part)


class CursorParameter(Parameter):
    """A place that an earlier answer gave; empty to begin."""

    narrows = False

    def understand(self, value: str) -> Cursor:
        try:
            return read_cursor(value)
        except ValueError as error:
            detail = _(
                "“%(value)s” is no cursor: take it from “next” or “previous” of an answer, or"
                " leave it empty to begin."
            )
            raise Refused(value, detail % {"value": echo(value)}) from error
