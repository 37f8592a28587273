"""Whether a reader could join a trial: its status in plain words, and whom it takes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from catalog.field_words import AGE, age_words
from trials.vocabulary import Status


@dataclass(frozen=True, slots=True)
class Standing:
    """`tone`: open, soon, closed or unknown; `words`: a sentence that needs no explanation."""

    tone: str
    words: str | Promise


_STANDINGS: dict[str, Standing] = {
    Status.RECRUITING: Standing("open", gettext_lazy("It takes participants now.")),
    Status.NOT_YET_RECRUITING: Standing(
        "soon", gettext_lazy("It has not begun to take participants.")
    ),
    Status.ENROLLING_BY_INVITATION: Standing(
        "soon", gettext_lazy("It takes participants, but only those whom it invites.")
    ),
    Status.ACTIVE_NOT_RECRUITING: Standing(
        "closed", gettext_lazy("It is going on, and takes no new participants.")
    ),
    Status.COMPLETED: Standing("closed", gettext_lazy("It has ended, and takes nobody any more.")),
    Status.SUSPENDED: Standing("soon", gettext_lazy("It is paused, and may go on later.")),
    Status.TERMINATED: Standing("closed", gettext_lazy("It was stopped early for good.")),
    Status.WITHDRAWN: Standing(
        "closed", gettext_lazy("It was called off before anybody took part.")
    ),
    Status.UNKNOWN: Standing(
        "unknown",
        gettext_lazy(
            "Nobody knows: it should have moved on, and its sponsor has not confirmed its status"
            " for two years."
        ),
    ),
    Status.AVAILABLE: Standing(
        "open", gettext_lazy("Patients can get the treatment outside a trial (expanded access).")
    ),
    Status.NO_LONGER_AVAILABLE: Standing(
        "closed", gettext_lazy("The treatment is not given outside a trial any more.")
    ),
    Status.TEMPORARILY_NOT_AVAILABLE: Standing(
        "soon", gettext_lazy("The treatment is not given outside a trial for now.")
    ),
    Status.APPROVED_FOR_MARKETING: Standing(
        "closed", gettext_lazy("The treatment is approved, so that no expanded access is needed.")
    ),
    Status.WITHHELD: Standing("unknown", gettext_lazy("Its sponsor keeps the details back.")),
}
# A sponsor must look through its record once a year (42 CFR 11.64): beyond that the word is old.
GOOD_FOR = timedelta(days=365)
_WAS_OPEN = Standing(
    "unknown",
    gettext_lazy(
        "It took participants when its record was last read, more than a year ago. The"
        " registry says whether it still does."
    ),
)
_WAS_OPEN_SOME_DAY = Standing(
    "unknown",
    gettext_lazy(
        "It took participants when its record was read, on a day that is not known. The registry"
        " says whether it still does."
    ),
)
_UNTOLD = Standing("unknown", gettext_lazy("Whether it takes participants is not stated."))
_GONE = Standing(
    "unknown", gettext_lazy("Nobody knows: the registry does not have its record any more.")
)


def standing(trial: Any, on: date) -> Standing:
    """What the trial's status means to somebody who would join that day, if its record stands."""
    if trial.gone_at:
        return _GONE
    # What refreshes brought in, they keep in step; what a person read once, nobody does.
    if trial.status == Status.RECRUITING and trial.refreshed_at is None:
        return _read_by_a_person(trial, on)
    return _STANDINGS.get(trial.status, _UNTOLD)


def takes_participants(trial: Any, on: date) -> bool:
    """Whether it takes them that day. Where it does not, none of its sites does.

    The registry goes on calling sites "recruiting" of which the trial's status is unknown.
    """
    return standing(trial, on).tone == "open"


def _read_by_a_person(trial: Any, on: date) -> Standing:
    read = trial.registry_as_of
    if read is None:
        return _WAS_OPEN_SOME_DAY
    return _WAS_OPEN if read.latest < on - GOOD_FOR else _STANDINGS[Status.RECRUITING]


def ages(trial: Any) -> str:
    """The ages that the trial takes, in words; empty where none is stated."""
    least, most = trial.minimum_age, trial.maximum_age
    if least and most:
        first, last = AGE.fullmatch(least), AGE.fullmatch(most)
        # "18 to 70 years", where the unit need not be said twice.
        start = first[1] if first and last and first[2] == last[2] else age_words(least)
        return _("%(least)s to %(most)s") % {"least": start, "most": age_words(most)}
    if least:
        return _("from %(age)s, with no upper limit") % {"age": age_words(least)}
    return _("up to %(age)s") % {"age": age_words(most)} if most else ""
