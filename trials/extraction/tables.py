"""The tables of words: `lexicon/*.toml` and `signs.toml`, for a biologist to review and extend.

The files are read once a process: who changes them restarts what runs. What an editor added to
them comes as data, from whoever asks for the lexicon.
"""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from trials.extraction.phrases import Phrases

FOLDER = Path(__file__).parent / "lexicon"
SIGNS = Path(__file__).parent / "signs.toml"


class UnusableTables(ValueError):
    """A table of words cannot be used; the message says which, what is wrong, and where."""


class Addition(NamedTuple):
    """A phrase beside those of the files: in which section of which table, and what it means."""

    table: str
    section: str
    value: str
    phrase: str


Additions = tuple[Addition, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Lexicon:
    """All tables, ready to be searched. `version` is another with any other word in them."""

    phrases: Phrases
    version: str
    additions: Additions


@lru_cache(maxsize=8)  # of an editor who tries words, a few; else one
def lexicon(additions: Additions = ()) -> Lexicon:
    """The tables of the files and what was added; each is named by its file.

    Where an addition is written as a phrase of the files, theirs counts. Raises UnusableTables.
    """
    added = [{table: {section: {value: (phrase,)}}} for table, section, value, phrase in additions]
    return Lexicon(Phrases(shipped_tables(), *added), _version(additions), additions)


@cache
def shipped_tables() -> dict[str, dict[str, Any]]:
    """The tables of the files: table → section → row → phrases. Raises UnusableTables."""
    return {path.stem: _table(path) for path in _written() if path != SIGNS}


def _version(additions: Additions) -> str:
    """Eight letters that change with any change of any table."""
    digest = hashlib.sha256()
    for path, written in _written().items():
        digest.update(path.name.encode() + b"\0" + written)
    for addition in sorted(additions):
        digest.update("\0".join(addition).encode() + b"\0")
    return digest.hexdigest()[:8]


def check_tables() -> None:
    """Read all of them. Raises UnusableTables."""
    for path in _written():
        _table(path)


@cache
def signs(module: str, name: str) -> tuple[str, ...]:
    """A list of `signs.toml`: parts of words by which a module of the rules judges a place."""
    return tuple(_table(SIGNS)[module][name])


@cache
def _written() -> dict[Path, bytes]:
    """The files as they are now, so that the words and their version are of one moment."""
    return {path: path.read_bytes() for path in (*sorted(FOLDER.glob("*.toml")), SIGNS)}


@cache
def _table(path: Path) -> dict[str, Any]:
    return read_table(path.name, _written()[path])


def read_table(name: str, written: bytes) -> dict[str, Any]:
    """The sections and rows of a table. Raises UnusableTables."""
    try:
        table = tomllib.loads(written.decode())
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        hint = "look for a missing comma, quote or bracket there or just before"
        raise UnusableTables(f"{name}: {error}; {hint}") from error
    for section, rows in table.items():
        for row, phrases in rows.items() if isinstance(rows, dict) else ((section, None),):
            if not _are_phrases(phrases):
                words = "write a list of words in quotes, " + '["one", "two"]'
                raise UnusableTables(f"{name}, [{section}] {row}: {words}")
    return table


def _are_phrases(phrases: object) -> bool:
    if not isinstance(phrases, Iterable) or isinstance(phrases, str):
        return False
    return all(isinstance(one, str) and one.strip(" =*") for one in phrases)
