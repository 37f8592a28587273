"""Stories of people who merge sponsors and bring a spreadsheet back, in a real browser."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from tests.browser import PHONE
from tests.builders import make_source, make_sponsor, make_sponsorship, make_trial
from trials.curation import find_pairs
from trials.models import Decision, Sponsor, Trial
from trials.search.kept import writing
from trials.vocabulary import FactKind, SponsorRole

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"]}
OURS = {"exclude": [[".breadcrumbs"]]}  # Django's own links there differ by colour alone

Visit = Callable[..., Page]


@pytest.fixture
def editor(visitor: Visit, live_server: LiveServer) -> Visit:
    """Opens a page for an administrator who is logged in."""
    client = Client()
    client.force_login(User.objects.create_superuser("wei"))
    cookie = client.cookies[settings.SESSION_COOKIE_NAME]

    def visit(**differing: Any) -> Page:
        page = visitor(**differing)
        page.context.add_cookies(
            [{"name": cookie.key, "value": cookie.value, "url": live_server.url}]
        )
        return page

    return visit


def make_two() -> tuple[Sponsor, Sponsor]:
    """A company under two names, and others that look like nobody."""
    with writing():
        kept = make_sponsor(
            "medipost", name="Medipost Co Ltd.", name_zh="美迪博", sponsor_class="INDUSTRY"
        )
        gone = make_sponsor("medi-post", name="Medi-Post", aliases=("MP Korea",))
        for number in range(3):
            make_trial(f"NCT0000000{number}", title=f"Knee trial {number}", sponsor=kept)
        trial = make_trial("NCT00000009", title="Hip trial", sponsor=gone)
        make_sponsorship(trial, make_sponsor("beike", name="Beike"), SponsorRole.COLLABORATOR)
    find_pairs()
    return kept, gone


def test_two_sponsors_are_merged_and_parted_again(editor: Visit, live_server: LiveServer) -> None:
    make_two()
    page = editor()
    page.goto(live_server.url + reverse("admin:trials_sponsor_changelist"))
    page.get_by_role("link", name="Sponsors that may be one").click()
    pair = page.get_by_role("region", name="Medipost Co Ltd. / Medi-Post")
    pair.get_by_role("link", name="The same").click()
    expect(page.locator(".merging")).to_contain_text("Medi-Post goes into Medipost Co Ltd.")
    expect(page.get_by_role("row", name="Trials led")).to_contain_text("1")
    expect(page.get_by_role("row", name="Names")).to_contain_text("MP Korea")
    page.get_by_label("Note").fill("One company, by its own site.")
    page.get_by_role("button", name="Merge").click()
    expect(page.locator(".success")).to_contain_text(
        "“Medi-Post” is merged into “Medipost Co Ltd.”"
    )

    public = editor()
    public.goto(f"{live_server.url}/sponsors/medi-post/")
    expect(public).to_have_url(f"{live_server.url}/sponsors/medipost/")
    expect(public.get_by_role("link", name="Hip trial")).to_be_visible()

    page.locator(".success").get_by_role("link", name="Undo").click()
    page.get_by_label("Note").fill("Two companies after all.")
    page.get_by_role("button", name="Undo").click()
    expect(page.locator(".success")).to_contain_text("1 decision is undone.")
    public.goto(f"{live_server.url}/sponsors/medi-post/")
    expect(public).to_have_url(f"{live_server.url}/sponsors/medi-post/")
    expect(public.get_by_role("link", name="Hip trial")).to_be_visible()
    page.goto(live_server.url + reverse("admin:trials_sponsor_pairs"))
    expect(page.get_by_role("region", name="Medipost Co Ltd. / Medi-Post")).to_be_visible()


def make_three() -> None:
    with writing():
        make_source("placenta")
        for number in (1, 2, 3):
            make_trial(f"NCT0000000{number}", title=f"Knee trial {number}", donors=("autologous",))


def donors() -> list[str]:
    trials = Trial.objects.order_by("number")
    shown = trials.filter(facts__shown=True, facts__kind=FactKind.DONOR_TYPE)
    return list(shown.values_list("facts__value", flat=True))


def edited(path: Path, changes: dict[int, str]) -> Path:
    """The file with another donor in some of its rows."""
    lines = path.read_text(encoding="utf-8-sig").splitlines()
    for row, donor in changes.items():
        lines[row - 1] = lines[row - 1].replace("autologous", donor)
    path.write_text("\n".join(lines), encoding="utf-8-sig")
    return path


def choose(page: Page, live_server: LiveServer, action: str) -> None:
    """Run an action of the list on all trials of the page."""
    page.goto(live_server.url + reverse("admin:trials_trial_changelist"))
    page.locator("#action-toggle").check()
    page.locator("select[name=action]").select_option(action)
    with page.expect_navigation():
        page.locator(".actions button[type=submit]").first.click()


def test_trials_are_left_out_together_and_brought_back(
    editor: Visit, live_server: LiveServer
) -> None:
    make_three()
    page = editor()
    choose(page, live_server, "leave_out_together")
    expect(page.get_by_role("region", name="What would change").get_by_role("row")).to_have_count(4)
    page.get_by_label("Note").fill("No joint in any of them.")
    page.get_by_role("button", name="Leave 3 trials out").click()
    expect(page.locator(".success")).to_contain_text("3 decisions were made.")
    page.goto(f"{live_server.url}/trials/")
    expect(page.get_by_role("link", name="Knee trial 1")).to_have_count(0)
    page.goto(live_server.url + reverse("queue"))
    page.keyboard.press("u")
    expect(page.locator(".success")).to_be_visible()
    page.goto(f"{live_server.url}/trials/")
    expect(page.get_by_role("link", name="Knee trial 1").first).to_be_visible()


def take_sheet(page: Page, live_server: LiveServer, folder: Path) -> Path:
    page.goto(live_server.url + reverse("admin:trials_trial_changelist"))
    page.locator("#action-toggle").check()
    page.get_by_label("Action:").select_option("take_as_sheet")
    with page.expect_download() as taken:
        page.get_by_role("button", name="Run").or_(page.get_by_role("button", name="Go")).click()
    path = folder / taken.value.suggested_filename
    taken.value.save_as(path)
    return path


def test_an_edited_spreadsheet_comes_back_with_one_bad_row(
    editor: Visit, live_server: LiveServer, tmp_path: Path
) -> None:
    make_three()
    page = editor()
    path = take_sheet(page, live_server, tmp_path)
    assert path.name == "trials.csv"
    edited(path, {2: "allogeneic", 3: "allogenic", 4: "xenogeneic"})
    page.get_by_role("link", name="Bring a spreadsheet back").click()
    page.get_by_label("Spreadsheet").set_input_files(path)
    page.get_by_role("button", name="Look at it").click()
    bad = page.get_by_role("region", name="Left as they are").get_by_role("row")
    expect(bad).to_have_count(2)  # the head is one
    expect(bad.last).to_contain_text("donor_type")
    expect(bad.last).to_contain_text("“allogenic” is not known. Did you mean “allogeneic”?")
    expect(bad.last.get_by_role("rowheader")).to_have_text("3")
    assert not Decision.objects.exists()
    page.get_by_label("Note").fill("Read again, all three.")
    page.get_by_role("button", name="Write 2 rows").click()
    expect(page.locator(".success")).to_contain_text("2 decisions were made. 1 row was left")
    assert donors() == ["allogeneic", "autologous", "xenogeneic"]
    page.locator(".success").get_by_role("link", name="Undo").click()
    page.get_by_label("Note").fill("The wrong file.")
    page.get_by_role("button", name="Undo").click()
    expect(page.locator(".success")).to_contain_text("2 decisions are undone.")
    assert donors() == ["autologous"] * 3


@pytest.mark.parametrize(("size", "language"), [("desktop", "en"), ("phone", "zh-hans")])
def test_the_pages_break_no_rule_of_accessibility(
    editor: Visit, live_server: LiveServer, tmp_path: Path, language: str, size: str
) -> None:
    kept, gone = make_two()
    make_source("placenta")
    locale = "zh-CN" if language == "zh-hans" else "en-GB"
    page = editor(
        locale=locale,
        **({"viewport": PHONE, "color_scheme": "dark"} if size == "phone" else {}),
    )
    faults = []

    def look(name: str) -> None:
        broken = Axe().run(page, context=OURS, options=RULES).response["violations"]
        faults.extend((name, rule["id"], rule["nodes"][0]["html"]) for rule in broken)
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            faults.append((name, "wider than the screen", ""))
        folder = os.environ.get("SCREENSHOTS", tmp_path)
        page.screenshot(path=f"{folder}/{name}-{language}-{size}.png", full_page=True)

    for name, address in (
        ("glance", reverse("admin:index")),
        ("pairs", reverse("admin:trials_sponsor_pairs")),
        ("merge", reverse("admin:trials_sponsor_merge", args=[gone.pk, kept.pk])),
        ("sponsor", reverse("admin:trials_sponsor_change", args=[kept.pk])),
        ("sheet", reverse("admin:trials_trial_sheet")),
        ("second factor", reverse("second-factor")),
    ):
        page.goto(live_server.url + address)
        look(name)
    sheet = tmp_path / "trials.csv"
    sheet.write_text(
        "number,donor_type,version\nNCT00000001,allogeneic,v1\n" + _row("NCT00000002"),
        encoding="utf-8",
    )
    page.goto(live_server.url + reverse("admin:trials_trial_sheet"))
    page.locator("input[type=file]").set_input_files(sheet)
    with page.expect_navigation():
        page.locator("input[type=submit]").last.click()
    look("report")
    choose(page, live_server, "leave_out_together")
    look("screening")
    assert faults == []


def _row(number: str) -> str:
    from trials.curation import sheet_of  # noqa: PLC0415

    _head, row = sheet_of(Trial.objects.filter(number=number))
    return f"{number},allogeneic,{row[-1]}\n"
