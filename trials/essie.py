"""What is wrong with words that the registry's search (Essie) would misread: text in, words out.

Only what can be told without asking the registry: marks that do not pair, operators that join
nothing, a question of numbers alone. The registry forgives all of it, and answers something else.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from django.utils.translation import gettext as _

CLOSES = {")": "(", "]": "["}
CURLY = "“”„«»"
_OPERATOR = re.compile(r"\b(?:AND|OR|NOT)\b")
_NUMBER = re.compile(r"NCT\d+", re.IGNORECASE)
_JOINS_NOTHING = re.compile(
    r"(?:^|\()\s*(?:AND|OR)\b|\b(?:AND|OR|NOT)\s*(?:$|\))|\b(?:AND|OR|NOT)\s+(?:AND|OR)\b"
)


def faults_of(text: str) -> list[str]:
    """What to mend in one field of a stored query, in sentences; empty where nothing is wrong."""
    return list(_faults(text))


def _faults(text: str) -> Iterator[str]:
    if any(mark in text for mark in CURLY):
        yield _('Use straight quotation marks ("): the registry takes curly ones for letters.')
    bare, paired = _without_phrases(text)
    if not paired:
        yield _('A quotation mark (") is not closed.')
        return
    if wrong := _bracket(bare):
        yield _("The bracket %(mark)s has no partner.") % {"mark": wrong}
    if _JOINS_NOTHING.search(bare):
        yield _("AND, OR and NOT stand between words; here one has nothing to join.")
    if only_numbers(text):
        yield _(
            "NCT numbers alone are no search: the registry then ignores every other condition."
            " A study that is in the catalogue is asked for by itself."
        )


def only_numbers(text: str) -> bool:
    """Whether the text asks for studies by number and for nothing else."""
    words = re.split(r"[\s,;()\"]+", _OPERATOR.sub(" ", text))
    words = [word for word in words if word]
    return bool(words) and all(_NUMBER.fullmatch(word) for word in words)


def _without_phrases(text: str) -> tuple[str, bool]:
    r"""The text with a word for each phrase in quotes, and whether every quote is closed.

    A quote after a backslash (`\"`) is a letter like any other.
    """
    parts = re.split(r'(?<!\\)"', text)
    bare = "".join(part if place % 2 == 0 else "phrase" for place, part in enumerate(parts))
    return bare, len(parts) % 2 == 1


def _bracket(text: str) -> str:
    """The first bracket without a partner; empty where they all pair."""
    still_open: list[str] = []
    for mark in text:
        if mark in CLOSES.values():
            still_open.append(mark)
        elif mark in CLOSES and (not still_open or still_open.pop() != CLOSES[mark]):
            return mark
    return still_open[-1] if still_open else ""
