"""What is read from a study record, and what is done about what cannot be read."""

from datetime import date
from time import perf_counter
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.records import study_record
from trials.registry.ages import age_in_days
from trials.registry.arms import Arm, Intervention
from trials.registry.errors import UnusableRecord
from trials.registry.fields import LONGEST_WORD, UnknownValue
from trials.registry.places import Location
from trials.registry.study import (
    Enrollment,
    Mesh,
    Outcome,
    Reference,
    SecondaryId,
    Sponsor,
    Study,
    parse_study,
)

NUMBER = "NCT00000011"


def parsed(**changes: Any) -> Study:
    return parse_study(study_record(NUMBER, **changes))


def test_a_whole_record_is_read() -> None:
    study = parsed()

    assert study == Study(
        registry_id=NUMBER,
        aliases=(),
        title="Marrow Cells for Painful Knees",
        official_title="A Controlled Trial of Marrow Cells in People With Painful Knees",
        acronym="MARKNEE",
        org_study_id="KNEE-01",
        secondary_ids=(),
        status="RECRUITING",
        last_known_status="",
        why_stopped="",
        status_verified="2024-02",
        start_date="2023-05",
        start_date_type="ACTUAL",
        primary_completion_date="2025-06-30",
        primary_completion_date_type="ESTIMATED",
        completion_date="2026",
        completion_date_type="ESTIMATED",
        first_posted=date(2023, 3, 9),
        last_updated=date(2024, 2, 12),
        results_first_posted=None,
        has_results=False,
        version_date=date(2024, 2, 15),
        lead_sponsor=Sponsor("Harbour Hospital", "OTHER"),
        collaborators=(Sponsor("Tideway Cells Ltd", "INDUSTRY"),),
        brief_summary="Does one injection of cells ease pain?",
        detailed_description="Cells are taken from the hip bone.\n\n* one dose\n* pain \\> 3",
        conditions=("Knee Osteoarthritis",),
        keywords=("marrow", "pain"),
        condition_meshes=(Mesh("D020370", "Osteoarthritis, Knee"),),
        intervention_meshes=(),
        study_type="INTERVENTIONAL",
        phases=("PHASE1", "PHASE2"),
        allocation="RANDOMIZED",
        intervention_model="PARALLEL",
        primary_purpose="TREATMENT",
        masking="DOUBLE",
        observational_model="",
        time_perspective="",
        enrollment=Enrollment(40, "ESTIMATED"),
        arms=(
            Arm("Cells", "EXPERIMENTAL", "One injection"),
            Arm("Salt water", "PLACEBO_COMPARATOR", ""),
        ),
        interventions=(
            Intervention(
                type="BIOLOGICAL",
                name="Marrow cells",
                description="20 million cells into the joint",
                other_names=("BM-MSC",),
                arm_labels=("Cells",),
                arms=(0,),
            ),
            Intervention("OTHER", "Saline", "", (), ("Salt water",), (1,)),
        ),
        outcomes=(
            Outcome("primary", "Pain", "0 to 10", "1 year"),
            Outcome("secondary", "Walking", "", "1 year"),
        ),
        eligibility_criteria="Inclusion Criteria:\n\n* pain for 6 months",
        healthy_volunteers=False,
        sex="ALL",
        minimum_age="18 Years",
        maximum_age="75 Years",
        minimum_age_days=6574,
        maximum_age_days=27393,
        std_ages=("ADULT", "OLDER_ADULT"),
        locations=(
            Location(
                facility="Harbour Hospital",
                city="Taipei",
                state="",
                country="Taiwan",
                country_code="TW",
                latitude=25.05,
                longitude=121.53,
                status="RECRUITING",
            ),
        ),
        removed_countries=(),
        references=(Reference("100001", "BACKGROUND", "Knees. 2001;1:1.", ()),),
        unknown_values=(),
    )


