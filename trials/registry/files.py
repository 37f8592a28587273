"""Reads study records from files and folders, naming what cannot be read and going on.

A file may hold one study, an API page ({"studies": […]}), a list of studies, or JSON Lines, which
are read line by line however long the file is. Each may be compressed by gzip (`.gz`).
"""

import gzip
import zlib
from collections.abc import Iterable, Iterator
from io import BufferedReader
from itertools import chain
from pathlib import Path
from typing import Any

from trials.registry.decoding import Undecodable, decode
from trials.registry.errors import UnusableRecord

# What is looked for in a folder. A file that is named itself is read whatever it is called.
LINES = (".jsonl", ".ndjson")
ENDINGS = (".json", *LINES)

Named = tuple[str, dict[str, Any] | UnusableRecord]
Line = tuple[int, bytes]


def read_records(path: Path | str) -> Iterator[Named]:
    """Each study of a file or folder (with all folders in it, sorted by name).

    Gives pairs: where the record stands ("folder/page.json, study 3", "all.jsonl, line 7"), and
    its JSON object or an UnusableRecord that says why there is none. Raises nothing for a file
    that is missing, damaged or of another kind.
    """
    path = Path(path)
    if path.is_dir():
        files = [file for file in sorted(path.rglob("*")) if _is_wanted(file)]
        if not files:
            yield _unusable(str(path), "the folder holds no file named *.json or *.jsonl")
        for file in files:
            yield from _read_file(file, str(file.relative_to(path)))
    else:
        yield from _read_file(path, path.name)


def _is_wanted(file: Path) -> bool:
    return _plain_name(file).endswith(ENDINGS) and not file.name.startswith(".") and file.is_file()


def _plain_name(file: Path) -> str:
    return file.name.lower().removesuffix(".gz")


def _read_file(file: Path, name: str) -> Iterator[Named]:
    try:
        with _open(file) as stream:
            yield from _read_stream(stream, name, as_lines=_plain_name(file).endswith(LINES))
    except FileNotFoundError:
        yield _unusable(name, "there is no such file or folder")
    except (OSError, EOFError, zlib.error) as error:
        yield _unusable(name, f"it could not be read: {error}")


def _open(file: Path) -> gzip.GzipFile | BufferedReader:
    return gzip.open(file) if file.name.lower().endswith(".gz") else file.open("rb")


def _read_stream(stream: Iterable[bytes], name: str, *, as_lines: bool) -> Iterator[Named]:
    lines = ((number, line) for number, line in enumerate(stream, start=1) if line.strip())
    first = next(lines, None)
    if first is None:
        yield _unusable(name, "it is empty")
        return
    second = next(lines, None)
    rest = chain([first], [second] if second else [], lines)
    if as_lines or (second is not None and _is_whole(first)):
        for number, line in rest:
            yield from _read_document(line, f"{name}, line {number}")
    else:
        yield from _read_document(b"".join(line for _, line in rest), name)


def _is_whole(line: Line) -> bool:
    """Whether the first line is a JSON object by itself: then the file is JSON Lines."""
    try:
        return isinstance(decode(line[1]), dict)
    except Undecodable:
        return False


def _read_document(content: bytes, name: str) -> Iterator[Named]:
    try:
        document = decode(content)
    except Undecodable as error:
        yield _unusable(name, str(error))
        return
    studies = document.get("studies") if isinstance(document, dict) else document
    if isinstance(studies, list):
        for number, study in enumerate(studies, start=1):
            yield _record(study, f"{name}, study {number}")
    else:
        yield _record(document, name)


def _record(study: object, name: str) -> Named:
    if not isinstance(study, dict):
        return _unusable(name, "it is no JSON object")
    if "protocolSection" not in study:
        return _unusable(name, "it is no study record: it has no protocolSection")
    return name, study


def _unusable(name: str, reason: str) -> Named:
    return name, UnusableRecord(name, reason)
