"""Trials side by side: the address and its spellings, what differs, what is said of the rest."""

import re
from html import unescape
from typing import Any

import pytest
from django.test import Client

from catalog.pages.compare import LONGEST, MOST
from tests.builders import (
    THEN,
    make_document,
    make_fact,
    make_left_out,
    make_publication,
    make_site,
    make_sponsor,
    make_sponsorship,
    make_trial,
)
from tests.queries import price
from trials.models import Trial
from trials.vocabulary import NOT_STATED, Basis, FactKind, Role

pytestmark = pytest.mark.django_db

ONE, OTHER, THIRD = "NCT03166865", "NCT02118519", "SCT-0001"
BOTH = f"/compare/?trial={ONE}&trial={OTHER}"


def read(client: Client, address: str, status: int = 200) -> str:
    response = client.get(address)
    assert response.status_code == status
    return unescape(response.content.decode())


def heads(text: str) -> list[str]:
    """The numbers of the columns."""
    return re.findall(r'<th scope="col".*?class="number">([^<]+)<', text, re.DOTALL)


def rows(text: str) -> dict[str, tuple[bool, list[str]]]:
    """Each question: whether the trials differ, and the words of each cell."""
    found = {}
    for differs, asked, cells in re.findall(
        r'<tr role="row" class="(differs|same)">.*?compare__asked">(.*?)</span>.*?</th>(.*?)</tr>',
        text,
        re.DOTALL,
    ):
        parts = re.split(r'<span class="compare__whose.*?</span>', cells)[1:]
        words = [" ".join(re.sub(r"<[^>]*>", " ", part).split()) for part in parts]
        title = " ".join(re.sub(r"<[^>]*>", " ", asked).split())
        found[title] = (differs == "differs", words)
    return found


def make_both(one: dict[str, Any] | None = None, other: dict[str, Any] | None = None) -> None:
    make_trial(ONE, **(one or {}))
    make_trial(OTHER, **(other or {}))


# --- The address


def test_the_columns_are_in_the_order_of_the_address(client: Client) -> None:
    make_both()
    assert heads(read(client, BOTH)) == [ONE, OTHER]
    assert heads(read(client, f"/compare/?trial={OTHER}&trial={ONE}")) == [OTHER, ONE]


@pytest.mark.parametrize(
    "asked",
    [
        "trial=nct3166865&trial=NCT02118519",
        "trial=NCT00000042&trial=NCT02118519",
        "trial=NCT03166865&trial=&trial=NCT02118519",
        "trial=NCT03166865&trial=NCT02118519&trial=NCT03166865",
        "trial=NCT03166865&trial=NCT02118519&trial=NCT00000042",
        "trial=NCT03166865,+NCT+02118519",
        "trial=3166865%0D%0A02118519",
        "trial=https://clinicaltrials.gov/study/NCT03166865%0Anct-2118519;",
        "trial=NCT03166865+and+2118519",
        "trial=NCT03166865%E4%B8%8ENCT02118519",  # 与
        "trial=%EF%BB%BF%E2%80%9CNCT03166865%E2%80%9D+%26+(NCT02118519)%E2%80%8B",  # “ ” and BOM
        "trial=%E2%80%A2+NCT03166865%0A%E2%80%A2+NCT02118519",  # •
    ],
)
def test_every_spelling_and_older_number_leads_to_the_one_address(
    client: Client, asked: str
) -> None:
    make_both({"aliases": ("NCT00000042",)})
    response = client.get(f"/compare/?{asked}")
    assert (response.status_code, response["Location"]) == (301, BOTH)


def test_the_one_address_keeps_what_else_was_asked(client: Client) -> None:
    make_both()
    response = client.get(f"/compare/?lang=en&rows=different&trial={ONE}%20{OTHER}")
    assert response["Location"] == f"{BOTH}&rows=different&lang=en"


def test_a_number_of_no_trial_is_said_and_the_others_are_compared(client: Client) -> None:
    make_both()
    text = read(client, f"{BOTH}&trial=NCT99999999", status=404)
    assert heads(text) == [ONE, OTHER]
    banner = text[text.index('class="banner"') : text.index("<table")]
    assert "https://clinicaltrials.gov/study/NCT99999999" in banner


def test_a_number_that_was_left_out_is_said_with_the_reason(client: Client) -> None:
    make_both()
    make_left_out("NCT00000077", "background")
    text = read(client, f"{BOTH}&trial=nct77", status=404)
    assert re.search(r"NCT00000077</span> The registry has it.*Cells named, but none given", text)
    assert '<a href="/about/coverage/?q=NCT00000077#left-out">' in text


