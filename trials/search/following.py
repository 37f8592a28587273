"""Which trials changed since a moment, told part by part: for those who keep a copy.

A part is of a window between two moments: the trials whose last change came after the one and not
after the other, in the order of their keys. What changes while the parts are fetched is left to the
next window, which begins where this one ends. So nothing is missed, and nothing told twice.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Any

from django.db import connections

from trials.models import ChangedTrial, Trial
from trials.search.log import LOG, SNAPSHOT
from trials.vocabulary import Screening

_TRIALS = Trial._meta.db_table
_SNAPSHOT = re.compile(r"([1-9][0-9]{0,18}):([1-9][0-9]{0,18}):((?:[0-9]{1,19},)*[0-9]{1,19})?")
_NO_KEY = 2**63  # neither a key nor a transaction has such a number
_NUMBER = re.compile("[0-9]{1,18}")


class Forgotten(Exception):
    """The catalogue was filled anew since: what changed cannot be told, all must be read again."""


@dataclass(frozen=True, slots=True)
class Walk:
    """How far a copy is. `since` is None before the first part; `until` between two windows.

    `of` tells one database and its filling from another. Trials up to the key `after` have been
    told of this window; `left` are to be told, as it was counted at its beginning.
    """

    of: str = ""
    since: str | None = None
    until: str | None = None
    after: int = 0
    left: int = 0

    def is_sound(self) -> bool:
        """Whether its parts are such as this module writes, on whichever database."""
        moments = (moment for moment in (self.since, self.until) if moment is not None)
        counts = all(0 <= number < _NO_KEY for number in (self.after, self.left))
        return counts and all(map(_is_moment, moments))


@dataclass(frozen=True, slots=True)
class Part:
    """Keys of trials that changed, those of trials that are gone too.

    `left` counts what the window still has, with this part; `then` is where to go on, at once or,
    after the last part, whenever one likes.
    """

    keys: tuple[int, ...]
    left: int
    then: Walk
    is_last: bool


def next_part(using: str, walk: Walk, size: int) -> Part:
    """The next trials at most. Raises Forgotten. Read together with the trials, in one state."""
    of, now = _state(using)
    if walk.of not in ("", of) or _is_ahead(walk, now):
        raise Forgotten
    if walk.until is None:
        walk = replace(walk, of=of, until=now)
        walk = replace(walk, left=_count(using, walk))
    keys = tuple(_window(using, walk, size + 1))
    part, left = keys[:size], max(walk.left, len(keys))
    if len(keys) > size:
        then = replace(walk, after=part[-1], left=left - size)
        return Part(part, left, then, is_last=False)
    then = Walk(of, walk.until)
    # Of a window that began some pages ago there may be news already.
    is_last = not _window(using, replace(then, until=now), 1)
    return Part(part, len(part), then, is_last)


def _window(using: str, walk: Walk, most: int) -> list[int]:
    """The keys of the window after those that have been told."""
    with connections[using].cursor() as cursor:
        sql = f"SELECT subject FROM {_changed(using, walk)} ORDER BY subject LIMIT {most}"  # noqa: S608
        cursor.execute(sql, _parameters(walk))
        return [key for (key,) in cursor.fetchall()]


def _count(using: str, walk: Walk) -> int:
    with connections[using].cursor() as cursor:
        sql = f"SELECT COUNT(*) FROM {_changed(using, walk)}"  # noqa: S608
        cursor.execute(sql, _parameters(walk))
        (count,) = cursor.fetchone()
    return int(count)


def _parameters(walk: Walk) -> dict[str, Any]:
    return {"since": walk.since, "until": walk.until, "after": walk.after}


def _changed(using: str, walk: Walk) -> str:
    not_after = f"log.{_NOT_AFTER[_vendor(using)]}"
    if walk.since is not None:
        return (
            f"(SELECT subject FROM {LOG} AS log WHERE subject > %(after)s"  # noqa: S608
            f" AND log.{_AFTER[_vendor(using)]} AND {not_after}) AS changed"
        )
    # From the beginning: all that there are, also those of which no change was ever noted.
    return (
        f"(SELECT trial.id AS subject FROM {_TRIALS} AS trial"  # noqa: S608
        f" LEFT JOIN {LOG} AS log ON log.subject = trial.id"
        f" WHERE trial.id > %(after)s AND trial.screening = '{Screening.INCLUDED}'"
        f" AND (log.stamp IS NULL OR {not_after})) AS changed"
    )


_SEEN = "pg_visible_in_snapshot(log.stamp::text::xid8, %({})s::pg_snapshot)"
_AFTER = {
    "postgresql": "stamp >= pg_snapshot_xmin(%(since)s::pg_snapshot)::text::bigint"
    f" AND NOT {_SEEN.format('since')}",
    "sqlite": "stamp > CAST(%(since)s AS integer)",
}
_NOT_AFTER = {
    # From 0: so a dump that was restored elsewhere is stamped (`trials.search.restored`).
    "postgresql": f"stamp >= 0 AND {_SEEN.format('until')}",
    "sqlite": "stamp <= CAST(%(until)s AS integer)",
}
_STATE = {
    "postgresql": f"(SELECT oid FROM pg_database WHERE datname = current_database()), {SNAPSHOT}",  # noqa: S608
    "sqlite": f"0, CAST((SELECT MAX(0, MAX(stamp)) FROM {LOG}) AS text)",  # noqa: S608
}


def _state(using: str) -> tuple[str, str]:
    """Which database and filling this is, and the moment now."""
    epoch = f"SELECT stamp FROM {LOG} WHERE subject = {ChangedTrial.EPOCH}"  # noqa: S608
    with connections[using].cursor() as cursor:
        cursor.execute(f"SELECT ({epoch}), {_STATE[_vendor(using)]}")
        found, database, moment = cursor.fetchone()
    return f"{_vendor(using)}.{database}.{found}", moment


def _vendor(using: str) -> str:
    return str(connections[using].vendor)


def _is_moment(text: str) -> bool:
    if _NUMBER.fullmatch(text):
        return True
    snapshot = _SNAPSHOT.fullmatch(text)
    if not snapshot:
        return False
    least, most = int(snapshot[1]), int(snapshot[2])
    running = [int(one) for one in (snapshot[3] or "").split(",") if one]
    in_order = running == sorted(set(running))
    within = all(least <= one < most for one in running)
    return least <= most < _NO_KEY and in_order and within


def _is_ahead(walk: Walk, now: str) -> bool:
    """Whether it comes from a later state than there is: of a copy that was put back since."""
    return any(_latest(moment) > _latest(now) for moment in (walk.since, walk.until) if moment)


def _latest(moment: str) -> int:
    parts: Any = moment.split(":")
    return int(parts[1] if len(parts) > 1 else parts[0])
