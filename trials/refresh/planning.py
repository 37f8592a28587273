"""What a refresh asks the registry for: everything, or what was updated since the last time.

A query's watermark is the registry's date of the data when a complete run last harvested it. It
lies in the past by the registry's clock, so that no clock of ours decides what is missed.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta

from django.db.models import F, Q, QuerySet

from trials.models import HarvestedQuery, HarvestQuery, RefreshRun, Trial
from trials.refresh.harvest import Plan, Question, parameters
from trials.vocabulary import RunKind, RunStatus

OVERLAP = timedelta(days=3)  # a study posted late for its day is asked for again
# An update is not the only way into a query's answer (the registry re-indexes), or out of it.
FULL_EVERY = timedelta(days=7)
WHOLE = (RunKind.FULL, RunKind.INCREMENTAL)  # runs that move the watermark


def kind_of_next_run(*, origin: str, full: bool, now: datetime) -> RunKind:
    """Whether to read everything: when asked to, at first, and then once a week."""
    last = _complete(origin).filter(kind=RunKind.FULL, harvested__isnull=False).first()
    # A run of the future tells that a clock went wrong.
    if full or last is None or not timedelta(0) <= now - last.started_at < FULL_EVERY:
        return RunKind.FULL
    return RunKind.INCREMENTAL


def planner(run: RefreshRun, *, full: bool = False) -> Callable[[str], Plan]:
    """The plan of this run, to be worked out when the registry's date of the data is known."""

    def plan(data_timestamp: str) -> Plan:
        return _plan(run, data_timestamp, full=full)

    return plan


def plan_of_query(query: HarvestQuery) -> Plan:
    """One stored query, whole."""
    return Plan(questions=(Question(query.name, parameters(query)),))


def _plan(run: RefreshRun, data_timestamp: str, *, full: bool) -> Plan:
    queries = list(HarvestQuery.objects.filter(active=True))
    last = _complete(run.origin).first()
    harvested = _last_harvests(run.origin)
    questions = [_question(run, query, harvested) for query in queries]
    if last is not None and last.data_timestamp == data_timestamp and not full:
        new = [
            question
            for question in questions
            if not _is_harvested(question, harvested)
            or harvested[question.name].run.data_timestamp != data_timestamp
        ]
        if not new:
            never_asked = _never_asked()
            said = f"the registry's data are those of {data_timestamp}, which are here already"
            return Plan(known=never_asked, nothing_new="" if never_asked else said)
    adopted = _of_cut_run(run, data_timestamp, questions)
    done = frozenset(number for one in adopted for number in one.numbers)
    names = {(one.name, one.since) for one in adopted}
    asked = tuple(one for one in questions if (one.name, one.since) not in names)
    return Plan(
        questions=asked,
        done=done,
        known=_to_ask_by_number(run, questions),
        adopted=tuple(one.pk for one in adopted),
    )


def _question(
    run: RefreshRun, query: HarvestQuery, harvested: dict[str, HarvestedQuery]
) -> Question:
    question = Question(query.name, parameters(query))
    if run.kind == RunKind.FULL or not _is_harvested(question, harvested):
        return question
    return Question(query.name, question.parameters, since=_since(harvested[query.name].run))


def _is_harvested(question: Question, harvested: dict[str, HarvestedQuery]) -> bool:
    """Whether a complete run has had this query, in these words."""
    had = harvested.get(question.name)
    return had is not None and had.parameters == dict(question.parameters)


def _since(run: RefreshRun) -> str:
    try:
        return (date.fromisoformat(run.data_timestamp[:10]) - OVERLAP).isoformat()
    except ValueError:  # no day of the calendar: then everything is asked for
        return ""


def _complete(origin: str) -> QuerySet[RefreshRun]:
    """Complete runs that asked every query of the registry at this address, the newest first."""
    return RefreshRun.objects.filter(
        origin=origin, kind__in=WHOLE, status=RunStatus.COMPLETE
    ).exclude(data_timestamp="")


def _last_harvests(origin: str) -> dict[str, HarvestedQuery]:
    """Each query as a complete run last harvested it."""
    runs = _complete(origin)
    harvested = HarvestedQuery.objects.filter(run__in=runs).select_related("run").defer("numbers")
    return {one.name: one for one in harvested.order_by("run__started_at", "pk")}


def _of_cut_run(
    run: RefreshRun, data_timestamp: str, questions: list[Question]
) -> list[HarvestedQuery]:
    """What the run before this one finished, if it was cut short and asked the same."""
    whole = RefreshRun.objects.filter(origin=run.origin, kind__in=WHOLE)
    before = whole.exclude(pk=run.pk).exclude(data_timestamp="").first()
    if (
        before is None
        or before.status == RunStatus.COMPLETE
        or before.data_timestamp != data_timestamp
    ):
        return []
    wanted = [(one.name, dict(one.parameters), one.since) for one in questions]
    return [
        one for one in before.harvested.all() if (one.name, one.parameters, one.since) in wanted
    ]


def _to_ask_by_number(run: RefreshRun, questions: list[Question]) -> frozenset[str]:
    """Our trials that no query returns. A full run finds out anew which these are."""
    known = frozenset(Trial.objects.registry_numbers())
    if run.kind == RunKind.FULL:
        return known
    last_full = _complete(run.origin).filter(kind=RunKind.FULL).first()
    since = _complete(run.origin).filter(started_at__gte=last_full.started_at) if last_full else []
    returned: set[str] = set()
    asked = {one.name: dict(one.parameters) for one in questions}
    for one in HarvestedQuery.objects.filter(run__in=since):
        if asked.get(one.name) == one.parameters:  # this run asks it again
            returned.update(one.numbers)
    return known - (returned - _never_asked())


def _never_asked() -> frozenset[str]:
    """Trials that somebody entered, or put in, since their record last came, if it ever did."""
    apart = Q(stored_record=None) | ~Q(stored_record__screening=F("screening"))
    return frozenset(Trial.objects.filter(apart, gone_at=None).registry_numbers())
