"""What the registry was asked, what came, and where each study went: figures that must add up."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet

from trials.freshness import WHOLE
from trials.models import HarvestedQuery, HarvestQuery, RefreshRun, StoredRecord, Trial
from trials.numbers import bare_number
from trials.refresh.harvest import parameters
from trials.search.words import Words
from trials.vocabulary import RunKind, RunStatus, Screening, ScreeningRule

# What the rules alone take in; a record beside these is in because somebody put it in.
TAKEN_IN = frozenset({ScreeningRule.CELLS, ScreeningRule.CELL_FREE})


@dataclass(frozen=True, slots=True)
class QueryCoverage:
    """A stored query: the registry's own total, and where the studies went that came.

    `harvested` is None where no complete refresh has asked the query yet in these words.
    """

    query: HarvestQuery
    harvested: HarvestedQuery | None
    included: int = 0
    left_out: int = 0
    review: int = 0
    missing: int = 0

    @property
    def came(self) -> int:
        return self.included + self.left_out + self.review


@dataclass(frozen=True, slots=True)
class Screened:
    """How many stored records ended in one place, for one reason."""

    screening: str
    rule: str
    count: int

    @property
    def by_person(self) -> bool:
        """Whether a document or a person decided otherwise than the rules."""
        return bool(self.rule) and (
            (self.screening == Screening.INCLUDED and self.rule not in TAKEN_IN)
            or (self.screening == Screening.EXCLUDED and self.rule in {*TAKEN_IN, "unsure"})
        )

    @property
    def label(self) -> str:
        return str(ScreeningRule(self.rule).label) if self.rule else ""


@dataclass(frozen=True, slots=True)
class Coverage:
    """All of it. `run` is the last complete refresh that asked for everything, if any was.

    A query that an editor added since has been asked later than the others.
    """

    run: RefreshRun | None
    queries: tuple[QueryCoverage, ...]
    found: int  # studies that the queries found then, each once
    missing: tuple[str, ...]  # of these, the ones of which nothing is kept
    later: int  # of these, trials of which a later version was read by hand, and no record is kept
    screened: tuple[Screened, ...]
    from_records: int  # trials shown that have a record
    by_hand: int  # trials shown that have none

    @property
    def stored(self) -> int:
        return sum(row.count for row in self.screened)

    @property
    def asked(self) -> bool:
        """Whether any query has been asked as it is worded now."""
        return any(row.harvested for row in self.queries)

    @property
    def besides(self) -> int:
        """Records that are kept and that the queries did not find then."""
        return self.stored - (self.found - len(self.missing) - self.later)

    @property
    def shown(self) -> int:
        return self.from_records + self.by_hand

    def total(self, screening: str) -> int:
        return sum(row.count for row in self.screened if row.screening == screening)

    @property
    def included(self) -> int:
        return self.total(Screening.INCLUDED)

    @property
    def left_out(self) -> int:
        return self.total(Screening.EXCLUDED)

    @property
    def review(self) -> int:
        return self.total(Screening.REVIEW)

    def of(self, screening: str) -> list[Screened]:
        return [row for row in self.screened if row.screening == screening]

    @property
    def includes(self) -> list[Screened]:
        return self.of(Screening.INCLUDED)

    @property
    def leaves_out(self) -> list[Screened]:
        return self.of(Screening.EXCLUDED)


def coverage() -> Coverage:
    """The figures as they are now, in a fixed number of queries."""
    runs = RefreshRun.objects.filter(kind=RunKind.FULL, status=RunStatus.COMPLETE)
    run = runs.defer("skipped", "unknown_values", "fill").first()
    kept = dict(StoredRecord.objects.values_list("registry_id", "screening"))
    without = Trial.objects.filter(stored_record=None, joined_to=None)
    by_hand = {
        number: screening
        for number, screening in without.values_list("registry_id", "screening")
        if number
    }
    queries = tuple(_queries({**by_hand, **kept}))
    found = {number for row in queries if row.harvested for number in row.harvested.numbers}
    shown = Trial.objects.published()
    counted = shown.aggregate(all=Count("pk"), recorded=Count("stored_record"))
    return Coverage(
        run=run,
        queries=queries,
        found=len(found),
        missing=tuple(sorted(found - kept.keys() - by_hand.keys())),
        later=len(found & by_hand.keys() - kept.keys()),
        screened=_screened(),
        from_records=counted["recorded"],
        by_hand=counted["all"] - counted["recorded"],
    )


def _queries(kept: dict[str, str]) -> Iterator[QueryCoverage]:
    whole = _whole_harvests()
    for query in HarvestQuery.objects.filter(active=True):
        one = whole.get(query.name)
        if one is None or one.parameters != dict(parameters(query)):
            yield QueryCoverage(query, None)
            continue
        went = [kept.get(number, "") for number in one.numbers]
        yield QueryCoverage(
            query,
            one,
            included=went.count(Screening.INCLUDED),
            left_out=went.count(Screening.EXCLUDED),
            review=went.count(Screening.REVIEW),
            missing=went.count(""),
        )


def _whole_harvests() -> dict[str, HarvestedQuery]:
    """Each query as a complete refresh last asked it for everything, not for what is new alone."""
    harvested = HarvestedQuery.objects.filter(
        run__status=RunStatus.COMPLETE, run__kind__in=WHOLE, since=""
    ).exclude(numbers=[], expected__gt=0)  # emptied: a later run has asked it again
    return {one.name: one for one in harvested.order_by("run__started_at", "pk")}


def _screened() -> tuple[Screened, ...]:
    counts = StoredRecord.objects.order_by().values_list("screening", "screening_rule")
    rows = [Screened(*row) for row in counts.annotate(count=Count("pk"))]
    order = {rule: place for place, rule in enumerate(ScreeningRule.values)}
    return tuple(sorted(rows, key=lambda row: (row.by_person, order.get(row.rule, len(order)))))


def left_out(rule: str = "", words: Words | None = None) -> QuerySet[StoredRecord]:
    """The records that are not in the catalogue, narrowed by the rule and by words of the title.

    All words have to stand in the title; any of the numbers will do.
    """
    rows = StoredRecord.objects.exclude(screening=Screening.INCLUDED).defer("body")
    if rule:
        rows = rows.filter(screening_rule=rule)
    if words is not None and words.numbers:
        rows = rows.filter(registry_id__in=words.numbers)
    for word in words.words if words is not None else ():
        rows = rows.filter(title__icontains=word)
    for word in words.digits if words is not None else ():
        rows = rows.filter(Q(registry_id=bare_number(word)) | Q(title__icontains=word))
    return rows
