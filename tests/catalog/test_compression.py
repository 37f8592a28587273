"""Answers are compressed for who takes them compressed."""

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("accepted", "encoding"),
    [
        ("gzip", "gzip"),
        ("br, gzip;q=0.5", "gzip"),
        ("gzip;q=0.001", "gzip"),
        ("gzip;q=0", None),
        ("gzip; q=0.000, identity", None),
        ("identity, GZIP;Q=0", None),
        ("identity", None),
    ],
)
@pytest.mark.parametrize("address", ["/about/", "/api/v1/schema/"])
def test_who_refuses_gzip_gets_none(
    client: Client, address: str, accepted: str, encoding: str | None
) -> None:
    response = client.get(address, headers={"accept-encoding": accepted})
    assert response.get("Content-Encoding") == encoding
    assert "Accept-Encoding" in response["Vary"]
