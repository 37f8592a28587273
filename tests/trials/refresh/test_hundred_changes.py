"""A hundred changes that mean something and a hundred that do not are told apart, each one."""

from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone

from tests.builders import make_curator
from tests.records import study_record
from trials.models import Fact, RecordChange, Trial
from trials.refresh import refresh_from_registry
from trials.vocabulary import Basis, ChangeKind, FactKind, Preparation

EACH = 100

Raw = dict[str, Any]


def protocol(record: Raw, module: str) -> Raw:
    section: Raw = record["protocolSection"][module]
    return section


def site(record: Raw) -> Raw:
    place: Raw = protocol(record, "contactsLocationsModule")["locations"][0]
    return place


# What is done to a record, and the field that changes by it.
MATERIAL: list[tuple[str, Callable[[Raw], object]]] = [
    ("status", lambda raw: protocol(raw, "statusModule").update(overallStatus="COMPLETED")),
    ("enrollment", lambda raw: protocol(raw, "designModule")["enrollmentInfo"].update(count=41)),
    ("phases", lambda raw: protocol(raw, "designModule").update(phases=["PHASE3"])),
    (
        "start_date",
        lambda raw: protocol(raw, "statusModule")["startDateStruct"].update(date="2023-05-02"),
    ),
    ("title", lambda raw: protocol(raw, "identificationModule").update(briefTitle="Marrow, twice")),
    (
        "brief_summary",
        lambda raw: protocol(raw, "descriptionModule").update(briefSummary="Marrow: 2 x 10^7"),
    ),
    ("locations", lambda raw: site(raw).update(city="Kaohsiung")),
    (
        "outcomes",
        lambda raw: protocol(raw, "outcomesModule")["primaryOutcomes"][0].update(timeFrame="2 y"),
    ),
    (
        "eligibility_criteria",
        lambda raw: protocol(raw, "eligibilityModule").update(eligibilityCriteria="age > 81"),
    ),
    (
        "conditions",
        lambda raw: protocol(raw, "conditionsModule").update(conditions=["Gonarthrosis"]),
    ),
]
COSMETIC: list[tuple[str, Callable[[Raw], object]]] = [
    (
        "brief_summary",
        lambda raw: protocol(raw, "descriptionModule").update(
            briefSummary="  Marrow:\r\n\r\n* 2 x 10\\^6   cells &amp; saline "
        ),
    ),
    (
        "eligibility_criteria",
        lambda raw: protocol(raw, "eligibilityModule").update(
            eligibilityCriteria="Inclusion:\n\n1. age \\> 18\n2. pain"
        ),
    ),
    (
        "locations",
        lambda raw: site(raw).update(state="Taipei City", geoPoint={"lat": 25.0, "lon": 121.5}),
    ),
    ("locations", lambda raw: site(raw).update(country="Taiwan, Province of China")),
    (
        "keywords",
        lambda raw: protocol(raw, "conditionsModule").update(keywords=["knee", "marrow"]),
    ),
    (
        "status_verified",
        lambda raw: protocol(raw, "statusModule").update(statusVerifiedDate="2024-03"),
    ),
    (
        "last_updated",
        lambda raw: protocol(raw, "statusModule")["lastUpdatePostDateStruct"].update(
            date="2024-02-13"
        ),
    ),
    (
        "title",
        lambda raw: protocol(raw, "identificationModule").update(briefTitle="Marrow  ‘cells’"),
    ),
]


def record(number: str) -> Raw:
    return study_record(
        number,
        identificationModule={"briefTitle": "Marrow 'cells'"},
        descriptionModule={"briefSummary": "Marrow:\n\n* 2 x 10^6 cells & saline"},
        eligibilityModule={"eligibilityCriteria": "Inclusion:\n\n* age > 18\n* pain"},
        conditionsModule={"conditions": ["Osteoarthritis, Knee"], "keywords": ["marrow", "knee"]},
    )


@pytest.fixture
def registry(registry_stand_in, settings, cells_query):
    settings.REGISTRY_URL = registry_stand_in.url
    settings.REGISTRY_INTERVAL = 0
    registry_stand_in.add(*(record(f"NCT9{n:07d}") for n in range(1, 2 * EACH + 1)))
    return registry_stand_in


def decide_on_all() -> None:
    curator = make_curator()
    Fact.objects.bulk_create(
        Fact(
            trial=trial,
            kind=FactKind.PREPARATION,
            value=Preparation.EXPANDED,
            basis=Basis.CURATOR,
            decided_by=curator,
            decided_at=timezone.now(),
            note="The paper says so.",
            shown=True,
        )
        for trial in Trial.objects.all()
    )


def test_each_change_is_kept_as_what_it_is_and_no_decision_is_touched(registry):
    refresh_from_registry()
    decide_on_all()
    decisions = list(Fact.objects.filter(basis=Basis.CURATOR).order_by("pk").values())
    expected = {}
    for n in range(2 * EACH):
        number = f"NCT9{n + 1:07d}"
        changes = MATERIAL if n < EACH else COSMETIC
        field, change = changes[n % len(changes)]
        change(registry.studies[number])
        kind = ChangeKind.MATERIAL if n < EACH else ChangeKind.COSMETIC
        expected[number] = [(str(kind), field)]
    registry.add(*list(registry.studies.values()))

    report = refresh_from_registry(full=True)

    assert (report.status, report.changed) == ("complete", 2 * EACH)
    seen: dict[str, list[tuple[str, str]]] = {number: [] for number in expected}
    noted = RecordChange.objects.exclude(kind=ChangeKind.FIRST).order_by("pk")
    for number, kind, field in noted.values_list("trial__number", "kind", "field"):
        seen[number].append((kind, field))
    assert seen == expected
    assert list(Fact.objects.filter(basis=Basis.CURATOR).order_by("pk").values()) == decisions
