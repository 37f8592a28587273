"""Turns what the rules read into facts, and retires the rules' earlier ones. Nobody else's."""

from __future__ import annotations

from datetime import datetime

from trials.extraction.readings import Reading
from trials.models import CellSource, Fact, Indication, Trial
from trials.showing import settle
from trials.vocabulary import FACT_VALUES, Basis, FactKind

_Key = tuple[str, str, str, str]


class Trees:
    """The slugs of the two trees, looked up once a run."""

    def __init__(self) -> None:
        self.sources = _by_slug(CellSource)
        self.indications = _by_slug(Indication)

    def row(self, reading: Reading) -> CellSource | Indication | None:
        tree = self.sources if reading.kind == FactKind.CELL_SOURCE else self.indications
        return tree.get(reading.value)

    def exact(self, readings: tuple[Reading, ...]) -> list[Reading]:
        """Without the general terms that a more exact one makes superfluous."""
        general = {
            (reading.kind, ancestor)
            for reading in readings
            for ancestor in self._ancestors(reading)
        }
        return [reading for reading in readings if (reading.kind, reading.value) not in general]

    def _ancestors(self, reading: Reading) -> list[str]:
        slugs, row = [], self.row(reading)
        while row is not None and row.parent_id is not None:
            row = row.parent
            slugs.append(row.slug)
        return slugs


def save_readings(
    trial: Trial, readings: tuple[Reading, ...], *, trees: Trees, origin: str, now: datetime
) -> bool:
    """Bring the trial's rule facts in step with the readings; tells whether anything changed."""
    wanted = {_key(reading): reading for reading in trees.exact(readings)}
    live = {
        (fact.kind, fact.slug, fact.quote, fact.place): fact
        for fact in trial.facts.filter(basis=Basis.RULE, retired_at=None).select_related(
            "cell_source", "indication", "product"
        )
    }
    ended = [fact.pk for key, fact in live.items() if key not in wanted]
    Fact.objects.filter(pk__in=ended).update(retired_at=now, shown=False)
    made = [
        fact
        for key, reading in wanted.items()
        if key not in live and (fact := _fact(trial, reading, trees, origin, now)) is not None
    ]
    Fact.objects.bulk_create(made)
    settle([trial])
    return bool(ended or made)


def _fact(trial: Trial, reading: Reading, trees: Trees, origin: str, now: datetime) -> Fact | None:
    fact = Fact(
        trial=trial,
        kind=reading.kind,
        basis=Basis.RULE,
        quote=reading.quote,
        place=reading.place,
        source=origin,
        rule=reading.rule,
        decided_at=now,
    )
    if reading.kind in FACT_VALUES:
        fact.value = reading.value
        return fact
    row = trees.row(reading)
    if row is None:  # an editor took the term out of the tree: then there is nothing to point to
        return None
    setattr(fact, reading.kind, row)
    return fact


def _key(reading: Reading) -> _Key:
    return (reading.kind, reading.value, reading.quote, reading.place)


def _by_slug(model: type[CellSource] | type[Indication]) -> dict[str, CellSource | Indication]:
    rows = {row.pk: row for row in model.objects.all()}
    for row in rows.values():
        row.parent = rows.get(row.parent_id)
    return {row.slug: row for row in rows.values()}
