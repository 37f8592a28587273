"""Turns what the rules read into facts, and retires the rules' earlier ones. Nobody else's."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime

from trials.extraction.readings import Reading
from trials.models import CellSource, Fact, Indication, Trial
from trials.refresh.rows import insert_instances
from trials.showing import mark, settle
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


class Readings:
    """Brings the rule facts of trials in step with what the rules read, many trials at once."""

    def __init__(self, *, trees: Trees, origin: str, now: datetime) -> None:
        self._trees, self._origin, self._now = trees, origin, now

    def save_first(self, read: Mapping[Trial, tuple[Reading, ...]]) -> None:
        """Of trials about which nothing is said yet."""
        facts = [
            fact
            for trial, readings in read.items()
            for reading in self._wanted(readings).values()
            if (fact := self._fact(trial, reading)) is not None
        ]
        mark(facts)
        insert_instances(facts)

    def save(self, read: Mapping[Trial, tuple[Reading, ...]]) -> None:
        """Of trials that have facts, perhaps: those of rules that are not read any more end."""
        if not read:
            return
        live = self._live(read)
        ended: list[int] = []
        made: list[Fact] = []
        for trial, readings in read.items():
            wanted, had = self._wanted(readings), live[trial.pk]
            ended += [fact.pk for key, fact in had.items() if key not in wanted]
            new = (reading for key, reading in wanted.items() if key not in had)
            made += [fact for reading in new if (fact := self._fact(trial, reading)) is not None]
        Fact.objects.filter(pk__in=ended).update(retired_at=self._now, shown=False)
        insert_instances(made)
        settle(read)

    @staticmethod
    def _live(trials: Iterable[Trial]) -> dict[int, dict[_Key, Fact]]:
        live: dict[int, dict[_Key, Fact]] = defaultdict(dict)
        keys = [trial.pk for trial in trials]
        said = Fact.objects.filter(trial__in=keys, basis=Basis.RULE, retired_at=None)
        for fact in said.select_related("cell_source", "indication", "product"):
            live[fact.trial_id][(fact.kind, fact.slug, fact.quote, fact.place)] = fact
        return live

    def _wanted(self, readings: tuple[Reading, ...]) -> dict[_Key, Reading]:
        return {
            (reading.kind, reading.value, reading.quote, reading.place): reading
            for reading in self._trees.exact(readings)
        }

    def _fact(self, trial: Trial, reading: Reading) -> Fact | None:
        fact = Fact(
            trial=trial,
            kind=reading.kind,
            basis=Basis.RULE,
            quote=reading.quote,
            place=reading.place,
            source=self._origin,
            rule=reading.rule,
            decided_at=self._now,
        )
        if reading.kind in FACT_VALUES:
            fact.value = reading.value
            return fact
        row = self._trees.row(reading)
        if row is None:  # an editor took the term out of the tree: there is nothing to point to
            return None
        setattr(fact, reading.kind, row)
        return fact


def _by_slug(model: type[CellSource] | type[Indication]) -> dict[str, CellSource | Indication]:
    rows = {row.pk: row for row in model.objects.all()}
    for row in rows.values():
        row.parent = rows.get(row.parent_id)
    return {row.slug: row for row in rows.values()}
