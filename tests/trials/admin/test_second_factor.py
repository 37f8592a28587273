"""A second factor: turned on and off by oneself, asked for at each log-in, taken away if lost."""

from __future__ import annotations

import re
import time

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group, User
from django.test import Client
from django.urls import reverse
from django_otp.oath import TOTP
from django_otp.plugins.otp_static.models import StaticDevice
from django_otp.plugins.otp_totp.models import TOTPDevice

from trials.roles import ADMINISTRATORS, CURATORS

pytestmark = pytest.mark.django_db
PASSWORD = "nine-horses-in-the-lab"
PAGE = "/admin/second-factor/"
STEP = 30  # seconds


@pytest.fixture
def lan() -> User:
    lan = User.objects.create_user("lan", password=PASSWORD, is_staff=True)
    lan.groups.add(Group.objects.get(name=CURATORS))
    return lan


def app_code(user: User, later: int = 0) -> str:
    """What the app shows, so many steps later: none is taken twice."""
    device = TOTPDevice.objects.get(user=user)
    code = TOTP(device.bin_key, device.step, device.t0, device.digits)
    code.time = time.time() + later * STEP
    return f"{code.token():06d}"


def log_in(code: str = "", name: str = "lan", password: str = PASSWORD) -> str:
    """What the log-in says; empty where it lets the person in."""
    sent = {"username": name, "password": password, "code": code}
    response = Client().post(reverse("admin:login"), sent)
    if response.status_code == 302:
        return ""
    return " ".join(response.context["form"].non_field_errors())


def forget_failures() -> None:
    """As if a while had passed: after a wrong code the next is only looked at later."""
    for model in (TOTPDevice, StaticDevice):
        model.objects.update(throttling_failure_count=0, throttling_failure_timestamp=None)


def turn_on(user: User) -> tuple[Client, list[str]]:
    """A client that has done so, and the codes on paper."""
    client = Client()
    client.force_login(user)
    client.post(PAGE, {"begin": "1"})
    page = client.post(PAGE, {"code": app_code(user), "password": PASSWORD})
    codes = re.findall(r"<li><code>(\w+)</code>", page.content.decode())
    assert len(codes) == 10
    return client, codes


def test_who_has_none_logs_in_as_ever(lan: User) -> None:
    assert log_in() == ""
    assert log_in("123456") == ""


def test_once_on_a_log_in_needs_a_code_of_the_app(lan: User) -> None:
    turn_on(lan)
    assert "Type the code" in log_in()
    assert "not right" in log_in("000000")
    forget_failures()
    assert log_in(app_code(lan, later=1)) == ""


def test_a_code_logs_in_once(lan: User) -> None:
    turn_on(lan)
    code = app_code(lan, later=1)
    assert (log_in(code), "used before" in log_in(code)) == ("", True)


def test_each_code_on_paper_logs_in_once_however_it_is_typed(lan: User) -> None:
    _client, codes = turn_on(lan)
    assert log_in(f" {codes[0].upper()} ") == ""
    assert "not right" in log_in(codes[0])
    forget_failures()
    assert log_in(codes[1]) == ""
    page = _client.get(PAGE).content.decode()
    assert "8 codes on paper are left" in page


def test_the_right_code_does_not_help_without_the_password(lan: User) -> None:
    _client, codes = turn_on(lan)
    assert "correct" in log_in(codes[0], password="wrong")
    assert StaticDevice.objects.get().token_set.count() == 10


def test_guessing_is_slowed_down(lan: User) -> None:
    turn_on(lan)
    assert "not right" in log_in("000000")
    assert "not right" in log_in(app_code(lan, later=1))  # too soon after the wrong one


def test_turning_it_on_takes_the_password_and_a_code_of_the_app(lan: User) -> None:
    client = Client()
    client.force_login(lan)
    page = client.post(PAGE, {"begin": "1"}).content.decode()
    assert "<svg" in page
    for sent in (
        {"code": app_code(lan), "password": "wrong"},
        {"code": "000000", "password": PASSWORD},
        {"code": "膝", "password": PASSWORD},
        {},
    ):
        forget_failures()
        assert client.post(PAGE, sent).status_code == 200
        assert not TOTPDevice.objects.filter(confirmed=True).exists()
    assert log_in() == ""


def test_turning_it_on_ends_the_sessions_that_were_opened_without_it(lan: User) -> None:
    elsewhere = Client()
    elsewhere.force_login(lan)
    client, _codes = turn_on(lan)
    assert elsewhere.get(reverse("admin:index")).status_code == 302
    assert client.get(reverse("admin:index")).status_code == 200


def test_turning_it_off_takes_both_too(lan: User) -> None:
    client, codes = turn_on(lan)
    client.post(PAGE, {"code": codes[0], "password": "wrong"})
    assert "Type the code" in log_in()
    assert client.post(PAGE, {"code": codes[0], "password": PASSWORD}).status_code == 302
    assert log_in() == ""
    assert not StaticDevice.objects.exists()
    acts = list(LogEntry.objects.order_by("pk").values_list("change_message", flat=True))
    assert acts == ["turned on the second factor", "turned off the second factor"]


def test_an_administrator_takes_it_away_but_not_from_a_superuser(lan: User) -> None:
    root = User.objects.create_superuser("root", password=PASSWORD)
    administrator = User.objects.create_user("mei", is_staff=True)
    administrator.groups.add(Group.objects.get(name=ADMINISTRATORS))
    turn_on(lan)
    turn_on(root)
    client = Client()
    client.force_login(administrator)
    chosen = {"action": "take_second_factor", "_selected_action": [lan.pk, root.pk]}
    client.post(reverse("admin:auth_user_changelist"), chosen)
    assert (log_in(), "Type the code" in log_in(name="root")) == ("", True)
    assert LogEntry.objects.filter(user=administrator, object_id=str(lan.pk)).exists()


def test_nobody_sees_the_keys_of_others(lan: User) -> None:
    assert Client().get(PAGE).status_code == 302
    root = User.objects.create_superuser("root")
    client, _codes = turn_on(lan)
    client.force_login(root)
    assert client.get("/admin/otp_totp/totpdevice/").status_code == 404
    assert client.get("/admin/otp_static/staticdevice/").status_code == 404
