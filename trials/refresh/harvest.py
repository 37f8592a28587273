"""Where study records come from: the registry's answers to stored queries, or files."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, Protocol

from trials.models import HarvestQuery
from trials.registry.client import Registry
from trials.registry.errors import RegistryError, UnusableRecord
from trials.registry.fields import clean
from trials.registry.files import read_records
from trials.registry.numbers import registry_number

Named = tuple[str, dict[str, Any] | UnusableRecord]


class Harvest(Protocol):
    """Gives records one by one. What it says of itself is final once they have all been taken."""

    origin: str
    data_timestamp: str
    expected: int | None
    missing: list[str]  # what should have come and did not, in words; empty = complete
    gone: list[str]  # numbers that the registry no longer knows

    @property
    def requests(self) -> int: ...

    def records(self) -> Iterator[Named]: ...


class FileHarvest:
    """Study records of a file or folder."""

    requests = 0

    def __init__(self, path: Path) -> None:
        self.path = path
        self.origin = f"file {path.name}"
        self.data_timestamp = ""
        self.expected: int | None = None
        self.missing: list[str] = []
        self.gone: list[str] = []

    def records(self) -> Iterator[Named]:
        return read_records(self.path)


class RegistryHarvest:
    """Every study that the stored queries find, then every trial of ours that none returned."""

    def __init__(
        self,
        registry: Registry,
        *,
        queries: Iterable[HarvestQuery] = (),
        known: Iterable[str] = (),
        page_size: int = 500,
    ) -> None:
        self._registry = registry
        self._queries = tuple(queries)
        self._known = frozenset(known)
        self._page_size = page_size
        self._seen: set[str] = set()
        self._short = 0
        self.origin = registry.base_url
        self.data_timestamp = ""
        self.expected: int | None = None
        self.missing: list[str] = []
        self.gone: list[str] = []

    @classmethod
    def at(cls, url: str, *, interval: float, **wanted: Any) -> RegistryHarvest:
        """A harvest from the registry at this address, one request per `interval` seconds."""
        return cls(Registry(url, interval=interval), **wanted)

    @property
    def requests(self) -> int:
        return self._registry.requests_sent

    def records(self) -> Iterator[Named]:
        self.data_timestamp = self._registry.version().data_timestamp
        for query in self._queries:
            yield from self._of_query(query)
        yield from self._by_number(sorted(self._known - self._seen))
        self.expected = len(self._seen) + self._short

    def _of_query(self, query: HarvestQuery) -> Iterator[Named]:
        came: set[str] = set()
        expected: int | None = None
        try:
            for page in self._registry.studies(parameters(query), page_size=self._page_size):
                expected = page.expected
                for raw in page.studies:
                    came.add(number_of(raw))
                    yield from self._once(raw)
        except RegistryError as error:
            self.missing.append(f"query “{query.name}” broke off: {error}")
        if expected is not None and len(came) < expected:
            self._short += expected - len(came)
            self.missing.append(f"query “{query.name}”: {len(came)} of {expected} studies came")

    def _by_number(self, numbers: Sequence[str]) -> Iterator[Named]:
        came: set[str] = set()
        try:
            for raw in self._registry.studies_by_id(numbers):
                came.add(number_of(raw))
                yield from self._once(raw)
            for number in sorted(set(numbers) - came):
                # Renamed studies answer to their old number only when asked for one by one.
                renamed = self._registry.study(number)
                if renamed is None:
                    self.gone.append(number)
                else:
                    came.add(number)
                    yield from self._once(renamed)
        except RegistryError as error:
            short = len(set(numbers) - came - set(self.gone))
            self._short += short
            self.missing.append(f"{short} studies of the catalogue could not be asked for: {error}")

    def _once(self, raw: Any) -> Iterator[Named]:
        number = number_of(raw)
        if number not in self._seen:
            self._seen.add(number)
            yield number, raw


def number_of(raw: Any) -> str:
    """The study's number as far as it can be seen without reading the record whole."""
    try:
        number = clean(str(raw["protocolSection"]["identificationModule"]["nctId"]))
    except (KeyError, TypeError):
        return f"record without a number ({clean(str(raw))[:60]})"
    return registry_number(number) or number


def parameters(query: HarvestQuery) -> dict[str, str]:
    """The query in the registry's own parameter names."""
    named = {
        "query.cond": query.condition,
        "query.intr": query.intervention,
        "query.term": query.term,
        "query.titles": query.titles,
    }
    return {name: words for name, words in named.items() if words}