def test_a_trial_that_the_catalogue_does_not_show_is_not_compared(client: Client) -> None:
    make_trial(ONE)
    make_trial(OTHER, screening="excluded", title="Secret")
    assert "Secret" not in read(client, BOTH, status=404)


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("trial=rubbish", "“rubbish” is no trial of the catalogue"),
        ("trial=nct2118519+or+rubbish", "“or rubbish” is no trial of the catalogue"),
        ("trial=%00", "A value cannot hold the character NUL."),
        ("trial=NCT1%00", "A value cannot hold the character NUL."),
        ("trial=%26", "“&” is no trial of the catalogue"),
        (f"trial={'a' * (LONGEST + 1)}", f"at most {LONGEST} letters"),
        ("trail=NCT03166865", "There is no parameter “trail”. Did you mean “trial”?"),
        ("rows=diferent", "Did you mean “different”?"),
        ("rows=all&rows=different", "“rows” takes one value"),
    ],
)
def test_what_is_not_understood_is_said_and_the_rest_is_compared(
    client: Client, asked: str, said: str
) -> None:
    make_both()
    text = read(client, f"{BOTH}&{asked}", status=400)
    assert said in text
    assert "\x00" not in text
    assert heads(text) == [ONE, OTHER]


def test_more_trials_than_a_window_holds_are_said_and_the_first_are_compared(
    client: Client,
) -> None:
    numbers = [make_trial().number for _ in range(MOST + 2)]
    text = read(client, f"/compare/?trial={'+'.join(numbers)}", status=400)
    assert "A comparison has at most 6 trials; 8 were given. The first are shown." in text
    assert heads(text) == numbers[:MOST]
    text = read(client, "/compare/?" + "&".join(f"trial={n}" for n in numbers[:MOST]))
    assert heads(text) == numbers[:MOST]


def test_a_question_without_end_is_refused(client: Client) -> None:
    text = read(client, f"/compare/?{'&'.join(f'trial=NCT{n:08}' for n in range(1, 200))}", 400)
    assert "A question has at most 100 values." in text


def test_words_in_an_address_are_never_html(client: Client) -> None:
    make_both({"title": "<b>Bold</b>", "why_stopped": "<i>x</i>"})
    response = client.get(f"{BOTH}&trial=<script>alert(1)</script>&<script>=1")
    text = response.content.decode()
    assert "<script>alert" not in text
    assert "&lt;b&gt;Bold&lt;/b&gt;" in text
    assert "<i>x</i>" not in text


def test_a_comparison_has_an_address_of_its_own_and_is_no_page_for_search_engines(
    client: Client,
) -> None:
    make_both()
    text = read(client, BOTH)
    assert f"<title>{ONE}, {OTHER} side by side" in text
    assert f'<link rel="canonical" href="http://127.0.0.1:8000{BOTH}">' in text
    assert '<meta name="robots" content="noindex">' in text
    assert 'content="noindex"' not in read(client, "/compare/")


def test_a_browser_may_ask_for_the_head_alone(client: Client) -> None:
    make_both()
    assert client.head(BOTH).status_code == 200


# --- The beginning


def test_without_a_trial_there_is_a_form_and_ways_on(client: Client) -> None:
    text = read(client, "/compare/")
    assert "<table" not in text
    assert '<textarea id="trial" name="trial"' in text
    assert '<a href="/trials/">The list of trials</a>' in text


def test_what_was_pasted_stays_to_be_corrected(client: Client) -> None:
    text = client.get("/compare/?trial=NCT316%0A</textarea>%00").content.decode()
    assert ">NCT316\n&lt;/textarea&gt;</textarea>" in text


def test_one_trial_takes_another_and_those_like_it_are_offered(client: Client) -> None:
    alike = {"sources": ("adipose",), "indications": ("knee-osteoarthritis",)}
    make_both({**alike, "title": "Fat"}, alike)
    text = read(client, f"/compare/?trial={ONE}")
    assert "<table" not in text
    assert '<a href="/trials/NCT03166865/">Fat</a>' in text
    assert f'<input type="hidden" name="trial" value="{ONE}">' in text
    assert f'href="{BOTH}"' in text


# --- Other comparisons


