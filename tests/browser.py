"""A pytest plugin that gives a test a page in a real browser, where Chromium is installed."""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

PLACES = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
)
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # The browser keeps the rule that Python's sockets keep: no host but this one.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1",
]
PHONE = {"width": 390, "height": 844}


def find_chromium() -> str | None:
    """The path of a Chromium on this machine; None where there is none."""
    found = (shutil.which(place) or _file(place) for place in PLACES)
    return next((path for path in found if path), None)


def _file(place: str) -> str | None:
    return place if Path(place).is_file() else None


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for all tests of a process."""
    path = find_chromium()
    if path is None:
        pytest.skip("no Chromium found (chromium, chromium-browser or google-chrome)")
    with sync_playwright() as playwright:
        # Playwright's event loop runs in this thread; Django would refuse every query beside it.
        os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
        chromium = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture
def visitor(browser: Browser) -> Iterator[Callable[..., Page]]:
    """Opens a page for somebody who was never here: no cookie, English, 1280 × 800.

    What is said otherwise is said in the words of Playwright's `new_context`.
    """
    contexts = []

    def visit(**differing: Any) -> Page:
        usual = {"viewport": {"width": 1280, "height": 800}, "locale": "en-GB"}
        context = browser.new_context(**{**usual, **differing})
        contexts.append(context)
        context.set_default_timeout(10_000)  # milliseconds
        return context.new_page()

    yield visit
    for context in contexts:
        context.close()


@pytest.fixture
def page(visitor: Callable[..., Page]) -> Page:
    return visitor()


@pytest.fixture
def phone(visitor: Callable[..., Page]) -> Page:
    return visitor(viewport=PHONE)


@pytest.fixture
def small_phone(visitor: Callable[..., Page]) -> Page:
    """The smallest screen for which pages are made; a large one at 400 % is no wider."""
    return visitor(viewport={"width": 320, "height": 640})
