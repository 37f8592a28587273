"""The client against a registry on a real socket: complete answers, or a clear complaint."""

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import pytest

from tests.records import study_record
from tests.stand_in import Fault, RegistryStandIn, token_refused
from trials.registry.client import TRIES, Page, Registry, Version
from trials.registry.errors import RegistryRefused, RegistryUnavailable

NUMBERS = [f"NCT{number:08d}" for number in range(1, 26)]


class Clock:
    """A time of its own: sleeping takes none, and is written down."""

    def __init__(self) -> None:
        self.now = 0.0
        self.slept: list[float] = []

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


@pytest.fixture
def clock() -> Clock:
    return Clock()


Connect = Callable[..., Registry]


@pytest.fixture
def connect(clock: Clock) -> Iterator[Connect]:
    opened: list[Registry] = []

    def connect(url: str, **options: Any) -> Registry:
        options = {"interval": 0, "jitter": lambda: 0.5} | options
        opened.append(Registry(url, sleep=clock.sleep, clock=clock, **options))
        return opened[-1]

    yield connect
    for registry in opened:
        registry.close()


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
    assert registry.study("nct3") == study_record("NCT00000003")


def test_a_study_that_the_registry_does_not_have_is_none(registry: Registry) -> None:
    assert registry.study("NCT99999999") is None


def test_a_renamed_study_is_found_under_its_present_number(
    registry: Registry, registry_stand_in: RegistryStandIn
) -> None:
    registry_stand_in.aliases["NCT00000099"] = "NCT00000003"

    study = registry.study("NCT00000099")

    assert study == study_record("NCT00000003")
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
    list(registry.studies({"query.term": "marrow"}, page_size=10))

    asked = [dict(one.params) for one in registry_stand_in.asked]
    tokens = [one.pop("pageToken", None) for one in asked]
    always = {"query.term": "marrow", "pageSize": "10"}
    assert asked == [always | {"countTotal": "true"}, always, always]
    assert (tokens[0], len({len(token) for token in tokens if token})) == (None, 2)


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


def test_studies_are_found_by_number_in_batches(
    registry: Registry, registry_stand_in: RegistryStandIn
) -> None:
    wanted = [*NUMBERS[:5], "nct1", "NCT09999999"]

    studies = list(registry.studies_by_id(wanted, batch=3))

    assert [_number(study) for study in studies] == NUMBERS[:5]
    assert [one.params["filter.ids"] for one in registry_stand_in.asked] == [
        "NCT00000001,NCT00000002,NCT00000003",
        "NCT00000004,NCT00000005,NCT09999999",
    ]


def test_one_malformed_number_is_found_before_anything_is_asked(
    registry: Registry, registry_stand_in: RegistryStandIn
) -> None:
    with pytest.raises(ValueError, match="“NCT0” is no NCT number"):
        list(registry.studies_by_id(["NCT00000001", "NCT0"]))

    assert registry_stand_in.asked == []


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


def test_a_token_that_is_refused_is_a_refusal(
    registry: Registry, registry_stand_in: RegistryStandIn
) -> None:
    registry_stand_in.faults = [token_refused()]

    with pytest.raises(RegistryRefused, match="pageToken"):
        list(registry.studies({}, page_size=10))


PASSING = [
    Fault("status", 429),
    Fault("status", 500),
    Fault("status", 503),
    Fault("truncated"),
    Fault("not_json"),
    Fault("reset"),
]


@pytest.mark.parametrize("fault", PASSING, ids=lambda fault: f"{fault.kind}-{fault.status}")
@pytest.mark.parametrize("place", [0, 1, 2])
def test_a_passing_fault_on_any_page_costs_nothing_but_a_try(
    registry: Registry, registry_stand_in: RegistryStandIn, fault: Fault, place: int
) -> None:
    registry_stand_in.faults = [Fault(fault.kind, fault.status, skip=place, times=2)]

    pages = list(registry.studies({}, page_size=10))

    assert numbers(pages) == [NUMBERS[:10], NUMBERS[10:20], NUMBERS[20:]]
    assert registry.requests_sent == 5


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        (Fault("status", 503), "status 503"),
        (Fault("not_json"), "the answer cannot be read: it is not JSON"),
        (Fault("truncated"), "the answer was cut off"),
        (Fault("reset"), "no connection, or it broke"),
    ],
    ids=lambda value: getattr(value, "kind", None),
)
def test_a_lasting_fault_ends_in_a_clear_complaint(
    registry: Registry, registry_stand_in: RegistryStandIn, fault: Fault, reason: str
) -> None:
    fault.times = 1000
    registry_stand_in.faults = [fault]

    with pytest.raises(RegistryUnavailable) as caught:
        registry.version()

    assert caught.value.url == f"{registry_stand_in.url}/version"
    assert caught.value.reason.startswith(reason)
    assert registry.requests_sent == TRIES


