"""The cells of a spreadsheet of trials: what is shown of a kind in words, and words as values."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from functools import cached_property
from typing import Any

from django.utils.translation import gettext as _

from trials.curation.values import Value, as_seen
from trials.models import CellSource, Indication
from trials.vocabulary import FACT_VALUES, NOT_STATED, FactKind, Role

SEPARATOR = "; "
CONTROL = "cell_source_control"
# The columns that are decided, and what each is about.
KIND_OF: dict[str, FactKind] = {
    "cell_source": FactKind.CELL_SOURCE,
    CONTROL: FactKind.CELL_SOURCE,
    "donor_type": FactKind.DONOR_TYPE,
    "preparation": FactKind.PREPARATION,
    "route": FactKind.ROUTE,
    "indication": FactKind.INDICATION,
}


def as_words(trial: Any) -> dict[str, str]:
    """What is shown of the trial, by column; it needs `shown_facts`."""
    words: dict[str, list[str]] = {name: [] for name in KIND_OF}
    for fact in trial.shown_facts:
        in_control = fact.kind == FactKind.CELL_SOURCE and fact.role == Role.COMPARATOR
        name = CONTROL if in_control else fact.kind
        if name in words:
            words[name].append(fact.slug)
    return {name: SEPARATOR.join(dict.fromkeys(said)) for name, said in words.items()}


def version(trial: Any) -> str:
    """A word that changes, kind by kind, with what is shown and with a new decision."""
    marks = []
    for kind in dict.fromkeys(KIND_OF.values()):
        marks.append(as_seen(fact for fact in trial.shown_facts if fact.kind == kind)[:6])
    return "-".join(["v1", *marks])


class Words:
    """The values of each kind by every word that means one: slugs, and names in both languages."""

    @cached_property
    def _known(self) -> dict[FactKind, dict[str, Value]]:
        known: dict[FactKind, dict[str, Value]] = {
            FactKind.CELL_SOURCE: _terms(CellSource),
            FactKind.INDICATION: _terms(Indication),
        }
        for kind in KIND_OF.values():
            if kind in FACT_VALUES:
                known[kind] = {value: value for value in FACT_VALUES[kind].values}
        return known

    def read(self, kind: FactKind, words: Sequence[str]) -> tuple[tuple[Value, ...], list[str]]:
        """The values that the words mean, and a sentence for each that means none."""
        values, faults = [], []
        stated = [word for word in words if word != NOT_STATED]
        if stated and len(stated) < len(words):
            faults.append(_("“not-stated” stands alone, or not at all."))
        for word in stated:
            value = self._known[kind].get(word)
            if value is not None:
                values.append(value)
                continue
            faults.append(self._unknown(kind, word))
        return tuple(values), faults

    def _unknown(self, kind: FactKind, word: str) -> str:
        slugs = [str(getattr(value, "slug", value)) for value in self._known[kind].values()]
        near = difflib.get_close_matches(word, self._known[kind], n=1)
        known = ", ".join([*dict.fromkeys(slugs), NOT_STATED])
        said = _("“%s” is not known.") % word
        if near:
            value = self._known[kind][near[0]]
            said += " " + _("Did you mean “%s”?") % getattr(value, "slug", value)
        return f"{said} " + _("Known are: %s.") % known


def _terms(model: type[CellSource] | type[Indication]) -> dict[str, Value]:
    known: dict[str, Value] = {}
    for row in model._default_manager.order_by("position", "slug"):
        for word in (row.slug, row.name, row.name_zh):
            if word:
                known.setdefault(word.casefold(), row)
    return known
