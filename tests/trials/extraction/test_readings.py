"""Facts come from where the studied product is named, with the words they rest on."""

import pytest

from tests.records import study_record
from trials.extraction.readings import read_facts
from trials.extraction.screening import screen
from trials.registry.study import parse_study


def read(kind: str, **changes: object) -> list[tuple[str, str, str]]:
    study = parse_study(study_record("NCT90000001", **changes))
    return [(one.value, one.quote, one.place) for one in read_facts(study) if one.kind == kind]


def test_a_source_is_read_in_the_intervention():
    assert read("cell_source") == [("bone-marrow", "BM-MSC", "interventions[0].otherNames[0]")]


def test_cells_of_a_comparator_are_no_source():
    arms = {
        "armGroups": [
            {"label": "Cells", "type": "EXPERIMENTAL"},
            {"label": "Other cells", "type": "ACTIVE_COMPARATOR"},
        ],
        "interventions": [
            {"name": "Adipose cells", "armGroupLabels": ["Cells"]},
            {"name": "Placenta cells", "armGroupLabels": ["Other cells"]},
        ],
    }

    assert [row[0] for row in read("cell_source", armsInterventionsModule=arms)] == ["adipose"]


def test_exclusion_criteria_name_no_source():
    changes = {
        "armsInterventionsModule": {"interventions": [{"name": "Cells"}], "armGroups": []},
        "eligibilityModule": {"eligibilityCriteria": "Exclusion: bone marrow transplant"},
    }

    assert read("cell_source", **changes) == []


def test_the_donor_is_read_with_its_words():
    changes = {"identificationModule": {"briefTitle": "Allogenic Marrow Cells"}}

    assert read("donor_type", **changes) == [("allogeneic", "Allogenic", "briefTitle")]


@pytest.mark.parametrize(
    ("changes", "included"),
    [
        ({}, True),
        ({"conditionsModule": {"conditions": ["Asthma"]}}, False),
        ({"armsInterventionsModule": {"interventions": [{"name": "Ice"}], "armGroups": []}}, False),
    ],
)
def test_the_catalogue_is_of_cells_for_the_musculoskeletal_system(changes, included):
    titles = {"briefTitle": "A trial", "officialTitle": None} if not included else {}
    study = parse_study(study_record("NCT90000001", identificationModule=titles, **changes))

    assert screen(study).included is included
