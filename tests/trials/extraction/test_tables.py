"""The tables of words: each phrase stands once in its table, and sources are those of the tree."""

import tomllib
from pathlib import Path

import pytest

from trials.extraction import tables
from trials.extraction.phrases import Folded
from trials.extraction.sources import PARENTS
from trials.extraction.tables import Addition, Lexicon, UnusableTables, lexicon, read_table
from trials.system_checks import tables_can_be_read

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


def test_the_version_changes_with_any_word_and_with_it_alone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def work_out() -> str:
        return tables._version(())

    written = tables._written()
    version = work_out()
    assert len(version) == 8
    for path in written:
        changed = {**written, path: written[path] + b"# a word more"}
        monkeypatch.setattr(tables, "_written", lambda changed=changed: changed)
        assert work_out() != version
    monkeypatch.setattr(tables, "_written", lambda: dict(written))
    assert work_out() == version


def found(words: Lexicon, text: str) -> list[str]:
    return [one.value for one in words.phrases.find(Folded(text)).get("sources", [])]


def test_what_is_added_is_found_beside_the_words_of_the_files() -> None:
    words = lexicon((Addition("sources", "named", "adipose", "golden drops"),))
    assert found(words, "Golden-drops or BMAC") == ["adipose", "bmac"]
    assert found(lexicon(), "Golden-drops or BMAC") == ["bmac"]


def test_a_phrase_of_the_files_counts_before_one_that_was_added() -> None:
    words = lexicon((Addition("sources", "named", "adipose", "foreskin"),))
    assert found(words, "foreskin") == ["skin"]


def test_the_version_tells_what_was_added_and_not_in_which_order() -> None:
    one = Addition("sources", "named", "adipose", "golden drops")
    other = Addition("routes", "said", "topical", "golden drops")
    versions = [lexicon(added).version for added in ((), (one,), (other,), (one, other))]
    assert len(set(versions)) == 4
    assert lexicon((other, one)).version == versions[-1]


@pytest.mark.parametrize(
    ("written", "words"),
    [
        (b'[said]\nfat = ["one" "two"]', "words.toml: Unclosed array (at line 2, column 14)"),
        (b"[said]\nfat = 3", r"words.toml, [said] fat: write a list"),
        (b'[said]\nfat = ["one", ""]', r"words.toml, [said] fat: write a list"),
        (b'[said]\nfat = "one"', r"words.toml, [said] fat: write a list"),
        (b'fat = ["one"]', r"words.toml, [fat] fat: write a list"),
        (b"\xff", "words.toml: 'utf-8' codec"),
    ],
)
def test_a_table_that_cannot_be_used_is_named_with_the_place(written: bytes, words: str) -> None:
    with pytest.raises(UnusableTables) as raised:
        read_table("words.toml", written)
    assert str(raised.value).startswith(words)


def test_no_command_begins_with_such_a_table(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> None:
        raise UnusableTables("words.toml: a comma is missing")

    monkeypatch.setattr("trials.system_checks.check_tables", broken)
    (error,) = tables_can_be_read()
    assert (error.id, error.msg) == ("trials.E001", "words.toml: a comma is missing")
