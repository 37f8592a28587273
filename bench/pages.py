"""How long pages take to make: `python -m bench.pages` with DATABASE_URL prints it as JSON.

In one process, without a network. Each figure stands beside that of a bare answer of the same run.
"""

from __future__ import annotations

import json
import os
import time
from statistics import median
from typing import Any

from bench.databases import Kind
from bench.figures import Figures
from bench.processes import run
from bench.refreshing import refresh
from bench.workshop import Workshop

STUDIES = 1_000
TIMES = 15
BARE = "/healthz"
PAGES = {
    "list page": "/trials/",
    "list page, two filters": "/trials/?cell_source=adipose&phase=PHASE2",
    "landscape": "/landscape/",
    "API, 100 trials": "/api/v1/trials/?page_size=100",
}


def measure(kind: Kind, workshop: Workshop, figures: Figures) -> None:
    with kind.empty(workshop.folder) as url:
        refresh(url, "--from", str(workshop.records(STUDIES)), fetched=STUDIES)
        seconds = run("-m", "bench.pages", DATABASE_URL=url).json
    for name, address in PAGES.items():
        taken = seconds[address]
        figures.add(f"{kind.name}: {name}, of {STUDIES:,} trials", taken * 1000, "ms")
        figures.add(f"{kind.name}: {name}, times a bare answer", taken / seconds[BARE])


def main() -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "catalog.settings"
    import django  # noqa: PLC0415 - the benchmark itself stays small
    from django.conf import settings  # noqa: PLC0415 - the same

    # Names of static files as they are: no collected ones are needed.
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    }
    django.setup()
    from django.test import Client  # noqa: PLC0415 - after the settings

    client = Client(headers={"host": "127.0.0.1"})
    print(json.dumps({address: _seconds(client, address) for address in (BARE, *PAGES.values())}))


def _seconds(client: Any, address: str) -> float:
    def fetch() -> float:
        started = time.perf_counter()
        answer = client.get(address)
        assert answer.status_code == 200, f"{address}: {answer.status_code}"
        return time.perf_counter() - started

    fetch()
    return median(fetch() for _ in range(TIMES))


if __name__ == "__main__":
    main()
