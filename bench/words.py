"""Reads words.toml, the words of made-up records."""

import tomllib
from pathlib import Path
from typing import Any


def _fixed(value: Any) -> Any:
    return tuple(map(_fixed, value)) if isinstance(value, list) else value


WORDS: dict[str, tuple[Any, ...]] = {
    name: _fixed(value)
    for name, value in tomllib.loads(
        Path(__file__).with_name("words.toml").read_text("utf-8")
    ).items()
}
