"""What is wrong with a question: the parameter, the nearest right value, and all right ones."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher, get_close_matches

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

LONGEST_LIST = 60  # values named in a fault; of a longer list only the nearest ones
NEAREST = 10
LONGEST_ECHO = 100  # letters of a wrong value that are said back
_ALIKE = 0.6


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong with a question, in words for a reader and in parts for a program."""

    parameter: str
    value: str
    detail: str
    did_you_mean: str | None = None
    allowed: tuple[str, ...] = ()


class Refused(ValidationError):
    """A value that a parameter does not take."""

    def __init__(
        self,
        value: str,
        detail: str,
        did_you_mean: str | None = None,
        allowed: Iterable[str] = (),
    ) -> None:
        super().__init__(detail)
        self.value = value
        self.did_you_mean = did_you_mean
        self.allowed = tuple(allowed)

    def fault(self, parameter: str) -> Fault:
        return Fault(
            parameter, echo(self.value), str(self.message), self.did_you_mean, self.allowed
        )


def echo(value: str) -> str:
    """A wrong value to be said back: never longer than a line, and nothing unprintable."""
    shown = "".join(
        letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in value
    )
    return shown if len(shown) <= LONGEST_ECHO else shown[:LONGEST_ECHO] + "…"


def nearest(value: str, names: Mapping[str, str]) -> str | None:
    """The value that was most likely meant; `names` gives each value's name in words.

    The same word in another case or width, then the value's name, then a part that only one value
    has, then the most similar spelling.
    """
    word = _plain(value)
    spellings = {_plain(right): right for right in names}
    by_name = {_plain(name): right for right, name in names.items()}
    if found := spellings.get(word) or by_name.get(word):
        return found
    parts = [right for plain, right in spellings.items() if word and word in plain]
    if len(parts) == 1:
        return parts[0]
    known = {**by_name, **spellings}
    close = get_close_matches(word, known, n=1, cutoff=_ALIKE)
    return known[close[0]] if close else None


def unknown_value(parameter: str, value: str, names: Mapping[str, str]) -> Refused:
    """The refusal of a value that a list does not have."""
    allowed: tuple[str, ...] = tuple(names)
    detail = _("“%(value)s” is no value of “%(parameter)s”.") % {
        "value": echo(value),
        "parameter": parameter,
    }
    if len(allowed) > LONGEST_LIST:
        detail += " " + _("It has %(count)d values; the nearest are listed.") % {
            "count": len(allowed)
        }
        allowed = _most_similar(value, names)
    return Refused(value, detail, nearest(value[:LONGEST_ECHO], names), allowed)


def _most_similar(value: str, names: Mapping[str, str]) -> tuple[str, ...]:
    word = _plain(value[:LONGEST_ECHO])
    matcher = SequenceMatcher(b=word)

    def likeness(right: str) -> float:
        matcher.set_seq1(_plain(right))
        return matcher.ratio()

    return tuple(sorted(names, key=lambda right: (-likeness(right), right))[:NEAREST])


def unknown_parameter(name: str, value: str, known: Iterable[str]) -> Fault:
    """The fault of a name that no parameter has: never taken for "no filter"."""
    allowed = tuple(known)
    detail = _("There is no parameter “%(name)s”.") % {"name": echo(name)}
    guess = nearest(name[:LONGEST_ECHO], {right: right for right in allowed})
    return Fault(echo(name), echo(value), detail, guess, allowed)


def _plain(text: str) -> str:
    """Without case, and with "-", "_" and blanks the same."""
    return " ".join(text.casefold().replace("-", " ").replace("_", " ").split())
