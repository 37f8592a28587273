"""One request: tried again where that may help, never for ever, and given whole or not at all."""

import logging
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import pytest

from tests.clock import Clock
from tests.records import study_record
from tests.stand_in import Connect, Fault, RegistryStandIn
from trials.registry.client import Page, Registry
from trials.registry.errors import OutOfTime, RegistryRefused, RegistryUnavailable
from trials.registry.transport import TRIES
from trials.registry.watch import BEAT

NUMBERS = [f"NCT{number:08d}" for number in range(1, 26)]


@pytest.fixture
def registry(registry_stand_in: RegistryStandIn, connect: Connect) -> Registry:
    registry_stand_in.add(*map(study_record, NUMBERS))
    return connect(registry_stand_in.url)


def numbers(pages: list[Page]) -> list[str]:
    return [
        study["protocolSection"]["identificationModule"]["nctId"]
        for page in pages
        for study in page.studies
    ]


PASSING = {
    "429": Fault("status", 429),
    "500": Fault("status", 500),
    "503": Fault("status", 503),
    "truncated": Fault("truncated"),
    "truncated, no length": Fault("truncated_quietly"),
    "no JSON": Fault("not_json"),
    "nothing": Fault("empty_body"),
    "garbage for gzip": Fault("garbage_gzip"),
    "reset": Fault("reset"),
}


@pytest.mark.parametrize("place", [0, 1, 2])
@pytest.mark.parametrize("name", PASSING)
def test_a_passing_fault_on_any_page_costs_nothing_but_a_try(
    registry: Registry, registry_stand_in: RegistryStandIn, name: str, place: int
) -> None:
    fault = PASSING[name]
    registry_stand_in.faults = [Fault(fault.kind, fault.status, skip=place, times=2)]

    pages = list(registry.studies({}, page_size=10))

    assert numbers(pages) == NUMBERS
    assert registry.requests_sent == 5


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        (Fault("status", 503), "status 503"),
        (Fault("not_json"), "the answer cannot be read: it is not JSON"),
        (Fault("empty_body"), "the answer cannot be read: it is not JSON"),
        (Fault("garbage_gzip"), "the answer was cut off: "),
        (Fault("truncated"), "the answer was cut off: "),
        (Fault("reset"), "no connection, or it broke: "),
    ],
    ids=lambda value: getattr(value, "kind", None),
)
def test_a_lasting_fault_ends_in_a_clear_complaint(
    registry: Registry, registry_stand_in: RegistryStandIn, fault: Fault, reason: str
) -> None:
    registry_stand_in.faults = [Fault(fault.kind, fault.status, times=-1)]

    with pytest.raises(RegistryUnavailable) as caught:
        registry.version()

    assert caught.value.url == f"{registry_stand_in.url}/version"
    assert caught.value.reason.startswith(reason)
    assert caught.value.reason.endswith("(5 tries)")
    assert registry.requests_sent == TRIES


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410, 414])
def test_a_refusal_is_not_tried_again(
    registry: Registry, registry_stand_in: RegistryStandIn, status: int
) -> None:
    registry_stand_in.faults = [Fault("status", status, "No,\n not   so")]

    with pytest.raises(RegistryRefused) as caught:
        registry.version()

    assert (caught.value.status, caught.value.words) == (status, "No, not so")
    assert registry.requests_sent == 1


def test_a_refusal_that_leads_elsewhere_says_where(
    registry: Registry, registry_stand_in: RegistryStandIn
) -> None:
    registry_stand_in.faults = [Fault("status", 302, "Found", {"Location": "/login"})]

    with pytest.raises(RegistryRefused, match=r"status 302: Found \(it leads to /login\)"):
        registry.version()


def test_a_registry_that_is_not_there_is_unavailable(connect: Connect) -> None:
    registry = connect("http://127.0.0.1:1/api/v2")

    with pytest.raises(RegistryUnavailable, match="no connection, or it broke"):
        registry.version()


@pytest.mark.parametrize("address", ["nowhere", "http://", "http://[", "http://127.0.0.1:x"])
def test_an_address_that_is_none_is_not_tried_again(connect: Connect, address: str) -> None:
    registry = connect(address)

    with pytest.raises(RegistryUnavailable, match="/version"):
        registry.version()

    assert registry.requests_sent == 1


