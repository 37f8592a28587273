"""How many records a second the rules read on one core: `python -m bench.extraction RECORDS`.

A record's texts are searched, it is screened, its facts are read: of those that the screening
leaves out too, as for a study that a person put in, which is the most that a record can cost. By
the processor's clock, which other work on the machine disturbs least, and beside the decoding of
the same records' JSON, which is no part of it. Touches no database.
"""

from __future__ import annotations

import gc
import json
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from bench.databases import Kind
from bench.figures import Figures
from bench.processes import ROOT, run
from bench.workshop import Workshop
from trials.extraction.facts import facts_of, read_gist
from trials.extraction.passages import read_texts
from trials.extraction.readings import Reading
from trials.extraction.screening import screen
from trials.registry.errors import UnusableRecord
from trials.registry.files import read_records
from trials.registry.scrub import canonical, scrub_canonical
from trials.registry.study import Study, parse_study

STUDIES = 1_500  # as many as there are real ones
LEAST = 1_500  # records a second
PASSES = 5
# Trials of mesenchymal cells, of all diseases.
REAL = ROOT.parent / "shared" / "registry" / "records" / "msc"


@dataclass(frozen=True, slots=True)
class Speed:
    """What reading some records came to."""

    records: int
    reading: float  # seconds of the processor for all of them, in the best pass
    decoding: float  # the same, of `json.loads` alone
    letters: int  # that the rules search
    facts: int

    @property
    def rate(self) -> float:
        """Records a second."""
        return self.records / self.reading


def measure(kind: Kind, workshop: Workshop, figures: Figures) -> None:
    _tell("made-up records", workshop.records(STUDIES), figures)
    if REAL.is_dir():
        _tell("real records", REAL, figures)
    else:
        figures.leave_out("extraction of real records", f"{REAL} is absent")


def _tell(name: str, records: Path, figures: Figures) -> None:
    # In a process of its own: the benchmark itself stays small.
    speed = Speed(**run("-m", "bench.extraction", str(records)).json)
    name = f"facts of {speed.records:,} {name}"
    figures.add(f"{name}, one core", speed.rate, "records/s", least=LEAST)
    figures.add(f"{name}, processor", 1e6 * speed.reading / speed.records, "µs/record")
    figures.add(f"{name}, beside json.loads", speed.reading / speed.decoding, "times")
    # Whether made-up records give the rules as much to do as real ones.
    figures.add(f"{name}, text", speed.letters / speed.records, "letters/record")
    figures.add(f"{name}, found", speed.facts / speed.records, "facts/record")


def speed_of(records: Path) -> Speed:
    """Measure it over the records of this file or folder. Raises UnusableRecord."""
    bodies = list(_bodies(records))
    studies = [parse_study(json.loads(body)) for body in bodies]
    letters = sum(map(_letters, studies))
    facts = sum(len(_read(study)) for study in studies)
    # A refresh holds few records at a time: the collector shall not look through all of these.
    gc.collect()
    gc.freeze()
    # By turns, so that a slow moment of the machine does not meet the one alone.
    passes = [(_seconds(_read, studies), _seconds(json.loads, bodies)) for _ in range(PASSES)]
    gc.unfreeze()
    reading, decoding = map(min, zip(*passes, strict=True))
    return Speed(len(studies), reading, decoding, letters, facts)


def _bodies(records: Path) -> Iterator[str]:
    """Each record as it is stored: without contacts, in the one spelling of JSON."""
    for _, raw in read_records(records):
        if isinstance(raw, UnusableRecord):
            raise raw
        yield scrub_canonical(canonical(raw)).body.decode()


def _read(study: Study) -> tuple[Reading, ...]:
    texts = read_texts(study)
    gist = read_gist(texts)
    screen(gist)
    return facts_of(texts, gist)


def _letters(study: Study) -> int:
    return sum(len(passage.text) for passage in read_texts(study).everything())


def _seconds(work: Callable[[Any], object], items: Iterable[Any]) -> float:
    began = time.process_time()
    for item in items:
        work(item)
    return time.process_time() - began


if __name__ == "__main__":
    print(json.dumps(asdict(speed_of(Path(sys.argv[1])))))
