"""Every fact rests on words that stand in the record, letter for letter, where it says."""

import re
from collections.abc import Iterable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from trials.extraction.examples import examples
from trials.extraction.facts import read_facts
from trials.registry.study import Study, parse_study
from trials.vocabulary import (
    CellTherapy,
    DonorType,
    DoseUnit,
    FactKind,
    Preparation,
    Role,
    Route,
    Treatment,
)

PART = re.compile(r"(armGroups|interventions)\[(\d+)\]\.(\w+)(?:\[(\d+)\])?")
LISTED = re.compile(r"(conditions|keywords)\[(\d+)\]")
NAMES = {"otherNames": "other_names"}
WHOLE = {
    "briefTitle": "title",
    "officialTitle": "official_title",
    "briefSummary": "brief_summary",
    "detailedDescription": "detailed_description",
}
CLOSED = {
    FactKind.CELL_THERAPY: CellTherapy.values,
    FactKind.DONOR_TYPE: DonorType.values,
    FactKind.PREPARATION: Preparation.values,
    FactKind.ROUTE: Route.values,
    FactKind.ADJUNCT: Treatment.values,
    FactKind.COMPARATOR: Treatment.values,
}


def text_at(study: Study, place: str) -> str:
    if place in WHOLE:
        return getattr(study, WHOLE[place])
    listed = LISTED.fullmatch(place)
    if listed:
        return getattr(study, listed[1])[int(listed[2])]
    found = PART.fullmatch(place)
    assert found, place
    parts = study.arms if found[1] == "armGroups" else study.interventions
    value = getattr(parts[int(found[2])], NAMES.get(found[3], found[3]))
    return value[int(found[4])] if found[4] else value


def check(study: Study) -> int:
    readings = read_facts(study)
    for one in readings:
        assert text_at(study, one.place)[one.start : one.end] == one.quote != ""
        assert 0 < one.confidence <= 1
        assert one.kind in FactKind.values
        assert one.role in Role.values
        assert len(one.rule) + len("@12345678") <= 60
        assert one.value in CLOSED.get(FactKind(one.kind), [one.value])
        if one.kind == FactKind.DOSE:
            assert 0 < one.least <= one.most
            assert one.unit in DoseUnit.values
        if one.kind == FactKind.ADMINISTRATIONS:
            assert int(one.value) > 0
    return len(readings)


def test_of_the_labelled_set():
    assert sum(check(one.study) for one in examples()) > 500


@pytest.mark.records
def test_of_every_real_record(real_records: Iterable[object]):
    assert sum(check(parse_study(record)) for record in real_records) > 9_000


WORDS = st.sampled_from(
    [
        *("autologous", "bone marrow", "bone\xa0marrow", "micro - fragmented", "MSC®", "SVF"),
        *("mesenchymal stem cells", "2 × 10⁶/kg", "1x10\\^7", "10 million", "once", "twice"),
        *("day 1, 4 and 7", "IV", "into the knee joint", "cultured", "exosomes", "knee"),
        *("\n\n", ". ", "; ", "İstanbul", "骨髓", "\u200b", "<b>", "&gt;", "—", "’", "“", "…"),
        "hyaluronic acid",
    ]
)


@settings(max_examples=300)
@given(st.lists(WORDS, max_size=40).map(" ".join), st.lists(WORDS, max_size=12).map("  ".join))
def test_of_anything_that_people_may_write(long, short):
    check(
        parse_study(
            {
                "protocolSection": {
                    "identificationModule": {
                        "nctId": "NCT90000001",
                        "briefTitle": f"A trial {short}",
                    },
                    "conditionsModule": {"conditions": ["Knee Osteoarthritis", short]},
                    "descriptionModule": {"briefSummary": long, "detailedDescription": long},
                    "armsInterventionsModule": {
                        "armGroups": [
                            {"type": "EXPERIMENTAL", "label": short, "description": long},
                            {"type": "ACTIVE_COMPARATOR", "label": "Other", "description": long},
                        ],
                        "interventions": [{"name": f"MSC {short}", "description": long}],
                    },
                }
            }
        )
    )
