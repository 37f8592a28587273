"""The tables of words: `lexicon/*.toml` and `signs.toml`, for a biologist to review and extend."""

from __future__ import annotations

import hashlib
import tomllib
from functools import cache
from pathlib import Path

from trials.extraction.phrases import Phrases

FOLDER = Path(__file__).parent / "lexicon"
SIGNS = Path(__file__).parent / "signs.toml"


@cache
def lexicon() -> Phrases:
    """All tables, ready to be searched; a table is named by its file."""
    files = sorted(FOLDER.glob("*.toml"))
    return Phrases({path.stem: tomllib.loads(path.read_text("utf-8")) for path in files})


@cache
def lexicon_version() -> str:
    """Eight letters that change with any change of any table."""
    digest = hashlib.sha256()
    for path in (*sorted(FOLDER.glob("*.toml")), SIGNS):
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:8]


@cache
def _signs() -> dict[str, dict[str, list[str]]]:
    return tomllib.loads(SIGNS.read_text("utf-8"))


def signs(module: str, name: str) -> tuple[str, ...]:
    """A list of `signs.toml`: parts of words by which a module of the rules judges a place."""
    return tuple(_signs()[module][name])
