"""A question about trials: what was asked, in values that the catalogue knows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from trials.search.terms import Terms
from trials.search.vocabularies import Term
from trials.vocabulary import NOT_STATED


@dataclass(frozen=True)
class Question:
    """What is asked, by parameter; only what was understood and is not empty.

    Lists are tuples of the values that addresses write, dates are `PartialDate`, `q` is `Words`,
    `near` is a `Place`, yes and no are booleans.
    """

    values: Mapping[str, Any]
    terms: Terms = field(default_factory=Terms)

    def meant(self, parameter: str) -> list[Term]:
        """The values of a listed parameter, without "not-stated"."""
        values = [value for value in self.values[parameter] if value != NOT_STATED]
        return list(self.terms.meant(parameter, values).values())
