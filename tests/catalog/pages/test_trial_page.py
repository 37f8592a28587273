"""One trial's page: its address, its facts with their sources, its doubt, its provenance."""

import re
from datetime import UTC, datetime
from html import unescape

import pytest
from django.test import Client

from tests.builders import (
    THEN,
    make_change,
    make_claim,
    make_curator,
    make_document,
    make_fact,
    make_mention,
    make_site,
    make_sponsor,
    make_trial,
)
from trials.curation import confirm_donor, name_in_chinese, screen, undo
from trials.models import Trial
from trials.vocabulary import NOT_STATED, Basis, FactKind

pytestmark = pytest.mark.django_db


def read(client: Client, trial: Trial, **params: str) -> str:
    response = client.get(trial.get_absolute_url(), params)
    assert response.status_code == 200
    return unescape(response.content.decode())


@pytest.mark.parametrize(
    "spelling", ["nct3166865", "NCT03166865 ", "nct-03166865", "Nct 3166865", "NCT00000009"]
)
def test_every_spelling_and_older_number_leads_to_the_one_address(
    client: Client, spelling: str
) -> None:
    make_trial("NCT03166865", aliases=("NCT00000009",))
    response = client.get(f"/trials/{spelling}/")
    assert (response.status_code, response["Location"]) == (301, "/trials/NCT03166865/")


@pytest.mark.parametrize("number", ["NCT99999999", "SCT-9999", "rubbish", "<b>"])
def test_an_unknown_number_gets_a_page_that_helps(client: Client, number: str) -> None:
    response = client.get(f"/trials/{number}/")
    text = response.content.decode()
    assert response.status_code == 404
    assert "<b>" not in text
    assert ("https://clinicaltrials.gov/study/NCT99999999" in text) == (number == "NCT99999999")


def test_a_trial_that_is_left_out_has_no_page(client: Client) -> None:
    trial = make_trial(screening="excluded")
    assert client.get(trial.get_absolute_url()).status_code == 404


def test_the_strip_has_five_parts_and_says_what_is_not_stated(client: Client) -> None:
    text = read(client, make_trial())
    strip = text[text.index('class="doses__strip"') :]
    for title in ("Donor", "Origin of tissue", "Separation", "Exhibited", "Site of delivery"):
        assert title in strip
    assert strip.count('class="fact__none unstated">not stated<') == 6  # E has two


def test_a_fact_shows_its_words_place_source_and_note(client: Client) -> None:
    trial = make_trial()
    make_fact(
        trial,
        FactKind.CELL_SOURCE,
        "adipose",
        quote="from lipoaspirate",
        place="detailedDescription",
        source="https://example.org/record",
        note="Read twice.",
    )
    text = read(client, trial)
    for words in ("from lipoaspirate", "detailedDescription", "Read twice.", "2026-03-15"):
        assert words in text
    assert '<a href="https://example.org/record" rel="nofollow">' in text


def test_a_curators_decision_names_the_curator_the_date_and_the_note(client: Client) -> None:
    trial = make_trial()
    make_curator(public_name="Wei L.")
    make_fact(trial, FactKind.DONOR_TYPE, "autologous", basis=Basis.RULE)
    make_fact(trial, FactKind.DONOR_TYPE, "allogeneic", basis=Basis.CURATOR, note="See the paper.")
    text = read(client, trial)
    assert "Curated by Wei L. on 2026-03-15" in text
    assert "See the paper." in text
    assert "1 other statement" in text


def test_a_curator_who_chose_no_name_is_not_called_by_the_one_they_log_in_with(
    client: Client,
) -> None:
    trial, secret = make_trial(), make_curator("wei.li@hospital.example")
    confirm_donor(trial, donors=["allogeneic"], by=secret, note="Arm 1.")
    text = read(client, trial)
    assert "Curated by a curator on " in text
    assert secret.username not in text


