"""The landscape in a real browser: its numbers are followed, without a script, on small screens."""

import re
from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from tests.builders import make_source, make_trial
from tests.catalog.pages.test_in_browser import RULES

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def fill() -> None:
    """Adipose cells for the knee twice, cord cells for it once, and a dozen rarer indications."""
    make_source("svf", "adipose")
    for source in ("adipose", "svf", "umbilical-cord"):
        make_trial(sources=(source,), indications=("knee",), phases=("PHASE2",), start_date="2016")
    for number in range(15):
        make_trial(indications=(f"osteochondral-lesion-{number}",), countries=("CN",))


def test_a_number_leads_to_as_many_trials_without_a_script(
    visitor: Callable[..., Page], live_server: LiveServer
) -> None:
    fill()
    page = visitor(java_script_enabled=False)
    page.goto(f"{live_server.url}/trials/?phase=PHASE2")
    page.get_by_role("link", name="Landscape of these trials").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Landscape of 3 trials")

    page.get_by_label("Rows").select_option("Cell source")
    page.get_by_label("Columns").select_option("Year of start")
    page.get_by_role("button", name="Show").click()
    expect(page).to_have_url(re.compile("phase=PHASE2&rows=cell_source&columns=start_year$"))
    row = page.get_by_role("row", name=re.compile("^Adipose"))
    number = row.get_by_role("cell").nth(1)
    expect(number).to_have_text("2")

    number.get_by_role("link").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("2 trials")
    expect(page.get_by_role("link", name=re.compile("Adipose"))).to_be_visible()


def test_whoever_goes_back_finds_the_table_that_the_form_names(
    page: Page, live_server: LiveServer
) -> None:
    fill()
    page.goto(f"{live_server.url}/landscape/?rows=status&columns=country")
    page.get_by_label("Columns").select_option("Phase")
    page.get_by_role("button", name="Show").click()
    expect(page.get_by_role("heading", level=2).first).to_have_text("Status × Phase")
    page.go_back()
    expect(page.get_by_role("heading", level=2).first).to_have_text("Status × Country")
    expect(page.get_by_label("Columns")).to_have_value("country")


def test_a_filter_is_removed_and_the_table_stays(page: Page, live_server: LiveServer) -> None:
    fill()
    page.goto(f"{live_server.url}/landscape/?phase=PHASE2&rows=status&columns=country")
    page.get_by_role("link", name=re.compile("Phase 2.*remove this filter")).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Landscape of 18 trials")
    expect(page.get_by_role("heading", level=2).first).to_have_text("Status × Country")


@pytest.mark.parametrize(
    ("language", "scheme", "width"),
    [
        ("en", "light", 1280),
        ("zh-hans", "dark", 1280),
        ("zh-hans", "light", 320),
        ("en", "dark", 320),
    ],
)
def test_the_table_breaks_no_rule_and_scrolls_within_itself(
    visitor: Callable[..., Page], live_server: LiveServer, language: str, scheme: str, width: int
) -> None:
    fill()
    page = visitor(viewport={"width": width, "height": 800}, color_scheme=scheme)
    for query in ("", "&rows=start_year&columns=cell_source&phase=PHASE2", "&phase=PHASE4"):
        page.goto(f"{live_server.url}/landscape/?lang={language}{query}")
        assert Axe().run(page, options=RULES).response["violations"] == []
        assert page.evaluate("document.documentElement.scrollWidth") == width


def test_no_number_that_gets_the_focus_is_beneath_the_name_of_its_row(
    phone: Page, live_server: LiveServer
) -> None:
    for number in range(15):
        make_trial(indications=(f"pain-{number}",))
    phone.goto(f"{live_server.url}/landscape/")
    row = phone.get_by_role("row", name=re.compile("^Not stated"))
    name = row.get_by_role("rowheader").bounding_box()
    assert name
    links = row.get_by_role("link")
    links.last.focus()
    for _press in range(links.count() - 2):  # the first is the name
        phone.keyboard.press("Shift+Tab")
        focused = phone.locator(":focus").bounding_box()
        assert focused
        assert focused["x"] + focused["width"] / 2 > name["x"] + name["width"]


def test_the_names_of_the_rows_stay_while_the_table_scrolls(
    phone: Page, live_server: LiveServer
) -> None:
    fill()
    phone.goto(f"{live_server.url}/landscape/")
    region = phone.get_by_role("region", name="Number of trials")
    region.focus()
    before = phone.get_by_role("rowheader", name="Adipose").bounding_box()
    for _press in range(20):
        phone.keyboard.press("ArrowRight")
    expect(region).not_to_have_js_property("scrollLeft", 0)
    assert phone.get_by_role("rowheader", name="Adipose").bounding_box() == before
