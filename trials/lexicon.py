"""The words that the rules go by: those of the files, and those that editors added to them."""

from __future__ import annotations

from trials.extraction.tables import Addition, Lexicon, lexicon
from trials.models import LexiconTerm


def words_in_use() -> Lexicon:
    """As they are now. A run asks once, so that all of it is read by the same words."""
    columns = LexiconTerm.objects.active().order_by("pk").values_list(*Addition._fields)
    return lexicon(tuple(Addition(*row) for row in columns))
