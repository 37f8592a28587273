"""Trials as ready rows of a page: in HTML, kept until the trial changes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, overload

from django.template.loader import get_template
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from catalog.asking import Asked

CARD = "catalog/_trial_row.html"
LINE = "catalog/_trial_line.html"  # of a table
# A reader's rows of some pages, in two languages and three forms, take some megabytes.
MOST_KEPT = 2_000


class Rows:
    """The rows of the trials that were found, in their order: their number, and slices of them.

    A row is the same for every reader of a language, until its trial or a name changes: it is kept
    with the state of the search that it was made from. Rows with marked words are made each time.
    """

    def __init__(self, asked: Asked, template: str = CARD, **context: Any) -> None:
        self._asked = asked
        self._template = get_template(template)
        self._context = {**context, "looked_for": asked.looked_for}
        self._form = (template, get_language(), *context.values())

    def __len__(self) -> int:
        return len(self._asked.rows)

    def __iter__(self) -> Iterator[SafeString]:
        return iter(self[:])

    @overload
    def __getitem__(self, wanted: int, /) -> SafeString: ...
    @overload
    def __getitem__(self, wanted: slice, /) -> list[SafeString]: ...
    def __getitem__(self, wanted: int | slice, /) -> SafeString | list[SafeString]:
        if isinstance(wanted, int):
            return self[wanted : wanted + 1][0]
        keys = self._asked.rows.keys_of(wanted)
        kept = {} if self._asked.looked_for else self._asked.question.terms.parts
        # Taken out first: other threads may empty it meanwhile.
        rows = {key: kept.get((key, self._form)) for key in keys}
        missing = [key for key, row in rows.items() if row is None]
        # Even a query that is known to find nothing takes its time to put together.
        trials = self._asked.rows.read_keys(missing) if missing else []
        made = {trial.pk: self._made(trial) for trial in trials}
        if len(kept) + len(made) > MOST_KEPT:
            kept.clear()
        kept.update(((key, self._form), row) for key, row in made.items())
        return [row for row in (rows | made).values() if row is not None]

    def _made(self, trial: Any) -> SafeString:
        return SafeString(self._template.render({**self._context, "trial": trial}))