def test_words_that_cannot_be_sent_are_complained_of(registry: Registry) -> None:
    with pytest.raises(RegistryUnavailable, match="surrogates not allowed"):
        list(registry.studies({"query.term": "\ud800"}))


def test_pauses_between_tries_grow(
    registry: Registry, registry_stand_in: RegistryStandIn, caplog: pytest.LogCaptureFixture
) -> None:
    registry_stand_in.faults = [Fault("status", 503, times=TRIES - 1)]

    with caplog.at_level(logging.WARNING, "trials.refresh"):
        registry.version()

    url = f"{registry_stand_in.url}/version"
    assert caplog.messages == [
        f"{url}: status 503; again in {pause}.0 seconds" for pause in (1, 2, 4, 8)
    ]


def test_pauses_are_of_different_lengths_by_chance(
    registry_stand_in: RegistryStandIn, connect: Connect, registry_clock: Clock
) -> None:
    chances = iter([0.0, 0.99])
    registry = connect(registry_stand_in.url, jitter=lambda: next(chances))
    registry_stand_in.faults = [Fault("status", 503, times=2)]

    registry.version()

    assert registry_clock.now == pytest.approx(0.5 + 2.98)


@pytest.mark.parametrize(
    ("asked", "waited"), [("17", 17), ("0", 1), ("a while", 1), ("-5", 1), ("٣", 1)]
)
def test_the_registry_may_say_how_long_to_wait_in_seconds(
    registry: Registry,
    registry_stand_in: RegistryStandIn,
    registry_clock: Clock,
    asked: str,
    waited: int,
) -> None:
    asks = {"Retry-After": asked.encode().decode("latin-1")}
    registry_stand_in.faults = [Fault("status", 429, headers=asks)]

    registry.version()

    assert registry_clock.now == waited


@pytest.mark.parametrize("status", [429, 503])
def test_the_registry_may_say_how_long_to_wait_by_a_date(
    registry: Registry, registry_stand_in: RegistryStandIn, registry_clock: Clock, status: int
) -> None:
    until = format_datetime(datetime.now(UTC) + timedelta(seconds=100), usegmt=True)
    registry_stand_in.faults = [Fault("status", status, headers={"Retry-After": until})]

    registry.version()

    assert 90 < registry_clock.now <= 100


@pytest.mark.parametrize("asked", ["7200", "9" * 400])
def test_a_wait_of_hours_is_not_waited(
    registry: Registry, registry_stand_in: RegistryStandIn, registry_clock: Clock, asked: str
) -> None:
    registry_stand_in.faults = [Fault("status", 429, headers={"Retry-After": asked})]

    with pytest.raises(RegistryUnavailable, match=r"it asks to wait (7200|inf) seconds"):
        registry.version()

    assert registry_clock.slept == []


def test_waits_do_not_add_up_to_hours(
    registry: Registry, registry_stand_in: RegistryStandIn, registry_clock: Clock
) -> None:
    registry_stand_in.faults = [Fault("status", 429, headers={"Retry-After": "250"}, times=-1)]

    with pytest.raises(RegistryUnavailable, match=r"status 429 \(3 tries\)"):
        registry.version()

    assert registry_clock.now == 500


def test_requests_keep_their_distance(
    registry_stand_in: RegistryStandIn, connect: Connect, registry_clock: Clock
) -> None:
    registry = connect(registry_stand_in.url, interval=1.0)

    registry.version()
    registry_clock.now += 0.4
    registry.version()
    registry_clock.now += 5
    registry.version()

    assert registry_clock.slept == [pytest.approx(0.6)]


def test_a_client_gives_signs_of_life_while_it_sleeps(
    registry: Registry, registry_stand_in: RegistryStandIn, registry_clock: Clock
) -> None:
    signs: list[float] = []
    registry.pulse = lambda: signs.append(registry_clock.now)
    registry_stand_in.faults = [Fault("status", 503, headers={"Retry-After": "9"})]

    registry.version()

    assert signs == [2, 4, 6, 8, 9]


# Time and size of one answer


