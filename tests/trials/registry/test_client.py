"""The client against a registry on a real socket: complete answers, or a clear complaint."""

import json
from typing import Any

import pytest

from tests.records import study_record
from tests.stand_in import Connect, Fault, RegistryStandIn, token_refused
from tests.stand_in_faults import of_later_page
from trials.registry.client import Found, Page, Registry, Version
from trials.registry.errors import PagesBroken, RegistryRefused, RegistryUnavailable
from trials.registry.transport import TRIES

NUMBERS = [f"NCT{number:08d}" for number in range(1, 26)]


@pytest.fixture
def registry(registry_stand_in: RegistryStandIn, connect: Connect) -> Registry:
    registry_stand_in.add(*map(study_record, NUMBERS))
    return connect(registry_stand_in.url)


def numbers(pages: list[Page]) -> list[list[str]]:
    return [[_number(study) for study in page.studies] for page in pages]


def _number(study: Any) -> str:
    number: str = study["protocolSection"]["identificationModule"]["nctId"]
    return number


def test_the_version_is_read(registry: Registry) -> None:
    assert registry.version() == Version("2.0.5", "2024-03-01T09:00:05")


def test_the_client_says_who_it_is_and_takes_gzip(
    registry: Registry, registry_stand_in: RegistryStandIn
) -> None:
    registry.version()

    headers = registry_stand_in.asked[0].headers
    assert headers["User-Agent"].startswith("stem-cell-trials/")
    assert "gzip" in headers["Accept-Encoding"]


def test_one_study_is_fetched_whole(registry: Registry) -> None:
    assert registry.study("nct3") == Found("NCT00000003", study_record("NCT00000003"))


def test_a_study_that_the_registry_does_not_have_is_none(registry: Registry) -> None:
    assert registry.study("NCT99999999") is None


@pytest.mark.parametrize("kind", ["text/html", "application/json"])
def test_a_page_of_somebody_else_does_not_say_that_a_study_is_gone(
    registry: Registry, registry_stand_in: RegistryStandIn, kind: str
) -> None:
    registry_stand_in.faults = [Fault("status", 404, "Not Found", {"Content-Type": kind})]

    with pytest.raises(RegistryRefused, match="with status 404: Not Found"):
        registry.study("NCT00000003")


def test_a_renamed_study_is_found_under_its_present_number(
    registry: Registry, registry_stand_in: RegistryStandIn
) -> None:
    registry_stand_in.aliases["NCT00000099"] = "NCT00000003"

    found = registry.study("NCT00000099")

    assert found == Found("NCT00000003", study_record("NCT00000003"))
    assert registry_stand_in.paths() == ["/studies/NCT00000099", "/studies/NCT00000003"]


def test_a_study_that_is_renamed_in_a_circle_is_refused(
    registry: Registry, registry_stand_in: RegistryStandIn
) -> None:
    registry_stand_in.aliases |= {"NCT00000098": "NCT00000099", "NCT00000099": "NCT00000098"}

    with pytest.raises(RegistryRefused, match="renamed too many times"):
        registry.study("NCT00000099")


def test_a_study_is_not_followed_to_another_place(
    registry: Registry, registry_stand_in: RegistryStandIn
) -> None:
    moved = Fault("status", 301, "", headers={"Location": "http://elsewhere.example/login"})
    registry_stand_in.faults = [moved]

    with pytest.raises(RegistryRefused, match="moved to “http://elsewhere"):
        registry.study("NCT00000003")


def test_a_number_that_cannot_be_one_is_not_asked_for(
    registry: Registry, registry_stand_in: RegistryStandIn
) -> None:
    with pytest.raises(ValueError, match="“ABC123” is no NCT number"):
        registry.study("ABC123")

    assert registry_stand_in.asked == []


def test_all_pages_are_read_and_counted(registry: Registry) -> None:
    pages = list(registry.studies({"query.term": "marrow"}, page_size=10))

    assert numbers(pages) == [NUMBERS[:10], NUMBERS[10:20], NUMBERS[20:]]
    assert [(page.number, page.expected, page.is_last) for page in pages] == [
        (1, 25, False),
        (2, 25, False),
        (3, 25, True),
    ]


def test_every_page_is_asked_for_with_the_same_parameters(
    registry: Registry, registry_stand_in: RegistryStandIn
) -> None:
    wanted = {
        "query.term": 'marrow AND "painful knees"',
        "filter.advanced": "AREA[LastUpdatePostDate]RANGE[2023-01-15,MAX]",
    }

    list(registry.studies(wanted, page_size=10))

    asked = [dict(one.params) for one in registry_stand_in.asked]
    tokens = [one.pop("pageToken", None) for one in asked]
    always = wanted | {"pageSize": "10"}
    assert asked == [always | {"countTotal": "true"}, always, always]
    assert (tokens[0], len({len(token) for token in tokens if token})) == (None, 2)


def test_a_token_may_be_of_any_length_and_of_any_letters(
    registry: Registry, registry_stand_in: RegistryStandIn
) -> None:
    registry_stand_in.faults = [Fault("huge_token", times=-1)]

    pages = list(registry.studies({}, page_size=10))

    assert numbers(pages) == [NUMBERS[:10], NUMBERS[10:20], NUMBERS[20:]]
    token = registry_stand_in.asked[1].params["pageToken"]
    assert (len(token), set("+/=&?#%;, 漢") <= set(token)) == (4096, True)
    sent = registry_stand_in.asked[1].target.partition("pageToken=")[2]
    assert set(sent) <= set("0123456789ABCDEFabcdef%+-._~")


