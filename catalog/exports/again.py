"""The files that the site offers are made again by the worker, when a refresh changed something."""

from __future__ import annotations

from typing import Any

from django_tasks import task
from django_tasks_db.models import DBTaskResult

from catalog.exports.files import offer, offered
from catalog.exports.whole import whole_catalogue


@task
def make_files_again() -> dict[str, Any]:
    """Make all files that the site offers. Fails with OSError where they cannot be written."""
    with whole_catalogue() as whole:
        return {"files": len(offer(whole)), "trials": whole.count}


def ask_for_files(**_signal: Any) -> None:
    """Queue it, where files were made once (`manage.py export`): else nobody wants any."""
    waiting = DBTaskResult.objects.ready().filter(task_path=make_files_again.module_path)
    if offered() and not waiting.exists():
        make_files_again.enqueue()
