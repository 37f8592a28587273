"""A study is in the catalogue, out of it, or for a person to look at: each with its reason."""

import pytest

from tests.records import study_record
from trials.extraction.facts import read_gist
from trials.extraction.passages import read_texts
from trials.extraction.screening import screen
from trials.registry.study import parse_study
from trials.vocabulary import Screening, ScreeningRule

ICE = {"interventions": [{"name": "Ice"}], "armGroups": []}
PLAIN = {"briefTitle": "A trial of ice", "officialTitle": None}


def verdict(**changes: object) -> tuple[str, str, str]:
    study = parse_study(study_record("NCT90000001", **changes))
    found = screen(read_gist(read_texts(study)))
    return found.screening, found.rule, found.reason


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, ("included", "cells")),
        (
            {
                "identificationModule": PLAIN,
                "armsInterventionsModule": {"interventions": [{"name": "MSC-derived exosomes"}]},
            },
            ("included", "cell-free"),
        ),
        ({"conditionsModule": {"conditions": ["Asthma"]}}, ("excluded", "no-indication")),
        (
            {"identificationModule": PLAIN, "armsInterventionsModule": ICE},
            ("excluded", "no-cells"),
        ),
        (
            {
                "identificationModule": {
                    "briefTitle": "Differentiation potential of mesenchymal stem cells",
                    "officialTitle": None,
                },
                "designModule": {"studyType": "OBSERVATIONAL"},
                "armsInterventionsModule": None,
            },
            ("excluded", "background"),
        ),
        ({"conditionsModule": {"conditions": ["Orthopedic"]}}, ("review", "unsure")),
    ],
)
def test_the_verdict_and_its_rule(changes, expected):
    if "conditionsModule" in changes:
        changes = changes | {
            "identificationModule": {"briefTitle": "Marrow cells", "officialTitle": None}
        }

    assert verdict(**changes)[:2] == expected


def test_the_reason_names_the_words_and_their_place():
    assert verdict()[2] == (
        "“MSC” (interventions[0].otherNames[0]) for “Knee Osteoarthritis” (conditions[0])"
    )


def test_rules_and_the_lists_of_the_models_are_the_same():
    assert {"included", "excluded", "review"} == set(Screening.values)
    assert set(ScreeningRule.values) == {
        "cells",
        "cell-free",
        "unsure",
        "no-cells",
        "background",
        "no-indication",
    }
