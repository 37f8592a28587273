"""A replica does not say which writers are at work; what they commit late is told all the same."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import connection

from tests.builders import make_trial
from trials.models import Trial
from trials.search import log

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _on_a_replica(monkeypatch: pytest.MonkeyPatch) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has no replica")
    for name in ("SNAPSHOT", "_POSTGRES", "_VERSION_POSTGRES"):
        asked = getattr(log, name).replace("pg_is_in_recovery()", "true")
        monkeypatch.setattr(log, name, asked)


@contextmanager
def writer(sql: str) -> Iterator[None]:
    """Another connection that has executed this, and commits at the end."""
    other = connection.copy()
    other.set_autocommit(False)
    try:
        with other.cursor() as cursor:
            cursor.execute(sql)
        yield
        other.commit()
    finally:
        other.close()


def title(trial: Trial) -> str:
    return f"UPDATE {Trial._meta.db_table} SET title = 'New' WHERE id = {trial.pk}"  # noqa: S608


def test_what_is_committed_late_while_an_older_writer_works_is_news_and_another_version() -> None:
    slow, quick = make_trial(), make_trial()
    with writer("SELECT pg_current_xact_id()"):
        with writer(title(slow)):
            Trial.objects.filter(pk=quick.pk).update(title="New")
            before, version = log.moment("default"), log.version("default")
            assert log.version("default") == version
        written = log.news("default", before)
        assert written is not None
        assert written.trials >= {slow.pk}
        assert log.news("default", written.moment).trials >= {slow.pk}  # told again, not missed
        assert log.version("default") != version
