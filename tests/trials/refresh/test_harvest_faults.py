"""Whatever goes wrong, in whatever order: everything came, or something is said to be missing."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.clock import Clock
from tests.records import study_record
from tests.stand_in import RegistryStandIn
from tests.stand_in_faults import (
    OF_A_PAGE,
    Fault,
    of_first_page,
    of_later_page,
    of_numbers,
    of_one_study,
    of_version,
)
from trials.refresh.harvest import Harvested, Plan, Question, RegistryHarvest
from trials.registry.client import Registry

KNEES = {f"NCT{number:08d}" for number in range(1, 11)}
DISCS = {f"NCT{number:08d}" for number in range(9, 15)}
OTHERS = {f"NCT{number:08d}" for number in range(20, 24)}
GONE, OLD, NEW = "NCT00000050", "NCT00000060", "NCT00000061"
PLAN = Plan(
    questions=(
        Question("knees", {"query.term": "gonarthrosis"}),
        Question("discs", {"query.term": "disc"}),
    ),
    known=frozenset(KNEES | OTHERS | {GONE, OLD}),
)
EVERYTHING = KNEES | DISCS | OTHERS | {NEW}

OF_THE_LINE = (
    "die",
    "empty_body",
    "garbage_gzip",
    "not_json",
    "reset",
    "truncated",
    "truncated_quietly",
)
ANSWERS = (200, 204, 302, 400, 403, 410, 429, 500, 503)
PLACES = (of_version, of_first_page, of_later_page, of_numbers, of_one_study)


@contextmanager
def registry_with(faults: list[Fault]) -> Iterator[RegistryStandIn]:
    registry = RegistryStandIn()
    for number in sorted(EVERYTHING):
        conditions = ["Gonarthrosis"] * (number in KNEES) + ["Disc"] * (number in DISCS)
        modules = {"conditions": conditions or ["Ankle"], "keywords": None}
        registry.add(study_record(number, conditionsModule=modules))
    registry.aliases[OLD] = NEW
    registry.faults = faults
    registry.start()
    try:
        yield registry
    finally:
        registry.stop()
    assert registry.accidents == []


@dataclass
class Outcome:
    """What one harvest gave, whatever stood in its way."""

    harvest: RegistryHarvest
    names: list[str]
    harvested: dict[str, set[str]]


def outcome_of(faults: list[Fault], budget: float | None = None) -> Outcome:
    clock = Clock()
    with registry_with(faults) as registry:
        client = Registry(registry.url, interval=1, budget=budget, sleep=clock.sleep, clock=clock)
        harvest = RegistryHarvest(client, plan=lambda data_timestamp: PLAN, page_size=4)
        came = list(harvest.records())
    return Outcome(
        harvest,
        [one[0] for one in came if not isinstance(one, Harvested)],
        {one.question.name: set(one.numbers) for one in came if isinstance(one, Harvested)},
    )


def check(outcome: Outcome) -> None:
    harvest, names = outcome.harvest, outcome.names
    assert len(names) == len(set(names))
    assert set(names) <= EVERYTHING
    assert set(harvest.gone) <= {GONE}
    assert harvest.renamed in ({}, {OLD: NEW})
    whole = {"knees": KNEES, "discs": DISCS}
    assert outcome.harvested == {name: whole[name] for name in outcome.harvested}
    if not harvest.missing:
        assert set(names) == EVERYTHING
        assert set(outcome.harvested) == {"knees", "discs"}
        assert (harvest.gone, harvest.renamed) == ([GONE], {OLD: NEW})
        assert harvest.expected == len(EVERYTHING)


fault_anywhere = st.builds(
    Fault,
    kind=st.sampled_from([*sorted(OF_A_PAGE), *OF_THE_LINE]),
    skip=st.integers(0, 12),
    times=st.sampled_from([1, 2, 5, 20]),
)
answer_anywhere = st.builds(
    Fault,
    kind=st.just("status"),
    status=st.sampled_from(ANSWERS),
    words=st.sampled_from(["", "No", '{"studies": []}', "[]", "null", '{"studies": [], "nextPage']),
    skip=st.integers(0, 12),
    times=st.sampled_from([1, 2, 5, 20]),
)


@settings(max_examples=40, deadline=None)
@given(
    faults=st.lists(fault_anywhere | answer_anywhere, max_size=4),
    budget=st.none() | st.integers(1, 60),
)
def test_any_faults_anywhere(faults: list[Fault], budget: float | None) -> None:
    check(outcome_of(faults, budget))


@pytest.mark.parametrize("place", PLACES, ids=lambda place: place.__name__)
@pytest.mark.parametrize("kind", [*sorted(OF_A_PAGE - {"forever"}), *OF_THE_LINE])
def test_each_fault_once_at_each_place(
    kind: str, place: Callable[[str, dict[str, str]], bool]
) -> None:
    outcome = outcome_of([Fault(kind, on=place)])

    check(outcome)
    # Nothing of this is worse than a moment's trouble, but for a registry that is no more, and
    # for a total that nobody says.
    lasting = kind == "die" or (kind == "no_total" and place is of_first_page)
    assert bool(outcome.harvest.missing) == lasting


def test_without_faults_everything_comes() -> None:
    outcome = outcome_of([])

    check(outcome)
    assert outcome.harvest.missing == []
