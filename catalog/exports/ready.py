"""The lines of a CSV file from what is kept ready of each trial: no document is taken apart."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from django.urls import reverse

from catalog.api.documents import in_order, labels
from catalog.exports.rows import ADDRESS, INSTEAD, NAMED, SEPARATOR, harmless, quoted, to_keep
from catalog.holes import Filling
from trials.search import Terms
from trials.search.vocabularies import reads_chinese

MOST_KEPT = 10_000  # cells of names


def ready_lines(keys: Iterable[Sequence[int]], origin: str) -> Iterator[bytes]:
    """For each batch of primary keys, the lines of its trials in their order; without gone ones.

    They are those of `rows.row` of the API's object (`catalog.api.documents.rows`).
    """
    filling = _Cells(origin)
    for some in keys:
        lines = map(filling.fill, in_order(some, "cells", to_keep))
        yield "".join(lines).encode("utf-8", "replace")


class _Cells(Filling):
    """What is put into lines for the reader of this request.

    The cells of names are made as they are met: the same some stand in thousands of lines.
    """

    def __init__(self, origin: str) -> None:
        terms, in_chinese = Terms(), reads_chinese()
        super().__init__(in_chinese=in_chinese)
        self[ADDRESS] = self._address = f"{origin}{reverse('api:trials')}"
        self._names: dict[str, Mapping[str, str]] = {
            f"{thing}.name": labels(getattr(terms, thing).values(), in_chinese)
            for thing in (column.partition(".")[0] for column in NAMED.values())
        }

    def __missing__(self, name: str) -> str:
        column, _colon, slugs = name.partition(":")
        if column not in self._names:
            return super().__missing__(name)
        # A slug may begin with "-", and then the cell with what makes it harmless.
        known = slugs.removeprefix("'").split(SEPARATOR)
        names = (self._names[column][slug].replace(SEPARATOR, INSTEAD) for slug in known)
        (cell,) = harmless([SEPARATOR.join(names)])
        if len(self) >= MOST_KEPT:
            self.clear()
            self[ADDRESS] = self._address
        self[name] = quoted(cell)
        return self[name]
