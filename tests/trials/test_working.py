"""The worker: a real process on a real SQLite file, and what a look from outside says of it."""

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import OperationalError
from django.utils import timezone

from tests.builders import make_run
from tests.records import study_record
from tests.stand_in import Fault, RegistryStandIn
from trials.working import QUIET_FOR, Work, trouble

MOST = 15.0  # seconds that a test waits for a process
PREPARE = """
import django; django.setup()
from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.core.management import call_command
from tests.builders import make_country, make_indication, make_source
from trials.models import HarvestQuery
# The tables as they are now, without the way there: migrations have tests of their own.
settings.MIGRATION_MODULES = {app.label: None for app in apps.get_app_configs()}
call_command("migrate", run_syncdb=True, verbosity=0)
make_country("TW"), make_source("bone-marrow"), make_indication("knee-osteoarthritis")
HarvestQuery.objects.create(name="knees", condition="knee")
"""
ASK = "import django; django.setup(); from trials.tasks import ask_for_refresh; ask_for_refresh()"


def until(happened: Callable[[], Any], seconds: float = MOST) -> Any:
    """What `happened` gives once it is true. Fails after so many seconds."""
    end = time.monotonic() + seconds
    while not (found := happened()):
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.05)
    return found


class Site:
    """A catalogue of its own, in a file, with the processes that work on it."""

    def __init__(self, folder: Path, registry: RegistryStandIn) -> None:
        self.file = folder / "catalogue.sqlite3"
        self.environment = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "catalog.settings",
            "DATABASE_URL": f"sqlite:///{self.file}",
            "REGISTRY_URL": registry.url,
            "REGISTRY_INTERVAL": "0",
            "REFRESH_SCHEDULE": "",
        }
        self.environment.pop("DJANGO_ALLOW_ASYNC_UNSAFE", None)  # a browser test set it

    def do(self, words: str) -> None:
        subprocess.run([sys.executable, "-c", words], **self._where, check=True)

    def worker(self) -> subprocess.Popen[bytes]:
        beat = self.file.with_name("worker")
        ends = ("--end-with", str(os.getpid()), "--beat", str(beat))
        command = [sys.executable, "manage.py", "work", *ends]
        return subprocess.Popen(command, **self._where, stderr=subprocess.DEVNULL)

    def ask(self, question: str) -> Any:
        """The first column of the first row; None where there is none."""
        with closing(sqlite3.connect(self.file)) as connection:
            row = connection.execute(question).fetchone()
        return row and row[0]

    @property
    def _where(self) -> dict[str, Any]:
        return {"cwd": settings.BASE_DIR, "env": self.environment}


@pytest.fixture
def site(tmp_path: Path, registry_stand_in: RegistryStandIn) -> Site:
    registry_stand_in.add(study_record("NCT90000001"))
    made = Site(tmp_path, registry_stand_in)
    made.do(PREPARE)
    return made


@pytest.fixture
def worker(site: Site) -> Iterator[subprocess.Popen[bytes]]:
    process = site.worker()
    yield process
    process.kill()
    process.wait()


# No database of the tests' own: so it runs once, with the tests on SQLite.
def test_a_worker_does_what_was_asked_for_and_ends_when_told(site, worker, registry_stand_in):
    site.do(ASK)

    ended = "SELECT status || message FROM trials_refreshrun WHERE finished_at IS NOT NULL"
    assert until(lambda: site.ask(ended)) == "complete"
    assert site.ask("SELECT count(*) FROM trials_storedrecord") == 1
    queued = "SELECT status FROM django_tasks_database_dbtaskresult"
    assert until(lambda: site.ask(queued) == "SUCCESSFUL")

    worker.send_signal(signal.SIGTERM)
    assert worker.wait(MOST) == 0


def test_a_worker_that_is_told_to_end_breaks_its_refresh_off_in_order(
    site, worker, registry_stand_in
):
    # The registry's last answer takes longer than anybody waits.
    stuck = Fault("delay", seconds=3, times=1, on=lambda path, params: path == "/studies")
    registry_stand_in.faults.append(stuck)
    site.do(ASK)
    until(lambda: "/studies" in registry_stand_in.paths())

    worker.send_signal(signal.SIGTERM)
    worker.send_signal(signal.SIGTERM)

    assert worker.wait(MOST) == 0
    assert site.ask("SELECT status FROM trials_refreshrun") in ("incomplete", "failed")
    assert site.ask("SELECT finished_at FROM trials_refreshrun") is not None


def test_a_worker_goes_on_while_its_database_does_not_answer(tmp_path, monkeypatch, caplog):
    work = Work(schedule="", beat=tmp_path / "worker")
    turns = iter(["no database", "no database", "well"])

    def turn() -> None:
        if next(turns) == "well":
            work.ending = True
        else:
            raise OperationalError("gone")

    monkeypatch.setattr(work, "_turn", turn)
    monkeypatch.setattr("trials.working.LOOK_EVERY", 0.0)
    before = {each: signal.getsignal(each) for each in (signal.SIGTERM, signal.SIGINT)}
    try:
        work.run()
    finally:
        signal.set_wakeup_fd(-1)
        for each, handler in before.items():
            signal.signal(each, handler)

    told = [record.getMessage() for record in caplog.records if record.levelname == "WARNING"]
    assert [line.split(" (")[0] for line in told] == ["the database does not answer"] * 2


def test_a_worker_is_told_once_to_break_a_task_off(tmp_path):
    work = Work(schedule="", beat=tmp_path / "worker")
    work.taker.running_task = True

    with pytest.raises(KeyboardInterrupt):
        work.end(signal.SIGTERM, None)
    work.end(signal.SIGTERM, None)

    assert (work.ending, work.taker.running) == (True, False)


def beat(folder: Path, ago: float) -> Path:
    file = folder / "worker"
    file.touch()
    os.utime(file, (time.time() - ago,) * 2)
    return file


def test_a_worker_that_never_began_is_not_well(tmp_path):
    assert trouble(tmp_path / "worker") == "no worker has begun here"


@pytest.mark.django_db
def test_a_worker_that_turns_is_well(tmp_path):
    assert trouble(beat(tmp_path, ago=1)) == ""


@pytest.mark.django_db
def test_a_worker_that_stands_still_without_a_task_is_not_well(tmp_path):
    words = trouble(beat(tmp_path, ago=QUIET_FOR + 10))

    assert words.startswith("the worker gave no sign of life for 10")


@pytest.mark.django_db
def test_a_worker_that_refreshes_for_hours_is_well(tmp_path):
    make_run(status="running", beat_at=timezone.now())

    assert trouble(beat(tmp_path, ago=6 * 3600)) == ""


@pytest.mark.django_db
def test_the_command_says_whether_the_worker_is_well(tmp_path, capsys):
    call_command("work", "--check", "--json", beat=beat(tmp_path, ago=1))
    with pytest.raises(SystemExit) as ended:
        call_command("work", "--check", "--json", beat=tmp_path / "elsewhere")

    assert [json.loads(line) for line in capsys.readouterr().out.split("\n") if line] == [
        {"well": True, "trouble": ""},
        {"well": False, "trouble": "no worker has begun here"},
    ]
    assert ended.value.code == 1
