"""What differs between two versions of a study, and whether a reader learns anything from it."""

import json
from dataclasses import fields, replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.records import study_record
from trials.refresh.changes import Change, compare
from trials.registry.arms import Arm, Intervention
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
from trials.vocabulary import ChangeKind

STUDY = parse_study(study_record("NCT90000001"))


def kinds(new: Study, old: Study = STUDY) -> dict[str, str]:
    """The changed fields, each with its kind."""
    return {change.field: str(change.kind) for change in compare(old, new)}


def of(old: Any, new: Any, field: str) -> str | None:
    """The kind of a change of this field from one value to another; None where there is none."""
    before, after = replace(STUDY, **{field: old}), replace(STUDY, **{field: new})
    return kinds(after, before).get(field)


SITE = Location("Harbour Hospital", "Taipei", "", "Taiwan", "TW", None, None, "RECRUITING")
ARM = Arm("Cells", "EXPERIMENTAL", "One injection")
CONTROL = Arm("Salt water", "PLACEBO_COMPARATOR", "")
CELLS = Intervention("BIOLOGICAL", "Cells", "2 x 10^6", ("MSC", "BM-MSC"), ("Cells",), (0,))
PAIN = Outcome("primary", "Pain", "0 to 10", "1 year")
WALK = Outcome("secondary", "Walking", "", "1 year")
PAPER = Reference("100001", "BACKGROUND", "Knees. 2001;1:1.", ())
UNLISTED = Reference("", "BACKGROUND", "Knees. 2001;1:1.", ())
LTD = Sponsor("Tideway Cells, Ltd.", "INDUSTRY")
CLINIC = Sponsor("A Clinic", "OTHER")
GRANT = SecondaryId("30902", "OTHER_GRANT", "Ministry of Food", "https://example.org/1")

COSMETIC = [
    ("title", "Cells – “early”", 'Cells - "early"'),
    ("official_title", "Cells for pain > 3", "Cells for pain \\> 3"),
    ("acronym", "ＭＳＣ", "MSC"),
    ("why_stopped", "No  funds", "No funds"),
    ("brief_summary", "* one\n* two", "one\n\ntwo"),
    ("detailed_description", "2 x 10\\^6", "2 × 10⁶"),
    ("eligibility_criteria", "1. pain &gt; 3\n2. age ≥ 18", "* pain > 3\n* age ≥18"),
    ("minimum_age", "18  Years", "18 Years"),
    ("conditions", ("Knee", "Hip"), ("Hip", "Knee")),
    ("keywords", ("stem\u00a0cell",), ("stem cell",)),
    ("phases", ("PHASE1", "PHASE2"), ("PHASE2", "PHASE1")),
    ("aliases", ("NCT90000002", "NCT90000003"), ("NCT90000003", "NCT90000002")),
    ("removed_countries", ("US", "DE"), ("DE", "US")),
    ("lead_sponsor", LTD, replace(LTD, name="TIDEWAY CELLS LTD")),
    ("lead_sponsor", replace(LTD, name="Cell & Gene"), replace(LTD, name="Cell and Gene")),
    ("collaborators", (LTD, CLINIC), (CLINIC, replace(LTD, name="Tideway Cells Ltd"))),
    ("secondary_ids", (GRANT,), (replace(GRANT, link="https://example.org/2"),)),
    ("arms", (ARM, CONTROL), (CONTROL, ARM)),
    ("arms", (ARM,), (replace(ARM, description="* One injection"),)),
    ("interventions", (CELLS,), (replace(CELLS, description="2 x 10\\^6"),)),
    ("interventions", (CELLS,), (replace(CELLS, other_names=("BM-MSC", "MSC")),)),
    ("interventions", (CELLS,), (replace(CELLS, arm_labels=("Cells", "No arm")),)),
    ("outcomes", (PAIN, WALK), (WALK, PAIN)),
    ("outcomes", (PAIN,), (replace(PAIN, description="0\nto\n10"),)),
    ("locations", (SITE, replace(SITE, city="Hualien")), (replace(SITE, city="Hualien"), SITE)),
    ("locations", (SITE,), (replace(SITE, state="Taipei City", latitude=25.1, longitude=121.5),)),
    ("locations", (SITE,), (replace(SITE, country="Taiwan, Province of China"),)),
    ("references", (PAPER, UNLISTED), (UNLISTED, PAPER)),
    ("references", (PAPER,), (replace(PAPER, citation="Knees. 2001;1:1. Epub 2001 Jan 1."),)),
    # what the registry works out by itself, and its own book-keeping
    ("condition_meshes", (), (Mesh("D010003", "Osteoarthritis"),)),
    ("intervention_meshes", (Mesh("D010003", "Cells"),), ()),
    ("std_ages", ("ADULT",), ("ADULT", "OLDER_ADULT")),
    ("minimum_age_days", 6570, 6575),
    ("maximum_age_days", None, 27375),
    ("status_verified", "2024-02", "2024-03"),
    ("first_posted", None, date(2023, 3, 9)),
    ("last_updated", date(2024, 2, 12), date(2024, 3, 1)),
    ("results_first_posted", None, date(2024, 3, 1)),
]