def test_each_trial_can_be_taken_away_or_moved(client: Client) -> None:
    make_both()
    make_trial(THIRD)
    text = read(client, f"{BOTH}&trial={THIRD}&rows=different")
    tools = re.findall(r'<span class="compare__tools">(.*?)\n', text)

    def to(*numbers: str) -> str:
        return "/compare/?" + "&".join(f"trial={n}" for n in numbers) + "&rows=different"

    assert [re.findall(r'href="([^"]+)"', one) for one in tools] == [
        [to(OTHER, ONE, THIRD), to(OTHER, THIRD)],
        [to(OTHER, ONE, THIRD), to(ONE, THIRD, OTHER), to(ONE, THIRD)],
        [to(ONE, THIRD, OTHER), to(ONE, OTHER)],
    ]


def test_one_more_is_added_by_a_form_until_there_are_six(client: Client) -> None:
    make_both()
    text = read(client, f"{BOTH}&rows=different")
    form = text[text.index('<form class="add"') :].partition("</form>")[0]
    assert re.findall(r'name="(\w+)" value="([^"]*)"', form) == [
        ("trial", ONE), ("trial", OTHER), ("rows", "different"),
    ]  # fmt: skip
    numbers = [ONE, OTHER, *(make_trial().number for _ in range(MOST - 2))]
    text = read(client, "/compare/?" + "&".join(f"trial={n}" for n in numbers))
    assert '<form class="add"' not in text
    assert "at most 6 trials: remove one to add another" in text


# --- What is compared


def test_the_groups_are_in_the_order_in_which_people_ask(client: Client) -> None:
    make_both()
    assert re.findall(r'<th scope="rowgroup"[^>]*><span>([^<]+)<', read(client, BOTH)) == [
        "How it stands",
        "The cells",
        "Who can join",
        "Who runs it, and where",
        "Design and arms",
        "What is measured",
        "What came of it",
        "The record",
    ]


def test_it_is_a_table_with_a_head_for_each_column_and_row(client: Client) -> None:
    make_both()
    text = read(client, BOTH)
    table = text[text.index("<table") : text.index("</table>")]
    assert "<caption" in table
    assert table.count('scope="col"') == 2
    assert table.count("<td") == 1 + 2 * table.count('scope="row"')
    assert table.count('colspan="3"') == table.count('scope="rowgroup"') == 8


def test_words_are_those_of_each_trial_and_silence_is_said(client: Client) -> None:
    record = {
        "phases": ("PHASE1", "PHASE2"),
        "minimum_age": "40 Years",
        "maximum_age": "75 Years",
        "sex": "FEMALE",
        "healthy_volunteers": False,
        "allocation": "RANDOMIZED",
        "masking": "DOUBLE",
        "intervention_model": "PARALLEL",
        "enrollment_count": 0,
        "enrollment_type": "ACTUAL",
        "start_date": "2016-03",
        "start_date_type": "ESTIMATED",
        "has_results": True,
        "last_updated": "2018-06-04",
    }
    make_both(record)
    said = rows(read(client, BOTH))
    told = {
        "Phase": ["Phase 1 / Phase 2", "not stated"],
        "Study type": ["Interventional", "Interventional"],
        "Age": ["40 to 75 years", "not stated"],
        "Sex": ["Female", "not stated"],
        "Healthy volunteers": ["No", "not stated"],
        "Allocation": ["Randomized", "not stated"],
        "Masking": ["Double", "not stated"],
        "Design": ["Parallel groups", "not stated"],
        "Participants": ["0 (actual)", "unknown"],
        "Start": ["2016-03 (estimated)", "unknown"],
        "Completion": ["unknown", "unknown"],
        "Results posted in the registry": [f"Yes Read the results there ({ONE})", "unknown"],
        "Last updated by the sponsor": ["2018-06-04", "unknown"],
    }
    assert {title: said[title][1] for title in told} == told
    same = {title for title in told if not said[title][0]}
    assert same == {"Study type", "Completion"}


def test_results_that_are_not_posted_are_not_those_of_which_nobody_knows(client: Client) -> None:
    make_both({"has_results": False}, {"has_results": None})
    assert rows(read(client, BOTH))["Results posted in the registry"] == (True, ["No", "unknown"])


def test_who_measures_nothing_else_is_told_from_whose_record_was_not_read(client: Client) -> None:
    make_both({"refreshed_at": THEN}, {"refreshed_at": None})
    assert rows(read(client, BOTH))["Other outcomes"] == (True, ["nothing", "not stated"])


