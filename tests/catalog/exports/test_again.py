"""The files that the site offers are made again after a refresh, where they were made once."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from catalog.exports.again import ask_for_files, make_files_again
from catalog.exports.files import offered
from tests.builders import make_trial
from tests.records import study_record
from trials.refresh import FileHarvest, refresh
from trials.tasks import is_at_work, tidy

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def folder(settings: Any, tmp_path: Path) -> Path:
    settings.EXPORTS = tmp_path / "exports"
    return Path(settings.EXPORTS)


def refresh_with(tmp_path: Path, **changes: Any) -> None:
    path = tmp_path / "record.json"
    path.write_text(
        json.dumps(study_record("NCT00000001", contactsLocationsModule=None, **changes))
    )
    refresh(FileHarvest(path))


def asked() -> int:
    return DBTaskResult.objects.filter(task_path=make_files_again.module_path).count()


def test_nothing_is_made_where_nobody_ever_wanted_files(tmp_path: Path) -> None:
    refresh_with(tmp_path)
    assert asked() == 0


def test_a_refresh_that_changed_something_asks_for_them_once(tmp_path: Path) -> None:
    call_command("export", verbosity=0)
    refresh_with(tmp_path)
    assert asked() == 1
    ask_for_files()
    assert asked() == 1  # one waits already
    DBTaskResult.objects.all().delete()
    refresh_with(tmp_path)
    assert asked() == 0  # as before


def test_a_refresh_on_trial_asks_for_none(tmp_path: Path) -> None:
    call_command("export", verbosity=0)
    path = tmp_path / "record.json"
    path.write_text(json.dumps(study_record("NCT00000001", contactsLocationsModule=None)))
    refresh(FileHarvest(path), dry_run=True)
    assert asked() == 0


def test_the_task_makes_the_files_as_the_catalogue_is_now() -> None:
    call_command("export", verbosity=0)
    make_trial()
    assert {file.rows for file in offered()} == {0}
    assert make_files_again.func() == {"files": 4, "trials": 1}
    assert {file.rows for file in offered()} == {1}


def test_a_worker_that_makes_them_is_at_work_and_one_that_died_in_it_is_tidied_away() -> None:
    make_files_again.enqueue()
    begun = timezone.now()
    DBTaskResult.objects.update(status="RUNNING", started_at=begun)
    assert is_at_work()
    tidy()
    assert DBTaskResult.objects.get().status == "RUNNING"
    tidy(begun + timedelta(hours=7))
    assert DBTaskResult.objects.get().status == "FAILED"
    assert not is_at_work()
