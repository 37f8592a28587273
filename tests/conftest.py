"""What every test shares: a database of its own, plain static files, a browser."""

import gc
import socket
from collections.abc import Iterator

import pytest
from django.conf import settings
from django.db import connection
from django.test import TransactionTestCase
from django.utils import translation

from catalog.translations import compile_translations
from tests.emptying import empty_databases
from tests.one_connection import answer_one_at_a_time

pytest_plugins = ["tests.browser", "tests.stand_in"]


def pytest_configure() -> None:
    # A test process holds much that stays: to go through it seldom saves a tenth of the time.
    gc.set_threshold(100_000, 50, 100)
    # Before any test: no collected files are needed, and a password costs no second.
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    }
    settings.WHITENOISE_AUTOREFRESH = True
    settings.WHITENOISE_USE_FINDERS = True
    settings.FRESHNESS_KEPT = 0  # no test is told what the one before it read
    settings.API_RATE_LIMIT = 0  # a run asks more in a minute than any visitor
    compile_translations()  # pages in Chinese are asked for
    TransactionTestCase._fixture_teardown = empty_databases
    if connection.vendor == "sqlite":
        answer_one_at_a_time()
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(scope="session")
def django_db_modify_db_settings(testrun_uid: str, worker_id: str) -> None:
    """Every run has databases of its own: several runs may share one PostgreSQL server."""
    if connection.vendor == "postgresql":
        config = connection.settings_dict
        config["TEST"]["NAME"] = f"test_catalogue_{testrun_uid[:12]}_{worker_id}"
        # No test outlives the server: nothing that is committed waits for the disk.
        config["OPTIONS"]["options"] += " -c synchronous_commit=off"


@pytest.fixture(autouse=True)
def _no_language_left_over() -> Iterator[None]:
    """A request's language stays on in its thread until the next one; no test begins with it."""
    yield
    translation.deactivate()


@pytest.fixture
def taken_port() -> Iterator[int]:
    """A port of this machine on which somebody listens."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield listener.getsockname()[1]
