"""Joins labels with the records that they are of, and reads those records' facts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from trials.extraction.facts import read_facts
from trials.extraction.readings import Reading
from trials.registry.errors import UnusableRecord
from trials.registry.files import read_records
from trials.registry.study import parse_study

Label = dict[str, Any]


class UnusableLabels(Exception):
    """A label without a record that could be read; the message says which."""


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
