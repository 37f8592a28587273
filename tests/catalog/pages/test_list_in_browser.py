"""What the list of trials does in a real browser, part by part."""

import re

import pytest
from playwright.sync_api import Page, Route, expect
from pytest_django.live_server_helper import LiveServer

from tests.builders import make_sponsor, make_trial

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def fill() -> None:
    """Adipose cells in China twice and in Taiwan once, cord cells in China once."""
    medipost = make_sponsor("medipost", name="Medipost")
    for number, source, country, sponsor in (
        ("NCT01000001", "adipose", "CN", medipost),
        ("NCT01000002", "adipose", "CN", "beike"),
        ("NCT01000003", "adipose", "TW", medipost),
        ("NCT01000004", "umbilical-cord", "CN", "beike"),
    ):
        make_trial(
            number,
            title=f"Knee trial {number}",
            sources=(source,),
            countries=(country,),
            sponsor=sponsor,
        )


def count_is(page: Page, words: str) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text(words)


def is_at(page: Page, question: str) -> None:
    expect(page).to_have_url(re.compile(re.escape(f"/trials/{question}") + "$"))


def test_a_researcher_filters_in_place_opens_a_trial_and_comes_back(
    page: Page, live_server: LiveServer
) -> None:
    fill()
    faults: list[str] = []
    page.on("console", lambda message: faults.append(message.text))
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.goto(f"{live_server.url}/trials/")
    count_is(page, "4 trials")
    page.evaluate("window.sameDocument = true")

    page.get_by_role("checkbox", name="Adipose").check()
    count_is(page, "3 trials")
    is_at(page, "?cell_source=adipose")
    expect(page.get_by_role("checkbox", name="Adipose")).to_be_focused()

    page.get_by_role("checkbox", name="China").check()
    count_is(page, "2 trials")
    is_at(page, "?cell_source=adipose&country=CN")
    assert page.evaluate("window.sameDocument")

    page.get_by_role("link", name="Knee trial NCT01000001").click()
    expect(page).to_have_url(re.compile("/trials/NCT01000001/$"))
    page.go_back()
    count_is(page, "2 trials")
    expect(page.get_by_role("checkbox", name="China")).to_be_checked()

    page.go_back()
    is_at(page, "?cell_source=adipose")
    count_is(page, "3 trials")
    expect(page.get_by_role("checkbox", name="China")).not_to_be_checked()
    expect(page.get_by_role("checkbox", name="Adipose")).to_be_checked()
    page.go_forward()
    count_is(page, "2 trials")
    assert faults == []


def test_a_chip_is_removed_in_place_and_the_number_has_the_focus(
    page: Page, live_server: LiveServer
) -> None:
    fill()
    page.goto(f"{live_server.url}/trials/?cell_source=adipose&country=CN")
    page.get_by_role("link", name=re.compile("China.*remove this filter")).click()
    count_is(page, "3 trials")
    is_at(page, "?cell_source=adipose")
    expect(page.locator("#found")).to_be_focused()


def test_what_was_opened_stays_open(page: Page, live_server: LiveServer) -> None:
    fill()
    page.goto(f"{live_server.url}/trials/")
    page.locator("#by-sponsor > summary").click()
    page.locator("#by-phase > summary").click()  # shut
    page.get_by_role("checkbox", name="Adipose").check()
    count_is(page, "3 trials")
    expect(page.get_by_role("checkbox", name="Medipost")).to_be_visible()
    assert not page.locator("#by-phase").evaluate("group => group.open")


def test_what_is_typed_while_an_answer_is_on_its_way_is_not_lost(
    page: Page, live_server: LiveServer
) -> None:
    fill()
    held: list[Route] = []
    page.goto(f"{live_server.url}/trials/")
    # Playwright notes something on a handler, which it cannot on a method of a list.
    page.route(re.compile("age=62"), lambda route: held.append(route))  # noqa: PLW0108
    page.locator("#by-person > summary").click()
    page.get_by_label("Age in years").fill("62")
    with page.expect_request(re.compile("age=62")):
        page.get_by_label("Near a city").focus()
    page.keyboard.type("Shang")
    held.pop().continue_()
    is_at(page, "?age=62")
    expect(page.get_by_label("Near a city")).to_be_focused()
    expect(page.get_by_label("Near a city")).to_have_value("Shang")


