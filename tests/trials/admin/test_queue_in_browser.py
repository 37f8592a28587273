"""The queue in a real browser: twenty items by keyboard alone, and the rules of accessibility."""

from __future__ import annotations

import os
from collections import Counter
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.contrib.auth.models import Group, User
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Page, expect
from pytest_django.live_server_helper import LiveServer

from tests.builders import (
    make_document,
    make_report,
    make_source,
    make_sponsor,
    make_trial,
    state_fact,
)
from trials.curation import standing_decisions
from trials.models import Left, Report, SponsorPair, Trial
from trials.queue.kinds import sizes
from trials.roles import CURATORS, grant_roles
from trials.search.kept import writing
from trials.showing import settle
from trials.vocabulary import FactKind

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
DONOR, SOURCE = FactKind.DONOR_TYPE, FactKind.CELL_SOURCE
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"]}
SUMMARY = "Donor cells are grown. They are injected into the knee."
WORDS = "My own doctor told me that they take the cells from the patient.\nPlease look again."


def make_queue(conflicts: int, unsure: int, without_source: int) -> None:
    """So many items of each kind, in the order in which the queue gives them out."""
    for slug in ("adipose", "bone-marrow", "placenta"):
        make_source(slug)
    quoted: dict[str, Any] = {"basis": "rule", "quote": "Donor cells", "place": "briefSummary"}
    with writing():
        for n in range(conflicts + unsure + without_source):
            trial = make_trial(f"NCT{n:08d}", title=f"Cells for knees {n}", brief_summary=SUMMARY)
            if n < conflicts:
                state_fact(trial, SOURCE, "placenta")
                state_fact(trial, DONOR, "allogeneic", **quoted)
                document = make_document("page", title="A clinic’s page")
                state_fact(trial, DONOR, "autologous", basis="document", document=document)
            elif n < conflicts + unsure:
                state_fact(trial, SOURCE, "placenta", confidence=0.3, **quoted)
            settle([trial])


def make_pair() -> None:
    one = make_sponsor(
        "medipost", name="Medipost Co Ltd.", name_zh="美迪博", sponsor_class="INDUSTRY"
    )
    other = make_sponsor("medi-post", name="Medi-Post", aliases=("MP Korea",))
    SponsorPair.objects.create(one=one, other=other, likeness=93)


@pytest.fixture
def context(browser: Browser, live_server: LiveServer) -> Any:
    """The browser of a curator who is logged in."""
    grant_roles()
    person = User.objects.create_user("wei", is_staff=True)
    person.groups.add(Group.objects.get(name=CURATORS))
    client = Client()
    client.force_login(person)
    context = browser.new_context(viewport={"width": 1280, "height": 800}, locale="en-GB")
    context.set_default_timeout(10_000)
    cookie = client.cookies[settings.SESSION_COOKIE_NAME]
    context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": live_server.url}])
    yield context
    context.close()


def press(page: Page, key: str) -> None:
    """Press the key, and wait until the page that it opens can be read."""
    with page.expect_navigation():
        page.keyboard.press(key)


def test_twenty_items_are_cleared_by_keyboard(
    context: BrowserContext, live_server: LiveServer
) -> None:
    make_queue(conflicts=8, unsure=6, without_source=6)
    page = context.new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.goto(f"{live_server.url}/admin/queue/")
    # The conflicts: four as shown, three as the rules read, one undone and then left out.
    for key in ("a", "a", "a", "a", "1", "1", "1", "n", "u", "x"):
        press(page, key)
    # What was hardly read: three are right, one is chosen with a note, one not stated, one skipped.
    for key in ("a", "a", "a"):
        press(page, key)
    page.keyboard.press("w")
    page.keyboard.type("says another")  # letters of a note are no keys
    page.keyboard.press("Escape")
    page.keyboard.press("c")
    page.keyboard.press("Space")  # placenta was ticked: not that
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Space")
    press(page, "Enter")
    for key in ("n", "s", "n", "n", "n", "n", "n", "s"):
        press(page, key)
    expect(page.get_by_text("Nothing waits for a person.")).to_be_visible()
    assert said == []
    assert [size for _kind, size in sizes() if size] == []
    assert outcome(DONOR) == {"autologous": 4, "allogeneic": 3}
    assert outcome(SOURCE) == {"placenta": 3, "bone-marrow": 1, "not-stated": 6}
    assert Left.objects.count() == 2
    assert Trial.objects.get(number="NCT00000007").screening == "excluded"
    chosen = standing_decisions(Trial.objects.get(number="NCT00000011"))[SOURCE]
    assert chosen.note == "says another"


