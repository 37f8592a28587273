"""Our trials that no query returned: asked for by number, and gone only where that is certain."""

import logging
from collections.abc import Callable
from typing import Any

import pytest

from tests.records import study_record
from tests.stand_in import Connect, Fault, RegistryStandIn
from tests.stand_in_faults import of_later_page, of_numbers, of_one_study
from trials.refresh.harvest import Harvested, Plan, Question, RegistryHarvest
from trials.registry.transport import TRIES

OURS = [f"NCT{number:08d}" for number in range(1, 8)]
GONE, OLD = "NCT00000050", "NCT00000060"
KNOWN = frozenset([*OURS, GONE, OLD])
BATCH = "/studies"

Make = Callable[..., RegistryHarvest]


@pytest.fixture
def registry(registry_stand_in: RegistryStandIn) -> RegistryStandIn:
    registry_stand_in.add(*map(study_record, OURS))
    registry_stand_in.aliases[OLD] = "NCT00000007"
    return registry_stand_in


@pytest.fixture
def make(registry: RegistryStandIn, connect: Connect) -> Make:
    def make(*known: str, **plan: Any) -> RegistryHarvest:
        made = Plan(known=frozenset(known or KNOWN), **plan)
        return RegistryHarvest(connect(registry.url), plan=lambda data_timestamp: made)

    return make


def names(harvest: RegistryHarvest) -> list[str]:
    return [one[0] for one in harvest.records() if not isinstance(one, Harvested)]


def alone(registry: RegistryStandIn) -> list[str]:
    return [path.removeprefix("/studies/") for path in registry.paths() if path.count("/") == 2]


def test_those_that_are_absent_are_asked_for_one_by_one(
    registry: RegistryStandIn, make: Make
) -> None:
    harvest = make()

    came = names(harvest)

    assert came == OURS
    assert (harvest.gone, harvest.renamed) == ([GONE], {OLD: "NCT00000007"})
    assert (harvest.missing, harvest.expected) == ([], 7)
    assert alone(registry) == [GONE, OLD, "NCT00000007"]


def test_one_that_was_renamed_comes_under_its_present_number(
    registry: RegistryStandIn, make: Make
) -> None:
    harvest = make(OLD)

    assert names(harvest) == ["NCT00000007"]
    assert (harvest.renamed, harvest.expected) == ({OLD: "NCT00000007"}, 1)


def test_one_whose_new_record_names_the_old_number_is_known_to_be_renamed(
    registry: RegistryStandIn, make: Make
) -> None:
    old = "NCT00000061"
    registry.add(study_record("NCT00000008", identificationModule={"nctIdAliases": [old]}))
    harvest = make(old)

    assert names(harvest) == ["NCT00000008"]
    assert harvest.renamed == {old: "NCT00000008"}


def test_one_that_was_renamed_is_told_though_a_query_brought_it(
    registry: RegistryStandIn, make: Make
) -> None:
    harvest = make(OLD, questions=(Question("all", {"query.term": "marrow"}),))

    assert names(harvest) == OURS
    assert harvest.renamed == {OLD: "NCT00000007"}


def test_only_those_that_nobody_brought_are_asked_for(
    registry: RegistryStandIn, make: Make
) -> None:
    registry.studies["NCT00000003"] = study_record("NCT00000003", descriptionModule=None)
    query = Question("words", {"query.term": '"injection of cells"'})  # all but the third
    harvest = make(*OURS, "NCT00000070", questions=(query,), done=frozenset({"NCT00000070"}))

    names(harvest)

    assert [one.params.get("filter.ids") for one in registry.asked[2:-1]] == ["NCT00000003"]


def test_batches_keep_the_address_short(
    registry: RegistryStandIn, make: Make, caplog: pytest.LogCaptureFixture
) -> None:
    many = [f"NCT9{number:07d}" for number in range(1, 251)]
    registry.add(*map(study_record, many))

    with caplog.at_level(logging.INFO, "trials.refresh"):
        came = names(make(*many))

    assert came == many
    assert max(len(f"{registry.url}{one.target}") for one in registry.asked) < 2000
    assert len(registry.asked) == 1 + 3
    assert caplog.messages[-2:] == [
        "numbers 201 to 250 of 250 page 1: 50 studies, 50 of 50",
        "numbers 201 to 250 of 250: all 50 studies came",
    ]


def test_a_number_that_cannot_be_one_is_named_and_never_sent(
    registry: RegistryStandIn, make: Make
) -> None:
    harvest = make("nct1", "NCT0", "ABC\x00123", "NCT00000002")

    assert names(harvest) == ["NCT00000001", "NCT00000002"]
    assert harvest.missing == [
        "“ABC123” was not asked for: it is no NCT number",
        "“NCT0” was not asked for: it is no NCT number",
    ]
    assert registry.asked[1].params["filter.ids"] == "NCT00000001,NCT00000002"