def test_the_order_acts_at_once(page: Page, live_server: LiveServer) -> None:
    fill()
    page.goto(f"{live_server.url}/trials/?country=CN")
    page.get_by_label("Order").focus()
    page.get_by_label("Order").select_option("title")
    expect(page.locator(".number").first).to_have_text("NCT01000001")
    is_at(page, "?country=CN&ordering=title")
    expect(page.get_by_label("Order")).to_be_focused()


def test_a_question_that_is_not_understood_is_said_in_place(
    page: Page, live_server: LiveServer
) -> None:
    fill()
    page.goto(f"{live_server.url}/trials/")
    page.locator("#by-dates > summary").click()
    page.get_by_label("Started from").fill("yesterday")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("“yesterday” is no date")
    count_is(page, "4 trials")


def test_the_keyboard_alone_chooses_a_suggestion(page: Page, live_server: LiveServer) -> None:
    fill()
    page.goto(f"{live_server.url}/trials/?country=CN")
    box = page.get_by_label("Words, or a trial’s number")
    box.focus()
    page.keyboard.type("adi")
    expect(box).to_have_attribute("aria-expanded", "true")
    options = page.locator("[role=option]")
    expect(options).to_have_text([re.compile("Adipose.*Cell source · 3")])
    page.keyboard.press("ArrowDown")
    expect(options.first).to_have_attribute("aria-selected", "true")
    assert box.get_attribute("aria-activedescendant") == options.first.get_attribute("id")
    page.keyboard.press("ArrowDown")  # past the last one: back in the box
    assert box.get_attribute("aria-activedescendant") is None
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    is_at(page, "?country=CN&cell_source=adipose")
    count_is(page, "2 trials")


def test_escape_closes_the_suggestions_and_enter_searches_what_was_typed(
    page: Page, live_server: LiveServer
) -> None:
    fill()
    page.goto(f"{live_server.url}/trials/")
    box = page.get_by_label("Words, or a trial’s number")
    box.press_sequentially("NCT0100000")
    expect(page.locator("[role=option]")).to_have_count(4)
    page.keyboard.press("Escape")
    expect(page.locator("[role=option]")).to_have_count(0)
    box.press_sequentially("4")
    page.keyboard.press("Enter")
    is_at(page, "?q=NCT01000004")
    count_is(page, "1 trial")
    expect(box).to_be_focused()


def test_another_sponsor_is_found_by_its_name(page: Page, live_server: LiveServer) -> None:
    fill()
    page.goto(f"{live_server.url}/trials/?country=CN")
    page.locator("#by-sponsor > summary").click()
    page.get_by_label("Another sponsor, by any of its names").press_sequentially("medip")
    page.get_by_role("option", name="Medipost").click()
    is_at(page, "?country=CN&sponsor=medipost")
    expect(page.get_by_role("checkbox", name="Medipost")).to_be_checked()
    count_is(page, "1 trial")


def test_the_drawer_of_a_phone_is_closed_by_its_button(
    phone: Page, live_server: LiveServer
) -> None:
    fill()
    page = phone
    page.goto(f"{live_server.url}/trials/")
    page.locator("#filters-fold > summary").click()
    page.locator("#by-country > summary").click()
    page.get_by_role("checkbox", name="China").check()
    count_is(page, "3 trials")
    expect(page.get_by_role("checkbox", name="China")).to_be_visible()
    page.get_by_role("button", name="Show the trials").click()
    expect(page.get_by_role("checkbox", name="China")).not_to_be_visible()
    expect(page.locator("#found")).to_be_focused()


def test_a_large_type_on_a_small_window_needs_no_scrolling_sideways(
    small_phone: Page, live_server: LiveServer
) -> None:
    fill()
    page = small_phone
    for look in ("cards", "table"):
        page.goto(f"{live_server.url}/trials/?view={look}&country=CN")
        page.locator("#filters-fold > summary").click()
        page.locator(".group").evaluate_all("all => all.forEach(one => { one.open = true; })")
        assert page.evaluate("document.documentElement.scrollWidth") == 320