def test_which_of_the_five_are_not_stated_is_said_to_who_sees_no_dots(client: Client) -> None:
    make_both({"donors": ("autologous",)}, {"routes": ("intra-articular",)})
    assert rows(read(client, BOTH))["Of the five, stated"] == (
        True,
        [
            "1 of 5 stated (not stated: Origin of tissue, Separation and preparation,"
            " Exhibited characteristics, Site of delivery)",
            "1 of 5 stated (not stated: Donor, Origin of tissue, Separation and preparation,"
            " Exhibited characteristics)",
        ],
    )


def test_a_status_has_the_date_of_its_record_which_is_no_difference(client: Client) -> None:
    make_both({"registry_as_of": "2022-10-06", "refreshed_at": THEN}, {"refreshed_at": THEN})
    differs, words = rows(read(client, BOTH))["Status"]
    assert words == [
        "Recruiting as of 2022-10 It takes participants now.",
        "Recruiting It takes participants now.",
    ]
    assert not differs
    Trial.objects.filter(number=OTHER).update(status="COMPLETED")
    assert rows(read(client, BOTH))["Status"][0]


def test_the_five_facts_stand_with_their_words_and_who_decided(client: Client) -> None:
    make_both()
    one, other = Trial.objects.get(number=ONE), Trial.objects.get(number=OTHER)
    make_fact(one, FactKind.DONOR_TYPE, "autologous", basis=Basis.RULE, quote="own fat")
    make_fact(other, FactKind.DONOR_TYPE, "allogeneic", basis=Basis.CURATOR)
    make_fact(one, FactKind.DOSE, dose_min=2e7, dose_max=2e7, dose_unit="cells")
    make_fact(one, FactKind.ADMINISTRATIONS, number=2)
    text = read(client, BOTH)
    assert re.findall(r'class="dose__letter" aria-hidden="true">(\w)<', text) == list("DOSEES")
    assert '<blockquote lang="en">own fat</blockquote>' in text
    assert '<span class="fact__basis basis--curator">decided by a curator</span>' in text
    said = rows(text)
    dose, times = (
        said[f"{kind} Exhibited characteristics"][1]
        for kind in ("Dose", "Number of administrations")
    )
    assert dose[0].startswith("2 × 10⁷ cells")
    assert dose[1] == "not stated"
    assert times[0].startswith("2 administrations")
    assert [words.partition(" stated")[0] for words in said["Of the five, stated"][1]] == [
        "2 of 5", "1 of 5",
    ]  # fmt: skip


def test_the_cells_of_a_control_are_marked_and_make_a_difference(client: Client) -> None:
    make_both({"sources": ("adipose",)}, {"sources": ("adipose",)})
    assert not rows(read(client, BOTH))["Origin of tissue"][0]
    one = Trial.objects.get(number=ONE)
    make_fact(one, FactKind.CELL_SOURCE, "bone-marrow", role=Role.COMPARATOR)
    differs, words = rows(read(client, BOTH))["Origin of tissue"]
    assert differs
    assert "Bone marrow (comparator)" in words[0]


def test_what_was_looked_for_and_not_found_is_what_nobody_looked_for(client: Client) -> None:
    make_both()
    make_fact(Trial.objects.get(number=ONE), FactKind.ROUTE, NOT_STATED)
    differs, words = rows(read(client, BOTH))["Site of delivery"]
    assert not differs
    assert all(word.startswith("not stated") for word in words)


def test_the_same_in_another_order_is_no_difference(client: Client) -> None:
    make_both(
        {"countries": ("CN", "TW"), "routes": ("intravenous", "intra-articular")},
        {"countries": ("TW", "CN"), "routes": ("intra-articular", "intravenous")},
    )
    said = rows(read(client, BOTH))
    assert said["Countries"] == (False, ["China Taiwan", "Taiwan China"])
    assert said["Sites"] == (False, ["2 sites", "2 sites"])
    assert not said["Site of delivery"][0]


def test_sources_that_disagree_are_said_where_they_do_and_at_the_end(client: Client) -> None:
    make_both({"donors": ("autologous",)}, {"donors": ("autologous",)})
    assert "Sources disagree" not in rows(read(client, BOTH))
    one, document = Trial.objects.get(number=ONE), make_document("list")
    make_fact(one, FactKind.DONOR_TYPE, "allogeneic", basis=Basis.DOCUMENT, document=document)
    said = rows(read(client, BOTH))
    assert said["Sources disagree"] == (True, ["Donor", "none known"])
    differs, words = said["Donor"]
    assert differs
    assert words[0].startswith("Sources disagree")