@pytest.mark.parametrize(("field", "old", "new"), COSMETIC)
def test_what_tells_a_reader_nothing_is_cosmetic(field: str, old: Any, new: Any) -> None:
    assert of(old, new, field) == "cosmetic"
    assert of(new, old, field) == "cosmetic"


MATERIAL = [
    ("registry_id", "NCT90000001", "NCT90000002"),
    ("aliases", (), ("NCT90000003",)),
    ("title", "Cells for Knees", "Cells for knees"),
    ("official_title", "", "Cells"),
    ("acronym", "MARKNEE", ""),
    ("org_study_id", "KNEE-01", "KNEE-02"),
    ("secondary_ids", (GRANT,), ()),
    ("secondary_ids", (GRANT,), (replace(GRANT, id="30903"),)),
    ("secondary_ids", (GRANT,), (replace(GRANT, type="EUDRACT_NUMBER"),)),
    ("status", "RECRUITING", "COMPLETED"),
    ("last_known_status", "", "RECRUITING"),
    ("why_stopped", "", "No funds"),
    ("start_date", "2026-03", "2026-03-15"),
    ("start_date", "2026-03-15", "2026-03"),
    ("start_date_type", "ESTIMATED", "ACTUAL"),
    ("primary_completion_date", "2026-03", "2027-03"),
    ("primary_completion_date_type", "ESTIMATED", "ACTUAL"),
    ("completion_date", "", "2027"),
    ("completion_date_type", "", "ACTUAL"),
    ("has_results", False, True),
    ("lead_sponsor", LTD, CLINIC),
    ("lead_sponsor", LTD, replace(LTD, sponsor_class="OTHER")),
    ("lead_sponsor", LTD, None),
    ("collaborators", (), (LTD,)),
    ("collaborators", (LTD,), (replace(LTD, name="Tideway Cells 2 Ltd"),)),
    ("brief_summary", "is safe", "is not safe"),
    ("detailed_description", "2 x 10^6", "2 x 10^7"),
    ("eligibility_criteria", "pain \\> 3", "pain \\< 3"),
    ("conditions", ("Knee",), ("Knee", "Hip")),
    ("keywords", ("MSC",), ()),
    ("study_type", "INTERVENTIONAL", "OBSERVATIONAL"),
    ("phases", ("PHASE1",), ("PHASE1", "PHASE2")),
    ("allocation", "RANDOMIZED", "NON_RANDOMIZED"),
    ("intervention_model", "PARALLEL", "CROSSOVER"),
    ("primary_purpose", "TREATMENT", "PREVENTION"),
    ("masking", "QUADRUPLE", "DOUBLE"),
    ("observational_model", "", "COHORT"),
    ("time_perspective", "PROSPECTIVE", "RETROSPECTIVE"),
    ("enrollment", Enrollment(40, "ESTIMATED"), Enrollment(40, "ACTUAL")),
    ("enrollment", Enrollment(40, "ACTUAL"), Enrollment(0, "ACTUAL")),
    ("enrollment", Enrollment(0, "ACTUAL"), Enrollment(None, "")),
    ("arms", (ARM,), (replace(ARM, label="Cell"),)),
    ("arms", (ARM,), (replace(ARM, type="OTHER"),)),
    ("arms", (ARM,), (replace(ARM, description="2 injections"),)),
    ("interventions", (CELLS,), ()),
    ("interventions", (CELLS,), (replace(CELLS, type="DRUG"),)),
    ("interventions", (CELLS,), (replace(CELLS, description="2 x 10^7"),)),
    ("interventions", (CELLS,), (replace(CELLS, other_names=("MSC",)),)),
    ("interventions", (CELLS,), (replace(CELLS, arms=(0, 1)),)),
    ("outcomes", (PAIN,), (replace(PAIN, kind="secondary"),)),
    ("outcomes", (PAIN,), (replace(PAIN, time_frame="2 years"),)),
    ("outcomes", (PAIN, WALK), (PAIN,)),
    ("healthy_volunteers", None, False),
    ("sex", "ALL", "FEMALE"),
    ("minimum_age", "18 Years", "18 Months"),
    ("maximum_age", "75 Years", ""),
    ("locations", (SITE,), (replace(SITE, facility="Lake Hospital"),)),
    ("locations", (SITE,), (replace(SITE, city="Tainan"),)),
    ("locations", (SITE,), (replace(SITE, country_code="CN"),)),
    ("locations", (SITE,), (replace(SITE, status="COMPLETED"),)),
    ("locations", (SITE, SITE), (SITE,)),
    (
        "locations",
        (replace(SITE, country="Yugoslavia", country_code=""),),
        (replace(SITE, country="Serbia and Montenegro", country_code=""),),
    ),
    ("removed_countries", (), ("DE",)),
    ("references", (), (PAPER,)),
    ("references", (PAPER,), (replace(PAPER, type="RESULT"),)),
    ("references", (PAPER,), (replace(PAPER, pmid="100002"),)),
    ("references", (PAPER,), (replace(PAPER, retractions=("Knees. 2002.",)),)),
    ("references", (UNLISTED,), (replace(UNLISTED, citation="Knees. 2001;1:2."),)),
]


