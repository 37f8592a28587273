"""Parts the registry's text of who may take part, where its own headings part it.

Pure, and careful: a line that is not surely a heading stays where it is, and no word is lost.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from textwrap import dedent

LONGEST_HEADING = 90  # letters
LONGEST_TEXT = 40_000  # letters: what is longer was not written for readers, and stays whole

_MARK = r"[\W_]*(?:\d{1,2}(?:\.\d{1,2})*[.)]?[\W_]*)?"  # "* **", "4.1 "
_KIND = r"(?P<kind>(?:non[- ]?)?inclusion|exclusion)"
_CRITERIA = r"\s+criteri(?:a|as|on|ums)"
_QUALITY = r"(?P<quality>(?:key|main|major|general|other|common|specific)\s+)?"
# "Inclusion Criteria", "4.2 Key exclusion criteria:", "**Exclusion:**"
_BARE = re.compile(rf"{_MARK}{_QUALITY}{_KIND}(?:{_CRITERIA})?[\W_]*", re.IGNORECASE)
# "Donor inclusion criteria (third party):": other words only before a colon at the end
_NAMED = re.compile(rf"{_MARK}.*\b{_KIND}{_CRITERIA}\b.*:[\W_]*", re.IGNORECASE)
# "Inclusion Criteria: adults of either sex"
_BEGUN = re.compile(rf"{_MARK}{_QUALITY}{_KIND}{_CRITERIA}\s*:\s*(?P<rest>\w.*)", re.IGNORECASE)
# "Not fulfilling the inclusion criteria:" is a criterion.
_TURNED_ROUND = re.compile(r"\b(?:not|no|without|absence|fulfil\w*)\b", re.IGNORECASE)
_BOTH = re.compile(r"\binclusion\b.*\bexclusion\b|\bexclusion\b.*\binclusion\b", re.IGNORECASE)
_TRIMMED = " \t:*_#•·–—-"


@dataclass(frozen=True, slots=True)
class Part:
    """Criteria of one kind. `heading`: the text's own, where it says more than the kind."""

    inclusion: bool
    heading: str
    text: str


@dataclass(frozen=True, slots=True)
class Criteria:
    """What stands before the first heading, and the parts; without parts, `before` is it all."""

    before: str
    parts: tuple[Part, ...] = ()


def parted(text: str) -> Criteria:
    """The text in its parts, if it has headings of both kinds; else whole."""
    if len(text) > LONGEST_TEXT:
        return Criteria(text)
    before: list[str] = []
    parts: list[tuple[bool, str, list[str]]] = []
    for line in text.splitlines():
        found = _heading(line)
        if found:
            inclusion, heading, rest = found
            parts.append((inclusion, heading, [rest] if rest else []))
        else:
            (parts[-1][2] if parts else before).append(line)
    whole = [Part(inclusion, heading, _text(its)) for inclusion, heading, its in parts]
    said = tuple(part for part in whole if part.heading or part.text)
    if len({part.inclusion for part in said}) < 2:
        return Criteria(text)
    return Criteria(_text(before), said)


def _heading(line: str) -> tuple[bool, str, str] | None:
    """Whether the line begins criteria: if of inclusion, its own words, and what follows them."""
    # A part of the line alone: a pattern must not walk through a line without end.
    if (begun := _BEGUN.match(line[:LONGEST_HEADING])) and not _BOTH.search(begun[0]):
        return _inclusion(begun), "", line[begun.start("rest") :]
    if len(line) > LONGEST_HEADING or _TURNED_ROUND.search(line) or _BOTH.search(line):
        return None
    if bare := _BARE.fullmatch(line):
        return _inclusion(bare), line.strip(_TRIMMED) if bare["quality"] else "", ""
    named = _NAMED.fullmatch(line)
    return (_inclusion(named), line.strip(_TRIMMED), "") if named else None


def _inclusion(found: re.Match[str]) -> bool:
    return found["kind"].lower() == "inclusion"


def _text(lines: list[str]) -> str:
    """The lines, moved to the left where all stood beneath a heading that was a list's item."""
    blocks = re.split(r"\n\s*\n", dedent("\n".join(lines)).strip())
    return "\n\n".join(map(_listed, blocks))


def _listed(block: str) -> str:
    """A block of criteria, one a line without any mark, as the list that it is.

    Not where a line begins in small letters (it goes on with the one before) or leads to others.
    """
    lines = [line.strip() for line in block.split("\n")]
    if len(lines) < 2 or not all(line[:1].isupper() and line[-1] != ":" for line in lines):
        return block
    return "\n".join(f"* {line}" for line in lines)
