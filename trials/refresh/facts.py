"""Turns what the rules read into facts, and retires the rules' earlier ones. Nobody else's."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from trials.doses import dose_in_words
from trials.extraction.readings import Reading
from trials.models import CellSource, Fact, Indication, Product, Trial
from trials.models.fact import LINKED
from trials.refresh.rows import insert, insert_instances
from trials.showing import settle
from trials.vocabulary import Basis, DoseUnit, FactKind

_Key = tuple[str, str, str, str, str]
Row = CellSource | Indication | Product


class Trees:
    """The slugs of sources, indications and products, looked up once a run."""

    def __init__(self) -> None:
        self._rows: dict[str, dict[str, Row]] = {
            FactKind.CELL_SOURCE: dict(_tree(CellSource)),
            FactKind.INDICATION: dict(_tree(Indication)),
            FactKind.PRODUCT: {row.slug: row for row in Product.objects.all()},
        }

    def row(self, reading: Reading) -> Row | None:
        return self._rows[reading.kind].get(reading.value)

    def exact(self, readings: tuple[Reading, ...]) -> list[Reading]:
        """Without the general terms that a more exact one makes superfluous."""
        general = {
            (reading.kind, reading.role, ancestor)
            for reading in readings
            for ancestor in self._ancestors(reading)
        }
        return [one for one in readings if (one.kind, one.role, one.value) not in general]

    def _ancestors(self, reading: Reading) -> list[str]:
        if reading.kind not in (FactKind.CELL_SOURCE, FactKind.INDICATION):
            return []
        slugs, row = [], self.row(reading)
        while row is not None and not isinstance(row, Product) and row.parent_id is not None:
            row = row.parent
            slugs.append(row.slug)
        return slugs


@dataclass(frozen=True, slots=True)
class Difference:
    """What the rules' facts of a trial lack (`made`, not saved yet), and what ends.

    `moved` are facts that stay, with the same words at another place of their text, or read by
    another rule or with another confidence; as they are to be saved.
    """

    trial: Trial
    made: list[Fact]
    ended: list[Fact]
    moved: list[Fact]

    def __bool__(self) -> bool:
        return bool(self.made or self.ended or self.moved)


class Readings:
    """Brings the rule facts of trials in step with what the rules read, many trials at once."""

    def __init__(self, *, trees: Trees, origin: str, now: datetime, version: str) -> None:
        """`version` is that of the words by which all of it is read."""
        self._trees, self._origin, self._now, self._version = trees, origin, now, version
        self.without_row: Counter[str] = Counter()  # values that no row stands for any more

    def save_first(self, read: Mapping[Trial, tuple[Reading, ...]]) -> None:
        """Of trials about which nothing is said yet: what the rules say stands."""
        rows = [
            row
            for trial, readings in read.items()
            for reading in self._wanted(readings).values()
            if (row := self._row(trial, reading)) is not None
        ]
        insert(Fact, _COLUMNS, rows)

    def _row(self, trial: Trial, reading: Reading) -> tuple[Any, ...] | None:
        """A fact as the columns of its row: models would take as long as the reading itself."""
        values = self._columns(reading)
        if values is None:
            return None
        return tuple((_EMPTY | values | {"trial_id": trial.pk, "shown": True}).values())

    def save(self, read: Mapping[Trial, tuple[Reading, ...]]) -> None:
        """Of trials that have facts, perhaps: those of rules that are not read any more end."""
        self.apply(self.differences(read))

    def differences(self, read: Mapping[Trial, tuple[Reading, ...]]) -> list[Difference]:
        """What the rules' facts of these trials lack, and what is not read any more."""
        live = self._live(read) if read else {}
        differences = []
        for trial, readings in read.items():
            wanted, had = self._wanted(readings), live.get(trial.pk, {})
            ended = [fact for key, fact in had.items() if key not in wanted]
            new = [one for key, one in wanted.items() if key not in had]
            facts = [fact for one in new if (fact := self._fact(trial, one)) is not None]
            moved = [
                fact for key, fact in had.items() if key in wanted and self._move(fact, wanted[key])
            ]
            differences.append(Difference(trial, facts, ended, moved))
        return differences

    def apply(self, differences: Sequence[Difference]) -> None:
        """Write what differs, and settle what is shown. Nobody else's facts are touched."""
        ended = [fact.pk for one in differences for fact in one.ended]
        Fact.objects.filter(pk__in=ended).update(retired_at=self._now, shown=False)
        insert_instances([fact for one in differences for fact in one.made])
        moved = [fact for one in differences for fact in one.moved]
        Fact.objects.bulk_update(moved, _MOVED, batch_size=500)
        settle([one.trial for one in differences])

    @staticmethod
    def _live(trials: Iterable[Trial]) -> dict[int, dict[_Key, Fact]]:
        live: dict[int, dict[_Key, Fact]] = defaultdict(dict)
        keys = [trial.pk for trial in trials]
        said = Fact.objects.filter(trial__in=keys, basis=Basis.RULE, retired_at=None)
        for fact in said.select_related("cell_source", "indication", "product"):
            live[fact.trial_id][_key_of(fact)] = fact
        return live

    def _wanted(self, readings: tuple[Reading, ...]) -> dict[_Key, Reading]:
        return {
            (reading.kind, reading.role, reading.value, reading.quote, reading.place): reading
            for reading in self._trees.exact(readings)
        }

    def _fact(self, trial: Trial, reading: Reading) -> Fact | None:
        values = self._columns(reading)
        return None if values is None else Fact(trial=trial, **values)

    def _columns(self, reading: Reading) -> dict[str, Any] | None:
        """What a fact of this reading says; None where there is nothing left to point to."""
        values = {
            "kind": reading.kind,
            "role": reading.role,
            "basis": Basis.RULE.value,
            "quote": reading.quote,
            "place": reading.place,
            "quote_start": reading.start,
            "source": self._origin,
            "rule": self._rule(reading),
            "confidence": reading.confidence,
            "decided_at": self._now,
        }
        if reading.kind in LINKED:
            row = self._trees.row(reading)
            if row is None:  # an editor took the term out: there is nothing to point to
                self.without_row[reading.value] += 1
                return None
            return values | {f"{LINKED[reading.kind]}_id": row.pk}
        if reading.kind == FactKind.ADMINISTRATIONS:
            return values | {"number": int(reading.value)}
        if reading.kind == FactKind.DOSE:
            return values | _measures(reading)
        return values | {"value": reading.value}

    def _move(self, fact: Fact, reading: Reading) -> bool:
        """Bring the fact in step with how the same words are read now; whether there was anything.

        Another version of the tables alone is nothing: the fact keeps the one that first read it
        so.
        """
        said = (fact.quote_start, fact.confidence, fact.rule.partition("@")[0])
        if said == (reading.start, reading.confidence, reading.rule):
            return False
        fact.quote_start, fact.confidence = reading.start, reading.confidence
        fact.rule = self._rule(reading)
        return True

    def _rule(self, reading: Reading) -> str:
        return f"{reading.rule}@{self._version}"


# Every column of a row but its key, with what stands there where nothing is said.
_EMPTY: dict[str, Any] = {
    field.attname: None if field.null else field.get_default()
    for field in Fact._meta.concrete_fields
    if not field.primary_key
}
_COLUMNS = tuple(_EMPTY)
# What may change of a fact that stays.
_MOVED = ("quote_start", "confidence", "rule")


def _measures(reading: Reading) -> dict[str, Any]:
    assert reading.least is not None  # noqa: S101 - the rule of doses gives both
    assert reading.most is not None  # noqa: S101
    return {
        "value": reading.value,
        "dose_min": reading.least,
        "dose_max": reading.most,
        "dose_unit": reading.unit,
        "text": dose_in_words(reading.least, reading.most, DoseUnit(reading.unit)),
    }


def _key_of(fact: Fact) -> _Key:
    value = str(fact.number) if fact.kind == FactKind.ADMINISTRATIONS else fact.slug
    return (fact.kind, fact.role, value, fact.quote, fact.place)


def _tree(model: type[CellSource] | type[Indication]) -> Iterator[tuple[str, Row]]:
    rows = {row.pk: row for row in model.objects.all()}
    for row in rows.values():
        row.parent = rows.get(row.parent_id)
        yield row.slug, row
