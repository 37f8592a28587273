"""The pages in a real browser: accessibility rules, widths, themes, and use without JavaScript."""

from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.core.cache import cache
from playwright.sync_api import Browser, Page
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from tests.browser import PHONE
from tests.builders import make_site, make_trial
from tests.catalog.pages.test_pages import QUERIES, fill
from trials.models import Report

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
ADDRESSES = [
    *QUERIES,
    "/nope/",
    "/trials/NCT99999999/",
    "/trials/?country=QQ",
    "/trials/?q=zzz",
    "/trials/?q=trial&view=table&lang=zh-hans",
    "/trials/?view=cards&lang=en",
    "/sponsors/?foo=1",
    "/sponsors/?q=zzz",
]


# What a theme or a width can break; the rules on structure are the same in both.
LOOKS = {"runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}}


@pytest.mark.parametrize(
    ("width", "scheme", "rules"), [(1280, "light", RULES), (390, "dark", LOOKS)]
)
def test_no_page_breaks_an_accessibility_rule_or_is_wider_than_the_screen(
    visitor: Callable[..., Page],
    live_server: LiveServer,
    width: int,
    scheme: str,
    rules: dict[str, Any],
) -> None:
    fill(2)
    page = visitor(viewport={"width": width, "height": 844}, color_scheme=scheme)
    faults = []
    for address in ADDRESSES:
        page.goto(live_server.url + address)
        page.locator("details").evaluate_all("all => all.forEach(one => { one.open = true; })")
        broken = Axe().run(page, options=rules).response["violations"]
        faults += [(address, rule["id"], rule["nodes"][0]["html"]) for rule in broken]
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            faults.append((address, "wider than the screen", ""))
    assert faults == []


def test_filters_work_by_keyboard_and_without_javascript(
    visitor: Callable[..., Page], live_server: LiveServer
) -> None:
    fill(2)
    page = visitor(java_script_enabled=False, viewport=PHONE)
    page.goto(f"{live_server.url}/trials/")
    page.locator("#filters-fold > summary").focus()
    page.keyboard.press("Enter")
    box = page.get_by_role("checkbox", name="Source 1")
    box.focus()
    page.keyboard.press("Space")
    # of the group: a tick brings it up
    show = page.locator("#by-cell_source").get_by_role("button", name="Show")
    show.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**cell_source=source-1**")
    assert page.get_by_role("heading", level=1).inner_text() == "1 trial"


def test_filters_stand_open_where_there_is_room(page: Page, live_server: LiveServer) -> None:
    fill(1)
    page.goto(f"{live_server.url}/trials/")
    assert page.get_by_role("checkbox", name="Adipose").is_visible()
    assert not page.locator("#filters-fold > summary").is_visible()


def test_the_first_tab_stop_skips_to_the_content(page: Page, live_server: LiveServer) -> None:
    page.goto(live_server.url)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.getAttribute('href')") == "#content"


def test_a_fact_opens_by_keyboard(page: Page, live_server: LiveServer) -> None:
    fill(1)
    page.goto(f"{live_server.url}/trials/NCT01000000/")
    fact = page.locator("details.fact").first
    fact.locator("summary").focus()
    page.keyboard.press("Enter")
    assert fact.locator(".statement").is_visible()


def test_data_for_search_engines_and_the_map_break_no_rule_of_the_policy(
    page: Page, live_server: LiveServer
) -> None:
    trial = make_trial(minimum_age="18 Years")
    make_site(trial, city="Shanghai", latitude=31.23, longitude=121.47)
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.goto(live_server.url + trial.get_absolute_url())
    assert page.get_by_role("img", name="Map of the sites").is_visible()
    assert said == []


def test_a_whole_trials_page_is_clean_and_fits_the_smallest_phone(
    small_phone: Page, live_server: LiveServer
) -> None:
    page = small_phone
    trial = make_trial(
        title="Transplantation" * 6,
        eligibility_criteria="Inclusion:\n\n* Age\n\nExclusion:\n\n* Infection",
        has_results=True,
    )
    make_site(trial, city="Shanghai", latitude=31.23, longitude=121.47, status="RECRUITING")
    arm = trial.arms.create(position=0, label="Cells", type="EXPERIMENTAL", description="One dose")
    trial.interventions.create(position=0, name="MSC", type="BIOLOGICAL").arms.set([arm])
    trial.outcomes.create(position=0, kind="primary", measure="Pain", time_frame="1 year")
    page.goto(live_server.url + trial.get_absolute_url())
    assert page.evaluate("document.documentElement.scrollWidth") == 320
    assert Axe().run(page, options=RULES).response["violations"] == []


def test_the_parts_of_a_trials_page_are_folded_on_a_phone_and_open_by_keyboard(
    phone: Page, live_server: LiveServer
) -> None:
    page = phone
    page.goto(live_server.url + make_trial().get_absolute_url())
    link = page.get_by_role("navigation", name="On this page").get_by_role("link", name="Cite")
    assert not link.is_visible()
    page.locator(".toc > summary").focus()
    page.keyboard.press("Enter")
    link.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**#cite")
    assert page.get_by_role("heading", name="Cite this trial").is_visible()


def test_targets_on_a_phone_are_large_enough_to_touch(phone: Page, live_server: LiveServer) -> None:
    fill(1)
    page = phone
    page.goto(f"{live_server.url}/trials/?country=CN")
    page.locator("#filters-fold > summary").click()
    page.locator(".group").evaluate_all("all => all.forEach(one => { one.open = true; })")
    targets = page.locator(
        "button, select, .choice, .chip, summary, nav a, input:not([type=checkbox], [type=radio])"
    )
    heights = targets.evaluate_all(
        "all => all.map(one => one.getBoundingClientRect().height).filter(height => height > 0)"
    )
    assert min(heights) >= 44


def test_an_error_is_reported_by_keyboard_and_without_javascript(
    browser: Browser, live_server: LiveServer, settings: Settings
) -> None:
    settings.REPORT_LEAST_SECONDS = 0
    cache.clear()
    trial = make_trial(donors=("autologous",))
    context = browser.new_context(java_script_enabled=False, viewport={"width": 320, "height": 700})
    page = context.new_page()
    page.goto(live_server.url + trial.get_absolute_url())
    page.get_by_role("link", name="Report an error (Donor)").focus()
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Send the report").focus()
    page.keyboard.press("Enter")
    page.get_by_role("alert").get_by_role("link", name="What is wrong?").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    page.keyboard.type("The cells are a donor’s.")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Send the report"
    page.keyboard.press("Enter")
    reference = page.get_by_role("main").locator("strong").inner_text()
    context.close()
    made = Report.objects.get()
    assert (made.reference, made.aspect, made.fault) == (reference, "donor_type", "wrong")
