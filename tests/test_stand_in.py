"""The stand-in registry behaves as the real one was seen to."""

from typing import Any

import pytest
import requests

from tests.records import study_record
from tests.stand_in import RegistryStandIn

STUDIES = [
    study_record("NCT00000001"),
    study_record("NCT00000002", statusModule={"overallStatus": "UNKNOWN"}),
    study_record(
        "NCT00000003",
        conditionsModule={"conditions": ["Disc Degeneration"]},
        statusModule={"lastUpdatePostDateStruct": {"date": "2025-01-07"}},
    ),
]


@pytest.fixture
def url(registry_stand_in: RegistryStandIn) -> str:
    registry_stand_in.add(*STUDIES)
    return registry_stand_in.url


def get(url: str, **params: str) -> requests.Response:
    return requests.get(url, params=params, timeout=5, allow_redirects=False)


def found(url: str, params: dict[str, str]) -> list[int]:
    studies: list[Any] = get(f"{url}/studies", **params).json()["studies"]
    return [STUDIES.index(study) + 1 for study in studies]


@pytest.mark.parametrize(
    ("params", "numbers"),
    [
        ({}, [1, 2, 3]),
        ({"query.cond": "disc degeneration"}, [3]),
        ({"query.cond": '"degeneration disc"'}, []),
        ({"query.cond": "disc OR knee"}, [1, 2, 3]),
        ({"query.cond": "disc", "query.term": "knee"}, [3]),  # its title speaks of knees
        ({"filter.overallStatus": "UNKNOWN|COMPLETED"}, [2]),
        ({"filter.ids": "nct1,NCT00000003,NCT00000009"}, [1, 3]),
        ({"filter.advanced": "AREA[LastUpdatePostDate]RANGE[2025-01-01,MAX]"}, [3]),
        ({"filter.advanced": "AREA[LastUpdatePostDate]RANGE[MIN,2024-12-31]"}, [1, 2]),
        ({"query.id": "NCT00000001", "filter.overallStatus": "UNKNOWN"}, [1]),
    ],
)
def test_studies_are_found(url: str, params: dict[str, str], numbers: list[int]) -> None:
    assert found(url, params) == numbers


@pytest.mark.parametrize(
    ("path", "status", "words"),
    [
        ("/studies/NCT99999999", 404, "NCT number NCT99999999 not found"),
        ("/studies/ABC123", 400, "Parameter `nctId` has incorrect format"),
        ("/studies?bogusParam=1", 400, "`bogusParam` is unknown parameter"),
        ("/nothing", 404, "Not Found"),
    ],
)
def test_errors_are_plain_text(url: str, path: str, status: int, words: str) -> None:
    answer = get(url + path)

    assert (answer.status_code, answer.headers["Content-Type"].split(";")[0], answer.text) == (
        status,
        "text/plain",
        words,
    )


@pytest.mark.parametrize(("asked", "given"), [("", 10), ("0", 10), ("25", 25), ("5000", 1000)])
def test_a_page_has_ten_studies_or_as_many_as_asked_up_to_a_thousand(
    registry_stand_in: RegistryStandIn, asked: str, given: int
) -> None:
    registry_stand_in.add(*(study_record(f"NCT{number:08d}") for number in range(1, 1102)))
    params = {"pageSize": asked} if asked else {}

    page = get(f"{registry_stand_in.url}/studies", **params).json()

    assert len(page["studies"]) == given
    assert "totalCount" not in page


def test_a_token_is_good_for_the_same_parameters_alone(url: str) -> None:
    page = get(f"{url}/studies", pageSize="1", countTotal="true").json()

    again = get(f"{url}/studies", pageSize="2", pageToken=page["nextPageToken"])
    other = get(f"{url}/studies", pageToken=page["nextPageToken"], **{"query.term": "knee"})

    assert again.json() == {"studies": STUDIES[1:]}
    assert (page["totalCount"], other.status_code) == (3, 400)


def test_the_last_page_has_no_token(url: str) -> None:
    assert get(f"{url}/studies").json() == {"studies": STUDIES}


def test_an_alias_leads_to_the_present_number(url: str, registry_stand_in: RegistryStandIn) -> None:
    registry_stand_in.aliases["NCT00000009"] = "NCT00000001"

    answer = get(f"{url}/studies/NCT00000009")

    assert (answer.status_code, answer.headers["Location"]) == (
        301,
        "/api/v2/studies/NCT00000001",
    )