def test_a_record_of_number_and_title_alone_is_read() -> None:
    identification = {"nctId": NUMBER, "briefTitle": "Knees"}

    study = parse_study({"protocolSection": {"identificationModule": identification}})

    assert (study.status, study.phases, study.enrollment, study.lead_sponsor, study.sex) == (
        "",
        (),
        Enrollment(None, ""),
        None,
        "",
    )


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (None, "A record without a number: “” is no NCT number"),
        ([], "A record without a number: the record is not an object"),
        ("NCT00000011", "A record without a number: the record is not an object"),
        ({}, "A record without a number: “” is no NCT number"),
        ({"protocolSection": []}, "A record without a number: protocolSection is not an object"),
        (study_record("NCT00000000"), "A record without a number: “NCT00000000” is no NCT number"),
        (study_record("ISRCTN1"), "A record without a number: “ISRCTN1” is no NCT number"),
        (
            study_record(NUMBER, identificationModule={"briefTitle": " ", "officialTitle": None}),
            "NCT00000011: it has neither a brief nor an official title",
        ),
        (
            study_record(NUMBER, designModule="PHASE1"),
            "NCT00000011: protocolSection.designModule is not an object",
        ),
        (
            study_record(NUMBER, outcomesModule={"primaryOutcomes": {"measure": "Pain"}}),
            "NCT00000011: protocolSection.outcomesModule.primaryOutcomes is not a list",
        ),
        (
            study_record(NUMBER, conditionsModule={"conditions": "Knee"}),
            "NCT00000011: protocolSection.conditionsModule.conditions is not a list",
        ),
        (
            study_record(NUMBER, armsInterventionsModule={"armGroups": ["Cells"]}),
            "NCT00000011: protocolSection.armsInterventionsModule.armGroups is not an object",
        ),
    ],
)
def test_a_record_that_cannot_be_used_says_why(raw: object, words: str) -> None:
    with pytest.raises(UnusableRecord) as caught:
        parse_study(raw)

    assert str(caught.value) == words


def test_numbers_get_their_proper_spelling() -> None:
    study = parse_study(study_record("nct11"))

    assert study.registry_id == NUMBER


def test_aliases_are_other_numbers_each_once() -> None:
    aliases = ["NCT00000012", "NCT00000012", NUMBER, "old-1"]

    study = parsed(identificationModule={"nctIdAliases": aliases})

    assert study.aliases == ("NCT00000012",)
    assert study.unknown_values == (
        UnknownValue("protocolSection.identificationModule.nctIdAliases", "old-1"),
    )


def test_secondary_numbers_are_read_each_once() -> None:
    one = {"id": "2020-001", "type": "EUDRACT_NUMBER"}

    study = parsed(identificationModule={"secondaryIdInfos": [one, one, {"type": "OTHER"}]})

    assert study.secondary_ids == (SecondaryId("2020-001", "EUDRACT_NUMBER", "", ""),)


@pytest.mark.parametrize(
    ("info", "enrollment"),
    [
        (None, Enrollment(None, "")),
        ({}, Enrollment(None, "")),
        ({"count": 0, "type": "ACTUAL"}, Enrollment(0, "ACTUAL")),
        ({"count": 12}, Enrollment(12, "")),
        ({"count": "12", "type": "ACTUAL"}, Enrollment(12, "ACTUAL")),
        ({"count": 2_000_000}, Enrollment(2_000_000, "")),
        ({"count": 99_999_999, "type": "ESTIMATED"}, Enrollment(None, "ESTIMATED")),
    ],
)
def test_enrollment_that_is_not_known_is_none_and_never_zero(
    info: object, enrollment: Enrollment
) -> None:
    study = parsed(designModule={"enrollmentInfo": info})

    assert (study.enrollment, study.unknown_values) == (enrollment, ())


@pytest.mark.parametrize("count", [-1, 2**31, 1.5, True, "many", [], float("nan")])
def test_enrollment_that_is_no_count_is_reported(count: object) -> None:
    study = parsed(designModule={"enrollmentInfo": {"count": count}})

    assert study.enrollment == Enrollment(None, "")
    assert [unknown.path for unknown in study.unknown_values] == [
        "protocolSection.designModule.enrollmentInfo.count"
    ]


@pytest.mark.parametrize("phases", [None, []])
def test_a_study_may_have_no_phases(phases: object) -> None:
    study = parsed(designModule={"phases": phases})

    assert study.phases == ()


def test_a_phase_that_does_not_apply_is_a_phase() -> None:
    study = parsed(designModule={"phases": ["NA"]})

    assert study.phases == ("NA",)


def test_a_word_that_is_new_at_the_registry_is_kept_and_reported() -> None:
    study = parsed(
        statusModule={"overallStatus": "PAUSED_BY_SPONSOR"},
        designModule={"phases": ["PHASE2", "PHASE5", "PHASE2"]},
    )

    assert (study.status, study.phases) == ("PAUSED_BY_SPONSOR", ("PHASE2", "PHASE5"))
    assert study.unknown_values == (
        UnknownValue("protocolSection.statusModule.overallStatus", "PAUSED_BY_SPONSOR"),
        UnknownValue("protocolSection.designModule.phases", "PHASE5"),
    )


@pytest.mark.parametrize(
    "value",
    [
        "paused",
        "ON HOLD",
        "1ST",
        "_PAUSED",
        "PAUSED\n",
        "ＰＡＵＳＥＤ",
        "P" * 41,
        3,
        True,
        {"a": 1},
    ],
)
def test_what_is_no_word_of_the_registry_is_left_out_and_reported(value: object) -> None:
    study = parsed(statusModule={"overallStatus": value})

    assert study.status == ""
    assert [unknown.path for unknown in study.unknown_values] == [
        "protocolSection.statusModule.overallStatus"
    ]


