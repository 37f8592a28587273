"""The rows of a CSV file from what is kept ready of each trial: no document is taken apart."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from django.urls import reverse

from catalog.api.documents import in_order, labels
from catalog.exports.rows import (
    INSTEAD,
    SEPARATOR,
    TITLES,
    Cells,
    harmless,
    header,
    places,
    to_keep,
)
from trials.search import Terms
from trials.search.vocabularies import reads_chinese

MOST_KEPT = 10_000  # cells of names, of each column
# The columns of slugs, and those of their names.
_NAMED = {
    "cell_sources.slug": "cell_sources.name",
    "indications.slug": "indications.name",
    "countries.code": "countries.name",
}


def ready_rows(keys: Iterable[Sequence[int]], origin: str) -> Iterator[Iterator[Cells]]:
    """For each batch of primary keys, the cells of its trials in their order; without gone ones.

    They are those of `rows.row` of the API's object (`catalog.api.documents.rows`).
    """
    reader = _Reader.here(origin)
    for some in keys:
        yield map(reader.put_into, in_order(some, "cells", to_keep))


class _Named(dict[str, str]):
    """For a cell of slugs, the cell of their names; the same some stand in thousands of rows."""

    def __init__(self, names: Mapping[str, str]) -> None:
        super().__init__()
        self._names = names

    def __missing__(self, slugs: str) -> str:
        # A slug may begin with "-", and then the cell with what makes it harmless.
        known = slugs.removeprefix("'").split(SEPARATOR)
        names = (self._names[slug].replace(SEPARATOR, INSTEAD) for slug in known)
        (cell,) = harmless([SEPARATOR.join(names)])
        if len(self) >= MOST_KEPT:
            self.clear()
        self[slugs] = cell
        return str(cell)


@dataclass(frozen=True, slots=True)
class _Reader:
    """What is put into the rows for one reader, and where."""

    address: str  # of the API's trials
    number: int
    url: int
    named: tuple[tuple[int, int, _Named], ...]  # the places of slugs and of names
    titles: tuple[int, ...]
    width: int
    in_chinese: bool

    @classmethod
    def here(cls, origin: str) -> _Reader:
        terms, in_chinese = Terms(), reads_chinese()
        number, url, *slugs = places(("id", "url", *_NAMED))
        names = places(_NAMED.values())
        known = (terms.cell_sources, terms.indications, terms.countries)
        named = (_Named(labels(each.values(), in_chinese)) for each in known)
        return cls(
            f"{origin}{reverse('api:trials')}",
            number,
            url,
            tuple(zip(slugs, names, named, strict=True)),
            tuple(places(TITLES)),
            len(header()),
            in_chinese,
        )

    def put_into(self, cells: Cells) -> Cells:
        """The row, with it."""
        chinese = cells[self.width :]
        del cells[self.width :]
        cells[self.url] = f"{self.address}{cells[self.number]}/"
        for slugs, names, named in self.named:
            if cells[slugs] is not None:
                cells[names] = named[cells[slugs]]
        if self.in_chinese:
            for place, title in zip(self.titles, chinese, strict=True):
                cells[place] = title
        return cells
