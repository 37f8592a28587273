"""The settings as a whole: what a start with a wrong value says, and the headers of a page."""

import os
import subprocess
import sys

import pytest
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import CommandError


def start(*command: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run a command of the project as a person would, with these variables."""
    environment = os.environ | {"DATABASE_URL": "sqlite://:memory:"} | variables
    environment.pop("DJANGO_ALLOW_ASYNC_UNSAFE", None)  # a browser test of this process set it
    return subprocess.run(
        [sys.executable, *command],
        cwd=settings.BASE_DIR,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize(
    "command",
    [("manage.py", "check"), ("-m", "gunicorn", "-c", "catalog/gunicorn.py", "catalog.wsgi")],
    ids=["manage.py", "gunicorn"],
)
def test_a_wrong_value_stops_the_start_with_one_sentence(command):
    done = start(*command, PORT="abc")

    assert done.stderr == "PORT=abc: write a whole number from 1 to 65535, such as PORT=8000\n"
    assert (done.returncode, done.stdout) == (2, "")


def test_an_https_site_passes_the_deployment_check():
    done = start(
        "manage.py",
        "check",
        "--deploy",
        "--fail-level=WARNING",
        PUBLIC_URL="https://trials.example.org",
        SECRET_KEY="9f-Kq2_LxWc0" * 5,
    )

    assert (done.stderr, done.returncode) == ("", 0)


@pytest.mark.parametrize(
    ("door", "options"),
    [
        ("catalog.wsgi", "-c statement_timeout=30s -c jit=off"),
        ("catalog.asgi", "-c statement_timeout=30s -c jit=off"),
        ("catalog.settings", "-c jit=off"),  # all that a command comes through
    ],
)
def test_only_a_web_server_limits_the_time_of_a_statement(door, options):
    words = (
        f"import {door}; from django.db import connections\n"
        "print(*(each.settings_dict['OPTIONS']['options'] for each in connections.all()), sep=', ')"
    )

    done = start(
        "-c",
        words,
        DJANGO_SETTINGS_MODULE="catalog.settings",
        DATABASE_URL="postgres://127.0.0.1/trials",
        REPLICA_URL="postgres://127.0.0.2/trials",
    )

    # Standard error may hold a word on static files that a fresh clone has not collected yet.
    assert (done.returncode, done.stdout) == (0, f"{options}, {options}\n")


def test_a_page_carries_the_security_headers(client):
    headers = client.get("/healthz").headers

    assert set(headers["Content-Security-Policy"].split("; ")) == {
        "default-src 'self'",
        "img-src 'self' data:",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    }
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Permissions-Policy"].startswith("camera=()")


def test_a_strange_host_is_refused(client):
    assert client.get("/healthz", headers={"host": "elsewhere.example"}).status_code == 400


def test_preparing_names_the_steps_that_there_are(capsys):
    with pytest.raises(SystemExit) as ended:
        call_command("prepare", "seeds")

    assert ended.value.code == 2
    assert capsys.readouterr().err == (
        "seeds is no step: write one of translations, migrations, seed, static\n"
    )


def test_a_taken_port_is_told_before_any_work(taken_port):
    from catalog.management.commands.serve import refuse_unusable_address  # noqa: PLC0415

    with pytest.raises(CommandError) as refused:
        refuse_unusable_address("127.0.0.1", taken_port)

    assert str(refused.value) == (
        f"Port {taken_port} is taken by another program. Try: make serve PORT={taken_port + 1}"
    )