@pytest.mark.parametrize(("field", "old", "new"), MATERIAL)
def test_news_is_material(field: str, old: Any, new: Any) -> None:
    assert of(old, new, field) == "material"
    assert of(new, old, field) == "material"


def test_every_field_of_a_study_is_decided_on() -> None:
    decided = {field for field, _old, _new in (*COSMETIC, *MATERIAL)}
    assert {field.name for field in fields(Study)} - decided == {"version_date", "unknown_values"}


def test_the_date_of_the_copy_is_no_change() -> None:
    assert kinds(replace(STUDY, version_date=date(2030, 1, 1), unknown_values=())) == {}


def test_a_field_that_differs_in_both_ways_is_material() -> None:
    assert of("pain > 3\nage 18", "* pain \\> 3\n* age 19", "eligibility_criteria") == "material"


def test_arms_in_another_order_leave_their_interventions_alone() -> None:
    before = replace(STUDY, arms=(ARM, CONTROL), interventions=(CELLS,))
    after = replace(STUDY, arms=(CONTROL, ARM), interventions=(replace(CELLS, arms=(1,)),))
    assert kinds(after, before) == {"arms": "cosmetic", "interventions": "cosmetic"}


def test_an_intervention_that_is_given_to_another_arm_is_news() -> None:
    before = replace(STUDY, arms=(ARM, CONTROL), interventions=(CELLS,))
    after = replace(before, interventions=(replace(CELLS, arms=(1,)),))
    assert kinds(after, before) == {"interventions": "material"}