def test_sponsors_arms_outcomes_and_papers_are_listed(client: Client) -> None:
    beike = make_sponsor("beike", name="Beike", sponsor_class="INDUSTRY")
    make_both({"sponsor": beike, "refreshed_at": THEN})
    one = Trial.objects.get(number=ONE)
    make_sponsorship(one, make_sponsor("charite", name="Charité"), role="collaborator")
    make_site(one, "CN", status="RECRUITING")
    arm = one.arms.create(position=0, label="Cells", type="EXPERIMENTAL")
    one.interventions.create(position=0, name="MSC").arms.set([arm])
    for n in range(12):
        one.outcomes.create(
            position=n, kind="primary", measure=f"Pain {n}", time_frame=f"{n} months"
        )
    one.outcomes.create(position=12, kind="secondary", measure="Function")
    make_publication("lu-2020", one, title="Fat works", year=2020)
    one.references.create(position=0, type="RESULT", citation="Lu 2020")
    said = rows(read(client, BOTH))
    told = {
        "Sponsor": ["Beike Industry", "not stated"],
        "Collaborators": ["Charité", "none known"],
        "Sites": ["1 site 1 takes participants", "not stated"],
        "Arms": ["Experimental Cells MSC", "not stated"],
        "Other outcomes": [f"1 outcome ({ONE})", "not stated"],
        "Publications": ["Fat works 2020 · Results", "none known"],
        "Papers named in the record": [f"1 paper ({ONE}) 1 with results", "none known"],
    }
    assert {title: said[title][1] for title in told} == told
    measured = said["Primary outcomes"][1][0]
    assert measured.startswith("Pain 0 0 months Pain 1 1 months")
    assert measured.index("and 4 more") < measured.index("Pain 8")


def test_no_site_takes_participants_where_the_trial_does_not(client: Client) -> None:
    refreshed = {"refreshed_at": THEN}
    make_both({**refreshed, "status": "UNKNOWN"}, {**refreshed, "gone_at": THEN})
    for trial in Trial.objects.all():
        make_site(trial, status="RECRUITING")
    assert rows(read(client, BOTH))["Sites"] == (False, ["1 site", "1 site"])


def test_what_is_said_of_no_trial_need_not_be_asked(client: Client) -> None:
    make_both()
    asked = {"Why it stopped", "Collaborators", "In doubt", "Product", "Time perspective"}
    assert asked.isdisjoint(rows(read(client, BOTH)))
    Trial.objects.filter(number=ONE).update(why_stopped="No money", doubt="No record.")
    said = rows(read(client, BOTH))
    assert said["Why it stopped"] == (True, ["No money", "–"])
    assert said["In doubt"] == (True, ["No record.", "none known"])


def test_a_trial_that_was_stopped_says_why_or_leaves_it_unsaid(client: Client) -> None:
    make_both({"status": "TERMINATED"}, {"status": "WITHDRAWN", "why_stopped": "No money"})
    make_trial(THIRD, status="COMPLETED")
    text = read(client, f"{BOTH}&trial={THIRD}")
    assert rows(text)["Why it stopped"] == (True, ["not stated", "No money", "–"])


def test_only_what_differs_is_shown_where_that_is_asked(client: Client) -> None:
    make_both({"phases": ("PHASE1",)}, {"phases": ("PHASE2",)})
    every = rows(read(client, BOTH))
    differing = {title: said for title, said in every.items() if said[0]}
    text = read(client, f"{BOTH}&rows=different")
    assert rows(text) == differing
    assert set(differing) == {"Phase"}
    assert f"They differ in 1 of {len(every)} questions." in text
    assert re.findall(r'<th scope="rowgroup"[^>]*><span>([^<]+)<', text) == ["How it stands"]
    views = re.search(r'<nav class="tools__views".*?</nav>', text)
    assert views
    assert re.findall(r'href="([^"]+)"( aria-current="true")?', views[0]) == [
        (BOTH, ""),
        (f"{BOTH}&rows=different", ' aria-current="true"'),
    ]


def test_a_difference_is_marked_in_words_too(client: Client) -> None:
    make_both({"phases": ("PHASE1",)})
    text = read(client, BOTH)
    assert text.count('<span class="hidden"> they differ</span>') == 1
    assert text.count('<span class="hidden"> all say the same</span>') == len(rows(text)) - 1