# What goes wrong


@pytest.mark.parametrize("kind", ["lose_study", "repeat_study", "no_total", "wrong_total"])
def test_a_batch_that_is_not_whole_is_made_up_for(
    registry: RegistryStandIn, make: Make, kind: str
) -> None:
    registry.faults = [Fault(kind, times=-1, on=of_numbers)]
    harvest = make()

    assert sorted(names(harvest)) == OURS
    assert (harvest.missing, harvest.gone, harvest.expected) == ([], [GONE], 7)


@pytest.mark.parametrize("status", [400, 503])
def test_a_batch_that_does_not_come_makes_nothing_gone(
    registry: RegistryStandIn, make: Make, status: int
) -> None:
    registry.faults = [Fault("status", status, "No", times=TRIES, on=of_numbers)]
    harvest = make()

    assert names(harvest) == []
    assert harvest.gone == []
    assert harvest.missing[0].startswith("numbers 1 to 9 of 9: 9 did not come: ")
    assert harvest.expected == 9


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        (Fault("status", 400, "No"), f"{GONE} could not be read: The registry refused"),
        (Fault("status", 403, "No"), f"{GONE} could not be read: The registry refused"),
        (Fault("status", 503, times=TRIES), f"{GONE} could not be read: No usable answer"),
        (Fault("not_json", times=TRIES), f"{GONE} could not be read: No usable answer"),
        (
            Fault("status", 404, "<html>Gone fishing", {"Content-Type": "text/html"}),
            f"{GONE} could not be read: The registry refused",
        ),
        (
            Fault("status", 301, "", {"Location": "https://example.org/maintenance"}),
            f"{GONE} could not be read: The registry refused",
        ),
    ],
    ids=lambda value: f"{value.kind} {value.status}" if isinstance(value, Fault) else "",
)
def test_only_the_registrys_own_words_make_a_study_gone(
    registry: RegistryStandIn, make: Make, fault: Fault, words: str
) -> None:
    registry.faults = [Fault(**(vars(fault) | {"on": of_one_study}))]
    harvest = make()

    assert names(harvest) == OURS
    assert harvest.gone == []
    assert harvest.missing[0].startswith(words)
    assert len(harvest.missing) == 1
    assert harvest.renamed == {OLD: "NCT00000007"}


def test_a_record_of_another_number_is_not_taken_for_the_one_asked_for(
    registry: RegistryStandIn, make: Make
) -> None:
    registry.studies[GONE] = study_record("NCT00000099")
    registry.faults = [Fault("status", 200, '{"studies": [], "totalCount": 0}', on=of_numbers)]
    harvest = make(GONE)

    assert names(harvest) == []
    assert harvest.missing == [f"{GONE} was asked for, and NCT00000099 came"]


def test_a_study_whose_record_has_no_number_comes_under_the_number_asked_for(
    registry: RegistryStandIn, make: Make
) -> None:
    registry.studies[GONE] = {"protocolSection": {}}
    registry.faults = [Fault("status", 200, '{"studies": [], "totalCount": 0}', on=of_numbers)]
    harvest = make(GONE)

    assert list(harvest.records()) == [(GONE, {"protocolSection": {}})]
    assert harvest.missing == []


def test_a_registry_that_no_longer_answers_is_not_asked_for_every_number(
    registry: RegistryStandIn, make: Make
) -> None:
    many = [f"NCT9{number:07d}" for number in range(1, 301)]
    registry.faults = [Fault("status", 503, times=-1, on=of_one_study)]
    harvest = make(*many)

    names(harvest)

    assert harvest.requests == 1 + 1 + 2 * TRIES
    assert len(harvest.missing) == 3
    assert harvest.missing[2] == (
        "not asked for by number: 298 studies: the registry gave no answer 2 times in a row"
    )
    assert harvest.expected == 300


def test_many_faults_are_told_in_a_few_words(registry: RegistryStandIn, make: Make) -> None:
    many = [f"NCT9{number:07d}" for number in range(1, 51)]
    registry.faults = [Fault("status", 400, "No", times=-1, on=of_one_study)]
    harvest = make(*many)

    names(harvest)

    assert len(harvest.missing) == 21
    assert harvest.missing[-1] == "and 30 more could not be read"


def test_a_batch_on_several_pages_is_read_to_the_end(registry: RegistryStandIn, make: Make) -> None:
    registry.empty_pages = {1, 2}
    registry.faults = [Fault("status", 503, on=of_later_page)]
    harvest = make(*OURS)

    assert names(harvest) == OURS
    assert alone(registry) == []
