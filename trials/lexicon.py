"""The words that the rules go by: those of the files, and those that editors added to them."""

from __future__ import annotations

from trials.extraction.tables import Addition, Lexicon, lexicon
from trials.models import LexiconTerm


def words_in_use(*, without: LexiconTerm | None = None) -> Lexicon:
    """As they are now, or as they would be. A run asks once: all of it is read by the same."""
    terms = LexiconTerm.objects.active().order_by("pk")
    if without is not None:
        terms = terms.exclude(pk=without.pk)
    return lexicon(tuple(Addition(*row) for row in terms.values_list(*Addition._fields)))
