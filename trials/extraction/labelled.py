"""Reads labels, joins them with the records that they are of, and reads those records' facts."""

from __future__ import annotations

from codecs import BOM_UTF8
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from trials.extraction.evaluation import fault_in
from trials.extraction.facts import read_facts
from trials.extraction.readings import Reading
from trials.registry.decoding import Undecodable, decode
from trials.registry.errors import UnusableRecord
from trials.registry.files import read_records
from trials.registry.study import parse_study

Label = dict[str, Any]


class UnusableLabels(Exception):
    """Labels that cannot be scored by; the message says where, what is wrong and what is right."""


def read_labels(path: Path) -> list[tuple[str, Label]]:
    """The labels of a file of JSON Lines, each with its place: "labels.jsonl, line 7".

    Raises UnusableLabels for the first line that is no label, for two of one number, and where
    there is none: a score over nothing would look perfect.
    """
    labels: list[tuple[str, Label]] = []
    seen: dict[str, int] = {}
    for number, line in _lines(path):
        place = f"{path.name}, line {number}"
        label = _label(line, place)
        first = seen.setdefault(label["nct_id"], number)
        if first != number:
            words = f"{place} labels {label['nct_id']}, as line {first} does"
            raise UnusableLabels(f"{words}: keep one of the two")
        labels.append((place, label))
    if not labels:
        raise UnusableLabels(
            f"{path.name} holds no label: write one JSON object a line, one a trial"
        )
    return labels


def _lines(path: Path) -> Iterator[tuple[int, bytes]]:
    """Lines that are not blank. Only "\\n" ends one: U+2028 may stand in a JSON string."""
    try:
        content = path.read_bytes()
    except OSError as error:
        words = f"{path.name} could not be read ({error.strerror})"
        raise UnusableLabels(f"{words}: name a file that you may read") from error
    for number, line in enumerate(content.removeprefix(BOM_UTF8).split(b"\n"), start=1):
        if line.strip():
            yield number, line


def _label(line: bytes, place: str) -> Label:
    try:
        label = decode(line)
    except Undecodable as error:
        # `decode` counts lines too, and here it is given one at a time.
        why = str(error).removeprefix("it is not JSON: ").replace("line 1, ", "")
        right = "write one JSON object a line, in UTF-8"
        raise UnusableLabels(f"{place} is no JSON ({why}): {right}") from error
    if fault := fault_in(label):
        raise UnusableLabels(f"{place} {fault}")
    return label


def labelled_studies(
    labels: Iterable[tuple[str, Label]], records: Path
) -> Iterator[tuple[Label, tuple[Reading, ...]]]:
    """Each label with what the rules read in its study. `records` may hold folders of folders.

    Raises UnusableLabels where a label has no record, or one that cannot be read.
    """
    wanted = {label["nct_id"]: (place, label) for place, label in labels}
    for _name, record in _named(records, set(wanted)):
        if isinstance(record, UnusableRecord):
            continue
        try:
            study = parse_study(record)
        except UnusableRecord:
            continue
        found = wanted.pop(study.registry_id, None)
        if found is not None:
            yield found[1], read_facts(study)
    if wanted:
        place, label = next(iter(wanted.values()))
        words = f"{place}: no record of {label['nct_id']} in {records}"
        raise UnusableLabels(f"{words}; {len(wanted)} labels are without")


def _named(records: Path, numbers: set[str]) -> Iterator[tuple[str, Any]]:
    """The records of these numbers where files are named by them; else every record there is."""
    files = [file for file in records.rglob("*.json") if file.stem in numbers]
    if records.is_dir() and len(files) >= len(numbers):
        for file in sorted(files):
            yield from read_records(file)
    else:
        yield from read_records(records)
