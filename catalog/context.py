"""What every page is told without asking for it: of which day the data are."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import DatabaseError
from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from trials.freshness import Freshness, freshness


@dataclass(frozen=True, slots=True)
class DataAsOf:
    """The freshness of the catalogue as of now, and whether it is to be called old."""

    freshness: Freshness
    stale: bool


_kept: tuple[float, DataAsOf] | None = None  # until when by the monotonic clock, and what


def data_as_of(request: HttpRequest) -> dict[str, Any]:
    """Adds `data_as_of`, read only where a template shows it; None where nobody can tell."""
    return {"data_as_of": SimpleLazyObject(_read)}


def _read() -> DataAsOf | None:
    """From this process's memory for some seconds, so that the line costs most pages nothing."""
    global _kept  # noqa: PLW0603 - one value a process, whoever asks
    now = time.monotonic()
    if _kept is None or now >= _kept[0]:
        try:
            read = freshness()
        except DatabaseError:
            return None  # the page that says so must not fail over a line at its foot
        _kept = (now + settings.FRESHNESS_KEPT, DataAsOf(read, read.stale(timezone.now())))
    return _kept[1]