def test_the_longest_word_that_a_column_holds_is_kept() -> None:
    assert parsed(statusModule={"overallStatus": "P" * LONGEST_WORD}).status == "P" * 40


def test_an_unknown_status_keeps_the_last_known_one() -> None:
    study = parsed(statusModule={"overallStatus": "UNKNOWN", "lastKnownStatus": "RECRUITING"})

    assert (study.status, study.last_known_status) == ("UNKNOWN", "RECRUITING")


@pytest.mark.parametrize("text", ["2016", "2016-03", "2016-03-15", "2016-02-29"])
def test_dates_stay_as_they_came(text: str) -> None:
    study = parsed(statusModule={"startDateStruct": {"date": text}})

    assert (study.start_date, study.start_date_type) == (text, "")


@pytest.mark.parametrize("text", ["2015-02-29", "2016-13", "March 2016", "16", "0000", "２０１６"])
def test_a_date_that_is_none_is_left_out_and_reported(text: str) -> None:
    study = parsed(statusModule={"startDateStruct": {"date": text}})

    assert study.start_date == ""
    assert study.unknown_values == (
        UnknownValue("protocolSection.statusModule.startDateStruct.date", text),
    )


def test_a_day_of_posting_that_is_only_a_month_is_left_out_and_reported() -> None:
    study = parsed(statusModule={"lastUpdatePostDateStruct": {"date": "2024-02"}})

    assert study.last_updated is None
    assert study.unknown_values == (
        UnknownValue("protocolSection.statusModule.lastUpdatePostDateStruct.date", "2024-02"),
    )


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("18 Years", 6574),
        ("1 Year", 365),
        ("6 Months", 182),
        ("2 Weeks", 14),
        ("30 Days", 30),
        ("23 Hours", 0),
        ("90 Minutes", 0),
        ("N/A", None),
        ("", None),
        ("999 Years", None),
        ("eighteen", None),
    ],
)
def test_ages_become_days(text: str, days: int | None) -> None:
    assert age_in_days(text) == days


@pytest.mark.parametrize(("text", "reports"), [("N/A", 0), ("18 Springs", 1), ("999 Years", 1)])
def test_an_age_that_is_none_is_kept_as_text_and_reported(text: str, reports: int) -> None:
    study = parsed(eligibilityModule={"minimumAge": text})

    assert (study.minimum_age, study.minimum_age_days) == (text, None)
    assert len(study.unknown_values) == reports


def test_what_cannot_be_stored_is_taken_out_of_texts() -> None:
    study = parsed(identificationModule={"briefTitle": "Kn\x00ees \ud800and \U0001f9b5\x07 discs"})

    assert study.title == "Knees and \U0001f9b5 discs"


def test_markdown_and_entities_stay_as_they_came() -> None:
    text = "  * pain \\> 3 &amp; <b>less</b>\n"

    study = parsed(descriptionModule={"briefSummary": text})

    assert study.brief_summary == text


def test_a_text_of_a_megabyte_is_kept_whole() -> None:
    text = "x" * 1_000_000

    study = parsed(descriptionModule={"detailedDescription": text})

    assert study.detailed_description == text


def test_a_number_where_a_text_should_be_is_its_digits() -> None:
    study = parsed(referencesModule={"references": [{"pmid": 123, "citation": "Knees."}]})

    assert study.references == (Reference("123", "", "Knees.", ()),)


def test_a_retraction_is_seen() -> None:
    retraction = {"pmid": "7", "source": "Knees. 2003;2:2"}
    reference = {"pmid": "6", "type": "RESULT", "citation": "Knees.", "retractions": [retraction]}

    study = parsed(referencesModule={"references": [reference, reference]})

    assert study.references == (Reference("6", "RESULT", "Knees.", ("Knees. 2003;2:2",)),)
    assert study.references[0].retracted is True


def test_a_sponsor_is_a_collaborator_once() -> None:
    twice = [{"name": "Tideway", "class": "INDUSTRY"}, {"name": "Tideway ", "class": "OTHER"}, {}]

    study = parsed(sponsorCollaboratorsModule={"collaborators": twice})

    assert study.collaborators == (Sponsor("Tideway", "INDUSTRY"),)


@pytest.mark.parametrize(
    "point",
    [None, {}, {"lat": 1.0}, {"lat": 91.0, "lon": 1.0}, {"lat": float("nan"), "lon": float("inf")}],
)
def test_a_site_without_both_coordinates_has_none(point: object) -> None:
    site = {"city": "Taipei", "country": "Taiwan", "geoPoint": point}

    study = parsed(contactsLocationsModule={"locations": [site]})

    assert study.locations == (Location("", "Taipei", "", "Taiwan", "TW", None, None, ""),)


