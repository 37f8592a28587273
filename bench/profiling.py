"""Where the time of a load goes, by our own functions: `make bench ARGS="--only profile"`.

Looks every millisecond at what the process is doing, and counts it for the innermost function of
ours: what a library does there is its time too. A profiler that follows every call would make small
functions look twice as costly as they are.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from collections import Counter
from pathlib import Path
from types import FrameType

from bench.databases import Kind
from bench.figures import Figures
from bench.processes import ROOT, registry, run
from bench.workshop import Workshop

STUDIES = 3_000
SHOWN = 15
EVERY = 0.001  # seconds
OURS = tuple(f"{ROOT / name}{os.sep}" for name in ("trials", "catalog"))


def measure(kind: Kind, workshop: Workshop, figures: Figures) -> None:
    seen = workshop.folder / "profile.json"
    records = workshop.records(STUDIES)
    with kind.empty(workshop.folder) as url, registry(records) as address:
        run("-m", "bench.profiling", str(seen), DATABASE_URL=url, REGISTRY_URL=address)
    told = json.loads(seen.read_text("utf-8"))
    a_study = 1e6 * told["seconds"] / told["looks"] / STUDIES
    total = 1e6 * told["seconds"] / STUDIES
    print(
        f"{kind.name}: {total:,.0f} microseconds a study; first those of a function of ours and of"
    )
    print("the libraries that it calls, then with the functions of ours that it calls")
    for place, times in Counter(told["own"]).most_common(SHOWN):
        print(f"  {times * a_study:8.0f} {told['all'][place] * a_study:8.0f}  {place}")


class Sampler:
    """Counts in which of our functions the process is found."""

    def __init__(self) -> None:
        self.own: Counter[str] = Counter()
        self.all: Counter[str] = Counter()
        self.looks = 0

    def look(self, signum: int, frame: FrameType | None) -> None:
        self.looks += 1
        places = []
        while frame is not None:
            if frame.f_code.co_filename.startswith(OURS):
                file = frame.f_code.co_filename.removeprefix(f"{ROOT}{os.sep}")
                places.append(f"{file} {frame.f_code.co_qualname}")
            frame = frame.f_back
        if places:
            self.own[places[0]] += 1
            self.all.update(set(places))


def main(path: str) -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "catalog.settings"
    import django  # noqa: PLC0415 - the benchmark itself stays small

    django.setup()
    from trials.refresh import refresh_from_registry  # noqa: PLC0415 - after the settings

    sampler = Sampler()
    signal.signal(signal.SIGALRM, sampler.look)
    signal.setitimer(signal.ITIMER_REAL, EVERY, EVERY)
    report = refresh_from_registry(full=True)
    signal.setitimer(signal.ITIMER_REAL, 0)
    told: dict[str, object] = {"seconds": report.seconds, "looks": sampler.looks}
    told |= {"own": sampler.own, "all": sampler.all}
    Path(path).write_text(json.dumps(told), "utf-8")


if __name__ == "__main__":
    main(sys.argv[1])
