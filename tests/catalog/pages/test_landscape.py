"""The landscape: any question's trials by two parameters, each number a way to its trials."""

import csv
import re
from html import unescape

import pytest
from django.test import Client

from catalog.pages.crossed import MOST_COLUMNS, MOST_ROWS, SHADES, shade
from catalog.pages.landscape import PRESETS, WORDS
from tests.builders import make_document, make_source, make_trial

pytestmark = pytest.mark.django_db


def read(client: Client, query: str = "", status: int = 200) -> str:
    response = client.get(f"/landscape/{query}")
    assert (query, response.status_code) == (query, status)
    return unescape(response.content.decode())


def table(text: str) -> dict[str, list[str]]:
    """The numbers of each row of the table, by its name; the heads of the columns by ""."""
    found = re.search(r'<table class="cross">(.*?)</table>', text, re.DOTALL)
    rows = re.findall(r"<tr>(.*?)</tr>", found[1] if found else "", re.DOTALL)
    plain = [re.sub(r"</?a\b[^>]*>", "", row) for row in rows]
    cells = [re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row) for row in plain]
    return {row[0]: row[1:] for row in cells}


def numbers(text: str) -> list[tuple[str, str]]:
    """Each number of the table, with the address that it leads to."""
    row = r'<td class="cross__\w+"><a href="([^"]+)">([\d,]+)</a></td>'
    return [(number, address) for address, number in re.findall(row, text)]


def fill() -> None:
    make_source("svf", "adipose")
    knee = {"indications": ("knee",), "start_date": "2018"}
    hip = {"indications": ("hip",), "countries": ("CN",), "sponsor": "acme"}
    make_trial(sources=("svf",), phases=("PHASE1", "PHASE2"), sponsor="beta", **knee)
    make_trial(sources=("adipose", "skin"), phases=("PHASE2",), **knee)
    make_trial(sources=("skin",), start_date="2016", **hip)
    make_trial(start_date="2019-04", donors=("allogeneic",), **hip)


def test_sources_stand_against_indications_without_anything_asked(client: Client) -> None:
    fill()
    assert table(read(client)) == {
        "": ["All", "Hip", "Knee"],
        "All": ["4", "2", "2"],
        "Adipose": ["2", "0", "2"],
        "Svf": ["1", "0", "1"],
        "Skin": ["2", "1", "1"],
        "Not stated": ["1", "1", "0"],
    }


@pytest.mark.parametrize("pair", PRESETS)
@pytest.mark.parametrize("question", ["", "country=CN", "cell_source=adipose&phase=PHASE2"])
def test_each_number_is_that_of_the_list_it_leads_to(
    client: Client, pair: tuple[str, str], question: str
) -> None:
    fill()
    text = read(client, f"?rows={pair[0]}&columns={pair[1]}&{question}")
    found = numbers(text)
    assert found
    for number, address in found:
        assert address.startswith("/trials/")
        answer = client.get(address)
        assert (address, answer.status_code) == (address, 200)
        assert (address, answer.context["page"].paginator.count) == (address, int(number))


def test_each_name_leads_to_the_landscape_of_its_trials(client: Client) -> None:
    fill()
    text = read(client, "?country=CN&rows=cell_source&columns=start_year")
    names = re.findall(r'<th [^>]*><a href="(/landscape/[^"]+)">([^<]+)</a></th>', text)
    assert [name for _address, name in names] == ["2016", "2019", "Skin", "Not stated"]
    assert names[2][0] == (
        "/landscape/?cell_source=skin&country=CN&rows=cell_source&columns=start_year"
    )
    for address, name in names:
        assert (name, "Landscape of 1 trial<" in read(client, address[len("/landscape/") :])) == (
            name,
            True,
        )
    assert ">Skin</th>" in read(client, "?cell_source=skin")


@pytest.mark.parametrize(
    ("query", "kept_out"),
    [("", False), ("?lang=en", False), ("?country=CN", True), ("?rows=phase", True)],
)
def test_robots_read_the_landscape_and_not_each_of_its_thousand_questions(
    client: Client, query: str, kept_out: bool
) -> None:
    fill()
    text = read(client, query)
    assert ('<meta name="robots" content="noindex, nofollow">' in text) == kept_out
    assert 'rel="canonical"' in text


def test_what_is_asked_of_the_rows_is_replaced_and_the_rest_is_kept(client: Client) -> None:
    fill()
    text = read(client, "?cell_source=svf&cell_source=skin&phase=PHASE2&ordering=title&page=3")
    assert [address for _number, address in numbers(text)] == [
        f"/trials/?{query}&phase=PHASE2&ordering=title"
        for query in (
            "cell_source=svf&cell_source=skin",
            "cell_source=svf&cell_source=skin&indication=knee",
            "cell_source=svf",
            "cell_source=svf&indication=knee",
            "cell_source=skin",
            "cell_source=skin&indication=knee",
        )
    ]