def test_decisions_about_the_trial_itself_are_named_until_they_are_undone(client: Client) -> None:
    trial, wei = make_trial(), make_curator("wei", public_name="Wei L.")
    screen(trial, take_in=True, by=wei, note="Cells are given.", at=THEN)
    name_in_chinese(trial, title="膝", by=wei, note="Own words.", at=THEN)
    text = read(client, trial)
    assert text.count("Curated by Wei L. on 2026-03-15") == 2
    assert "Cells are given." in text
    for decision in list(trial.decisions.all()):
        undo(decision, by=wei, note="Back.")
    assert "Curated by" not in read(client, trial)


def test_two_sources_that_differ_are_both_shown_and_said_to_disagree(client: Client) -> None:
    trial = make_trial()
    make_fact(trial, FactKind.DONOR_TYPE, "autologous", basis=Basis.RECORD)
    make_fact(
        trial,
        FactKind.DONOR_TYPE,
        "allogeneic",
        basis=Basis.DOCUMENT,
        document=make_document("list"),
    )
    text = read(client, trial)
    assert text.count("Sources disagree") == 1
    assert "Autologous (the patient's own)" in text
    assert "Allogeneic (a donor's)" in text


def test_two_values_of_one_record_do_not_disagree(client: Client) -> None:
    trial = make_trial(sources=("adipose", "bone-marrow"))
    assert "Sources disagree" not in read(client, trial)


def test_a_dose_is_written_as_people_write_it(client: Client) -> None:
    trial = make_trial()
    make_fact(trial, FactKind.DOSE, dose_min=2e7, dose_max=2e7, dose_unit="cells")
    make_fact(trial, FactKind.DOSE, dose_min=1e6, dose_max=5e6, dose_unit="cells/kg")
    text = read(client, trial)
    assert "2 × 10⁷ cells" in text
    assert "1–5 × 10⁶ cells per kg of body weight" in text


def test_what_was_read_as_not_stated_can_be_opened(client: Client) -> None:
    trial = make_trial()
    make_fact(trial, FactKind.ROUTE, NOT_STATED, note="The record names no route.")
    assert "The record names no route." in read(client, trial)


def test_a_doubt_stands_before_the_facts(client: Client) -> None:
    text = read(client, make_trial("SCT-0001", doubt="No record was found."))
    assert text.index("No record was found.") < text.index('class="doses"')


def test_provenance_says_as_of_when_and_whether_it_was_refreshed(client: Client) -> None:
    trial = make_trial(registry_as_of="2022-10-10", registry_origin="a mirror of the record")
    text = read(client, trial)
    assert "Registry data: ClinicalTrials.gov, as of 2022-10-10." in text
    assert "Not yet refreshed from the registry." in text
    assert "a mirror of the record" in text
    Trial.objects.update(refreshed_at=datetime(2026, 4, 1, tzinfo=UTC))
    assert "Refreshed on 2026-04-01." in read(client, trial)


def test_a_trial_links_to_its_registry_record_and_only_then(client: Client) -> None:
    record = "https://clinicaltrials.gov/study/"
    assert f"{record}NCT00000005" in read(client, make_trial("NCT00000005"))
    assert record not in read(client, make_trial("SCT-0005"))


def test_the_registrys_markdown_is_rendered_and_its_html_is_not(client: Client) -> None:
    summary = "* one\n* two\n\n[site](http://example.org) <script>x</script> [bad](javascript:x)"
    response = client.get(make_trial(brief_summary=summary).get_absolute_url())
    text = response.content.decode()
    assert "<li>one</li>" in text
    assert '<a href="http://example.org" rel="nofollow noopener">site</a>' in text
    assert "<script>" not in text
    assert 'href="javascript' not in text


def test_a_document_is_quoted_exactly_with_the_corrected_name_beside_it(client: Client) -> None:
    sponsor = make_sponsor("hornetcorn", name="Hornetcorn", name_zh="合一康")
    trial = make_trial(sponsor=sponsor)
    document = make_document("list")
    make_mention(trial, document, place="row 3", sponsor_words="深圳市黄蜂玉米")
    make_claim(document, words="十人中九人好转", verdict="misread").trials.add(trial)
    text = read(client, trial)
    assert '<q lang="zh-Hans">深圳市黄蜂玉米</q>' in text
    assert '<span lang="zh-Hans">合一康</span>' in text
    assert '<blockquote lang="zh-Hans">十人中九人好转</blockquote>' in text
    assert "verdict--misread" in text


