"""Trials as a spreadsheet: what is shown of each goes out, what was changed comes back.

Nothing is written before the report was seen. A row that is wrong, or about something that changed
meanwhile, is told and left; all others are decisions of one batch, with one undoing.
"""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db.models import Prefetch, QuerySet
from django.utils.translation import gettext as _

from trials.curation.cells import CONTROL, KIND_OF, SEPARATOR, Words, as_words, version
from trials.curation.decisions import check_note, hold_all
from trials.curation.facts import Asked, decide_many
from trials.curation.values import Value, check_values
from trials.models import Fact, Trial
from trials.models.fact import LINKED
from trials.numbers import proper_number
from trials.search.kept import writing
from trials.search.loading import batched
from trials.spreadsheets import as_text
from trials.vocabulary import FactKind

COLUMNS = ("number", "title", *KIND_OF, "note", "version")
NEEDED = ("number", "version")
MOST_ROWS = 5000
MOST_DECISIONS = 1000  # what is kept of the trials follows at once: some seconds
AT_ONCE = 500  # trials that are in memory at once


class BrokenSheet(Exception):
    """Nothing of the file can be read; the message says why and what would be right."""


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with one cell, and what would be right."""

    column: str
    words: str


@dataclass(frozen=True, slots=True)
class Change:
    """A decision that a row asks for; `before` and `after` in the words of the sheet."""

    kind: FactKind
    before: str
    after: str
    values: tuple[Value, ...]
    comparators: tuple[Value, ...] = ()


@dataclass(slots=True)
class Row:
    """One row of the sheet: what it changes, or what is wrong with it."""

    line: int  # as the spreadsheet numbers it: the head is 1
    number: str
    note: str = ""
    trial: Trial | None = None
    changes: list[Change] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)

    @property
    def is_good(self) -> bool:
        return bool(self.changes) and not self.faults


@dataclass(slots=True)
class Report:
    """All rows, and which of them would be written."""

    rows: list[Row]

    @property
    def good(self) -> list[Row]:
        return [row for row in self.rows if row.is_good]

    @property
    def bad(self) -> list[Row]:
        return [row for row in self.rows if row.faults]

    @property
    def digest(self) -> str:
        """A word that changes with what would be written: a preview is of this alone."""
        said = [(r.number, c.kind, c.before, c.after) for r in self.good for c in r.changes]
        return hashlib.sha256(repr(said).encode()).hexdigest()[:16]

    @property
    def unchanged(self) -> int:
        return len(self.rows) - len(self.good) - len(self.bad)


def sheet_of(trials: QuerySet[Trial]) -> Iterator[Sequence[str]]:
    """The head, then a row a trial."""
    yield COLUMNS
    for trial in with_shown(trials).iterator(chunk_size=AT_ONCE):
        words = as_words(trial)
        title = as_text(trial.title)
        yield (trial.number, title, *(words[name] for name in KIND_OF), "", version(trial))


def with_shown(trials: QuerySet[Trial]) -> QuerySet[Trial]:
    shown = Fact.objects.filter(shown=True).select_related(*LINKED.values()).order_by("pk")
    return trials.prefetch_related(Prefetch("facts", shown, to_attr="shown_facts"))


def read_sheet(text: str) -> Report:
    """What the sheet asks for, row by row. Raises BrokenSheet where it is none of ours."""
    head, lines = _table(text)
    rows = [
        Row(line=line, number=cells.get("number", ""), note=cells.get("note", ""))
        for line, cells in lines
    ]
    vocabulary, seen = Words(), set[str]()
    for start in range(0, len(rows), AT_ONCE):
        some = rows[start : start + AT_ONCE]
        wanted = {proper_number(row.number) or row.number for row in some}
        known = {t.number: t for t in with_shown(Trial.objects.filter(number__in=wanted))}
        for row, (_line, cells) in zip(some, lines[start:], strict=False):
            _find(row, known, seen)
            if row.trial is not None:
                _compare(row, cells, head, vocabulary)
    return Report(rows)


def propose(trials: Iterable[Trial], name: str, word: str) -> Report:
    """The same for one value that is to be decided of many trials; they need `with_shown`."""
    vocabulary, report = Words(), Report([])
    for line, trial in enumerate(trials, start=1):
        row = Row(line=line, number=trial.number, trial=trial)
        _ask(row, {name: word}, vocabulary)
        report.rows.append(row)
    return report


@writing()
def write_rows(report: Report, *, by: User, note: str) -> tuple[UUID, int]:
    """Decide what the good rows ask for; the batch, and the number of decisions.

    A row's own note goes before `note`. Raises ValidationError where a row has neither, for more
    decisions than one request can make, and where one would replace what the report did not see.
    """
    if sum(len(row.changes) for row in report.good) > MOST_DECISIONS:
        words = _("More than %d decisions at once: divide the file.")
        raise ValidationError(words % MOST_DECISIONS, code="many")
    _hold_as_seen(report.good)
    batch, asked = uuid4(), list[Asked]()
    for row in report.good:
        said = check_note(row.note or note)
        assert row.trial is not None  # noqa: S101 - a good row has its trial
        asked += [
            Asked(row.trial, change.kind, change.values, change.comparators, said)
            for change in row.changes
        ]
    return batch, decide_many(asked, by=by, batch=batch)


def _hold_as_seen(rows: Sequence[Row]) -> None:
    """Make others who decide about these trials wait, and see that nobody did since."""
    seen = {row.trial.pk: row for row in rows if row.trial is not None}
    hold_all(seen)
    for some in batched(seen, AT_ONCE):
        for trial in with_shown(Trial.objects.filter(pk__in=some)):
            row = seen[trial.pk]
            moved = _moved(trial, version(row.trial)) or set()
            if moved & {change.kind for change in row.changes}:
                words = _("What would be written is not what you saw: look at it again.")
                raise ValidationError(words, code="moved")


def _table(text: str) -> tuple[list[str], list[tuple[int, dict[str, str]]]]:
    """The names of the columns, and the filled rows with their numbers."""
    first = text.lstrip("\ufeff").split("\n", 1)[0]
    delimiter = max(",;\t", key=first.count)
    reader = csv.reader(io.StringIO(text.lstrip("\ufeff"), newline=""), delimiter=delimiter)
    try:
        table = [[cell.strip() for cell in cells] for cells in reader]
    except csv.Error as error:
        raise BrokenSheet(_("The file is no table: %s.") % error) from error
    head = [name.casefold() for name in table[0]] if table else []
    for name in NEEDED:
        if name not in head:
            words = _("The column “%(name)s” is missing: begin with a spreadsheet taken from here.")
            raise BrokenSheet(words % {"name": name})
    for name in head:
        if name and name not in COLUMNS:
            words = _("The column “%(name)s” is not known: write one of %(known)s.")
            raise BrokenSheet(words % {"name": name, "known": ", ".join(COLUMNS)})
    lines = [
        (line, dict(zip(head, cells, strict=False)))
        for line, cells in enumerate(table[1:], start=2)
        if any(cells)
    ]
    if len(lines) > MOST_ROWS:
        raise BrokenSheet(_("The file has more than %d rows: divide it.") % MOST_ROWS)
    return head, lines


def _find(row: Row, known: dict[str, Any], seen: set[str]) -> None:
    number = proper_number(row.number) or row.number
    trial = known.get(number)
    if trial is None:
        words = _("“%s” is no trial of the catalogue: write a number as NCT01234567.")
        row.faults.append(Fault("number", words % row.number))
    elif trial.joined_to_id is not None:
        words = _("%s turned out to be another trial: decide about that one.")
        row.faults.append(Fault("number", words % number))
    elif number in seen:
        words = _("%s stands in a row above already: keep one of them.")
        row.faults.append(Fault("number", words % number))
    else:
        row.trial = trial
    seen.add(number)


def _compare(row: Row, cells: dict[str, str], head: list[str], vocabulary: Words) -> None:
    """Which cells differ from what is shown now, and whether it was so when the sheet was taken."""
    assert row.trial is not None  # noqa: S101 - it was found
    now, then = as_words(row.trial), cells.get("version", "")
    moved = _moved(row.trial, then)
    if moved is None:
        words = _("“%s” is no version: leave this column as it was taken.")
        row.faults.append(Fault("version", words % then))
        return
    asked: dict[str, str] = {}
    for name in KIND_OF:
        cell = cells.get(name, now[name])
        if name not in head or _same(cell, now[name]):
            continue
        if KIND_OF[name] in moved:
            words = _("Changed meanwhile: it is “%(now)s” now, and stays. Look at the trial.")
            row.faults.append(Fault(name, words % {"now": now[name] or "–"}))
        elif not cell:
            words = _("It is empty: write “%(now)s” as it was, or “not-stated”.")
            row.faults.append(Fault(name, words % {"now": now[name]}))
        else:
            asked[name] = cell
    _ask(row, asked, vocabulary)


def _moved(trial: Trial, then: str) -> set[FactKind] | None:
    """The kinds that changed since this version; None if it is none."""
    kinds = list(dict.fromkeys(KIND_OF.values()))
    before, after = then.split("-"), version(trial).split("-")
    if len(before) != len(after):
        return None
    pairs = zip(kinds, before[1:], after[1:], strict=True)
    return {kind for kind, was, is_now in pairs if was != is_now}


def _same(one: str, other: str) -> bool:
    return set(_parts(one)) == set(_parts(other))


def _parts(cell: str) -> list[str]:
    return [part.strip().casefold() for part in cell.split(SEPARATOR.strip()) if part.strip()]


def _ask(row: Row, asked: dict[str, str], vocabulary: Words) -> None:
    """Make changes of the cells that differ, or faults of those that are not understood."""
    assert row.trial is not None  # noqa: S101 - it was found
    now = as_words(row.trial)
    for kind in dict.fromkeys(KIND_OF[name] for name in asked):
        names = [name for name, of in KIND_OF.items() if of == kind]
        cells = {name: asked.get(name, now[name]) for name in names}
        values: dict[str, tuple[Value, ...]] = {}
        for name, cell in cells.items():
            values[name], faults = vocabulary.read(kind, _parts(cell))
            row.faults += [Fault(name, words) for words in faults]
        studied, control = values[names[0]], values.get(CONTROL, ())
        try:
            check_values(kind=kind, values=studied, comparators=control)
        except ValidationError as error:
            row.faults += [Fault(names[0], words) for words in error.messages]
        before = " / ".join(now[name] or "–" for name in names if now[name] or name in asked)
        after = " / ".join(cells[name] or "–" for name in names if cells[name] or name in asked)
        row.changes.append(Change(kind, before, after, studied, control))
