"""The API's docs page in a real browser: what a visitor tries without touching anything works."""

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from tests.builders import make_trial

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_it_is_light_or_dark_as_its_reader_wants_it(page: Page, live_server: LiveServer) -> None:
    page.emulate_media(color_scheme="dark")
    page.goto(f"{live_server.url}/api/v1/docs/")
    expect(page.locator("html")).to_have_class("dark-mode")
    page.emulate_media(color_scheme="light")
    expect(page.locator("html")).not_to_have_class("dark-mode")


@pytest.mark.parametrize("path", ["/api/v1/trials/", "/api/v1/facets/"])
def test_an_untouched_question_is_answered(page: Page, live_server: LiveServer, path: str) -> None:
    make_trial()
    page.goto(f"{live_server.url}/api/v1/docs/")
    operation = page.locator(".opblock").filter(has=page.locator(f'[data-path="{path}"]'))
    operation.locator("button").first.click()
    operation.get_by_role("button", name="Try it out").click()
    with page.expect_response(lambda answer: f"{path}" in answer.url) as answered:
        operation.get_by_role("button", name="Execute").click()
    assert (answered.value.status, answered.value.url) == (200, live_server.url + path)
    expect(operation.locator(".live-responses-table .response-col_status").last).to_contain_text(
        "200"
    )
    page.get_by_role("link", name="Stem-cell trials", exact=True).click()
    expect(page).to_have_url(f"{live_server.url}/")