def test_trials_that_say_the_same_of_everything_are_said_to(client: Client) -> None:
    make_both()
    text = read(client, f"{BOTH}&rows=different")
    assert rows(text) == {}
    assert "In none of these questions do they say different things." in text


def test_a_title_without_end_is_cut(client: Client) -> None:
    make_both({"title": "a" * 5000, "title_zh": "细" * 5000})
    for language in ("en", "zh-hans"):
        text = read(client, f"{BOTH}&lang={language}")
        assert not any(letter * 300 in text for letter in "a细")


def test_a_chinese_page_uses_chinese_names_where_there_are_any(client: Client) -> None:
    make_both({"title": "Cells", "title_zh": "细胞"}, {"title": "Fat"})
    text = read(client, f"{BOTH}&lang=zh-hans")
    assert '<a class="compare__title" href="/trials/NCT03166865/">细胞</a>' in text
    assert '<span lang="en">Fat</span>' in text
    assert f"<title>{ONE}、{OTHER} 对比" in text


# --- The ways to it


def test_a_trials_page_leads_to_a_comparison_with_each_similar_trial(client: Client) -> None:
    alike = {"sources": ("adipose",), "indications": ("knee-osteoarthritis",)}
    make_both({**alike, "last_updated": "2026-01-01"}, {**alike, "last_updated": "2026-01-02"})
    third = make_trial(THIRD, **alike)
    text = read(client, third.get_absolute_url())
    assert re.findall(r'href="(/compare/[^"]+)"', text) == [
        f"/compare/?trial={THIRD}",
        f"/compare/?trial={THIRD}&trial={OTHER}",
        f"/compare/?trial={THIRD}&trial={ONE}",
        f"/compare/?trial={THIRD}&trial={OTHER}&trial={ONE}",
    ]


@pytest.mark.parametrize("view", ["cards", "table"])
def test_each_trial_of_the_list_can_be_ticked_for_a_form_of_its_own(
    client: Client, view: str
) -> None:
    make_both()
    text = read(client, f"/trials/?view={view}&ordering=title")
    boxes = re.findall(r'type="checkbox" name="trial" value="([^"]+)" form="chosen"', text)
    assert boxes == [OTHER, ONE]
    assert '<form class="chosen" id="chosen" action="/compare/">' in text
    assert text.index("</form>") < text.index('<form class="chosen"')


@pytest.mark.parametrize("address", ["/countries/CN/", "/trials/?country=TW"])
def test_a_list_without_that_form_has_no_boxes_for_it(client: Client, address: str) -> None:
    make_trial(countries=("CN",))
    text = read(client, address)
    assert 'name="trial"' not in text
    assert 'class="chosen"' not in text


@pytest.mark.parametrize("count", [2, MOST])
@pytest.mark.django_db(transaction=True)
def test_a_comparison_costs_the_same_queries_for_any_number_of_trials(
    client: Client, count: int
) -> None:
    numbers = [make_full(n).number for n in range(count)]
    address = "/compare/?" + "&".join(f"trial={number}" for number in numbers)
    assert price(client, address) == 15
    assert price(client, f"{address}&rows=different") == 15


def make_full(n: int) -> Trial:
    """A trial with several of everything that is compared."""
    trial = make_trial(
        sponsor=f"sponsor-{n}",
        countries=("CN", "TW"),
        phases=("PHASE1", "PHASE2"),
        sources=("adipose", f"source-{n}"),
        indications=("knee-osteoarthritis", f"indication-{n}"),
        products=("elixcyte", f"product-{n}"),
        donors=("allogeneic",),
        aliases=(f"NCT{2_000_000 + n:08d}",),
    )
    make_fact(trial, FactKind.ROUTE, "intravenous", basis=Basis.CURATOR)
    make_fact(
        trial, FactKind.ROUTE, "topical", basis=Basis.DOCUMENT, document=make_document(f"list-{n}")
    )
    make_sponsorship(trial, f"partner-{n}", role="collaborator")
    for position in range(2):
        arm = trial.arms.create(position=position, label=f"Arm {position}")
        trial.interventions.create(position=position, name=f"Cells {position}").arms.set([arm])
        trial.outcomes.create(position=position, kind="primary", measure=f"Pain {position}")
        trial.references.create(position=position, citation=f"Li {position}")
        make_publication(trial=trial)
    return trial
