"""What each parameter of a question means, as a set of trials."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import numpy as np
from pyroaring import BitMap

from trials.models import Trial
from trials.search import places
from trials.search.links import LINKS
from trials.search.packing import MISSING
from trials.search.question import Question
from trials.search.said import said
from trials.vocabulary import NOT_STATED, Sex

Condition = Callable[[Question], BitMap]
DAYS_IN_A_YEAR = 365.25
_EPOCH = date(1970, 1, 1)


def _says_words(question: Question) -> BitMap:
    return said(question).found


def _listed(parameter: str) -> Condition:
    def condition(question: Question) -> BitMap:
        index = question.terms.index
        keys = {key for term in question.meant(parameter) for key in term.covers}
        found = index.having_any(parameter, keys)
        if NOT_STATED in question.values[parameter] and LINKS[parameter].may_be_missing:
            found = found | index.without_any(parameter)
        return found

    return condition


def _sponsor(question: Question) -> BitMap:
    keys = [key for term in question.meant("sponsor") for key in term.covers]
    index = question.terms.index
    return index.where(np.isin(index.columns["sponsor"], keys))


def _column(parameter: str) -> Condition:
    def condition(question: Question) -> BitMap:
        index, values = question.terms.index, question.values[parameter]
        found = index.having_any(parameter, values)
        return found | index.without_any(parameter) if NOT_STATED in values else found

    return condition


def _at_least(column: str, value: Callable[[Any], int], parameter: str) -> Condition:
    """Unknown is neither more nor less than anything, and `MISSING` is less than everything."""

    def condition(question: Question) -> BitMap:
        index = question.terms.index
        return index.where(index.columns[column] >= value(question.values[parameter]))

    return condition


def _at_most(column: str, value: Callable[[Any], int], parameter: str) -> Condition:
    def condition(question: Question) -> BitMap:
        index = question.terms.index
        values = index.columns[column]
        return index.where((values <= value(question.values[parameter])) & (values != MISSING))

    return condition


def _first_day(asked: Any) -> int:
    return (asked.earliest - _EPOCH).days


def _last_day(asked: Any) -> int:
    return (asked.latest - _EPOCH).days


def _has_results(question: Question) -> BitMap:
    return question.terms.index.having_any("has_results", [question.values["has_results"]])


def _has_publication(question: Question) -> BitMap:
    index = question.terms.index
    linked = index.having_any("has_publication", [True])
    return linked if question.values["has_publication"] else index.live - linked


def _age(question: Question) -> BitMap:
    """Trials that take somebody of this age: at 40 one is 40 years old for a year.

    No limit lets everyone in, but a trial that says neither age nor sex has not been read yet:
    it is no answer to "could I join?".
    """
    index, years = question.terms.index, question.values["age"]
    birthday, day_before_next = int(years * DAYS_IN_A_YEAR), int((years + 1) * DAYS_IN_A_YEAR) - 1
    least, most = index.columns["age_min"], index.columns["age_max"]
    old_enough = least <= day_before_next  # no limit is less than every age
    young_enough = (most == MISSING) | (most >= birthday)
    return index.where(old_enough & young_enough) - index.having_any("unread", [1])


def _sex(question: Question) -> BitMap:
    return question.terms.index.having_any("sex", [Sex.ALL, question.values["sex"]])


def _near(question: Question) -> BitMap:
    km = question.values.get("within_km", places.NEARBY)
    near = Trial.objects.published().filter(places.within(question.values["near"], km))
    return question.terms.index.having_keys(list(near.order_by().values_list("pk", flat=True)))


# A trial of "2016" may be one of June 2016: what is asked and what is known are intervals.
CONDITIONS: dict[str, Condition] = {
    "q": _says_words,
    **{parameter: _listed(parameter) for parameter in LINKS},
    "sponsor": _sponsor,
    "status": _column("status"),
    "study_type": _column("study_type"),
    "start_from": _at_least("start_latest", _first_day, "start_from"),
    "start_to": _at_most("start_earliest", _last_day, "start_to"),
    "updated_from": _at_least("updated", _first_day, "updated_from"),
    "updated_to": _at_most("updated", _last_day, "updated_to"),
    "enrollment_min": _at_least("enrollment", int, "enrollment_min"),
    "enrollment_max": _at_most("enrollment", int, "enrollment_max"),
    "has_results": _has_results,
    "has_publication": _has_publication,
    "age": _age,
    "sex": _sex,
    "near": _near,
}
