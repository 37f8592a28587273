"""A NUL in what is sent to the admin is refused, whichever database is behind it."""

import pytest
from django.contrib.auth.models import User
from django.test import Client

from tests.builders import make_trial

pytestmark = pytest.mark.django_db


@pytest.fixture
def as_boss() -> Client:
    client = Client()
    client.force_login(User.objects.create_superuser("boss"))
    return client


@pytest.mark.parametrize(
    "address",
    [
        "/admin/trials/trial/?status__exact=x%00",
        "/admin/trials/trial/?%00=x",
        "/admin/queue/screening/%00/",
        "/admin/autocomplete/?term=%00&app_label=trials&model_name=trialsponsor&field_name=sponsor",
    ],
)
def test_an_address_with_a_nul_is_refused(as_boss: Client, address: str) -> None:
    response = as_boss.get(address)
    assert response.status_code == 400
    assert "text/html" in response["Content-Type"]


def test_a_form_with_a_nul_is_refused_and_writes_nothing(as_boss: Client) -> None:
    assert as_boss.post("/admin/queue/name/", {"name": "Wei\x00"}).status_code == 400
    assert not hasattr(User.objects.get(username="boss"), "public_name")
    assert as_boss.post("/admin/queue/name/", {"name": "Wei"}).status_code == 302


def test_the_pages_say_themselves_of_which_parameter_it_was(client: Client) -> None:
    make_trial()
    response = client.get("/trials/?q=%00")
    assert response.status_code == 400
    assert "NUL" in response.content.decode()
