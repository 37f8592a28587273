"""Follows the database beside the requests, so that hardly a page has changes to take in."""

from __future__ import annotations

import logging
import threading
import time

from django.db import DatabaseError, close_old_connections

from trials.search.keeper import refill

logger = logging.getLogger(__name__)
EVERY = 1.0  # seconds


def keep_warm() -> None:
    """Load the index in a thread of this process, and follow the database for ever after."""
    threading.Thread(target=_follow, name="search index", daemon=True).start()


def _follow() -> None:
    while True:
        try:
            refill()
        except DatabaseError as error:
            # A page that needs the index says what is wrong; here the next round may do better.
            logger.debug("the index could not follow the database: %s", error)
        finally:
            close_old_connections()
        time.sleep(EVERY)
