"""Builds small study records in the shape of the registry's data API v2, for tests."""

from copy import deepcopy
from typing import Any

Raw = dict[str, Any]

DERIVED = frozenset({"conditionBrowseModule", "interventionBrowseModule", "miscInfoModule"})

_PROTOCOL: Raw = {
    "identificationModule": {
        "orgStudyIdInfo": {"id": "KNEE-01"},
        "organization": {"fullName": "Harbour Hospital", "class": "OTHER"},
        "briefTitle": "Marrow Cells for Painful Knees",
        "officialTitle": "A Controlled Trial of Marrow Cells in People With Painful Knees",
        "acronym": "MARKNEE",
    },
    "statusModule": {
        "statusVerifiedDate": "2024-02",
        "overallStatus": "RECRUITING",
        "startDateStruct": {"date": "2023-05", "type": "ACTUAL"},
        "primaryCompletionDateStruct": {"date": "2025-06-30", "type": "ESTIMATED"},
        "completionDateStruct": {"date": "2026", "type": "ESTIMATED"},
        "studyFirstSubmitDate": "2023-03-01",
        "studyFirstPostDateStruct": {"date": "2023-03-09", "type": "ACTUAL"},
        "lastUpdateSubmitDate": "2024-02-10",
        "lastUpdatePostDateStruct": {"date": "2024-02-12", "type": "ACTUAL"},
    },
    "sponsorCollaboratorsModule": {
        "responsibleParty": {"type": "SPONSOR"},
        "leadSponsor": {"name": "Harbour Hospital", "class": "OTHER"},
        "collaborators": [{"name": "Tideway Cells Ltd", "class": "INDUSTRY"}],
    },
    "descriptionModule": {
        "briefSummary": "Does one injection of cells ease pain?",
        "detailedDescription": "Cells are taken from the hip bone.\n\n* one dose\n* pain \\> 3",
    },
    "conditionsModule": {"conditions": ["Knee Osteoarthritis"], "keywords": ["marrow", "pain"]},
    "designModule": {
        "studyType": "INTERVENTIONAL",
        "phases": ["PHASE1", "PHASE2"],
        "designInfo": {
            "allocation": "RANDOMIZED",
            "interventionModel": "PARALLEL",
            "primaryPurpose": "TREATMENT",
            "maskingInfo": {"masking": "DOUBLE", "whoMasked": ["PARTICIPANT"]},
        },
        "enrollmentInfo": {"count": 40, "type": "ESTIMATED"},
    },
    "armsInterventionsModule": {
        "armGroups": [
            {
                "label": "Cells",
                "type": "EXPERIMENTAL",
                "description": "One injection",
                "interventionNames": ["Biological: Marrow cells"],
            },
            {
                "label": "Salt water",
                "type": "PLACEBO_COMPARATOR",
                "interventionNames": ["Other: Saline"],
            },
        ],
        "interventions": [
            {
                "type": "BIOLOGICAL",
                "name": "Marrow cells",
                "description": "20 million cells into the joint",
                "armGroupLabels": ["Cells"],
                "otherNames": ["BM-MSC"],
            },
            {"type": "OTHER", "name": "Saline", "armGroupLabels": ["Salt water"]},
        ],
    },
    "outcomesModule": {
        "primaryOutcomes": [{"measure": "Pain", "description": "0 to 10", "timeFrame": "1 year"}],
        "secondaryOutcomes": [{"measure": "Walking", "timeFrame": "1 year"}],
    },
    "eligibilityModule": {
        "eligibilityCriteria": "Inclusion Criteria:\n\n* pain for 6 months",
        "healthyVolunteers": False,
        "sex": "ALL",
        "minimumAge": "18 Years",
        "maximumAge": "75 Years",
        "stdAges": ["ADULT", "OLDER_ADULT"],
    },
    "contactsLocationsModule": {
        "locations": [
            {
                "facility": "Harbour Hospital",
                "status": "RECRUITING",
                "city": "Taipei",
                "country": "Taiwan",
                "geoPoint": {"lat": 25.05, "lon": 121.53},
            }
        ]
    },
    "referencesModule": {
        "references": [{"pmid": "100001", "type": "BACKGROUND", "citation": "Knees. 2001;1:1."}]
    },
}
_DERIVED: Raw = {
    "miscInfoModule": {"versionHolder": "2024-02-15"},
    "conditionBrowseModule": {"meshes": [{"id": "D020370", "term": "Osteoarthritis, Knee"}]},
}


def study_record(nct_id: str, **changes: Any) -> Raw:
    """A valid record of a study that does not exist.

    Each change names a module and the fields in it that differ: `designModule={"phases": ["NA"]}`.
    None takes a field, or a whole module, away. `hasResults` is a change too.
    """
    record: Raw = {
        "protocolSection": deepcopy(_PROTOCOL),
        "derivedSection": deepcopy(_DERIVED),
        "hasResults": changes.pop("hasResults", False),
    }
    record["protocolSection"]["identificationModule"]["nctId"] = nct_id
    for module, fields in changes.items():
        section = record["derivedSection" if module in DERIVED else "protocolSection"]
        section[module] = _changed(section.get(module, {}), fields)
        if section[module] is None:
            del section[module]
    return record


def _changed(module: Raw, fields: Any) -> Any:
    if not isinstance(fields, dict):
        return deepcopy(fields)
    merged = module | deepcopy(fields)
    return {name: value for name, value in merged.items() if value is not None}