def test_two_sites_that_look_the_same_are_two() -> None:
    site = {"facility": "Research Site", "city": "Taipei", "country": "Taiwan"}

    study = parsed(contactsLocationsModule={"locations": [site, site]})

    assert len(study.locations) == 2


def test_a_country_that_is_not_known_keeps_its_name_and_is_reported() -> None:
    sites = [{"country": "Atlantis"}, {"country": "Former Yugoslavia"}]

    study = parsed(contactsLocationsModule={"locations": sites})

    assert [(site.country, site.country_code) for site in study.locations] == [
        ("Atlantis", ""),
        ("Former Yugoslavia", ""),
    ]
    assert study.unknown_values == (
        UnknownValue("protocolSection.contactsLocationsModule.locations.country", "Atlantis"),
    )


def test_removed_countries_are_codes() -> None:
    study = parsed(miscInfoModule={"removedCountries": ["Turkey", "Turkey (Türkiye)", "France"]})

    assert study.removed_countries == ("TR", "FR")


def test_interventions_find_their_arms_by_the_arms_words_where_they_name_none() -> None:
    arms = [
        {"label": "Cells", "interventionNames": ["Biological: Cells: batch 1", "Drug: Paste"]},
        {"label": "Pills", "interventionNames": ["Dietary Supplement: Paste", "Walking"]},
    ]
    interventions = [
        {"type": "BIOLOGICAL", "name": "Cells: batch 1"},
        {"type": "DRUG", "name": "Paste"},
        {"type": "DIETARY_SUPPLEMENT", "name": "Paste"},
        {"name": "Walking"},
        {"type": "OTHER", "name": "Nothing", "armGroupLabels": ["No such arm"]},
    ]

    study = parsed(
        armsInterventionsModule={"armGroups": arms, "interventions": interventions},
    )

    assert [one.arms for one in study.interventions] == [(0,), (0,), (1,), (1,), ()]


def test_an_interventions_own_list_of_arms_comes_first() -> None:
    arms = [
        {"label": "A", "interventionNames": ["Drug: Placebo"]},
        {"label": "B", "interventionNames": ["Drug: Placebo"]},
    ]
    interventions = [
        {"type": "DRUG", "name": "Placebo", "description": "pill", "armGroupLabels": ["A"]},
        {"type": "DRUG", "name": "Placebo", "description": "drip", "armGroupLabels": ["B", "B"]},
    ]

    study = parsed(
        armsInterventionsModule={"armGroups": arms, "interventions": interventions},
    )

    assert [one.arms for one in study.interventions] == [(0,), (1,)]


def test_arms_and_interventions_that_say_the_same_are_one() -> None:
    arm = {"label": "Cells", "type": "EXPERIMENTAL"}
    intervention = {"type": "DRUG", "name": "Cells", "armGroupLabels": ["Cells"]}

    study = parsed(
        armsInterventionsModule={
            "armGroups": [arm, arm],
            "interventions": [intervention, intervention],
        },
    )

    assert (len(study.arms), [one.arms for one in study.interventions]) == (1, [(0,)])


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters()),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)


def _places(value: Any) -> list[tuple[Any, Any]]:
    """Every place in a record where something stands: its container and its key."""
    keys = list(value) if isinstance(value, dict) else range(len(value))
    places: list[tuple[Any, Any]] = []
    for key in keys:
        places.append((value, key))
        if isinstance(value[key], dict | list):
            places.extend(_places(value[key]))
    return places


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_no_record_raises_anything_but_unusable_record(data: st.DataObject) -> None:
    raw: Any = study_record(NUMBER)
    for _ in range(data.draw(st.integers(1, 3))):
        container, key = data.draw(st.sampled_from(_places(raw)))
        container[key] = data.draw(JSON)

    try:
        outcome: object = parse_study(raw)
    except UnusableRecord as error:
        outcome = error

    assert isinstance(outcome, Study | UnusableRecord)
    hash(outcome)


@given(JSON)
def test_no_json_at_all_raises_anything_but_unusable_record(raw: object) -> None:
    with pytest.raises(UnusableRecord):
        parse_study(raw)


@pytest.mark.records
def test_every_real_record_is_read_with_nothing_left_out(real_records: list[Any]) -> None:
    began = perf_counter()

    studies = [parse_study(raw) for raw in real_records]

    assert perf_counter() - began < len(real_records) / 100
    assert {unknown for study in studies for unknown in study.unknown_values} == set()
    assert [study.registry_id for study in studies] == [
        raw["protocolSection"]["identificationModule"]["nctId"] for raw in real_records
    ]
