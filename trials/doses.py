"""A dose in the words of the field: "2 × 10⁷ cells", "1 × 10⁶–2 × 10⁶ cells per kg"."""

from __future__ import annotations

from trials.vocabulary import DoseUnit

_WORDS = {
    DoseUnit.CELLS: "cells",
    DoseUnit.PER_KG: "cells per kg",
    DoseUnit.PER_ML: "cells per mL",
    DoseUnit.PER_CM2: "cells per cm²",
}
_RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


def dose_in_words(least: float, most: float, unit: DoseUnit) -> str:
    """The dose, as a range where `least` and `most` differ."""
    spoken = "–".join(dict.fromkeys([_spoken(least), _spoken(most)]))
    return f"{spoken} {_WORDS[unit]}"


def _spoken(number: float) -> str:
    mantissa, _, power = f"{number:.6e}".partition("e")
    return f"{mantissa.rstrip('0').rstrip('.')} × 10{str(int(power)).translate(_RAISED)}"
