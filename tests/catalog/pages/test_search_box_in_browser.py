"""The search boxes of the first page and of the head of every other page, in a real browser."""

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from tests.builders import make_source, make_trial
from tests.catalog.pages.test_in_browser import RULES

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

BOXES = pytest.mark.parametrize(("address", "box"), [("/", "#q"), ("/about/", "#find")])


def fill() -> None:
    make_source("adipose", name="Adipose tissue", name_zh="脂肪组织")
    make_trial("NCT01000001", title="Adipose cells for the knee", sources=("adipose",))
    make_trial("NCT01000002")


@BOXES
def test_the_keyboard_alone_chooses_what_a_box_suggests(
    page: Page, live_server: LiveServer, address: str, box: str
) -> None:
    fill()
    page.goto(live_server.url + address)
    page.locator(box).focus()
    page.keyboard.type("adi")
    options = page.get_by_role("option")
    expect(options).to_have_count(2)
    assert Axe().run(page, options=RULES).response["violations"] == []
    page.keyboard.press("ArrowDown")
    expect(options.first).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{live_server.url}/trials/?cell_source=adipose")


@BOXES
def test_a_trial_that_is_suggested_is_opened_by_a_touch(
    small_phone: Page, live_server: LiveServer, address: str, box: str
) -> None:
    fill()
    page = small_phone
    page.goto(live_server.url + address)
    page.locator(box).press_sequentially("NCT01000001")
    option = page.get_by_role("option", name="Adipose cells for the knee")
    expect(option).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") == 320
    option.click()
    expect(page).to_have_url(f"{live_server.url}/trials/NCT01000001/")


@BOXES
def test_chinese_letters_are_understood(
    visitor: Callable[..., Page], live_server: LiveServer, address: str, box: str
) -> None:
    fill()
    page = visitor(locale="zh-CN")
    page.goto(live_server.url + address)
    page.locator(box).press_sequentially("脂")
    expect(page.get_by_role("option")).to_have_text("脂肪组织 细胞来源 · 1")


@BOXES
def test_without_scripts_a_box_searches(
    visitor: Callable[..., Page], live_server: LiveServer, address: str, box: str
) -> None:
    fill()
    page = visitor(java_script_enabled=False)
    page.goto(live_server.url + address)
    page.locator(box).fill("adipose")
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{live_server.url}/trials/?ordering=relevance&q=adipose")
    expect(page.get_by_role("heading", level=1)).to_have_text("1 trial")
