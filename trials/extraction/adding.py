"""What can be added to the tables of words, and what an addition does to the project's examples."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from trials.extraction.examples import examples, own_scores
from trials.extraction.passages import read_texts
from trials.extraction.phrases import Folded, Found, Phrases
from trials.extraction.tables import Addition, Lexicon, lexicon, shipped_tables
from trials.registry.study import Study

# The tables whose rows are nothing but ways of writing a value, and the section that says it
# plainly: a value that the files do not know yet can be meant there.
PLAIN = {"sources": "named", "indications": "said", "products": "said", "routes": "said"}
FEWEST = 2  # letters or digits of a phrase: one stands in every other text


@dataclass(frozen=True, slots=True)
class Broken:
    """An example that would come out otherwise than expected, in one field; in its own words."""

    trap: str
    sentence: str  # that holds the phrase
    field: str
    expected: object
    read: object


def meanings(table: str, beyond: Iterable[str] = ()) -> list[tuple[str, str]]:
    """The sections and rows of the table, and of `beyond` the values that it has no row for."""
    said = [(section, row) for section, rows in shipped_tables()[table].items() for row in rows]
    rows = {row for section, row in said if section == PLAIN[table]}
    return [*said, *((PLAIN[table], value) for value in beyond if value not in rows)]


def spelled(phrase: str) -> str:
    """The phrase on one line, without needless white space."""
    return " ".join(phrase.split())


def is_found(addition: Addition) -> bool:
    """Whether a text that is nothing but the phrase would be found by it."""
    bare = _bare(addition.phrase)
    enough = sum(letter.isalnum() for letter in bare.text) >= FEWEST
    return enough and _whole(alone(addition).phrases, addition.table, bare) is not None


def holder(addition: Addition, words: Lexicon) -> Found | None:
    """The row of its table that reads the phrase already, in whichever spelling."""
    return _whole(words.phrases, addition.table, _bare(addition.phrase))


def broken_by(*added: Addition, words: Lexicon) -> list[Broken]:
    """The examples that come out as expected by these words, and would not with these added."""
    more = lexicon((*words.additions, *added))
    before = {_field(one) for one in own_scores(words).evaluation.disagreements}
    after = own_scores(more).evaluation.disagreements
    studies = {one.trap: one.study for one in examples()}
    return [
        Broken(trap, _sentence(studies[trap], added), field, one["label"], one["read"])
        for one in after
        for trap, field in [_field(one)]
        if (trap, field) not in before
    ]


def alone(*additions: Addition) -> Lexicon:
    """These and nothing else, ready to be searched."""
    rows = [{table: {section: {value: (phrase,)}}} for table, section, value, phrase in additions]
    return Lexicon(Phrases(*rows), "", additions)


def _field(disagreement: dict[str, Any]) -> tuple[str, str]:
    return disagreement["nct_id"], disagreement["field"]


def _bare(phrase: str) -> Folded:
    """The phrase as a text would have it."""
    return Folded(Folded(phrase.removeprefix("=").removesuffix("*")).cased.strip())


def _whole(phrases: Phrases, table: str, text: Folded) -> Found | None:
    """What the whole of the text is found as."""
    found = phrases.find(text).get(table, []) if text.text else []
    return next((one for one in found if (one.start, one.end) == (0, len(text.text))), None)


def _sentence(study: Study, added: Iterable[Addition]) -> str:
    return next(_sentences(study, added), study.title)


def _sentences(study: Study, added: Iterable[Addition]) -> Iterator[str]:
    for passage in read_texts(study, alone(*added)).everything():
        for found in passage.of_all():
            yield passage.quote(*passage.sentence(found.start, found.end))[0]