@pytest.mark.parametrize("kind", ["drip", "drip_head"])
def test_a_registry_that_sends_byte_after_byte_is_not_waited_for(
    registry_stand_in: RegistryStandIn, connect: Connect, registry_clock: Clock, kind: str
) -> None:
    registry_clock.step = 7.0  # each look at the clock, so each byte or so
    registry_stand_in.faults = [Fault(kind, seconds=0.001, times=-1)]
    registry = connect(registry_stand_in.url)

    with pytest.raises(RegistryUnavailable, match="it did not end within 300 seconds"):
        registry.version()

    assert registry.requests_sent <= 3


@pytest.mark.parametrize("kind", ["drip", "drip_head"])
def test_the_budget_ends_an_answer_that_comes_byte_after_byte(
    registry_stand_in: RegistryStandIn, connect: Connect, registry_clock: Clock, kind: str
) -> None:
    registry_clock.step = 1.0
    registry_stand_in.faults = [Fault(kind, seconds=0.001)]
    registry = connect(registry_stand_in.url, budget=12)

    with pytest.raises(OutOfTime, match="12 seconds given for the registry"):
        registry.version()

    assert registry.requests_sent == 1


def test_a_slow_answer_is_waited_for_with_signs_of_life(
    registry_stand_in: RegistryStandIn, connect: Connect
) -> None:
    signs: list[None] = []
    registry_stand_in.faults = [Fault("delay", seconds=0.5)]
    registry = connect(registry_stand_in.url)
    registry._transport._timeout = (5, 0.02)  # for BEAT seconds, which nobody wants to wait for
    registry.pulse = lambda: signs.append(None)

    registry.version()

    assert (len(signs) >= 3, registry.requests_sent, BEAT < 5) == (True, 1, True)


def test_a_registry_that_is_silent_is_waited_for_no_longer_than_the_timeout(
    registry_stand_in: RegistryStandIn, connect: Connect
) -> None:
    registry_stand_in.faults = [Fault("delay", seconds=0.3)]
    registry = connect(registry_stand_in.url, timeout=(1, 0.05))

    version = registry.version()

    assert (version.api_version, registry.requests_sent) == ("2.0.5", 2)


def test_an_answer_without_end_is_not_kept(
    registry: Registry, registry_stand_in: RegistryStandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("trials.registry.transport.MOST_BYTES", 5 * 1024 * 1024)
    registry_stand_in.faults = [Fault("endless")]

    with pytest.raises(RegistryUnavailable, match="the answer is longer than 5 MB"):
        registry.version()

    assert registry.requests_sent == 1


@pytest.mark.parametrize(
    "fault", [None, Fault("status", 400), Fault("not_json", times=5), Fault("truncated", times=5)]
)
def test_every_answer_is_closed(
    registry: Registry,
    registry_stand_in: RegistryStandIn,
    monkeypatch: pytest.MonkeyPatch,
    fault: Fault | None,
) -> None:
    given: list[Any] = []
    send = registry._transport._session.send
    monkeypatch.setattr(
        registry._transport._session,
        "send",
        lambda *args, **more: given.append(send(*args, **more)) or given[-1],
    )
    registry_stand_in.faults = [fault] if fault else []

    with suppress(RegistryRefused, RegistryUnavailable):
        registry.version()

    assert given
    assert all(response.raw.closed for response in given)


# The budget


def test_no_request_begins_when_the_time_is_up(
    registry_stand_in: RegistryStandIn, connect: Connect, registry_clock: Clock
) -> None:
    registry = connect(registry_stand_in.url, budget=1000)
    registry_clock.now += 5000  # nothing was asked yet: the time has not begun

    registry.version()
    registry_clock.now += 1000

    with pytest.raises(OutOfTime, match="The 1,000 seconds given for the registry are used up"):
        registry.version()
    assert registry.requests_sent == 1


@pytest.mark.parametrize(("asked", "is_out"), [("8", False), ("12", True)])
def test_no_pause_begins_that_would_last_beyond_the_time(
    registry_stand_in: RegistryStandIn,
    connect: Connect,
    registry_clock: Clock,
    asked: str,
    is_out: bool,
) -> None:
    registry = connect(registry_stand_in.url, budget=10)
    registry_stand_in.faults = [Fault("status", 429, headers={"Retry-After": asked})]

    if is_out:
        with pytest.raises(OutOfTime):
            registry.version()
    else:
        registry.version()

    assert registry_clock.now == (0 if is_out else 8)