def test_changes_are_as_json_has_them_and_in_the_studys_order() -> None:
    after = replace(
        STUDY, status="COMPLETED", last_updated=date(2024, 3, 1), arms=(ARM,), locations=()
    )
    assert [change.field for change in compare(STUDY, after)] == [
        "status",
        "last_updated",
        "arms",
        "locations",
    ]
    assert compare(replace(after, arms=(CONTROL,)), after) == (
        Change(
            "arms",
            [{"label": "Salt water", "type": "PLACEBO_COMPARATOR", "description": ""}],
            [{"label": "Cells", "type": "EXPERIMENTAL", "description": "One injection"}],
            ChangeKind.MATERIAL,
        ),
    )
    assert compare(STUDY, after)[1].new == "2024-03-01"


# --- Whole records

RECORD = study_record(
    "NCT90000001",
    eligibilityModule={
        "eligibilityCriteria": "Inclusion Criteria:\n\n* pain \\> 3 for 6 months\n* age ≥ 18"
    },
    descriptionModule={"briefSummary": "Cells (2 x 10\\^6) of “her own” fat – one dose."},
)


def rewritten(record: Any, way: str) -> Any:
    """The record with every text of its own words in another spelling."""
    text = json.dumps(record)
    changes = {
        "escapes": (("\\\\>", ">"), ("\\\\^", "^")),
        "bullets": (("\\n* ", "\\n")),
        "country": (('"Taiwan"', '"Taiwan, Province of China"'),),
        "dashes": (("\\u2013", "-"), ("\\u201c", '\\"'), ("\\u201d", '\\"')),
        "blanks": ((" for ", "\\u00a0for  "),),
        "entities": (("\\\\>", "&gt;"),),
    }[way]
    pairs = (changes,) if isinstance(changes[0], str) else changes
    for old, new in pairs:
        assert old in text
        text = text.replace(old, new)
    return json.loads(text)


WAYS = ["escapes", "bullets", "country", "dashes", "blanks", "entities"]


@pytest.mark.parametrize("way", WAYS)
def test_a_record_that_is_only_rewritten_has_no_news(way: str) -> None:
    found = set(kinds(parse_study(rewritten(RECORD, way)), parse_study(RECORD)).values())
    assert found == {"cosmetic"}


@given(way=st.sampled_from(WAYS), digit=st.integers(0, 9).filter(lambda digit: digit != 6))
def test_a_record_that_is_rewritten_and_says_something_else_has_news(way: str, digit: int) -> None:
    new = rewritten(RECORD, way)
    eligibility = new["protocolSection"]["eligibilityModule"]
    eligibility["eligibilityCriteria"] = eligibility["eligibilityCriteria"].replace("6", str(digit))
    found = kinds(parse_study(new), parse_study(RECORD))
    assert found["eligibility_criteria"] == "material"


PAIRS = ("NCT04042844", "NCT04137562")
RECORDS = Path(__file__).parents[4] / "shared" / "registry" / "records"


@pytest.mark.records
@pytest.mark.skipif(not RECORDS.is_dir(), reason="no real study records beside the project")
def test_two_real_versions_of_a_record_differ_in_what_a_reader_sees() -> None:
    found = [kinds(*(_real(folder, number) for folder in ("served", "msc"))) for number in PAIRS]
    assert found == [
        {
            "status_verified": "cosmetic",
            "last_updated": "cosmetic",
            "masking": "material",
            "interventions": "material",
            "outcomes": "material",
            "eligibility_criteria": "material",
            "locations": "material",
        },
        {
            "secondary_ids": "material",
            "status": "material",
            "status_verified": "cosmetic",
            "primary_completion_date": "material",
            "primary_completion_date_type": "material",
            "completion_date": "material",
            "last_updated": "cosmetic",
            "condition_meshes": "cosmetic",
            "enrollment": "material",
            "arms": "cosmetic",
            "interventions": "material",
            "eligibility_criteria": "cosmetic",
            "locations": "material",
            "references": "material",
        },
    ]


def _real(folder: str, number: str) -> Study:
    return parse_study(json.loads((RECORDS / folder / f"{number}.json").read_text("utf-8")))
