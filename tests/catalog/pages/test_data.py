"""The page of the data: what was made, how large, with which checksum; or that nothing was."""

import hashlib
import json
import re
from base64 import b64decode
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.core.management import call_command
from django.test import Client
from playwright.sync_api import Browser
from pytest_django.live_server_helper import LiveServer

from catalog.exports.files import offered
from tests.builders import make_trial
from tests.catalog.pages.test_in_browser import RULES

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def folder(settings: Any, tmp_path: Path) -> Path:
    settings.EXPORTS = tmp_path / "exports"
    return Path(settings.EXPORTS)


@pytest.fixture
def made(folder: Path) -> None:
    make_trial("NCT00000001", title="膝关节")
    call_command("export", verbosity=0)


def read(client: Client, address: str) -> str:
    return unescape(client.get(address).content.decode())


def test_nothing_made_yet_is_said_and_lists_are_offered(client: Client) -> None:
    text = read(client, "/about/data/")
    assert "No files of the whole catalogue have been made on this server yet." in text
    assert 'class="download"' not in text
    for address in ("/trials.csv", "/trials.ndjson", "/trials.ris", "/trials.atom"):
        assert f'href="{address}"' in text


@pytest.mark.usefixtures("made")
def test_each_file_is_offered_with_size_date_and_checksum(client: Client) -> None:
    text = read(client, "/about/data/")
    for file in offered():
        assert f'href="/about/data/{file.file_name}"' in text
        assert file.sha256 in text
        assert f'datetime="{file.made_at}"' in text
    assert "have been made" not in text
    assert "public domain" in text


@pytest.mark.usefixtures("made")
def test_search_engines_are_told_of_the_data_set(client: Client) -> None:
    text = client.get("/about/data/").content.decode()
    (told,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', text)
    told = json.loads(told)
    assert (told["@type"], told["isAccessibleForFree"]) == ("Dataset", True)
    assert [(file["sha256"], file["contentUrl"]) for file in told["distribution"]] == [
        (file.sha256, f"http://127.0.0.1:8000/about/data/{file.file_name}") for file in offered()
    ]


@pytest.mark.usefixtures("made")
def test_a_file_is_sent_as_it_was_made(client: Client) -> None:
    for file in offered():
        response = client.get(
            f"/about/data/{file.file_name}", headers={"accept-encoding": "gzip, br"}
        )
        content = response.getvalue()
        digest = hashlib.sha256(content)
        assert digest.hexdigest() == file.sha256
        assert response["Content-Length"] == str(len(content)) == str(file.bytes)
        assert "Content-Encoding" not in response
        encoded = response["Repr-Digest"].removeprefix("sha-256=:").removesuffix(":")
        assert b64decode(encoded) == digest.digest()
        stem, _dot, ending = file.file_name.partition(".")
        name = f"{stem}-{file.made_at[:10]}.{ending}"
        assert response["Content-Disposition"] == f'attachment; filename="{name}"'


@pytest.mark.usefixtures("made")
def test_programs_of_any_site_read_the_file_of_today(client: Client) -> None:
    """Datasette Lite opens a database by its address; no cache takes an older one for it."""
    response = client.head("/about/data/stem-cell-trials.sqlite3")
    response.getvalue()
    assert response["Access-Control-Allow-Origin"] == "*"
    assert "Repr-Digest" in response["Access-Control-Expose-Headers"]
    assert response["Cache-Control"] == "public, no-cache"


@pytest.mark.usefixtures("made")
def test_who_has_the_file_is_told_so(client: Client) -> None:
    address = "/about/data/stem-cell-trials.sqlite3"
    first = client.get(address)
    first.getvalue()
    for header in (
        {"if-none-match": first["ETag"]},
        {"if-modified-since": first["Last-Modified"]},
    ):
        again = client.get(address, headers=header)
        assert (again.status_code, again.content) == (304, b"")
        for name in ("ETag", "Last-Modified", "Cache-Control", "Access-Control-Allow-Origin"):
            assert again.get(name) == first[name]
    changed = client.get(address, headers={"if-match": '"another"'})
    assert (changed.status_code, "ETag" in changed) == (412, False)


@pytest.mark.usefixtures("made")
def test_a_head_has_the_size_and_no_content(client: Client) -> None:
    response = client.head("/about/data/stem-cell-trials.csv")
    assert response["Content-Length"] == str(offered()[2].bytes)
    assert response.getvalue() == b""


@pytest.mark.usefixtures("made")
@pytest.mark.parametrize(
    "name", ["manifest.json", ".lock", "stem-cell-trials.json", "..%2fsecret_key", "%00", "x"]
)
def test_no_other_file_can_be_had(client: Client, name: str) -> None:
    assert client.get(f"/about/data/{name}").status_code == 404


@pytest.mark.usefixtures("made")
def test_an_unknown_parameter_is_refused(client: Client) -> None:
    assert client.get("/about/data/?contry=CN").status_code == 400
    assert client.get("/about/data/stem-cell-trials.csv?contry=CN").status_code == 400


def test_every_page_leads_to_it(client: Client) -> None:
    assert '<a href="/about/data/">Download the data</a>' in read(client, "/about/coverage/")


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("width", "look"),
    [(1280, {"color_scheme": "light"}), (390, {"color_scheme": "dark", "locale": "zh-CN"})],
)
@pytest.mark.usefixtures("made")
def test_the_page_is_clean_and_fits_and_a_click_downloads(
    browser: Browser, live_server: LiveServer, tmp_path: Path, width: int, look: Any
) -> None:
    context = browser.new_context(viewport={"width": width, "height": 844}, **look)
    page = context.new_page()
    page.goto(f"{live_server.url}/about/data/")
    assert Axe().run(page, options=RULES).response["violations"] == []
    assert page.evaluate("document.documentElement.scrollWidth") == width
    with page.expect_download() as download:
        page.locator(".download .button").first.click()
    path = tmp_path / "downloaded"
    download.value.save_as(path)
    assert hashlib.sha256(path.read_bytes()).hexdigest() == offered()[0].sha256
    context.close()


def test_each_form_of_a_list_has_an_example_that_is_answered(client: Client) -> None:
    make_trial("NCT00000001", countries=("CN",), phases=("PHASE2",))
    for language in ("en", "zh-hans"):
        text = read(client, f"/about/data/?lang={language}")
        examples = re.findall(r"<code>(/[^<]+)</code>", text)
        assert len(examples) == 5
        for address in examples:
            response = client.get(address)
            body = b"".join(response) if response.streaming else response.content
            assert (address, response.status_code) == (address, 200)
            assert b"NCT00000001" in body
