"""The project's own fixtures: loaded once more for each test, or copied to be broken."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.db import transaction
from pytest_django.plugin import DjangoDbBlocker

from tests.builders import THEN
from trials.seeding import Fixtures, SeedReport, read_fixtures, seed

FOLDER = Path(settings.BASE_DIR) / "fixtures"


@pytest.fixture(scope="session")
def fixtures() -> Fixtures:
    return read_fixtures(FOLDER)


@pytest.fixture(scope="module")
def catalogue(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """The seeded catalogue for all tests of a file that only read it."""
    with django_db_blocker.unblock(), transaction.atomic():
        seed(FOLDER, now=THEN)
        yield
        transaction.set_rollback(True)


@pytest.fixture
def seeded(db: None) -> SeedReport:
    return seed(FOLDER, now=THEN)


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    """A copy of the files that a test may change."""
    return shutil.copytree(FOLDER, tmp_path / "fixtures")
