"""An upstream change that empties a field ends the run before anything is published."""

import pytest

from tests.records import study_record
from tests.trials.refresh.test_refresh import load
from trials.models import RefreshRun, Trial
from trials.refresh.health import REQUIRED, USUAL, Gate, fill_rates
from trials.registry.study import parse_study

pytestmark = pytest.mark.usefixtures("vocabularies")

EMPTY = {
    "org_study_id": {"identificationModule": {"orgStudyIdInfo": None}},
    "status": {"statusModule": {"overallStatus": None}},
    "lead_sponsor": {"sponsorCollaboratorsModule": {"leadSponsor": None}},
    "brief_summary": {"descriptionModule": {"briefSummary": None}},
    "conditions": {"conditionsModule": {"conditions": []}},
    "study_type": {"designModule": {"studyType": None}},
    "first_posted": {"statusModule": {"studyFirstPostDateStruct": None}},
    "last_updated": {"statusModule": {"lastUpdatePostDateStruct": None}},
    "arms": {"armsInterventionsModule": {"armGroups": None}},
    "interventions": {"armsInterventionsModule": {"interventions": None}},
    "outcomes": {"outcomesModule": None},
    "eligibility_criteria": {"eligibilityModule": {"eligibilityCriteria": None}},
    "locations": {"contactsLocationsModule": {"locations": None}},
}


def numbers(count: int) -> list[str]:
    return [f"NCT9{n:07d}" for n in range(1, count + 1)]


@pytest.mark.parametrize("field", REQUIRED)
def test_a_required_field_that_empties_ends_the_run_and_is_named(tmp_path, field):
    good = [study_record(number) for number in numbers(27)]
    emptied = [study_record(f"NCT8000000{n}", **EMPTY[field]) for n in (1, 2, 3)]

    report = load(tmp_path, *good, *emptied)

    assert report.status == "failed"
    assert f"{field} is empty in 3 of 30 records" in report.message
    assert not Trial.objects.exists()
    assert RefreshRun.objects.get().status == "failed"


@pytest.mark.parametrize(
    "form", [{"identificationModule": []}, {"designModule": "text"}, {"statusModule": [1]}]
)
def test_records_of_another_shape_end_the_run_if_they_are_many(tmp_path, form):
    good = [study_record(number) for number in numbers(27)]
    others = [study_record(f"NCT8000000{n}") | {"protocolSection": form} for n in (1, 2, 3)]

    report = load(tmp_path, *good, *others)

    assert report.status == "failed"
    assert "3 of 30 records cannot be read: their form has changed" in report.message
    assert not Trial.objects.exists()


def test_a_few_odd_records_are_no_change_of_form(tmp_path):
    good = [study_record(number) for number in numbers(27)]
    odd = [study_record(f"NCT8000000{n}", **EMPTY["brief_summary"]) for n in (1, 2)]

    assert load(tmp_path, *good, *odd).status == "complete"


@pytest.mark.parametrize("field", USUAL)
def test_a_field_that_was_usually_filled_is_watched(field):
    emptied = [parse_study(study_record(number, **EMPTY[field])) for number in numbers(20)]

    assert f"{field} is empty in 20 of 20 records" in Gate({field: 0.9}).fault(emptied, 20)
    assert Gate({field: 0.4}).fault(emptied, 20) == ""
    assert Gate({}).fault(emptied, 20) == ""
    assert Gate({field: 0.9}).fault(emptied[:19], 19) == ""


def test_the_catalogue_before_the_change_is_what_is_compared_with(tmp_path):
    load(tmp_path, *(study_record(number) for number in numbers(25)))
    before = Trial.objects.get(number="NCT90000001").outcomes.count()

    report = load(tmp_path, *(study_record(number, outcomesModule=None) for number in numbers(25)))

    assert (report.status, before) == ("failed", 2)
    assert "outcomes is empty in 25 of 25 records" in report.message
    assert Trial.objects.get(number="NCT90000001").outcomes.count() == before


def test_each_run_keeps_how_full_the_fields_are(tmp_path):
    load(
        tmp_path,
        study_record("NCT90000001"),
        study_record("NCT90000002", designModule={"enrollmentInfo": None}),
    )

    fill = RefreshRun.objects.get().fill
    assert fill == fill_rates()
    assert (fill["title"], fill["enrollment_count"], fill["locations"]) == (1, 0.5, 1)


def test_a_field_that_many_trials_lose_is_told(tmp_path):
    without = {"designModule": {"enrollmentInfo": None}}
    load(tmp_path, study_record("NCT90000001"), study_record("NCT90000002"))

    report = load(tmp_path, study_record("NCT90000001"), study_record("NCT90000002", **without))

    assert report.status == "complete"
    assert report.message == "enrollment_count is filled in 50% of the trials, 100% before"
