"""A page that is asked for what it does not have says so, with the words of the lists."""

from html import unescape

import pytest
from django.test import Client

from catalog.pages.browse import PAGE_SIZE
from tests.builders import (
    make_country,
    make_document,
    make_indication,
    make_product,
    make_publication,
    make_source,
    make_sponsor,
)

pytestmark = pytest.mark.django_db

WITH_PAGES = ("/sponsors/", "/publications/")
ADDRESSES = (
    *WITH_PAGES,
    "/sponsors/charite/",
    "/cell-sources/",
    "/cell-sources/adipose/",
    "/indications/",
    "/indications/hip/",
    "/countries/",
    "/countries/CN/",
    "/products/",
    "/products/elixcyte/",
    "/publications/lu-2020/",
    "/documents/",
    "/documents/list/",
    "/about/coverage/",
    "/compare/",
    "/about/method/",
    "/landscape/",
)


@pytest.fixture(autouse=True)
def _catalogue() -> None:
    make_sponsor("charite")
    make_source("adipose")
    make_indication("hip")
    make_country("CN")
    make_product("elixcyte")
    make_publication("lu-2020")
    make_document("list")


@pytest.mark.parametrize("address", ADDRESSES)
def test_an_unknown_parameter_is_said_in_a_banner(client: Client, address: str) -> None:
    response = client.get(address, {"lnag": "en"})
    text = unescape(response.content.decode())
    assert response.status_code == 400
    assert "Part of this question was not understood" in text
    assert "There is no parameter “lnag”. Did you mean “lang”?" in text


@pytest.mark.parametrize("address", ADDRESSES)
def test_a_page_that_is_asked_for_what_it_has_has_no_banner(client: Client, address: str) -> None:
    response = client.get(address, {"lang": "en"})
    assert response.status_code == 200
    assert "banner" not in response.content.decode()


@pytest.mark.parametrize("address", WITH_PAGES)
@pytest.mark.parametrize(("page", "status"), [("1", 200), ("", 200), ("x", 400), ("2", 404)])
def test_a_page_number_is_understood_refused_or_not_there(
    client: Client, address: str, page: str, status: int
) -> None:
    assert client.get(address, {"page": page}).status_code == status


def test_a_list_without_pages_takes_no_page(client: Client) -> None:
    assert client.get("/documents/", {"page": "1"}).status_code == 400


def test_the_links_to_other_pages_do_not_repeat_what_was_not_understood(client: Client) -> None:
    for number in range(PAGE_SIZE):
        make_sponsor(f"sponsor-{number}")
    text = unescape(client.get("/sponsors/", {"foo": "1"}).content.decode())
    assert 'rel="next" href="?page=2"' in text