def test_charts_count_the_trials_of_the_question_alone(client: Client) -> None:
    fill()
    text = read(client, "?phase=PHASE2&country=not-stated")
    chart = re.search(r'aria-labelledby="chart-phase">(.*?)</ul>', text, re.DOTALL)
    assert chart is not None
    assert re.findall(r"bars__name[^>]*>([^<]+)<", chart[1]) == ["Phase 2"]
    assert 'href="/trials/?country=not-stated&phase=PHASE2"' in chart[1]


def test_years_lead_to_the_trials_of_a_year(client: Client) -> None:
    fill()
    text = read(client, "?country=CN")
    assert re.findall(r'class="years__one" href="([^"]+)"', text) == [
        f"/trials/?country=CN&start_from={year}&start_to={year}" for year in (2016, 2019)
    ]


def test_the_list_leads_to_the_landscape_of_its_trials_and_back(client: Client) -> None:
    fill()
    listed = client.get("/trials/?country=CN&ordering=title&page_size=10&view=table")
    assert 'href="/landscape/?country=CN">Landscape<' in unescape(listed.content.decode())
    assert 'href="/trials/?country=CN">These trials as a list' in read(client, "?country=CN")


def test_filters_are_removed_one_by_one_and_the_layout_stays(client: Client) -> None:
    fill()
    text = read(client, "?country=CN&phase=not-stated&rows=phase&columns=route")
    layout = "rows=phase&columns=route"
    assert re.findall(r'class="chip[^"]*" href="([^"]+)"', text) == [
        f"/landscape/?phase=not-stated&{layout}",
        f"/landscape/?country=CN&{layout}",
        f"/landscape/?{layout}",
    ]


def test_a_word_that_was_meant_keeps_the_layout(client: Client) -> None:
    make_trial(indications=("knee-osteoarthritis",))
    text = read(client, "?q=kneee&rows=phase&columns=route")
    assert '<a href="/landscape/?q=knee&rows=phase&columns=route">Did you mean' in text


def test_a_chinese_title_has_chinese_signs(client: Client) -> None:
    fill()
    for path in ("/landscape/", "/trials/"):
        text = client.get(f"{path}?lang=zh-hans&country=CN&phase=not-stated").content.decode()
        title = text.partition("<title>")[2].partition(" · ")[0]
        assert title.endswith("：中国、未说明")


def test_the_form_keeps_the_question(client: Client) -> None:
    fill()
    text = read(client, "?q=trial&country=CN&rows=phase&columns=status&all=yes&page=2")
    assert re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]+)">', text)[1:] == [
        ("q", "trial"),
        ("country", "CN"),
    ]
    assert re.findall(r'value="([^"]+)" selected', text) == ["phase", "status"]


def test_rows_and_columns_change_places(client: Client) -> None:
    fill()
    assert 'href="/landscape/?country=CN&rows=indication&columns=cell_source">Swap' in read(
        client, "?country=CN"
    )


def test_one_of_the_two_is_enough(client: Client) -> None:
    fill()
    for query, pair in (
        ("?rows=phase", ["phase", "indication"]),
        ("?rows=indication", ["indication", "cell_source"]),
        ("?columns=cell_source", ["indication", "cell_source"]),
        ("?columns=status", ["cell_source", "status"]),
    ):
        assert re.findall(r'value="([^"]+)" selected', read(client, query)) == pair


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("?rows=phas", "“phas” is no value of “rows”. Did you mean “phase”?"),
        ("?columns=Year%20of%20start", "Did you mean “start_year”?"),
        ("?row=phase", "There is no parameter “row”. Did you mean “rows”?"),
        ("?rows=phase&columns=phase", "Rows and columns cannot both be “Phase”."),
        ("?rows=phase&rows=route", "“rows” takes one value; 2 were given."),
        ("?all=perhaps", "“perhaps” is no value of “all”."),
        ("?phase=PHASE9&country=CN", "“PHASE9” is no value of “phase”."),
        ("?rows=%00", "A value cannot hold the character NUL."),
        ("?" + "rows=x&" * 200, "A question has at most 100 values."),
    ],
)
def test_what_is_not_understood_is_said_and_ignored(client: Client, query: str, said: str) -> None:
    fill()
    text = read(client, query, status=400)
    assert said in text
    assert table(text)["All"][0] == ("2" if "country=CN" in query else "4")


def test_what_is_less_frequent_is_named_and_can_be_shown(client: Client) -> None:
    for number in range(MOST_ROWS + 3):
        make_trial(sources=(f"source-{number}",), indications=(f"indication-{number}",))
    text = read(client)
    found = table(text)
    assert len(found) == MOST_ROWS + 3  # with the heads, all and the others
    assert found["3 others"][0] == "3"
    assert (len(found[""]), found[""][-1]) == (MOST_COLUMNS + 2, f"{MOST_ROWS - 7} others")
    assert "3 values of “Cell source” have no row of their own." in text
    assert 'href="/landscape/?all=yes">Show all values' in text
    whole = read(client, "?all=yes")
    assert (len(table(whole)), len(table(whole)[""])) == (MOST_ROWS + 5, MOST_ROWS + 4)
    assert 'href="/landscape/">Show the most frequent values only' in whole


