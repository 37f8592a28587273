"""The list of all kinds of items that wait for a person; a further kind registers itself here.

A kind is a query of its rows. It costs the same however long the queue is: what comes next is the
first row that an index gives, and nobody counts further than MOST.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import CharField, Exists, Model, OuterRef, QuerySet
from django.db.models.functions import Cast
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from trials.models import Doubt, Left, Report, SponsorPair, StoredRecord
from trials.vocabulary import DoubtKind, Screening

MOST = 1_000  # items of a kind are counted up to here
MAY_DECIDE = "trials.change_fact"


@dataclass(frozen=True, slots=True)
class Kind:
    """Items of one kind, worst first. `severity`: the kinds with the least one come first.

    `rows` are those that want a person, in their order; the column `key` names a row for good,
    and the column `said` is another once what is asked about it is another. An item that a person
    left is not asked about again until then. `since` is the column with the moment from which an
    item waits. `permission`: what a person needs to answer them.
    """

    name: str
    label: str | Promise
    severity: int
    rows: Callable[[], QuerySet[Any]]
    key: str = "key"
    said: str = "said"
    since: str = "since"
    permission: str = MAY_DECIDE

    def waiting(self) -> QuerySet[Any]:
        left = Left.objects.filter(kind=self.name, key=OuterRef(self.key), said=OuterRef(self.said))
        return self.rows().filter(~Exists(left))

    def size(self) -> int:
        """How many wait; MOST + 1 for more than MOST."""
        return self.waiting().order_by()[: MOST + 1].count()

    def oldest(self) -> datetime | None:
        """Since when the one waits that waits longest; None where nothing does."""
        moments = self.waiting().order_by(self.since).values_list(self.since, flat=True)
        return moments.first()


_kinds: dict[str, Kind] = {}


def register(kind: Kind) -> None:
    _kinds[kind.name] = kind


def kinds(person: Any = None) -> list[Kind]:
    """All kinds, the worst first; of a person, those that the person may answer."""
    theirs = [one for one in _kinds.values() if person is None or person.has_perm(one.permission)]
    return sorted(theirs, key=lambda kind: kind.severity)


def kind_named(name: str) -> Kind | None:
    return _kinds.get(name)


def following(name: str = "", *, person: Any = None) -> tuple[Kind, Model] | None:
    """The item that comes next, of all kinds or of one; None where nothing waits."""
    chosen = [kind for kind in kinds(person) if name in ("", kind.name)]
    for kind in chosen:
        row = kind.waiting().first()
        if row is not None:
            return kind, row
    return None


def sizes(person: Any = None) -> Iterator[tuple[Kind, int]]:
    for kind in kinds(person):
        yield kind, kind.size()


def _doubts(kind: DoubtKind) -> Callable[[], QuerySet[Doubt]]:
    return lambda: Doubt.objects.filter(kind=kind).order_by("kind", "weight", "pk")


def _near_the_line() -> QuerySet[StoredRecord]:
    """Studies that the rules neither take in nor leave out, in the order of their numbers."""
    records = StoredRecord.objects.filter(screening=Screening.REVIEW).defer("body")
    return records.order_by("screening", "screening_rule", "registry_id")


def _pairs() -> QuerySet[SponsorPair]:
    """Sponsors that may be one, the likest first; keys and likeness as the words that are left."""
    as_word = CharField()
    return (
        SponsorPair.objects.undecided()
        .select_related("one", "other")
        .annotate(key=Cast("pk", as_word), said=Cast("likeness", as_word))
    )


# Before all else: a reader looked, and found the catalogue wrong.
register(
    Kind(
        "report",
        _("Readers’ reports"),
        5,
        Report.objects.for_queue,
        key="reference",
        said="digest",
        since="made_at",
        permission="trials.change_report",
    )
)
# Between them there is room.
for severity, doubt in (
    (10, DoubtKind.CONFLICT),
    (20, DoubtKind.DISSENT),
    (30, DoubtKind.UNSURE),
    (40, DoubtKind.NO_SOURCE),
    (70, DoubtKind.NEW_VALUE),
):
    register(Kind(doubt.value, doubt.label, severity, _doubts(doubt)))
register(
    Kind(
        "screening",
        _("Neither surely in nor surely out"),
        50,
        _near_the_line,
        key="registry_id",
        said="content_hash",
        since="changed_at",  # since its text is as it is
    )
)
register(
    Kind("sponsors", _("Sponsors that may be one"), 60, _pairs, permission="trials.change_sponsor")
)
