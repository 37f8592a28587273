"""How much of a long list stands in sight; the rest is folded."""

from __future__ import annotations

from collections.abc import Sized

IN_SIGHT = 8
FEWEST_FOLDED = 3  # fewer are too little to fold


def in_sight(rows: Sized) -> int:
    """How many of these rows stand unfolded."""
    return IN_SIGHT if len(rows) >= IN_SIGHT + FEWEST_FOLDED else len(rows)
