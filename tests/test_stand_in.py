"""The stand-in registry behaves as the real one was seen to."""

import json
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest
import requests

from tests.records import study_record
from tests.stand_in import Fault, RegistryStandIn

ROOT = Path(__file__).parents[1]

STUDIES = [
    study_record("NCT00000001"),
    study_record(
        "NCT00000002",
        statusModule={"overallStatus": "UNKNOWN"},
        designModule={"enrollmentInfo": None},
    ),
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
        ({"query.term": "knee", "markupFormat": "legacy", "format": "json"}, [1, 2, 3]),
        ({"sort": "LastUpdatePostDate"}, [3, 1, 2]),
        ({"sort": "LastUpdatePostDate:asc"}, [1, 2, 3]),
        ({"sort": "EnrollmentCount:desc"}, [1, 3, 2]),
        ({"sort": "EnrollmentCount,LastUpdatePostDate"}, [3, 1, 2]),
        ({"sort": "@relevance"}, [1, 2, 3]),
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
        ("/studies/NCT1?query.term=a", 400, "`query.term` is unknown parameter"),
        ("/studies?sort=BriefTitle", 400, "Unsupported sort field type: text"),
        (
            "/studies?sort=Nothing",
            400,
            "Parameter 'sort' contains invalid field name: 'Nothing'",
        ),
        ("/studies?sort=a,b,c", 400, "Parameter `sort` has too many items"),
        (
            "/studies?fields=NCTId,StudyDesign",
            400,
            "Parameter 'fields' contains invalid field name: 'StudyDesign'",
        ),
        ("/studies?markupFormat=html", 400, "Invalid value in parameter `markupFormat`: `html`"),
        ("/studies?filter.geo=here", 400, "The stand-in does not serve `filter.geo` yet"),
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
    registry_stand_in.studies = dict.fromkeys(map(str, range(1101)), STUDIES[0])
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


def test_an_alias_that_stands_in_a_record_leads_to_it_and_finds_it(
    url: str, registry_stand_in: RegistryStandIn
) -> None:
    study = study_record("NCT00000008", identificationModule={"nctIdAliases": ["NCT00000009"]})
    registry_stand_in.add(study)

    answer = get(f"{url}/studies/NCT00000009")
    page = get(f"{url}/studies", **{"filter.ids": "NCT00000009"}).json()

    assert (answer.status_code, answer.headers["Location"]) == (301, "/api/v2/studies/NCT00000008")
    assert page == {"studies": [study]}


@pytest.mark.parametrize(
    ("fields", "given"),
    [
        ("NCTId", {"protocolSection": {"identificationModule": {"nctId": "NCT00000001"}}}),
        (
            "protocolSection.conditionsModule.keywords|HasResults",
            {
                "protocolSection": {"conditionsModule": {"keywords": ["marrow", "pain"]}},
                "hasResults": False,
            },
        ),
        (
            "LocationCountry",
            {
                "protocolSection": {
                    "contactsLocationsModule": {"locations": [{"country": "Taiwan"}]}
                }
            },
        ),
        ("DerivedSection", {"derivedSection": STUDIES[0]["derivedSection"]}),
        (
            "OutcomesModule,outcomesModule",
            {
                "protocolSection": {
                    "outcomesModule": STUDIES[0]["protocolSection"]["outcomesModule"]
                }
            },
        ),
        ("ResultsSection", {}),
    ],
)
def test_fields_may_be_chosen_by_name_or_path(url: str, fields: str, given: Any) -> None:
    assert get(f"{url}/studies/NCT00000001", fields=fields).json() == given
    assert get(f"{url}/studies", fields=fields).json()["studies"][0] == given


def test_a_study_that_is_changed_between_pages_is_served_as_it_is(
    url: str, registry_stand_in: RegistryStandIn
) -> None:
    wanted = {"query.term": "marrow", "pageSize": "1"}
    token = get(f"{url}/studies", **wanted).json()["nextPageToken"]
    try:
        registry_stand_in.studies["NCT00000002"]["hasResults"] = True
        second = get(f"{url}/studies", pageToken=token, **wanted).json()["studies"]
    finally:
        registry_stand_in.studies["NCT00000002"]["hasResults"] = False

    assert second == [STUDIES[1] | {"hasResults": True}]


def test_studies_that_are_added_replaced_or_taken_away_between_pages_are_seen(
    url: str, registry_stand_in: RegistryStandIn
) -> None:
    wanted = {"query.term": "disc", "pageSize": "1"}
    registry_stand_in.add(study_record("NCT00000004", conditionsModule={"conditions": ["Disc"]}))
    token = get(f"{url}/studies", **wanted).json()["nextPageToken"]
    second = registry_stand_in.studies.pop("NCT00000004")

    none_left = get(f"{url}/studies", pageToken=token, **wanted).json()
    registry_stand_in.add(second)
    there_again = get(f"{url}/studies", pageToken=token, **wanted).json()
    registry_stand_in.add(study_record("NCT00000004"))
    replaced = get(f"{url}/studies", pageToken=token, **wanted).json()

    assert [none_left, there_again, replaced] == [
        {"studies": []},
        {"studies": [second]},
        {"studies": []},
    ]


def test_what_orjson_cannot_write_is_served_all_the_same(
    url: str, registry_stand_in: RegistryStandIn
) -> None:
    odd = study_record("NCT00000005", identificationModule={"briefTitle": "\ud800"})
    odd["size"] = 2**80
    registry_stand_in.add(odd)

    assert get(f"{url}/studies/NCT00000005").json() == odd
    assert get(f"{url}/studies", **{"query.term": str(2**80)}).json() == {"studies": [odd]}


@pytest.mark.parametrize(
    ("kind", "numbers", "total"),
    [
        ("extra_study", [1, 1, 2], 3),
        ("repeat_study", [1, 1], 3),
        ("lose_study", [1], 3),
        ("wrong_total", [1, 2], 8),
        ("no_total", [1, 2], None),
    ],
)
def test_a_page_may_be_wrong(
    url: str, registry_stand_in: RegistryStandIn, kind: str, numbers: list[int], total: int | None
) -> None:
    registry_stand_in.faults = [Fault(kind)]

    page = get(f"{url}/studies", pageSize="2", countTotal="true").json()

    assert [STUDIES.index(study) + 1 for study in page["studies"]] == numbers
    assert page.get("totalCount") == total


def test_tokens_may_be_wrong(url: str, registry_stand_in: RegistryStandIn) -> None:
    registry_stand_in.faults = [Fault("huge_token"), Fault("repeat_token"), Fault("forever")]

    first = get(f"{url}/studies", pageSize="1").json()["nextPageToken"]
    again = get(f"{url}/studies", pageSize="1", pageToken=first).json()["nextPageToken"]
    empty = get(f"{url}/studies", pageSize="9", pageToken=again).json()

    assert (len(first), again == first) == (4096, True)
    assert (empty["studies"], "nextPageToken" in empty) == (STUDIES[1:], True)


def test_a_registry_may_die_for_good(url: str, registry_stand_in: RegistryStandIn) -> None:
    registry_stand_in.faults = [Fault("die", skip=1)]
    with requests.Session() as session:
        session.get(f"{url}/version", timeout=5)

        for _ in range(2):
            with pytest.raises(requests.ConnectionError):
                session.get(f"{url}/version", timeout=5)

    with pytest.raises(requests.ConnectionError, match="refused"):
        get(f"{url}/version")


@pytest.mark.parametrize("kind", ["drip", "delay"])
def test_what_is_slow_ends_when_it_is_told(
    url: str, registry_stand_in: RegistryStandIn, kind: str
) -> None:
    registry_stand_in.faults = [Fault(kind, seconds=0.02)]
    threading.Timer(0.05, registry_stand_in.told.set).start()

    assert get(f"{url}/version").json()["apiVersion"] == "2.0.5"


def test_a_fault_of_an_unknown_kind_is_an_accident(registry_stand_in: RegistryStandIn) -> None:
    registry_stand_in.faults = [Fault("earthquake")]

    with pytest.raises(requests.ConnectionError):
        get(f"{registry_stand_in.url}/version")

    accidents = [str(error) for error in registry_stand_in.accidents]
    registry_stand_in.accidents.clear()
    assert accidents == ["there is no fault of the kind “earthquake”"]


def test_it_runs_as_a_process_of_its_own_and_needs_no_pytest(tmp_path: Path) -> None:
    records = tmp_path / "records.jsonl"
    records.write_text("\n".join(json.dumps(study) for study in STUDIES), "utf-8")
    without_pytest = "import sys, runpy; sys.modules['pytest'] = None; sys.argv[0] = 'stand_in'"
    run = f"{without_pytest}; runpy.run_module('tests.stand_in', run_name='__main__')"
    command = [sys.executable, "-c", run, "--records", str(records)]

    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT) as process:
        try:
            assert process.stdout is not None
            page = get(f"{process.stdout.readline().strip()}/studies").json()
        finally:
            process.terminate()

    assert page == {"studies": STUDIES}
