"""What programs look for at fixed addresses: where they may go, and how they may ask."""

import re
from typing import Any
from xml.etree import ElementTree

import pytest
from django.test import Client

from catalog.filters import TrialFilter
from tests.builders import make_trial

pytestmark = pytest.mark.django_db
OPENSEARCH = "{http://a9.com/-/spec/opensearch/1.1/}"
PUBLIC = "https://trials.example"


@pytest.fixture(autouse=True)
def _public_address(settings: Any) -> None:
    settings.PUBLIC_URL = PUBLIC


def test_robots_are_kept_out_of_the_admin_and_told_the_sitemap(client: Client) -> None:
    response = client.get("/robots.txt")
    assert response["Content-Type"] == "text/plain; charset=utf-8"
    assert response.content.decode() == (
        f"User-agent: *\nDisallow: /admin/\n\nSitemap: {PUBLIC}/sitemap.xml\n"
    )


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_a_browser_learns_how_to_search(client: Client, language: str) -> None:
    make_trial(title="Cells & knees")
    response = client.get(f"/opensearch.xml?lang={language}")
    assert response["Content-Type"].startswith("application/opensearchdescription+xml")
    root = ElementTree.fromstring(response.content)  # noqa: S314 - our own
    assert root.tag == f"{OPENSEARCH}OpenSearchDescription"
    for name, longest in (("ShortName", 16), ("Description", 1024)):
        text = root.findtext(f"{OPENSEARCH}{name}") or ""
        assert 0 < len(text) <= longest
        assert "<" not in text
    for url in root.findall(f"{OPENSEARCH}Url"):
        template = url.attrib["template"].removeprefix(PUBLIC)
        asked = template.replace("{searchTerms}", "knees")
        answer = client.get(re.sub(r"\{\w+\?\}", "", asked))
        assert answer.status_code == 200
        assert answer["Content-Type"].startswith(url.attrib["type"])


def test_every_page_names_the_description_of_the_search(client: Client) -> None:
    link = 'rel="search" type="application/opensearchdescription+xml" href="/opensearch.xml"'
    assert link in client.get("/about/").content.decode()


def test_language_models_are_told_every_parameter_and_only_addresses_that_answer(
    client: Client,
) -> None:
    make_trial("NCT03166865")
    response = client.get("/llms.txt")
    assert response["Content-Type"] == "text/markdown; charset=utf-8"
    text = response.content.decode()
    assert text.startswith("# Stem-cell trials\n\n> A catalogue of")
    assert re.findall(r"^- `(\w+)`:", text, re.MULTILINE) == list(TrialFilter.parameters())
    assert not re.search(r"&\w+;", text)
    links = re.findall(rf"{PUBLIC}(/[^)`]*)", text)
    assert len(links) > 10
    for link in links:
        answer = client.get(link)
        assert (link, answer.status_code) == (link, 200)
        if answer.streaming:
            answer.getvalue()


@pytest.mark.parametrize("name", ["robots.txt", "opensearch.xml", "llms.txt"])
def test_a_signpost_is_strict_and_cached(client: Client, name: str) -> None:
    assert client.get(f"/{name}?x=1").status_code == 400
    assert client.post(f"/{name}").status_code == 405
    tag = client.get(f"/{name}")["ETag"]
    assert client.get(f"/{name}", headers={"if-none-match": tag}).status_code == 304
