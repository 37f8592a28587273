"""Stories of three readers, from the first page to the trial, with JavaScript and without."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect
from pytest_django.live_server_helper import LiveServer

from tests.browser import PHONE
from tests.builders import THEN, make_indication, make_site, make_source, make_trial

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

ADULT = {"sex": "ALL", "minimum_age": "18 Years", "minimum_age_days": 6574}
OLD = {"sex": "ALL", "minimum_age": "70 Years", "minimum_age_days": 25567}
CITIES = {
    "Shanghai": ("CN", 31.2, 121.5),
    "Beijing": ("CN", 39.9, 116.4),
    "Berlin": ("DE", 52.5, 13.4),
}
IN_SHANGHAI, ABROAD = "Fat for the knee", "Fat for the knee, abroad"
IN_SHANGHAI_ZH = "脂肪干细胞治疗膝骨关节炎"


@dataclass(frozen=True)
class Reader:
    """Somebody with a browser of his own, which runs scripts or does not."""

    visitor: Callable[..., Page]
    scripts: bool

    def opens(self, address: str, **differing: Any) -> Page:
        page = self.visitor(java_script_enabled=self.scripts, **differing)
        page.goto(address)
        return page

    def ticks(self, box: Locator, show: str) -> None:
        """Choose a value of a filter; without scripts a button of its group asks."""
        box.check()
        if not self.scripts:
            box.locator("xpath=ancestor::fieldset").get_by_role("button", name=show).click()


@pytest.fixture(params=[True, False], ids=["with-scripts", "without-scripts"])
def reader(request: pytest.FixtureRequest, visitor: Callable[..., Page]) -> Reader:
    return Reader(visitor, request.param)


def fill() -> None:
    """Fat and cord for knees, twice in Shanghai and once in Berlin; cord for discs in Beijing."""
    fat = make_source("adipose", name="Adipose tissue", name_zh="脂肪组织")
    cord = make_source("umbilical-cord", name="Umbilical cord", name_zh="脐带")
    knee = make_indication("knee-osteoarthritis", name="Knee osteoarthritis", name_zh="膝骨关节炎")
    disc = make_indication("disc-disease", name="Disc disease", name_zh="椎间盘疾病")
    for title, title_zh, source, indication, city, changes in (
        ("Fat for the knee", "脂肪干细胞治疗膝骨关节炎", fat, knee, "Shanghai", ADULT),
        ("Cord for the knee", "脐带干细胞治疗膝骨关节炎", cord, knee, "Shanghai", OLD),
        ("Fat for the knee, abroad", "", fat, knee, "Berlin", ADULT),
        ("Cord for discs", "脐带干细胞治疗椎间盘疾病", cord, disc, "Beijing", ADULT),
    ):
        trial = make_trial(
            title=title,
            title_zh=title_zh,
            sources=(source,),
            indications=(indication,),
            refreshed_at=THEN,
            **changes,
        )
        country, latitude, longitude = CITIES[city]
        make_site(trial, country, city=city, latitude=latitude, longitude=longitude)


def shows(page: Page, count: str, *titles: str) -> None:
    """The list says so many trials, and has those of these titles."""
    expect(page.get_by_role("heading", level=1)).to_have_text(count)
    entries = page.locator(".entries > li")
    expect(entries).to_have_count(len(titles))
    for title in titles:
        expect(entries.get_by_role("link", name=title, exact=True)).to_be_visible()


def search(page: Page, words: str) -> None:
    """Ask for words in the large box of the first page."""
    main = page.get_by_role("main")
    box = main.get_by_role("searchbox").or_(main.get_by_role("combobox"))
    box.fill(words)
    box.press("Enter")


def test_a_patient_finds_a_trial_that_is_near_and_open_to_her(
    reader: Reader, live_server: LiveServer
) -> None:
    fill()
    page = reader.opens(live_server.url, viewport=PHONE)
    search(page, "knee")
    shows(page, "3 trials", IN_SHANGHAI, "Cord for the knee", ABROAD)

    page.locator("#filters-fold > summary").click()
    page.locator("#by-person > summary").click()
    page.get_by_label("Age in years").fill("62")
    page.get_by_label("Near a city").fill("Shanghai")
    page.locator("#filters").get_by_role("button", name="Show the trials").click()
    shows(page, "1 trial", IN_SHANGHAI)

    page.get_by_role("link", name=IN_SHANGHAI, exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(IN_SHANGHAI)
    expect(page.get_by_text("It takes participants now.")).to_be_visible()
    expect(page.get_by_text("from 18 years, with no upper limit")).to_be_visible()
    record = page.get_by_role("link", name="The record at ClinicalTrials.gov").first
    expect(record).to_have_attribute(
        "href", re.compile(r"^https://clinicaltrials\.gov/study/NCT\d{8}$")
    )


def test_a_researcher_narrows_the_list_compares_goes_back_and_shares(
    reader: Reader, live_server: LiveServer
) -> None:
    fill()
    page = reader.opens(f"{live_server.url}/trials/")
    reader.ticks(page.get_by_role("checkbox", name="Adipose tissue"), "Show")
    shows(page, "2 trials", IN_SHANGHAI, ABROAD)
    reader.ticks(page.get_by_role("checkbox", name="China"), "Show")
    shows(page, "1 trial", IN_SHANGHAI)

    page.get_by_role("link", name=IN_SHANGHAI, exact=True).click()
    expect(page.get_by_role("heading", name="Cite this trial")).to_be_visible()
    page.go_back()
    shows(page, "1 trial", IN_SHANGHAI)
    page.get_by_role("link", name="China (remove this filter)").click()
    shows(page, "2 trials", IN_SHANGHAI, ABROAD)

    for title in (IN_SHANGHAI, ABROAD):
        link = page.get_by_role("link", name=title, exact=True)
        page.locator(".entry").filter(has=link).get_by_role("checkbox").check()
    page.get_by_role("button", name="Compare the chosen trials").click()
    expect(page.get_by_role("columnheader")).to_contain_text([IN_SHANGHAI, ABROAD])
    shared = reader.opens(page.url)
    expect(shared.get_by_role("heading", level=1)).to_have_text("2 trials side by side")
    page.go_back()
    shows(page, "2 trials", IN_SHANGHAI, ABROAD)

    colleague = reader.opens(page.url)
    shows(colleague, "2 trials", IN_SHANGHAI, ABROAD)
    program = colleague.get_by_role("link", name="JSON", exact=True)
    expect(program).to_have_attribute("href", re.compile(r"^/api/v1/trials/\?cell_source=adipose"))


def test_a_chinese_reader_searches_filters_opens_switches_and_shares(
    reader: Reader, live_server: LiveServer
) -> None:
    fill()
    page = reader.opens(live_server.url, locale="zh-CN")
    search(page, "膝")
    shows(page, "3 项试验", IN_SHANGHAI_ZH, "脐带干细胞治疗膝骨关节炎", ABROAD)
    reader.ticks(page.get_by_role("checkbox", name="脂肪组织"), "显示")
    shows(page, "2 项试验", IN_SHANGHAI_ZH, ABROAD)

    list_address = page.url
    # Its title has no Chinese: it is marked as what it is.
    expect(page.locator(".entries a :lang(en)", has_text=ABROAD)).to_be_visible()
    page.get_by_role("link", name=IN_SHANGHAI_ZH).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(IN_SHANGHAI_ZH)
    page.get_by_role("link", name="English", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(IN_SHANGHAI)
    page.get_by_role("link", name="中文", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(IN_SHANGHAI_ZH)

    relative = reader.opens(list_address, locale="zh-TW", viewport=PHONE)
    shows(relative, "2 项试验", IN_SHANGHAI_ZH, ABROAD)
    abroad = reader.opens(list_address, locale="de-DE")
    shows(abroad, "2 trials", IN_SHANGHAI, ABROAD)


def test_the_language_is_switched_without_losing_what_was_asked(
    reader: Reader, live_server: LiveServer
) -> None:
    fill()
    page = reader.opens(f"{live_server.url}/trials/")
    reader.ticks(page.get_by_role("checkbox", name="Adipose tissue"), "Show")
    shows(page, "2 trials", IN_SHANGHAI, ABROAD)
    page.get_by_role("link", name="中文", exact=True).click()
    shows(page, "2 项试验", IN_SHANGHAI_ZH, ABROAD)
    reader.ticks(page.get_by_role("checkbox", name="中国"), "显示")
    shows(page, "1 项试验", IN_SHANGHAI_ZH)
    page.go_back()
    shows(page, "2 项试验", IN_SHANGHAI_ZH, ABROAD)
    expect(page.get_by_role("checkbox", name="中国")).not_to_be_checked()
    page.get_by_role("link", name="English", exact=True).click()
    shows(page, "2 trials", IN_SHANGHAI, ABROAD)
