"""The sitemap: every page once, in parts, in both languages; what is not shown is not in it."""

from typing import Any
from xml.etree import ElementTree

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from catalog import sitemap
from tests.builders import (
    make_document,
    make_indication,
    make_product,
    make_publication,
    make_source,
    make_sponsor,
    make_trial,
)

pytestmark = pytest.mark.django_db
SCHEMA = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
LINK = "{http://www.w3.org/1999/xhtml}link"


@pytest.fixture(autouse=True)
def _public_address(settings: Any) -> None:
    settings.PUBLIC_URL = "https://trials.example"


def read(client: Client, address: str) -> ElementTree.Element:
    response = client.get(address)
    assert response.status_code == 200
    assert response["Content-Type"] == "application/xml; charset=utf-8"
    return ElementTree.fromstring(response.content)  # noqa: S314 - our own


def addresses(element: ElementTree.Element) -> list[str]:
    found = [loc.text or "" for loc in element.iter(f"{SCHEMA}loc")]
    assert all(address.startswith("https://trials.example/") for address in found)
    return [address.removeprefix("https://trials.example") for address in found]


def test_every_page_is_in_one_part_and_answers(client: Client) -> None:
    make_trial("NCT00000001", countries=("CN",), sponsor=make_sponsor("beike"))
    make_trial("NCT00000002", screening="excluded")
    make_source("adipose")
    make_indication("knee-osteoarthritis")
    make_product("cartistem")
    make_publication("paper")
    make_document("list")
    index = read(client, "/sitemap.xml")
    assert index.tag == f"{SCHEMA}sitemapindex"
    pages = [page for part in addresses(index) for page in addresses(read(client, part))]
    assert len(set(pages)) == len(pages)
    assert pages[:2] == ["/", "/trials/"]
    assert [page for page in pages if page.count("/") == 3 and not page.startswith("/about/")] == [
        *("/trials/NCT00000001/", "/cell-sources/adipose/", "/indications/knee-osteoarthritis/"),
        *("/countries/CN/", "/sponsors/beike/", "/products/cartistem/", "/publications/paper/"),
        "/documents/list/",
    ]
    assert {client.get(page).status_code for page in pages} == {200}


def test_a_page_is_named_in_both_languages_with_its_day(client: Client) -> None:
    trial = make_trial("NCT00000001")
    page = read(client, "/sitemap-trials-1.xml").find(f"{SCHEMA}url")
    assert page is not None
    assert [(link.attrib["hreflang"], link.attrib["href"]) for link in page.iter(LINK)] == [
        ("en", "https://trials.example/trials/NCT00000001/?lang=en"),
        ("zh-Hans", "https://trials.example/trials/NCT00000001/?lang=zh-hans"),
    ]
    changed = page.find(f"{SCHEMA}lastmod")
    assert changed is not None
    assert changed.text == trial.updated_at.date().isoformat()


def test_many_pages_come_in_parts_of_a_bounded_size(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sitemap, "IN_A_PART", 2)
    for n in range(1, 6):
        make_trial(f"NCT0000000{n}", sponsor=make_sponsor())
    parts = [part for part in addresses(read(client, "/sitemap.xml")) if "-trials-" in part]
    assert parts == [f"/sitemap-trials-{n}.xml" for n in (1, 2, 3)]
    assert [addresses(read(client, part)) for part in parts] == [
        ["/trials/NCT00000001/", "/trials/NCT00000002/"],
        ["/trials/NCT00000003/", "/trials/NCT00000004/"],
        ["/trials/NCT00000005/"],
    ]
    assert len(addresses(read(client, "/sitemap-sponsors-3.xml"))) == 1


@pytest.mark.parametrize("part", ["trials-0", "trials-2", "nothing-1", "trials-99999999999999999"])
def test_a_part_that_there_is_not_is_not_there(client: Client, part: str) -> None:
    make_trial()
    assert client.get(f"/sitemap-{part}.xml").status_code == 404


@pytest.mark.parametrize("rows", [1, 30])
def test_a_part_costs_the_same_queries_for_1_and_for_30_rows(client: Client, rows: int) -> None:
    if connection.vendor == "postgresql":
        pytest.skip("within a transaction that writes, nothing that is kept is sure")
    for _ in range(rows):
        make_trial()
    client.get("/sitemap-trials-1.xml")
    with CaptureQueriesContext(connection) as queries:
        client.get("/sitemap-trials-1.xml")
    pages = [query for query in queries if "updated_at" in query["sql"]]
    assert len(pages) == 1


def test_who_has_the_part_is_told_so(client: Client) -> None:
    make_trial()
    first = client.get("/sitemap-trials-1.xml")
    again = client.get("/sitemap-trials-1.xml", headers={"if-none-match": first["ETag"]})
    assert again.status_code == 304


def test_an_unknown_parameter_is_refused(client: Client) -> None:
    assert client.get("/sitemap.xml?page=2").status_code == 400
    assert client.get("/sitemap-pages-1.xml?page=2").status_code == 400