def test_an_empty_page_with_a_token_is_not_the_end(
    registry: Registry, registry_stand_in: RegistryStandIn
) -> None:
    registry_stand_in.empty_pages = {1, 3}

    pages = list(registry.studies({}, page_size=10))

    assert numbers(pages) == [[], NUMBERS[:10], [], NUMBERS[10:20], NUMBERS[20:]]


def test_an_answer_without_studies_is_one_empty_page(registry: Registry) -> None:
    pages = list(registry.studies({"query.cond": "elbow"}))

    assert pages == [Page(1, (), 0, is_last=True)]


def test_a_page_that_is_not_asked_for_is_not_fetched(registry: Registry) -> None:
    next(registry.studies({}, page_size=10))

    assert registry.requests_sent == 1


def test_pages_without_end_come_to_an_end(
    registry: Registry, registry_stand_in: RegistryStandIn
) -> None:
    registry_stand_in.faults = [Fault("forever", times=-1)]

    with pytest.raises(RegistryUnavailable, match="120 pages came, and no last one"):
        list(registry.studies({}))


@pytest.mark.parametrize(
    ("params", "words"),
    [
        ({"filter.phase": "PHASE3"}, "`filter.phase` is unknown parameter"),
        ({"filter.ids": "ABC123"}, "Item 1 in parameter `filter.ids` has incorrect format"),
        (
            {"filter.overallStatus": "NOT_A_STATUS"},
            "Invalid value in parameter `overallStatus`: `NOT_A_STATUS`",
        ),
        (
            {"filter.advanced": "AREA[X]y"},
            "Error parsing query in advanced filter: Unknown area name: 'X'",
        ),
    ],
)
def test_a_refusal_is_told_in_the_registrys_words_and_not_tried_again(
    registry: Registry, params: dict[str, str], words: str
) -> None:
    with pytest.raises(RegistryRefused) as caught:
        list(registry.studies(params))

    assert (caught.value.status, caught.value.words) == (400, words)
    assert registry.requests_sent == 1


@pytest.mark.parametrize("place", [0, 1])
@pytest.mark.parametrize("status", [400, 404, 410])
def test_pages_whose_token_is_refused_may_be_asked_for_anew(
    registry: Registry, registry_stand_in: RegistryStandIn, place: int, status: int
) -> None:
    refused = token_refused(skip=place)
    refused.status = status
    registry_stand_in.faults = [refused]

    with pytest.raises(PagesBroken, match=f"status {status} for its own page token: Invalid"):
        list(registry.studies({}, page_size=10))

    assert registry.requests_sent == place + 2


def test_pages_that_are_forbidden_are_not_asked_for_anew(
    registry: Registry, registry_stand_in: RegistryStandIn
) -> None:
    registry_stand_in.faults = [Fault("status", 403, "Forbidden", on=of_later_page)]

    with pytest.raises(RegistryRefused, match="status 403"):
        list(registry.studies({}, page_size=10))


def test_pages_whose_token_comes_twice_may_be_asked_for_anew(
    registry: Registry, registry_stand_in: RegistryStandIn
) -> None:
    registry_stand_in.faults = [Fault("repeat_token", on=of_later_page)]

    with pytest.raises(PagesBroken, match="it gave the same page token twice"):
        list(registry.studies({}, page_size=10))


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        ([], "the answer is no page of studies"),
        ({"studies": {}}, "the answer is no page of studies"),
        ({"studies": [], "nextPageToken": 3}, "the page's token or count is of another kind"),
        ({"studies": [], "totalCount": "9"}, "the page's token or count is of another kind"),
        ({"studies": [], "totalCount": True}, "the page's token or count is of another kind"),
        ({"studies": [], "totalCount": -1}, "the page's token or count is of another kind"),
    ],
)
def test_an_answer_of_another_shape_is_tried_again_and_complained_of(
    registry: Registry, registry_stand_in: RegistryStandIn, value: Any, reason: str
) -> None:
    registry_stand_in.faults = [Fault("status", 200, json.dumps(value), times=TRIES)]

    with pytest.raises(RegistryUnavailable) as caught:
        list(registry.studies({}))

    assert caught.value.reason == f"{reason} (5 tries)"


@pytest.mark.parametrize(
    "value", [[], {}, {"dataTimestamp": ""}, {"dataTimestamp": "lately"}, {"dataTimestamp": 2024}]
)
def test_a_version_without_a_date_is_complained_of(
    registry: Registry, registry_stand_in: RegistryStandIn, value: Any
) -> None:
    registry_stand_in.faults = [Fault("status", 200, json.dumps(value), times=TRIES)]

    with pytest.raises(RegistryUnavailable, match="the answer holds no dataTimestamp"):
        registry.version()


@pytest.mark.parametrize("value", ["[]", "{}", '{"studies": []}', '{"protocolSection": []}'])
def test_a_study_that_is_none_is_complained_of(
    registry: Registry, registry_stand_in: RegistryStandIn, value: str
) -> None:
    registry_stand_in.faults = [Fault("status", 200, value, times=TRIES)]

    with pytest.raises(RegistryUnavailable, match="the answer is no study"):
        registry.study("NCT00000001")
