"""Follows the database beside the requests, so that hardly a page has changes to take in."""

from __future__ import annotations

import logging
import threading
import time

from django.db import DatabaseError, close_old_connections, router

from trials.models import Trial
from trials.search import kept
from trials.search.keeper import refill
from trials.search.log import Moment, moment, news

logger = logging.getLogger(__name__)
EVERY = 1.0  # seconds


def keep_warm() -> None:
    """Load the index in a thread of this process, and follow the database for ever after."""
    threading.Thread(target=_follow, name="search index", daemon=True).start()


def _follow() -> None:
    followed: Moment | None = None
    while True:
        try:
            followed = _take_in(followed)
            refill()
        except DatabaseError as error:
            # A page that needs the index says what is wrong; here the next round may do better.
            logger.debug("the index could not follow the database: %s", error)
        finally:
            close_old_connections()
        time.sleep(EVERY)


def _take_in(since: Moment | None) -> Moment:
    """What was written by hand, past every door, gets its words too. The moment of this look."""
    using = router.db_for_write(Trial)
    written = news(using, since) if since else None
    at = written.moment if written else moment(using)
    kept.catch_up(using, written.trials if written else None)
    return at
