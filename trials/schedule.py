"""When a refresh is due by itself: pure, from cron's five fields and two points in time."""

from __future__ import annotations

from datetime import datetime

from cronsim import CronSim


def is_due(schedule: str, *, last: datetime | None, now: datetime) -> bool:
    """Whether a time of the schedule has come since `last` (None: there never was a refresh).

    A time that passed while no worker ran is made up for, once. The fields are read in the time
    zone of `now`. An empty schedule is never due.
    """
    if not schedule:
        return False
    if last is None:
        return True
    return next(CronSim(schedule, last.astimezone(now.tzinfo))) <= now


def next_time(schedule: str, now: datetime) -> datetime:
    """The next time of a schedule that is not empty, in the time zone of `now`."""
    return next(CronSim(schedule, now))
