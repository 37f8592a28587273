"""How a trial is cited: in a line of text, as RIS and as BibTeX. One entry is one `Citation`.

RIS as reference managers read it (a tag, two blanks, a hyphen, a blank, the value; lines end in
CRLF). Both forms are lines: a value that had a line break in it could begin a field of its own.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from catalog.templatetags.catalogue import lead, registry_url
from catalog.titles import short_title
from trials.wording import without_markup

RIS_TYPE = "application/x-research-info-systems"
BIBTEX_TYPE = "application/x-bibtex"
LONGEST_ABSTRACT = 3_000  # letters
MOST_KEYWORDS = 20
_IN_BIBTEX = str.maketrans(
    {
        "\\": r"\textbackslash{}",
        "{": r"\{",
        "}": r"\}",
        "~": r"\textasciitilde{}",
        "^": r"\textasciicircum{}",
        **{sign: f"\\{sign}" for sign in "$&#_%"},
    }
)


@dataclass(frozen=True, slots=True)
class Citation:
    """What is said of a trial when it is cited; every text is one line without markup.

    `author` is the lead sponsor, an organisation as a rule. `day`: when the registry's record was
    last updated, or else first posted. `record` is empty where the study has none.
    """

    number: str
    title: str
    author: str
    publisher: str
    day: date | None
    page: str
    record: str
    abstract: str
    keywords: tuple[str, ...]

    @property
    def url(self) -> str:
        return self.record or self.page

    def line(self, read_on: date) -> str:
        """The reference as a sentence, as it is pasted into a text."""
        updated = _("updated %s") % self.day.isoformat() if self.day else ""
        parts = (
            self.author,
            self.title,
            ", ".join(filter(None, (f"{self.publisher} {self.number}".strip(), updated))),
            self.record,
            _("In this catalogue, read on %(date)s: %(page)s")
            % {"date": read_on.isoformat(), "page": self.page},
        )
        return " ".join(_ended(part) for part in parts if part)


def _ended(sentence: str) -> str:
    """With its full stop; an address that ended in one would lead nowhere."""
    is_address = sentence.rpartition(" ")[2].startswith("http")
    return sentence if is_address or sentence.endswith((".", "?", "!")) else f"{sentence}."


def citation(trial: Any) -> Citation:
    """How this trial is cited; reads its fetched sponsorships. In the registry's own words."""
    sponsor = lead(trial)
    return Citation(
        number=trial.number,
        title=short_title(one_line(trial.title)),
        author=short_title(one_line(sponsor.name)) if sponsor else "",
        publisher=trial.registry,
        day=trial.last_updated or trial.first_posted,
        page=f"{settings.PUBLIC_URL}{trial.get_absolute_url()}",
        record=registry_url(trial),
        abstract=one_line(without_markup(trial.brief_summary[: 2 * LONGEST_ABSTRACT]))[
            :LONGEST_ABSTRACT
        ],
        keywords=tuple(
            short_title(word) for word in map(one_line, trial.conditions[:MOST_KEYWORDS]) if word
        ),
    )


def one_line(text: Any) -> str:
    """The text in one line, without control characters and what no encoding can write."""
    return " ".join("".join(c if c.isprintable() else " " for c in str(text or "")).split())


def ris(citation: Citation) -> str:
    """One entry in RIS."""
    day = citation.day
    fields: Iterable[tuple[str, str]] = (
        ("TY", "ELEC"),
        ("TI", citation.title),
        # Read as "family name, first name": "Fuda Cancer Hospital, Guangzhou" would be cited as
        # "Guangzhou F. C. H.".
        ("AU", citation.author.replace(",", "")),
        ("PY", f"{day:%Y}" if day else ""),
        ("DA", f"{day:%Y/%m/%d}" if day else ""),
        ("PB", citation.publisher),
        ("DB", citation.publisher),
        ("AN", citation.number),
        ("UR", citation.url),
        ("N1", citation.page if citation.record else ""),
        ("AB", citation.abstract),
        *(("KW", word) for word in citation.keywords),
    )
    lines = [f"{tag}  - {value}" for tag, value in fields if value]
    return "\r\n".join([*lines, "ER  - ", ""])


def bibtex(citation: Citation) -> str:
    """One entry in BibTeX. The braces about title and author keep their capitals and words."""
    day = citation.day
    fields = {
        "title": f"{{{_in_bibtex(citation.title)}}}",
        "author": f"{{{_in_bibtex(citation.author)}}}" if citation.author else "",
        "year": f"{day:%Y}" if day else "",
        "howpublished": _in_bibtex(citation.publisher),
        "number": citation.number,
        "url": citation.url,
        "note": _in_bibtex(citation.page) if citation.record else "",
    }
    lines = [f"  {name} = {{{value}}}," for name, value in fields.items() if value]
    return "\n".join([f"@misc{{{citation.number},", *lines, "}", ""])


def _in_bibtex(text: str) -> str:
    return text.translate(_IN_BIBTEX)