def outcome(kind: str) -> Counter[str]:
    decided = [standing_decisions(trial).get(FactKind(kind)) for trial in Trial.objects.all()]
    return Counter(fact.slug for standing in decided if standing for fact in standing.facts)


def test_a_key_that_is_held_answers_one_item(
    context: BrowserContext, live_server: LiveServer
) -> None:
    make_queue(conflicts=3, unsure=0, without_source=0)
    page = context.new_page()
    page.goto(f"{live_server.url}/admin/queue/")
    with page.expect_navigation():
        for _ in range(5):
            page.keyboard.down("a")  # the same key without `up`: the browser says "repeat"
    page.keyboard.up("a")
    assert outcome(DONOR).total() == 1


def test_a_report_is_answered_by_keys_and_taken_back(
    context: BrowserContext, live_server: LiveServer
) -> None:
    make_queue(conflicts=2, unsure=0, without_source=0)
    for trial in Trial.objects.all():
        make_report(trial, aspect=DONOR, words=WORDS)
    page = context.new_page()
    page.goto(f"{live_server.url}/admin/queue/")
    for key in ("1", "u", "1", "z"):
        press(page, key)
    assert outcome(DONOR) == {"allogeneic": 1}
    closed = Report.objects.order_by("pk").values_list("outcome", flat=True)
    assert list(closed) == ["corrected", "spam"]


def test_the_list_of_keys_opens_by_a_question_mark(
    context: BrowserContext, live_server: LiveServer
) -> None:
    make_queue(conflicts=1, unsure=0, without_source=0)
    page = context.new_page()
    page.goto(f"{live_server.url}/admin/queue/")
    page.keyboard.press("?")
    keys = page.locator(".queue__help dt").all_inner_texts()
    assert keys == ["a", "1", "n", "x", "s", "c", "w", "u"]
    assert page.locator(".queue__help dl").is_visible()


@pytest.mark.parametrize(
    ("width", "scheme", "language"), [(1280, "light", "en"), (390, "dark", "zh-hans")]
)
def test_the_queue_breaks_no_accessibility_rule_and_fits_the_screen(
    context: BrowserContext, live_server: LiveServer, width: int, scheme: Any, language: str
) -> None:
    make_queue(conflicts=1, unsure=1, without_source=1)
    make_report(Trial.objects.get(number="NCT00000000"), aspect=DONOR, words=WORDS, email="a@b.org")
    make_pair()
    page = context.new_page()
    page.set_viewport_size({"width": width, "height": 844})
    page.emulate_media(color_scheme=scheme)
    faults = []
    itself = f"trial/{Trial.objects.values_list('pk', flat=True)[0]}/"
    for kind in ("report", "conflict", "unsure", "no-source", "dissent", "sponsors", "trial"):
        address = f"{itself}?" if kind == "trial" else f"?kind={kind}&"
        page.goto(f"{live_server.url}/admin/queue/{address}lang={language}")
        page.locator("details").evaluate_all("all => all.forEach(one => { one.open = true; })")
        if folder := os.environ.get("SCREENSHOTS"):
            page.screenshot(path=f"{folder}/{kind}-{width}-{language}.png", full_page=True)
        broken = Axe().run(page, options=RULES).response["violations"]
        faults += [(kind, rule["id"], rule["nodes"][0]["html"]) for rule in broken]
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            faults.append((kind, "wider than the screen", ""))
    assert faults == []


def test_it_works_without_javascript(
    browser: Browser, context: BrowserContext, live_server: LiveServer
) -> None:
    make_queue(conflicts=1, unsure=0, without_source=0)
    plain = browser.new_context(java_script_enabled=False)
    plain.add_cookies(context.cookies())  # type: ignore[arg-type]
    page = plain.new_page()
    page.goto(f"{live_server.url}/admin/queue/")
    page.get_by_role("button", name="Accept: Autologous").click()
    expect(page.get_by_text("Nothing waits for a person.")).to_be_visible()
    plain.close()
    assert outcome(DONOR) == {"autologous": 1}
