"""Follows the database beside the requests, so that hardly a page has changes to take in."""

from __future__ import annotations

import gc
import logging
import random
import threading
import time

from django.db import DatabaseError, close_old_connections, router

from trials.models import Trial
from trials.search import kept
from trials.search.keeper import refill
from trials.search.log import Moment, moment, news

logger = logging.getLogger(__name__)
EVERY = 1.0  # seconds
BUSY = 0.5  # seconds at most, between two rests: this process has pages to make
_AT_ONCE = 50  # trials, of which things are made later


def keep_warm() -> None:
    """Load the index in a thread of this process, and follow the database for ever after."""
    follower = Follower()
    threading.Thread(target=_follow, args=(follower,), name="search index", daemon=True).start()


def _follow(follower: Follower) -> None:
    loaded = False
    while True:
        try:
            follower.look()
            if not loaded:
                keep_for_good()
                loaded = True
        except DatabaseError as error:
            # A page that needs the index says what is wrong; here the next round may do better.
            logger.debug("the index could not follow the database: %s", error)
        except Exception:
            # Nobody would begin this thread again.
            logger.exception("the index could not follow the database")
        finally:
            close_old_connections()
        time.sleep(EVERY)


def keep_for_good() -> None:
    """Tell the collector of garbage that what is loaded now, code and index, is none.

    Else it goes through all of it again and again: a third of the time of a long file was that.
    """
    gc.collect()
    gc.freeze()


class Follower:
    """What one process has taken in of the database, and what it still has to make ready."""

    def __init__(self) -> None:
        self._using = router.db_for_write(Trial)
        self._since: Moment | None = None
        self._waiting: list[int] = []  # trials of which what is made later may be behind

    def look(self) -> None:
        """Take in what changed since the last look, and make ready some of what waits."""
        self._take_in()
        refill()
        self._make_ready()

    def _take_in(self) -> None:
        """What was written by hand, past every door, gets its words too."""
        written = news(self._using, self._since) if self._since else None
        at = written.moment if written else moment(self._using)
        changed = written.trials if written else None
        kept.catch_up(self._using, changed)
        if changed is None:
            self._waiting = kept.find_behind(self._using, later=True)
        elif changed:
            self._waiting = list({*self._waiting, *changed})
        if changed is None or changed:
            # Every process goes its own way through them, so that they share the work.
            random.shuffle(self._waiting)
        self._since = at

    def _make_ready(self) -> None:
        rest = time.monotonic() + BUSY
        while self._waiting and time.monotonic() < rest:
            some = self._waiting[-_AT_ONCE:]
            # Before: what cannot be made keeps no other waiting, and counts as missing.
            del self._waiting[-_AT_ONCE:]
            kept.make_later(self._using, some)
