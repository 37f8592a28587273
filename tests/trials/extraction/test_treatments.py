"""What is given together with the cells, and what they are compared with."""

from typing import Any

import pytest

from tests.records import study_record
from trials.extraction.facts import read_facts
from trials.registry.study import parse_study

CELLS = ("EXPERIMENTAL", "Cells", "Bone marrow MSC into the knee")
Row = tuple[str, ...]


def said(arms: list[Row], interventions: list[Row], title: str = "Cells") -> dict[str, list[str]]:
    """Adjuncts and comparators of a study with these arms (type, label, description) and
    interventions (name, description, the arms that receive it)."""
    raw: Any = study_record("NCT90000001")
    protocol = raw["protocolSection"]
    protocol["identificationModule"] |= {"briefTitle": title, "officialTitle": title}
    protocol["descriptionModule"] = {}
    protocol["armsInterventionsModule"] = {
        "armGroups": [
            {"type": kind, "label": label, "description": words} for kind, label, words in arms
        ],
        "interventions": [
            {"type": "BIOLOGICAL", "name": name, "description": words, "armGroupLabels": list(of)}
            for name, words, *of in interventions
        ],
    }
    found: dict[str, list[str]] = {"adjunct": [], "comparator": []}
    for one in read_facts(parse_study(raw)):
        if one.kind in found:
            found[one.kind].append(one.value)
    return found


@pytest.mark.parametrize(
    ("arms", "interventions", "adjunct", "comparator"),
    [
        pytest.param(
            [CELLS, ("PLACEBO_COMPARATOR", "Control", "")],
            [("MSC", "cells in hyaluronic acid", "Cells"), ("Saline", "", "Control")],
            ["hyaluronic-acid"],
            ["saline", "placebo"],
            id="hyaluronate carries the cells, saline is the control's",
        ),
        pytest.param(
            [CELLS, ("ACTIVE_COMPARATOR", "Hyaluronate", "Sodium hyaluronate")],
            [("MSC", ""), ("Sodium hyaluronate", "")],
            [],
            ["hyaluronic-acid"],
            id="no intervention says whose it is, but the arms do",
        ),
        pytest.param(
            [
                ("EXPERIMENTAL", "Cells", "MSC of bone marrow with PRP"),
                ("ACTIVE_COMPARATOR", "PRP", "PRP alone"),
            ],
            [("MSC", ""), ("PRP", "")],
            ["platelet-rich-plasma"],
            ["platelet-rich-plasma"],
            id="both receive it",
        ),
        pytest.param(
            [CELLS, ("NO_INTERVENTION", "Others", "")], [("MSC", "", "Cells")], [], ["no-treatment"]
        ),
        pytest.param(
            [CELLS, ("SHAM_COMPARATOR", "Others", "A needle alone")],
            [("MSC", "", "Cells")],
            [],
            ["sham"],
        ),
        pytest.param(
            [("EXPERIMENTAL", "Cells", "MSC of bone marrow on a collagen membrane")],
            [("MSC", "", "Cells"), ("Microfracture", "", "Cells")],
            ["collagen", "microfracture"],
            [],
            id="a scaffold and an operation",
        ),
    ],
)
def test_what_is_given_with_the_cells_and_instead_of_them(
    arms: list[Row], interventions: list[Row], adjunct: list[str], comparator: list[str]
) -> None:
    found = said(arms, interventions)
    assert (sorted(found["adjunct"]), sorted(found["comparator"])) == (
        sorted(adjunct),
        sorted(comparator),
    )


def test_autologous_bone_marrow_is_no_graft_of_bone() -> None:
    found = said([CELLS], [("MSC", "of autologous bone marrow", "Cells")])
    assert found["adjunct"] == []
    assert said([CELLS], [("MSC", "with autologous bone graft", "Cells")])["adjunct"] == [
        "bone-graft"
    ]


def test_placebo_is_never_given_together_with_the_cells() -> None:
    found = said([CELLS], [("MSC", "blinded against placebo", "Cells")])
    assert found == {"adjunct": [], "comparator": []}
