"""Trials side by side: what each of them says to every question, and where they differ."""

import re

import pytest
from django.test import Client

from tests.builders import (
    THEN,
    make_document,
    make_fact,
    make_publication,
    make_site,
    make_sponsor,
    make_sponsorship,
    make_trial,
)
from tests.catalog.pages.test_compare import BOTH, ONE, OTHER, THIRD, make_both, read, rows
from trials.models import Trial
from trials.vocabulary import NOT_STATED, Basis, FactKind, Role

pytestmark = pytest.mark.django_db


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
