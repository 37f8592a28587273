"""The project's own labelled set: one trap a row, each read as a person labelled it."""

import pytest

from tests.records import study_record
from trials.extraction.evaluation import FIELDS, Evaluation, as_label
from trials.extraction.examples import Example, examples, own_scores
from trials.extraction.facts import read_facts
from trials.registry.study import parse_study

LISTS = {"sources", "sources_comparator", "routes", "doses", "indications"}
ROWS = [pytest.param(one, id=one.trap) for one in examples()]


def agrees(example: Example) -> bool:
    read = as_label(read_facts(example.study))
    return all(
        set(read[name]) == set(value) if name in LISTS else read[name] == value
        for name, value in example.expected.items()
    )


@pytest.mark.parametrize("example", ROWS)
def test_the_trap_is_not_walked_into(example):
    # A limit that the rules have outgrown is one no more: its row says so no longer.
    assert agrees(example) is not example.limit


def test_there_are_traps_enough_and_each_has_its_own_name():
    traps = [one.trap for one in examples()]

    assert len(traps) >= 200
    assert len(set(traps)) == len(traps)
    assert {name for one in examples() for name in one.expected} == set(FIELDS)


def test_the_scores_count_the_limits_too():
    scores = own_scores().evaluation

    assert scores.n == len(examples())
    assert len({one["nct_id"] for one in scores.disagreements}) == sum(
        one.limit for one in examples()
    )


def test_sets_are_scored_value_by_value_and_single_values_by_accuracy():
    evaluation = Evaluation()
    label = {
        "nct_id": "NCT90000001",
        "cell_therapy": "yes",
        "sources": ["bone-marrow", "adipose"],
        "sources_comparator": [],
        "donor": "autologous",
        "preparation": "not-stated",
        "routes": [],
        "doses": [],
        "administrations": None,
        "indications": ["knee-osteoarthritis"],
    }

    evaluation.add(label, read_facts(parse_study(study_record("NCT90000001"))))

    fields = evaluation.as_json()["fields"]
    assert fields["sources"] == {"precision": 1.0, "recall": 0.5, "f1": 0.6667, "n": 1}
    assert (fields["donor"]["f1"], fields["preparation"]["f1"]) == (0, 1)
    assert {"sources", "donor"} <= {one["field"] for one in evaluation.disagreements}