def test_a_registry_that_does_not_answer_is_waited_for_no_longer_than_the_timeout(
    registry_stand_in: RegistryStandIn, connect: Connect
) -> None:
    registry_stand_in.faults = [Fault("delay", seconds=0.3)]
    registry = connect(registry_stand_in.url, timeout=(0.1, 0.1))

    version = registry.version()

    assert (version.api_version, registry.requests_sent) == ("2.0.5", 2)


def test_a_registry_that_is_not_there_is_unavailable(connect: Connect) -> None:
    registry = connect("http://127.0.0.1:1/api/v2")

    with pytest.raises(RegistryUnavailable, match="no connection, or it broke"):
        registry.version()


def test_an_address_that_is_none_is_not_tried_again(connect: Connect) -> None:
    registry = connect("nowhere")

    with pytest.raises(RegistryUnavailable, match="nowhere/version"):
        registry.version()

    assert registry.requests_sent == 1


def test_pauses_between_tries_grow(
    registry: Registry, registry_stand_in: RegistryStandIn, clock: Clock
) -> None:
    registry_stand_in.faults = [Fault("status", 503, times=TRIES - 1)]

    registry.version()

    assert clock.slept == [1, 2, 4, 8]


def test_the_registry_may_say_how_long_to_wait_in_seconds(
    registry: Registry, registry_stand_in: RegistryStandIn, clock: Clock
) -> None:
    registry_stand_in.faults = [Fault("status", 429, headers={"Retry-After": "17"})]

    registry.version()

    assert clock.slept == [17]


def test_the_registry_may_say_how_long_to_wait_by_a_date(
    registry: Registry, registry_stand_in: RegistryStandIn, clock: Clock
) -> None:
    until = format_datetime(datetime.now(UTC) + timedelta(seconds=100), usegmt=True)
    registry_stand_in.faults = [Fault("status", 503, headers={"Retry-After": until})]

    registry.version()

    assert [90 < slept <= 100 for slept in clock.slept] == [True]


def test_a_wait_that_is_not_to_be_read_is_our_own(
    registry: Registry, registry_stand_in: RegistryStandIn, clock: Clock
) -> None:
    registry_stand_in.faults = [Fault("status", 429, headers={"Retry-After": "a while"})]

    registry.version()

    assert clock.slept == [1]


def test_a_wait_of_hours_is_not_waited(
    registry: Registry, registry_stand_in: RegistryStandIn, clock: Clock
) -> None:
    registry_stand_in.faults = [Fault("status", 429, headers={"Retry-After": "7200"})]

    with pytest.raises(RegistryUnavailable, match="it asks to wait 7200 seconds"):
        registry.version()

    assert clock.slept == []


def test_requests_keep_their_distance(
    registry_stand_in: RegistryStandIn, connect: Connect, clock: Clock
) -> None:
    registry = connect(registry_stand_in.url, interval=1.0)

    registry.version()
    clock.now += 0.4
    registry.version()
    clock.now += 5
    registry.version()

    assert clock.slept == [0.6]


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        ([], "the answer is no page of studies"),
        ({"studies": {}}, "the answer is no page of studies"),
        ({"studies": [], "nextPageToken": 3}, "the page's token or count is of another kind"),
        ({"studies": [], "nextPageToken": "x"}, "it gave the same page token twice"),
    ],
)
def test_an_answer_of_another_shape_is_complained_of(
    registry: Registry, registry_stand_in: RegistryStandIn, value: Any, reason: str
) -> None:
    registry_stand_in.faults = [Fault("status", 200, json.dumps(value), times=2)]

    with pytest.raises(RegistryUnavailable) as caught:
        list(registry.studies({}))

    assert caught.value.reason == reason


@pytest.mark.parametrize("value", [[], {}, {"dataTimestamp": ""}])
def test_a_version_without_a_date_is_complained_of(
    registry: Registry, registry_stand_in: RegistryStandIn, value: Any
) -> None:
    registry_stand_in.faults = [Fault("status", 200, json.dumps(value))]

    with pytest.raises(RegistryUnavailable, match="the answer holds no dataTimestamp"):
        registry.version()