def test_a_chinese_page_uses_chinese_names_where_there_are_any(client: Client) -> None:
    trial = make_trial(title="Cells", title_zh="细胞", countries=("TW",))
    text = read(client, trial, lang="zh-hans")
    assert "<h1>细胞</h1>" in text
    assert '<span lang="en">Cells</span>' in text
    assert "台湾" in text


def test_words_that_the_registry_added_are_shown_in_words(client: Client) -> None:
    fund = make_sponsor("fund", sponsor_class="CHARITABLE_FUND")
    trial = make_trial(
        status="PAUSED_BY_SPONSOR",
        study_type="PATIENT_REGISTER",
        phases=("PHASE5", "PHASE2"),
        sponsor=fund,
        enrollment_count=9,
        enrollment_type="ROUGHLY_GUESSED",
        start_date="2016",
        start_date_type="ROUGHLY_GUESSED",
        sex="ANY_SEX",
        masking="OPEN_TO_ALL",
    )
    trial.arms.create(position=0, label="A", type="HISTORICAL_CONTROL")
    trial.interventions.create(position=0, name="B", type="CELL_SHEET")
    trial.references.create(position=0, citation="C", type="PREPRINT_SERVER")
    make_site(trial, status="PAUSED_AT_SITE")
    text = read(client, trial)
    for words in (
        "Paused by sponsor", "Patient register", "Phase 2 / Phase 5", "Charitable fund",
        "Roughly guessed", "Any sex", "Open to all", "Historical control", "Cell sheet",
        "Preprint server", "Paused at site",
    ):  # fmt: skip
        assert words in text
    assert "PAUSED" not in text
    listed = unescape(client.get("/trials/").content.decode())
    for words in ("Paused by sponsor", "Phase 2 / Phase 5", "Roughly guessed"):
        assert words in listed


def test_parts_are_in_the_order_in_which_people_ask_and_listed_above(client: Client) -> None:
    trial = make_trial(
        sources=("adipose",), brief_summary="a", eligibility_criteria="b", documents=("list",)
    )
    trial.outcomes.create(position=0, kind="primary", measure="Pain")
    trial.references.create(position=0, citation="Li 2024")
    make_claim(make_document("list")).trials.add(trial)
    text = read(client, trial)
    parts = (
        "joining", "doses", "summary", "sites", "arms", "outcomes", "eligibility",
        "publications", "mentions", "claims", "changes", "similar", "cite", "record",
    )  # fmt: skip
    assert tuple(re.findall(r'<h2 id="(\w+)">', text)) == parts
    assert tuple(re.findall(r'<li><a href="#(\w+)">', text)) == parts


def test_a_part_of_which_nothing_is_known_is_left_out_above_too(client: Client) -> None:
    text = read(client, make_trial("SCT-0001"))
    assert re.findall(r'<h2 id="(\w+)">', text) == [
        "joining", "doses", "sites", "arms", "cite", "record",
    ]  # fmt: skip
    assert 'href="#similar"' not in text


def test_who_can_join_is_said_in_plain_words(client: Client) -> None:
    ages = {"minimum_age": "40 Years", "maximum_age": "75 Years"}
    trial = make_trial(**ages, healthy_volunteers=False, refreshed_at=THEN)
    make_site(trial, "CN", status="RECRUITING")
    make_site(trial, "CN", status="COMPLETED")
    text = re.sub(r"\s+", " ", re.sub("<[^>]+>", "", read(client, trial)))
    assert "It takes participants now." in text
    for words in ("Age 40 to 75 years", "Healthy volunteers no", "China (2 sites, 1 takes part"):
        assert words in re.sub("(?<=[a-z])(?=40|no )", " ", text)


