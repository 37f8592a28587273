"""The tables of words: each phrase stands once in its table, and sources are those of the tree."""

import tomllib
from pathlib import Path

import pytest

from trials.extraction.sources import PARENTS
from trials.extraction.tables import lexicon_version

LEXICON = Path("trials/extraction/lexicon")
FIXTURES = Path("fixtures")


@pytest.mark.parametrize("path", sorted(LEXICON.glob("*.toml")), ids=lambda path: path.stem)
def test_no_phrase_stands_in_two_rows(path: Path) -> None:
    """The first would win, and nobody would see it."""
    rows: dict[str, list[str]] = {}
    for section, table in tomllib.loads(path.read_text("utf-8")).items():
        for row, phrases in table.items():
            for phrase in phrases:
                said = phrase if phrase.startswith("=") else phrase.lower()
                rows.setdefault(said, []).append(f"{section}.{row}")
    assert {phrase: places for phrase, places in rows.items() if len(set(places)) > 1} == {}


def test_parts_of_tissues_are_those_of_the_seeded_tree() -> None:
    sources = tomllib.loads((FIXTURES / "cell_sources.toml").read_text("utf-8"))
    (rows,) = sources.values()
    assert dict(PARENTS) == {row["slug"]: row["parent"] for row in rows if "parent" in row}


def test_the_version_of_the_tables_is_short_and_stays() -> None:
    assert lexicon_version() == lexicon_version()
    assert len(lexicon_version()) == 8
