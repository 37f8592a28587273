"""What a load balancer is told, on good days and bad."""

import pytest
from django.db import OperationalError, connection


def test_the_process_is_up_without_a_database(client):
    # No django_db mark: a query would fail this test.
    response = client.get("/healthz")

    assert (response.status_code, response.content) == (200, b"ok\n")
    assert "no-store" in response.headers["Cache-Control"]


@pytest.mark.django_db
def test_ready_when_the_database_answers(client):
    response = client.get("/readyz")

    assert response.status_code == 200
    assert response.json() == {"ready": True, "checks": {"database": "ok", "index": "ok"}}


@pytest.mark.django_db
def test_not_ready_when_the_database_is_silent(client, monkeypatch):
    def refuse(*args: object) -> None:
        raise OperationalError("could not connect to cat@10.0.0.7")

    monkeypatch.setattr(connection, "cursor", refuse)

    response = client.get("/readyz")

    assert response.status_code == 503
    assert response.json() == {
        "ready": False,
        "checks": {"database": "does not answer (OperationalError)"},
    }