def test_every_value_of_a_long_question_would_be_too_long_a_page(client: Client) -> None:
    for number in range(90):
        make_trial(sponsor=f"a-sponsor-{number:02d}", sources=(f"source-{number:02d}",))
    question = "?" + "&".join(f"sponsor=a-sponsor-{number:02d}" for number in range(60))
    assert "Show all values" not in read(client, question)
    text = read(client, f"{question}&all=yes", status=400)
    assert "So long a question cannot be asked with every value" in text
    assert len(table(text)) <= MOST_ROWS + 3


def test_the_others_are_never_more_than_a_question_takes(client: Client) -> None:
    for number in range(90):
        make_document(f"list-{number}")
    for number in range(MOST_ROWS + 9):
        make_trial(sources=(f"source-{number}",), documents=("list-0",))
    for asked, together in ((60, True), (90, False)):
        question = "&".join(f"document=list-{number}" for number in range(asked))
        text = read(client, f"?{question}")
        assert ("9 others" in table(text), asked) == (together, asked)
        assert {client.get(address).status_code for _number, address in numbers(text)} == {200}


def test_trials_in_no_row_are_said(client: Client) -> None:
    make_trial(start_date="2016")
    make_trial()
    text = read(client, "?rows=start_year&columns=country")
    assert "1 trial does not say its “Year of start” and is in no row." in text


def test_a_table_without_a_single_value_says_so(client: Client) -> None:
    make_trial()
    assert "These trials have no value that could be counted here." in read(
        client, "?rows=product&columns=sponsor"
    )


def test_where_nothing_matches_each_way_out_says_how_many_it_finds(client: Client) -> None:
    fill()
    layout = "rows=phase&columns=route"
    text = read(client, f"?country=CN&phase=PHASE2&{layout}")
    assert "Landscape of 0 trials" in text
    assert "No trial matches all of this" in text
    assert re.findall(r'<li><a href="(/landscape/[^"]+)">(without [^<]+)<', text) == [
        (f"/landscape/?phase=PHASE2&{layout}", "without Country: China"),
        (f"/landscape/?country=CN&{layout}", "without Phase: Phase 2"),
    ]
    assert 'class="cross"' not in text


def test_an_empty_catalogue_has_an_empty_landscape(client: Client) -> None:
    assert "The catalogue is empty." in read(client)


def test_the_table_can_be_taken_away(client: Client) -> None:
    make_source("odd", name="=1+1")
    make_trial(sources=("odd",), countries=("CN",))
    make_trial(sources=("adipose",), countries=("CN", "TW"))
    address = "/landscape.csv?country=CN&country=TW&rows=country&columns=cell_source"
    assert f'href="{address}">This table as CSV' in read(
        client, address.removeprefix("/landscape.csv")
    )
    response = client.get(address)
    assert response["Content-Type"].startswith("text/csv")
    assert 'filename="stem-cell-trials-country-cell-source-' in response["Content-Disposition"]
    assert [*csv.reader(response.content.decode("utf-8-sig").splitlines())] == [
        ["Country × Cell source", "All", "Adipose", "'=1+1"],
        ["All", "2", "1", "1"],
        ["China", "2", "1", "1"],
        ["Taiwan", "1", "1", "0"],
    ]


def test_no_table_is_given_for_what_is_not_understood(client: Client) -> None:
    make_trial()
    response = client.get("/landscape.csv?rows=phas&contry=CN")
    assert (response.status_code, response["Content-Type"]) == (400, "text/plain; charset=utf-8")
    text = response.content.decode()
    assert "Did you mean “phase”?" in text
    assert "Did you mean “country”?" in text


def test_of_no_trials_there_is_a_table_without_rows(client: Client) -> None:
    response = client.get("/landscape.csv")
    assert response.content.decode("utf-8-sig") == "Cell source × Indication,All\r\nAll,0\r\n"


def test_a_chinese_reader_gets_chinese_names(client: Client) -> None:
    make_source("adipose", name_zh="脂肪组织")
    make_trial(sources=("adipose",), countries=("CN",))
    found = table(read(client, "?rows=country&columns=cell_source&lang=zh-hans"))
    assert found == {"": ["合计", "脂肪组织"], "合计": ["1", "1"], "中国": ["1", "1"]}


def test_every_pair_that_can_be_chosen_has_a_page(client: Client) -> None:
    fill()
    for rows in WORDS:
        columns = "phase" if rows != "phase" else "cell_source"
        assert "Landscape of 4 trials" in read(client, f"?rows={rows}&columns={columns}")


def test_fields_are_darker_for_more_trials_and_a_single_one_is_never_dark() -> None:
    assert [shade(count, 300) for count in (0, 1, 5, 20, 80, 300)] == [0, 1, 2, 3, 4, SHADES]
    assert shade(1, 1) == 2
