"""Refreshes in processes of their own, which tests may kill: run with `python -m tests.refreshing`.

Reads one word a line: `refresh` forks a child that refreshes, says its process number, and then
how it ended; `state` says what the database holds, but for keys and moments; `wipe` empties it.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from catalog.environment import ADVICE

ROOT = Path(__file__).parent.parent


class Refreshing:
    """The other process, as a test sees it."""

    def __init__(self, process: subprocess.Popen[str], database_url: str) -> None:
        self._process = process
        self.database_url = database_url

    def begin(self) -> int:
        """Begin a refresh; the number of the process that works on it."""
        self._say("refresh")
        return int(self._hear()["pid"])

    def end(self) -> dict[str, Any]:
        """Wait until it has ended: {"exit": -9} if it was killed, else its report as well."""
        return self._hear()

    def state(self) -> Any:
        self._say("state")
        return self._hear()

    def wipe(self) -> None:
        """Back to before the first refresh."""
        self._say("wipe")
        self._hear()

    def _say(self, word: str) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(word + "\n")
        self._process.stdin.flush()

    def _hear(self) -> Any:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        assert line, "the other process has ended"
        return json.loads(line)


@contextmanager
def refreshing(database_url: str, registry_url: str) -> Iterator[Refreshing]:
    """A process beside this one that refreshes this database from this registry."""
    environment = {name: value for name, value in os.environ.items() if name not in ADVICE}
    environment |= {
        "DATABASE_URL": database_url,
        "REGISTRY_URL": registry_url,
        "REGISTRY_INTERVAL": "0",
        "LOG_LEVEL": "ERROR",
        "SECRET_KEY": f"only-for-tests-{'0123456789' * 5}",
    }
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.refreshing"],
        cwd=ROOT,
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        yield Refreshing(process, database_url)
    finally:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.close()
        process.wait(30)
        process.stdout.close()


def database_url(connection: Any, folder: Path) -> str:
    """The address of the test's own database for another process: as it is, or a copy in a file."""
    settings = connection.settings_dict
    if connection.vendor == "postgresql":
        user = f"{settings['USER']}:{settings['PASSWORD']}@".replace(":@", "@").removeprefix("@")
        port = f":{settings['PORT']}" if settings["PORT"] else ""
        return f"postgres://{user}{settings['HOST']}{port}/{settings['NAME']}"
    path = folder / "copy.sqlite3"
    with connection.cursor() as cursor:
        cursor.execute("VACUUM INTO %s", [str(path)])
    return f"sqlite:///{path}"


def main() -> None:
    import django  # noqa: PLC0415 - only in the other process

    os.environ["DJANGO_SETTINGS_MODULE"] = "catalog.settings"
    django.setup()
    doors = {"refresh": _refresh, "state": _state, "wipe": _wipe}
    for line in sys.stdin:
        _tell(doors[line.strip()]())


def _tell(value: Any) -> None:
    sys.stdout.write(json.dumps(value) + "\n")
    sys.stdout.flush()


def _refresh() -> dict[str, Any]:
    from django.db import connections  # noqa: PLC0415 - only in the other process

    connections.close_all()
    ours, theirs = os.pipe()
    child = os.fork()
    if child == 0:
        os.write(theirs, json.dumps(_report()).encode())
        os._exit(0)
    os.close(theirs)
    _tell({"pid": child})
    with os.fdopen(ours, "rb") as pipe:
        told = pipe.read()
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    return {"exit": code, **(json.loads(told) if told else {})}


def _report() -> dict[str, Any]:
    from trials.refresh import (  # noqa: PLC0415 - only in the other process
        AlreadyRunning,
        refresh_from_registry,
    )

    try:
        return refresh_from_registry().as_json()
    except AlreadyRunning as error:
        return {"status": "refused", "message": str(error)}


def _state() -> Any:
    from trials.models import (  # noqa: PLC0415 - only in the other process
        Fact,
        Intervention,
        RecordChange,
        Site,
        Sponsor,
        StoredRecord,
        Trial,
    )

    rows = {
        "trials": Trial.objects.values_list("number", "title", "status", "start_date"),
        "sponsors": Sponsor.objects.values_list("name", "sponsor_class"),
        "leads": Trial.objects.values_list("number", "sponsorships__sponsor__name"),
        "sites": Site.objects.values_list("trial__number", "position", "city"),
        "arms": Intervention.objects.values_list("trial__number", "position", "arms__label"),
        "facts": Fact.objects.values_list("trial__number", "kind", "quote", "shown"),
        "records": StoredRecord.objects.values_list("registry_id", "content_hash", "screening"),
        "changes": RecordChange.objects.values_list("record__registry_id", "kind", "field"),
    }
    return {
        name: sorted(json.dumps(row, default=str) for row in found) for name, found in rows.items()
    }


def _wipe() -> None:
    from trials.models import (  # noqa: PLC0415 - only in the other process
        RecordChange,
        RefreshRun,
        Sponsor,
        StoredRecord,
        Trial,
    )

    for model in (RecordChange, StoredRecord, RefreshRun, Trial, Sponsor):
        model.objects.all().delete()


if __name__ == "__main__":
    main()
