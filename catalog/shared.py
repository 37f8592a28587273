"""What the site's processes share through the cache. Without it each goes on alone.

Every kind of cache has exceptions of its own, and no answer may fail for a count or a date.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from typing import TypeVar

from django.core.cache import cache

Shared = TypeVar("Shared")
LEFT_ALONE = 10.0  # seconds that a cache which failed is not asked: each request would wait for it

_logger = logging.getLogger(__name__)
_until = 0.0  # by the monotonic clock


def count_up(key: str, *, seconds: int) -> int:
    """Count one more; how many there were in the seconds from the first one on, with this one.

    1 where no cache counts, or where the seconds were just over.
    """

    def asked() -> int:
        cache.add(key, 0, timeout=seconds)
        try:
            return int(cache.incr(key))
        except ValueError:
            return 1

    return _unless_it_fails(asked, 1)


def first_said(key: str, value: Shared, *, seconds: int) -> Shared:
    """What the first of the processes said under this key; the value where no cache keeps it."""
    return _unless_it_fails(lambda: cache.get_or_set(key, value, timeout=seconds) or value, value)


def _unless_it_fails(ask: Callable[[], Shared], alone: Shared) -> Shared:
    global _until  # noqa: PLW0603 - one cache a process, whoever asks
    if time.monotonic() < _until:
        return alone
    try:
        return ask()
    except Exception:
        _until = time.monotonic() + LEFT_ALONE
        _logger.exception("The cache of CACHE_URL fails; for some seconds it is done without.")
        return alone
