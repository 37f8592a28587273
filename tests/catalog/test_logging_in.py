"""Logging in: passwords hashed by Argon2, too many failures locked out, sessions that end."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from axes.models import AccessAttempt
from django.contrib.auth.models import User
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from catalog import settings as written
from tests.builders import make_report

pytestmark = pytest.mark.django_db
PASSWORD = "nine-horses-in-the-lab"


@pytest.fixture
def lan() -> User:
    return User.objects.create_user("lan", password=PASSWORD, is_staff=True)


def log_in(client: Client, password: str = PASSWORD, name: str = "lan", **meta: Any) -> int:
    sent = {"username": name, "password": password}
    return client.post(reverse("admin:login"), sent, **meta).status_code


def fail(times: int, **meta: Any) -> list[int]:
    return [log_in(Client(), f"wrong-{n}", **meta) for n in range(times)]


def test_who_fails_too_often_is_locked_out_even_with_the_right_password(lan: User) -> None:
    assert fail(10) == [200] * 9 + [429]
    locked = Client().post(reverse("admin:login"), {"username": "lan", "password": PASSWORD})
    assert locked.status_code == 429
    assert "Too many attempts to log in" in locked.content.decode()


def test_others_are_not_locked_out_with_it(lan: User) -> None:
    fail(10, REMOTE_ADDR="192.0.2.1")
    assert log_in(Client(), REMOTE_ADDR="192.0.2.2") == 302


@pytest.mark.parametrize(
    ("first", "second", "code"),
    [
        ("2001:db8::{}", "2001:db8::ffff", 429),  # whoever has one has all of the home's
        ("2001:db8::{}", "2001:db8:0:1::1", 302),
        ("::ffff:192.0.2.1", "192.0.2.1", 429),
        ("::ffff:192.0.2.1", "::ffff:192.0.2.2", 302),
    ],
)
def test_another_address_of_the_same_home_does_not_help(
    lan: User, first: str, second: str, code: int
) -> None:
    for n in range(1, 11):
        fail(1, REMOTE_ADDR=first.format(n))
    assert log_in(Client(), REMOTE_ADDR=second) == code


def test_changing_the_name_does_not_help(lan: User) -> None:
    codes = [log_in(Client(), "wrong", name=f"name-{n}") for n in range(10)]
    assert codes[-1] == 429


def test_a_lock_ends_by_itself(lan: User) -> None:
    fail(10)
    AccessAttempt.objects.update(attempt_time=timezone.now() - timedelta(minutes=31))
    assert log_in(Client()) == 302


def test_behind_a_proxy_the_address_is_the_visitors(lan: User, settings: Settings) -> None:
    settings.BEHIND_PROXY = True
    fail(10, HTTP_X_FORWARDED_FOR="203.0.113.5, 192.0.2.1")
    assert log_in(Client(), HTTP_X_FORWARDED_FOR="203.0.113.6, 192.0.2.1") == 429
    assert log_in(Client(), HTTP_X_FORWARDED_FOR="192.0.2.2") == 302


def test_no_password_is_kept_of_an_attempt(lan: User) -> None:
    fail(1)
    assert "wrong-0" not in str(list(AccessAttempt.objects.values()))


def test_a_password_is_hashed_by_argon2_and_an_old_hash_is_made_anew(
    lan: User, settings: Settings
) -> None:
    settings.PASSWORD_HASHERS = written.PASSWORD_HASHERS[1:]
    lan.set_password(PASSWORD)
    lan.save()
    assert lan.password.startswith("pbkdf2_sha256$")
    settings.PASSWORD_HASHERS = written.PASSWORD_HASHERS
    assert log_in(Client()) == 302
    lan.refresh_from_db()
    assert lan.password.startswith("argon2$argon2id$")


def test_a_session_is_short_and_no_script_or_other_site_has_it(lan: User) -> None:
    client = Client()
    log_in(client)
    cookie = client.cookies["sessionid"]
    assert (cookie["max-age"], cookie["httponly"], cookie["samesite"]) == (28800, True, "Lax")


def test_a_session_goes_on_with_work_and_not_at_each_request(
    lan: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = Client()
    log_in(client)
    renewed = []
    for later in (0, 10, 400):
        monkeypatch.setattr("catalog.sessions.time.time", lambda later=later: 2e9 + later)
        renewed.append("sessionid" in client.get(reverse("admin:index")).cookies)
    assert renewed == [True, False, True]


def test_a_visitor_gets_no_session(client: Client) -> None:
    report = make_report()
    for address in ("/", f"/trials/{report.trial.number}/report/"):
        assert "sessionid" not in client.get(address).cookies


def test_a_short_password_is_refused() -> None:
    with pytest.raises(ValidationError, match="at least 12 characters"):
        validate_password("kf8-Lq2_x")
