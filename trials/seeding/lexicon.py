"""The words that editors added to the lexicon: fixtures/lexicon.toml → rows.

The file has the form of the lexicon's own, `[table.section]` and a list of phrases a row, so that
a row can be moved there; under `[notes.table]` stands why a phrase was added.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django.core.exceptions import ValidationError

from trials.curation.terms import check_examples, check_phrase
from trials.extraction.adding import alone, broken_by, meanings
from trials.extraction.tables import lexicon
from trials.models import LexiconTerm
from trials.seeding.report import SeedReport
from trials.seeding.shapes import Term
from trials.seeding.tables import mirror
from trials.vocabulary import LexiconTable

NOTES = "notes"


def read_terms(content: Mapping[str, Any], file: str, faults: list[str]) -> Iterator[Term]:
    """The phrases of the file, each with its place; what has another form is a fault."""
    notes = {
        (table, phrase): str(note)
        for table, of_table in _items(content.get(NOTES, {}))
        for phrase, note in _items(of_table)
    }
    for (table, section, value), phrases in _rows(content):
        where = f"{file}: [{table}.{section}] {value}"
        if table not in LexiconTable.values:
            allowed = ", ".join([*LexiconTable.values, NOTES])
            faults.append(f"{where}: “{table}” is not known here (allowed: {allowed})")
        elif not _are_phrases(phrases):
            faults.append(f'{where}: write a list of phrases in quotes, ["one", "two"]')
        else:
            for phrase in phrases:
                note = notes.pop((table, phrase), "")
                term = Term(table=table, section=section, value=value, phrase=phrase, note=note)
                term.placed(f"{where}, “{phrase}”")
                yield term
    faults += [f"{file}: [{NOTES}.{table}] “{phrase}” is no phrase here" for table, phrase in notes]


def _rows(content: Mapping[str, Any]) -> Iterator[tuple[tuple[str, str, str], Any]]:
    for table, sections in content.items():
        for section, rows in _items(sections) if table != NOTES else ():
            for value, phrases in _items(rows):
                yield (table, section, value), phrases


def _items(table: Any) -> Iterable[tuple[str, Any]]:
    """The entries of a table; of what is none, itself, so that it is not passed over."""
    return table.items() if isinstance(table, dict) else [("", table)]


def _are_phrases(phrases: object) -> bool:
    return isinstance(phrases, list) and all(isinstance(one, str) and one for one in phrases)


def term_faults(terms: list[Term], vocabularies: Mapping[str, list[str]]) -> Iterator[str]:
    """Phrases that nothing can mean, that stand twice, or that would break an example.

    `vocabularies` are the slugs that a table may mean beyond its own rows.
    """
    taken: list[Term] = []
    for term in terms:
        addition = term.addition()
        known = meanings(term.table, vocabularies.get(term.table, ()))
        if (term.section, term.value) not in known:
            yield f"{term.where}: the list has no such meaning"
            continue
        try:
            check_phrase(addition, words=alone(*(one.addition() for one in taken)))
        except ValidationError as error:
            yield f"{term.where}: {' '.join(error.messages)}"
            continue
        taken.append(term)
    yield from _broken(taken)


def _broken(terms: list[Term]) -> Iterator[str]:
    """One look at all of them together; one by one only where something broke."""
    added = tuple(term.addition() for term in terms)
    if not added or not broken_by(*added, words=lexicon()):
        return
    for n, term in enumerate(terms):
        try:
            check_examples(added[n], words=lexicon(added[:n]))
        except ValidationError as error:
            yield f"{term.where}: {' '.join(error.messages)}"


def save_terms(terms: list[Term], report: SeedReport) -> None:
    """Add them. One that somebody withdrew stays so, whatever the file says."""
    withdrawn = LexiconTerm.objects.exclude(withdrawn_at=None).values_list("table", "phrase")
    kept = {tuple(key) for key in withdrawn}
    tally = report.kinds["lexicon terms"]
    wanted = {(term.table, term.phrase): term.model_dump() for term in terms}
    tally.kept += len(kept & wanted.keys())
    mirror(
        LexiconTerm,
        {key: values for key, values in wanted.items() if key not in kept},
        key=lambda row: (row.table, row.phrase),
        within=LexiconTerm.objects.active(),
        tally=tally,
    )
