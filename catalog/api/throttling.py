"""How often one address may ask: API_RATE_LIMIT requests a minute, counted in the cache.

Workers count together where they share a cache (CACHE_URL); else each counts its own.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from math import ceil
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from rest_framework.exceptions import Throttled
from rest_framework.throttling import BaseThrottle

from catalog.visitors import times

MINUTE = 60  # seconds


@dataclass(frozen=True, slots=True)
class Allowance:
    """What one address may still ask, as the RateLimit headers tell it."""

    limit: int  # requests a minute
    left: int
    seconds: int  # until it is whole again

    def headers(self) -> dict[str, str]:
        """As in draft-ietf-httpapi-ratelimit-headers: structured fields of one policy."""
        return {
            "RateLimit-Policy": f'"minute";q={self.limit};w={MINUTE}',
            "RateLimit": f'"minute";r={self.left};t={self.seconds}',
        }


class PerMinute(BaseThrottle):
    """Refuses an address that asked too often in this minute; the view tells what is left."""

    allowance: Allowance

    def allow_request(self, request: Any, view: Any) -> bool:
        limit = settings.API_RATE_LIMIT
        if not limit:
            return True
        now = time.time()
        minute = int(now // MINUTE)
        asked = times(request, f"api:{minute}", seconds=2 * MINUTE)
        seconds = max(1, ceil((minute + 1) * MINUTE - now))
        self.allowance = view.allowance = Allowance(limit, max(0, limit - asked), seconds)
        return asked <= limit

    def wait(self) -> float:
        return self.allowance.seconds


def too_often(wait: float | None) -> Throttled:
    seconds, limit = ceil(wait or MINUTE), settings.API_RATE_LIMIT
    words = _(
        "At most %(limit)d requests a minute come from one address; wait %(seconds)d seconds."
    )
    error = Throttled(wait=seconds)
    error.detail = words % {"limit": limit, "seconds": seconds}  # type: ignore[assignment]
    return error
