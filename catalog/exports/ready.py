"""The lines of a CSV file from what is kept ready of each trial: no document is taken apart."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from django.urls import reverse

from catalog.api.documents import in_order
from catalog.exports.rows import ADDRESS, INSTEAD, NAMED, SEPARATOR, harmless, quoted, to_keep
from catalog.holes import Filling
from trials.search import Terms
from trials.search.vocabularies import Term, reads_chinese

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
    """What is put into lines for the reader of this request, as it stands in a line.

    The same few names, one after the other in a cell, stand in thousands of lines.
    """

    def __init__(self, origin: str) -> None:
        super().__init__(in_chinese=reads_chinese())
        terms = Terms()
        self._address = f"{origin}{reverse('api:trials')}"
        self._terms: dict[str, dict[str, Term]] = {
            names: getattr(terms, names.removesuffix(".name")) for names in NAMED.values()
        }

    def named(self, name: str) -> str:
        if name == ADDRESS:
            return self._address
        column, _colon, slugs = name.partition(":")
        # A slug may begin with "-", and then the cell with what makes it harmless.
        terms = (self._terms[column][slug] for slug in slugs.removeprefix("'").split(SEPARATOR))
        names = (term.label_in(chinese=self.in_chinese) for term in terms)
        (cell,) = harmless([SEPARATOR.join(label.replace(SEPARATOR, INSTEAD) for label in names)])
        if len(self) >= MOST_KEPT:
            self.clear()
        return quoted(cell)
