"""Trials side by side in a real browser: the way there, the keyboard, small windows, the rules."""

import re
from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from catalog.pages.compare import MOST
from tests.browser import PHONE
from tests.builders import make_curator, make_fact, make_trial
from tests.catalog.pages.test_compare import make_full
from tests.catalog.pages.test_in_browser import RULES
from trials.vocabulary import Basis, FactKind

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

FIRST, SECOND, THIRD = "NCT01000001", "NCT01000002", "NCT01000003"


def fill() -> None:
    for number, phase in ((FIRST, "PHASE1"), (SECOND, "PHASE2"), (THIRD, "PHASE2")):
        make_trial(number, title=f"Knee trial {number}", phases=(phase,), sources=("adipose",))


def compared(*numbers: str) -> str:
    return "/compare/?" + "&".join(f"trial={number}" for number in numbers)


def is_at(page: Page, address: str) -> None:
    expect(page).to_have_url(re.compile(re.escape(address) + "$"))


@pytest.mark.parametrize("scripts", [True, False], ids=["with-scripts", "without-scripts"])
@pytest.mark.parametrize("view", ["cards", "table"])
def test_two_trials_are_chosen_compared_and_one_removed_by_keyboard(
    visitor: Callable[..., Page], live_server: LiveServer, view: str, scripts: bool
) -> None:
    fill()
    page = visitor(java_script_enabled=scripts)
    page.goto(f"{live_server.url}/trials/?view={view}&ordering=title")
    send = page.get_by_role("button", name="Compare the chosen trials")
    expect(send).not_to_be_visible()
    for number in (FIRST, THIRD):
        page.get_by_role("checkbox", name=f"Compare {number}").focus()
        page.keyboard.press("Space")
    expect(send).to_be_in_viewport()
    send.focus()
    page.keyboard.press("Enter")
    is_at(page, compared(FIRST, THIRD))
    expect(page.get_by_role("columnheader")).to_have_count(2)

    page.get_by_role("link", name="Only what differs").focus()
    page.keyboard.press("Enter")
    is_at(page, f"{compared(FIRST, THIRD)}&rows=different")
    expect(page.locator("tbody [scope=row]")).to_have_text([re.compile("^Phase")])

    page.get_by_role("link", name=f"Remove {FIRST}").focus()
    page.keyboard.press("Enter")
    is_at(page, f"{compared(THIRD)}&rows=different")
    expect(page.get_by_role("heading", level=1)).to_have_text("Compare trials")
    page.get_by_label("Add a trial").focus()
    page.keyboard.type("nct 1000002")
    page.keyboard.press("Enter")
    is_at(page, f"{compared(THIRD, SECOND)}&rows=different")


def test_numbers_are_pasted_one_a_line_without_javascript(
    visitor: Callable[..., Page], live_server: LiveServer
) -> None:
    fill()
    page = visitor(java_script_enabled=False, viewport=PHONE)
    page.goto(f"{live_server.url}/compare/")
    page.get_by_label("Numbers of the trials").fill(f"{SECOND}\nnct1000001")
    page.get_by_role("button", name="Compare").click()
    is_at(page, compared(SECOND, FIRST))


def test_a_trial_is_added_by_words_of_its_title(page: Page, live_server: LiveServer) -> None:
    fill()
    page.goto(live_server.url + compared(FIRST, SECOND))
    page.get_by_role("link", name="Add a trial").click()
    page.get_by_label("Add a trial").press_sequentially("knee trial NCT01000003")
    page.get_by_role("option", name=THIRD).click()
    is_at(page, compared(FIRST, SECOND, THIRD))


def test_a_tick_stays_while_the_list_is_answered_in_place(
    page: Page, live_server: LiveServer
) -> None:
    fill()
    page.goto(f"{live_server.url}/trials/")
    page.get_by_role("checkbox", name=f"Compare {SECOND}").check()
    page.get_by_role("checkbox", name="Phase 2").check()
    expect(page.get_by_role("heading", level=1)).to_have_text("2 trials")
    expect(page.get_by_role("checkbox", name=f"Compare {SECOND}")).to_be_checked()
    expect(page.get_by_role("checkbox", name=f"Compare {THIRD}")).not_to_be_checked()


def test_the_names_of_the_trials_stay_above_a_long_table(
    page: Page, live_server: LiveServer
) -> None:
    numbers = [make_full(n).number for n in range(MOST)]
    page.goto(live_server.url + compared(*numbers))
    page.evaluate("scrollTo(0, 900)")
    head = page.get_by_role("columnheader").last
    assert head.bounding_box()["y"] == 0  # type: ignore[index] - it is there
    assert head.bounding_box()["x"] + head.bounding_box()["width"] <= 1280  # type: ignore[index]
    assert not page.locator(".compare__whose").first.is_visible()


@pytest.mark.parametrize(
    ("width", "scheme", "language"),
    [(1280, "light", "en"), (900, "dark", "en"), (320, "dark", "zh-hans")],
)
def test_a_comparison_breaks_no_accessibility_rule_and_fits_every_window(
    visitor: Callable[..., Page], live_server: LiveServer, width: int, scheme: str, language: str
) -> None:
    numbers = [make_full(n).number for n in range(MOST)]
    make_trial("SCT-0001", title="Transplantation" * 18, why_stopped="Money" * 90, doubt="No." * 90)
    make_fact(
        make_trial("SCT-0002"),
        FactKind.DONOR_TYPE,
        "autologous",
        basis=Basis.CURATOR,
        decided_by=make_curator(public_name="W" * 60),
        quote="fat" * 90,
    )
    page = visitor(viewport={"width": width, "height": 800}, color_scheme=scheme)
    faults = []
    for address in (
        compared(*numbers),
        compared(*numbers[:4]) + "&rows=different",
        compared("SCT-0001", "SCT-0002", numbers[0]),
        compared(numbers[0]),
        compared(numbers[0], "NCT99999999", "rubbish"),
        "/compare/?",
    ):
        page.goto(f"{live_server.url}{address}&lang={language}")
        page.locator("main details").evaluate_all("all => all.forEach(one => { one.open = true; })")
        broken = Axe().run(page, options=RULES).response["violations"]
        faults += [(address, rule["id"], rule["nodes"][0]["html"]) for rule in broken]
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            faults.append((address, "wider than the screen", ""))
    assert faults == []


def test_on_a_phone_each_answer_stands_under_the_number_of_its_trial(
    phone: Page, live_server: LiveServer
) -> None:
    fill()
    phone.goto(live_server.url + compared(FIRST, SECOND))
    row = phone.get_by_role("row", name=re.compile("^Phase"))
    expect(row.locator(".compare__whose")).to_have_text([FIRST, SECOND])
    first, second = (row.get_by_role("cell").nth(n).bounding_box() for n in (0, 1))
    assert first
    assert second
    assert (first["y"], first["x"] < second["x"]) == (second["y"], True)
    targets = phone.locator("main :is(button, nav a, .compare__tools a, summary, input)")
    heights = targets.evaluate_all(
        "all => all.map(one => one.getBoundingClientRect().height).filter(height => height > 0)"
    )
    assert min(heights) >= 44
