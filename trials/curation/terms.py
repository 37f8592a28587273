"""The words that editors add to the lexicon: what may be added, and its only writer."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from trials.extraction.adding import Broken, broken_by, holder, is_found
from trials.extraction.tables import Addition, Lexicon, lexicon
from trials.models import LexiconTerm

MOST_BROKEN = 5  # examples that are told one by one


def check_term(addition: Addition, *, words: Lexicon) -> None:
    """Whether these words may have the addition beside them. ValidationError says why not.

    Not where its list reads the phrase already, nor where an example of the project's own set
    would not come out as expected any more.
    """
    check_phrase(addition, words=words)
    check_examples(addition, words=words)


def check_phrase(addition: Addition, *, words: Lexicon) -> None:
    """Whether it can be found, and is nothing that these words or the files read already."""
    if not is_found(addition):
        right = _("Write at least two letters or digits, as a record would have them.")
        raise ValidationError(right, code="unfindable")
    shipped = holder(addition, lexicon())
    if held := shipped or holder(addition, words):
        files = f"lexicon/{held.table}.toml, [{held.section}]"
        raise ValidationError(
            _("The list has this phrase already: it means “%(value)s” (%(where)s)."),
            code="held",
            params={"value": held.value, "where": files if shipped else _("added before")},
        )


def check_examples(addition: Addition, *, words: Lexicon) -> None:
    """Whether each example that these words read as expected is read so with the addition too."""
    if broken := broken_by(addition, words=words):
        raise ValidationError([ValidationError(told, "broken") for told in _told(broken)])


def keep_term(
    term: LexiconTerm, *, by: User, withdrawn: bool = False, at: datetime | None = None
) -> None:
    """Save what `check_term` let pass; the rules go by it from now on, or no more."""
    at = at or timezone.now()
    if term.pk is None:
        term.added_by, term.added_at = by, at
    if withdrawn and term.withdrawn_at is None:
        term.withdrawn_by, term.withdrawn_at = by, at
    elif not withdrawn:
        term.withdrawn_by = term.withdrawn_at = None
    term.save()


def _told(broken: list[Broken]) -> Iterator[str]:
    for one in broken[:MOST_BROKEN]:
        yield _(
            "The example “%(trap)s” would be read otherwise. In “%(sentence)s”, %(field)s would be"
            " %(read)s instead of %(expected)s."
        ) % {
            "trap": one.trap,
            "sentence": one.sentence,
            "field": one.field,
            "read": _in_words(one.read),
            "expected": _in_words(one.expected),
        }
    if (more := len(broken) - MOST_BROKEN) > 0:
        yield ngettext("and %d more example", "and %d more examples", more) % more


def _in_words(value: object) -> str:
    values = value if isinstance(value, list) else [value]
    return ", ".join(f"“{one}”" for one in values if one is not None) or _("nothing")
