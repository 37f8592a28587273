"""One refresh at a time, and none that a dead process holds up."""

import os
import socket
import subprocess
import sys
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from tests.builders import make_run
from tests.records import study_record
from tests.trials.refresh.test_refresh import file_of
from trials.models import RefreshRun
from trials.refresh import AlreadyRunning, FileHarvest, refresh
from trials.refresh.locking import DIED, Turn
from trials.vocabulary import RunStatus

pytestmark = pytest.mark.usefixtures("vocabularies")
HERE = socket.gethostname()

only_sqlite = pytest.mark.skipif(
    "connection.vendor != 'sqlite'", reason="PostgreSQL knows by the connection who is alive"
)


@pytest.fixture
def turn(vocabularies):
    """A turn that somebody in this process has."""
    turn = Turn.begin(origin="here", started_at=timezone.now())
    yield turn
    turn.run.delete()
    turn.end()


def running(**changes):
    run = {"status": RunStatus.RUNNING, "beat_at": timezone.now(), "holder": f"{HERE} process 1"}
    return make_run(**run | changes)


def dead_process() -> int:
    """The number of a process that has ended."""
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    return process.pid


@pytest.mark.usefixtures("turn")
def test_the_second_is_told_who_is_running_since_when(tmp_path):
    with pytest.raises(AlreadyRunning) as refused:
        refresh(FileHarvest(file_of(tmp_path, study_record("NCT90000001"))))

    assert f"running since {timezone.localtime():%Y-%m-%d}" in str(refused.value)
    assert f"{HERE} process {os.getpid()}" in str(refused.value)


def test_the_turn_is_free_after_a_run_however_it_ended(tmp_path):
    path = file_of(tmp_path, study_record("NCT90000001"))

    def fail(report):
        raise OSError("a full disk")

    with pytest.raises(OSError, match="a full disk"):
        refresh(FileHarvest(path), progress=fail)

    assert refresh(FileHarvest(path)).status == "complete"
    assert list(RefreshRun.objects.values_list("status", "message")) == [
        ("complete", ""),
        ("failed", "it broke off: a full disk"),
    ]


def test_a_run_whose_process_died_does_not_block(tmp_path):
    died = running(holder=f"{HERE} process {dead_process()}")

    report = refresh(FileHarvest(file_of(tmp_path, study_record("NCT90000001"))))

    died.refresh_from_db()
    assert (report.status, died.status, died.message) == ("complete", "incomplete", DIED)


@only_sqlite
@pytest.mark.parametrize(
    ("holder", "silent", "blocks"),
    [
        ("{here} process {parent}", timedelta(minutes=1), True),
        ("{here} process {parent}", timedelta(hours=1), False),
        ("elsewhere process 1", timedelta(minutes=1), True),
        ("elsewhere process 1", timedelta(hours=1), False),
        ("{here} process {own}", timedelta(0), False),
        ("", timedelta(hours=1), False),
    ],
)
def test_a_heartbeat_tells_who_is_alive(tmp_path, holder, silent, blocks):
    holder = holder.format(here=HERE, parent=os.getppid(), own=os.getpid())
    running(holder=holder, beat_at=timezone.now() - silent)
    harvest = FileHarvest(file_of(tmp_path, study_record("NCT90000001")))

    if blocks:
        with pytest.raises(AlreadyRunning):
            refresh(harvest)
    else:
        assert refresh(harvest).status == "complete"


def test_a_beat_is_seen_by_others_and_not_made_too_often(turn, django_assert_num_queries):
    turn.run.beat_at = before = timezone.now() - timedelta(seconds=10)
    connection.in_atomic_block, inside = False, connection.in_atomic_block
    try:
        turn.beat()
        with django_assert_num_queries(0):
            turn.beat()
    finally:
        connection.in_atomic_block = inside

    assert RefreshRun.objects.get().beat_at > before
