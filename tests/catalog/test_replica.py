"""Which reads may come from the read replica: a visitor's, and nobody else's."""

import pytest
from django.http import HttpResponse
from django.test import RequestFactory

from catalog.replica import ReplicaForVisitors, ReplicaRouter
from trials.models import Trial

router = ReplicaRouter()
curator = {"sessionid": "a-session"}


def database_during(method: str, cookies: dict[str, str]) -> str | None:
    """The database that a read goes to while such a request is answered."""
    seen: list[str | None] = []

    def view(request):
        seen.append(router.db_for_read(Trial))
        return HttpResponse()

    request = RequestFactory().generic(method, "/trials/")
    request.COOKIES.update(cookies)
    ReplicaForVisitors(view)(request)
    return seen[0]


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_a_visitor_reads_from_the_replica(method):
    assert database_during(method, {}) == "replica"


@pytest.mark.parametrize(("method", "cookies"), [("POST", {}), ("GET", curator), ("HEAD", curator)])
def test_whoever_may_have_written_reads_what_was_written(method, cookies):
    assert database_during(method, cookies) is None


def test_a_command_reads_what_it_writes():
    database_during("GET", {})

    assert router.db_for_read(Trial) is None


def test_writes_and_migrations_never_go_to_the_replica():
    assert router.db_for_write(Trial) == "default"
    assert router.allow_migrate("replica", "trials") is False
    assert router.allow_migrate("default", "trials") is True