@pytest.mark.parametrize(("status", "open_"), [("RECRUITING", True), ("UNKNOWN", False)])
def test_sites_take_participants_only_where_the_trial_does(
    client: Client, status: str, open_: bool
) -> None:
    trial = make_trial(status=status, refreshed_at=THEN)
    make_site(trial, "CN", status="RECRUITING", latitude=31.23, longitude=121.47)
    text = read(client, trial)
    assert ("1 takes participants" in text) is open_
    assert ("map__dot--open" in text) is open_


def test_results_that_are_posted_lead_to_the_registrys_results(client: Client) -> None:
    link = "https://clinicaltrials.gov/study/NCT00000005?tab=results"
    assert link in read(client, make_trial("NCT00000005", has_results=True))
    assert link not in read(client, make_trial("NCT00000006"))


def test_an_arm_names_what_is_given_in_it(client: Client) -> None:
    trial = make_trial()
    cells, gel = (trial.arms.create(position=n, label=f"Arm {n}") for n in range(2))
    for position, (name, arms) in enumerate((("MSC", [cells]), ("Gel", [cells, gel]))):
        trial.interventions.create(position=position, name=name).arms.set(arms)
    text = read(client, trial)
    first, second = text.split('<li class="arm ')[1:]
    given = r'<a href="#given-\d" lang="en">(\w+)</a>'
    assert re.findall(given, first) == ["MSC", "Gel"]
    assert re.findall(given, second) == ["Gel"]
    assert '<div id="given-1">' in text


def test_criteria_are_parted_into_those_of_inclusion_and_of_exclusion(client: Client) -> None:
    criteria = "Inclusion Criteria:\n\n* Knee pain\n\nExclusion Criteria:\n\n* Infection"
    text = read(client, make_trial(eligibility_criteria=criteria))
    inside, outside = text.split('class="criteria__part ')[1:]
    assert "<li>Knee pain</li>" in inside
    assert "<li>Infection</li>" in outside


def test_sites_with_coordinates_are_on_a_map_and_others_have_none(client: Client) -> None:
    trial = make_trial()
    make_site(trial, city="Beijing")
    assert "<svg viewBox" not in read(client, trial).partition("<main")[2]
    make_site(trial, city="Shanghai", latitude=31.23, longitude=121.47)
    text = read(client, trial)
    assert '<circle class="map__dot" cx="121.5" cy="-32.9"' in text
    assert "1 site has no known coordinates" in text


def test_sites_that_take_participants_come_first_and_many_are_folded(client: Client) -> None:
    trial = make_trial()
    for n in range(12):
        make_site(trial, facility=f"Clinic {n:02}", status="RECRUITING" if n == 11 else "")
    text = read(client, trial)
    place = text[text.index('class="place"') :]
    assert re.findall(r"Clinic \d\d", place)[:2] == ["Clinic 11", "Clinic 00"]
    assert "4 more sites" in place


def test_the_latest_changes_are_told_in_brief_with_a_way_to_all(client: Client) -> None:
    trial = make_trial()
    for day in range(1, 6):
        seen = datetime(2026, 4, day, tzinfo=UTC)
        make_change(trial, old="RECRUITING", new="COMPLETED", seen_at=seen)
    part = read(client, trial).partition('<h2 id="changes">')[2].partition("</section>")[0]
    assert re.findall(r">(2026-04-\d\d)<", part) == ["2026-04-05", "2026-04-04", "2026-04-03"]
    assert "Recruiting" in part
    assert f'href="{trial.get_absolute_url()}changes/"' in part


def test_a_page_is_shared_with_its_title_words_and_one_address(client: Client) -> None:
    trial = make_trial("NCT00000005", title='Cells "for" <knees>')
    text = client.get(trial.get_absolute_url(), {"lang": "en"}).content.decode()
    told = dict(re.findall(r'<meta property="og:(\w+)" content="([^"]*)">', text))
    assert told["title"] == "Cells &quot;for&quot; &lt;knees&gt;"
    assert told["url"] == "http://127.0.0.1:8000/trials/NCT00000005/"
    assert told["description"].startswith("NCT00000005: Recruiting.")
