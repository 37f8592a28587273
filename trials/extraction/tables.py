"""The tables of words: `lexicon/*.toml` and `signs.toml`, for a biologist to review and extend.

They are read once a process: who changes them restarts what runs.
"""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

from trials.extraction.phrases import Phrases

FOLDER = Path(__file__).parent / "lexicon"
SIGNS = Path(__file__).parent / "signs.toml"


class UnusableTables(ValueError):
    """A table of words cannot be used; the message says which, what is wrong, and where."""


@cache
def lexicon() -> Phrases:
    """All tables, ready to be searched; a table is named by its file. Raises UnusableTables."""
    return Phrases({path.stem: _table(path) for path in _written() if path != SIGNS})


@cache
def lexicon_version() -> str:
    """Eight letters that change with any change of any table."""
    digest = hashlib.sha256()
    for path, written in _written().items():
        digest.update(path.name.encode() + b"\0" + written)
    return digest.hexdigest()[:8]


def check_tables() -> None:
    """Read all of them. Raises UnusableTables."""
    for path in _written():
        _table(path)


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
