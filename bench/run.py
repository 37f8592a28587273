"""The benchmarks: one line a figure on standard output, all of them in var/bench.json.

Machines differ and are noisy: each figure that matters is a ratio to a floor measured in the same
run. `DATABASE_URL` chooses the database; without it, SQLite in a temporary folder.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
import time
import zlib
from collections.abc import Callable
from pathlib import Path
from statistics import median

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
STUDIES = 1_000
COPIES_OF_A_PAGE = 15

figures: dict[str, float] = {}


def figure(name: str, value: float, unit: str) -> float:
    figures[name] = round(value, 3)
    print(f"{name:<58} {value:>10.3f} {unit}")
    return value


def seconds(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def records() -> list[dict[str, object]]:
    from tests.records import study_record  # noqa: PLC0415 - after the settings

    titles = ("Marrow Cells", "Adipose Stem Cells", "Umbilical Cord MSC")
    return [
        study_record(
            f"NCT8{n:07d}",
            identificationModule={"briefTitle": f"{titles[n % 3]} for Knees, part {n}"},
            sponsorCollaboratorsModule={"leadSponsor": {"name": f"Sponsor {n % 97}"}},
        )
        for n in range(STUDIES)
    ]


def floor(path: Path) -> None:
    """The least that storing could cost: decode, compress, write, by the same driver."""
    from django.db import connection, transaction  # noqa: PLC0415 - after the settings

    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE bench_floor (number varchar(20) PRIMARY KEY, body text)")
        with path.open("rb") as lines, transaction.atomic():
            for line in lines:
                raw = json.loads(line)
                number = raw["protocolSection"]["identificationModule"]["nctId"]
                body = zlib.compress(json.dumps(raw).encode()).hex()
                cursor.execute("INSERT INTO bench_floor VALUES (%s, %s)", [number, body])
        cursor.execute("DROP TABLE bench_floor")


def bench_refresh(folder: Path) -> None:
    from trials.refresh import FileHarvest, refresh  # noqa: PLC0415 - after the settings

    path = folder / "records.jsonl"
    path.write_text("\n".join(json.dumps(record) for record in records()), "utf-8")
    at_least = seconds(lambda: floor(path))
    first = seconds(lambda: refresh(FileHarvest(path)))
    again = seconds(lambda: refresh(FileHarvest(path)))
    figure("floor: decode and store raw", STUDIES / at_least, "studies/s")
    figure("refresh, first load", STUDIES / first, "studies/s")
    figure("refresh, first load, share of the floor", at_least / first, "")
    figure("refresh, nothing changed", STUDIES / again, "studies/s")
    figure("refresh, nothing changed, share of the floor", at_least / again, "")


def bench_pages() -> None:
    from django.test import Client  # noqa: PLC0415 - after the settings

    client = Client(headers={"host": "127.0.0.1"})
    bare = page_seconds(client, "/healthz")
    for name, address in (
        ("list page", "/trials/"),
        ("list page, two filters", "/trials/?cell_source=adipose&phase=PHASE2"),
        ("API, 100 trials", "/api/v1/trials/?page_size=100"),
    ):
        taken = page_seconds(client, address)
        figure(f"{name}, of {STUDIES} trials", taken * 1000, "ms")
        figure(f"{name}, times a bare answer", taken / bare, "")


def page_seconds(client: object, address: str) -> float:
    def fetch() -> None:
        answer = client.get(address)  # type: ignore[attr-defined]
        assert answer.status_code == 200, f"{address}: {answer.status_code}"

    fetch()
    return median(seconds(fetch) for _ in range(COPIES_OF_A_PAGE))


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        os.environ.setdefault("DATABASE_URL", f"sqlite:///{folder}/bench.sqlite3")
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "catalog.settings")
        import django  # noqa: PLC0415 - after the environment

        django.setup()
        from django.test.utils import setup_databases, teardown_databases  # noqa: PLC0415

        databases = setup_databases(verbosity=0, interactive=False)
        try:
            prepare()
            bench_refresh(Path(folder))
            bench_pages()
        finally:
            teardown_databases(databases, verbosity=0)
    out = ROOT / "var" / "bench.json"
    out.parent.mkdir(exist_ok=True)
    out.write_text(json.dumps(figures, indent=2), "utf-8")


def prepare() -> None:
    """The vocabularies, and static files without names that only `make serve` knows."""
    from django.conf import settings  # noqa: PLC0415 - after the settings
    from django.core.management import call_command  # noqa: PLC0415 - after the settings

    call_command("seed", verbosity=0)
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    }


if __name__ == "__main__":
    main()
