"""A harvest brings every study of its questions, or says what is missing; it never raises."""

import logging
import tracemalloc
from collections.abc import Callable, Mapping
from typing import Any

import pytest

from tests.clock import Clock
from tests.records import study_record
from tests.stand_in import Connect, Fault, RegistryStandIn, token_refused
from tests.stand_in_faults import of_first_page, of_later_page, of_numbers, of_version
from trials.refresh.asking import RESTARTS
from trials.refresh.harvest import Harvested, Plan, Question, RegistryHarvest
from trials.registry.errors import UnusableRecord
from trials.registry.transport import TRIES

KNEES = [f"NCT{number:08d}" for number in range(1, 13)]
DISCS = [f"NCT{number:08d}" for number in range(11, 16)]  # the first two are about knees too
ALL = [f"NCT{number:08d}" for number in range(1, 16)]
KNEE = Question("knees", {"query.term": "gonarthrosis"})
DISC = Question("discs", {"query.cond": "disc"})
BOTH = Plan(questions=(KNEE, DISC))

Make = Callable[..., RegistryHarvest]


@pytest.fixture
def registry(registry_stand_in: RegistryStandIn) -> RegistryStandIn:
    for number in ALL:
        conditions = ["Gonarthrosis"] * (number in KNEES) + ["Disc"] * (number in DISCS)
        registry_stand_in.add(
            study_record(number, conditionsModule={"conditions": conditions, "keywords": None})
        )
    return registry_stand_in


@pytest.fixture
def make(registry: RegistryStandIn, connect: Connect) -> Make:
    def make(plan: Plan = BOTH, page_size: int = 5, **options: Any) -> RegistryHarvest:
        client = connect(registry.url, **options)
        return RegistryHarvest(client, plan=lambda data_timestamp: plan, page_size=page_size)

    return make


def names(harvest: RegistryHarvest) -> list[str]:
    """The names of what came, in order; "=knees" where a query was harvested."""
    return [
        f"={one.question.name}" if isinstance(one, Harvested) else one[0]
        for one in harvest.records()
    ]


def filters(registry: RegistryStandIn) -> list[Mapping[str, str]]:
    ours = ("filter.advanced", "filter.ids", "query.term")
    return [{key: one.params[key] for key in ours if key in one.params} for one in registry.asked]


# Whole answers


def test_every_study_comes_once_and_each_query_is_told_when_it_has_come(make: Make) -> None:
    harvest = make()

    came = list(harvest.records())

    events = [one for one in came if isinstance(one, Harvested)]
    assert [one[0] for one in came if not isinstance(one, Harvested)] == ALL
    assert events == [Harvested(KNEE, 12, tuple(KNEES)), Harvested(DISC, 5, tuple(DISCS))]
    assert (came.index(events[0]), came[-1]) == (12, events[1])
    assert came[0] == (
        "NCT00000001",
        study_record(
            "NCT00000001",
            conditionsModule={"conditions": ["Gonarthrosis"], "keywords": None},
        ),
    )
    assert (harvest.missing, harvest.gone, harvest.renamed, harvest.expected) == ([], [], {}, 15)


def test_the_plan_is_made_once_the_age_of_the_data_is_known(
    registry: RegistryStandIn, connect: Connect
) -> None:
    seen = []
    harvest = RegistryHarvest(connect(registry.url), plan=lambda stamp: seen.append(stamp) or BOTH)

    names(harvest)

    assert (seen, harvest.data_timestamp) == (["2024-03-01T09:00:05"], "2024-03-01T09:00:05")
    assert registry.paths() == ["/version", "/studies", "/studies", "/version"]
    assert harvest.requests == 4


def test_data_that_change_in_mid_run_are_told(registry: RegistryStandIn, make: Make) -> None:
    harvest = make()
    came = harvest.records()
    next(came)
    registry.data_timestamp = "2024-03-02T09:00:05"

    list(came)

    assert harvest.missing == [
        "the registry's data changed meanwhile, from those of 2024-03-01T09:00:05 "
        "to those of 2024-03-02T09:00:05"
    ]


def test_empty_pages_are_not_the_end(registry: RegistryStandIn, make: Make) -> None:
    registry.empty_pages = {1, 3, 4}

    assert names(make()) == [*KNEES, "=knees", *ALL[12:], "=discs"]


def test_a_query_that_finds_nothing_is_harvested(make: Make) -> None:
    nothing = Question("elbows", {"query.cond": "elbow"})
    harvest = make(Plan(questions=(nothing,)))

    assert list(harvest.records()) == [Harvested(nothing, 0, ())]
    assert (harvest.missing, harvest.expected) == ([], 0)


def test_only_what_was_updated_since_a_day_is_asked_for(
    registry: RegistryStandIn, make: Make
) -> None:
    fresh = {"lastUpdatePostDateStruct": {"date": "2024-03-01"}}
    registry.add(study_record("NCT00000099", statusModule=fresh))
    since = Question("fresh", {"query.term": "marrow"}, since="2024-02-28")

    came = names(make(Plan(questions=(since,))))

    assert came == ["NCT00000099", "=fresh"]
    wanted = "AREA[LastUpdatePostDate]RANGE[2024-02-28,MAX]"
    assert filters(registry)[1] == {"query.term": "marrow", "filter.advanced": wanted}


def test_a_filter_of_the_query_stays_beside_the_day() -> None:
    question = Question("a", {"filter.advanced": "AREA[Phase]PHASE3 OR AREA[Phase]NA"}, "2024-02")

    assert question.asked() == {
        "filter.advanced": "(AREA[Phase]PHASE3 OR AREA[Phase]NA) AND "
        "AREA[LastUpdatePostDate]RANGE[2024-02,MAX]"
    }


def test_nothing_is_asked_where_nothing_is_new(registry: RegistryStandIn, make: Make) -> None:
    harvest = make(Plan(questions=(KNEE,), known=frozenset(ALL), nothing_new="the same data"))

    assert names(harvest) == []
    assert (registry.paths(), harvest.missing, harvest.expected) == (["/version"], [], 0)


def test_an_empty_plan_is_complete(make: Make) -> None:
    harvest = make(Plan())

    assert names(harvest) == []
    assert (harvest.missing, harvest.expected) == ([], 0)


# Answers that are not whole

SMALLER = ["lose_study", "repeat_study"]


@pytest.mark.parametrize("kind", SMALLER)
@pytest.mark.parametrize("page", [0, 1, 2])
def test_a_query_of_which_a_study_is_missing_starts_over(
    registry: RegistryStandIn, make: Make, kind: str, page: int
) -> None:
    registry.faults = [Fault(kind, skip=1 + page)]  # after the version
    harvest = make()

    came = names(harvest)

    assert sorted(came) == sorted([*ALL, "=knees", "=discs"])
    assert (harvest.missing, harvest.expected) == ([], 15)
    assert len(registry.asked) == 1 + 3 + 3 + 1 + 1


@pytest.mark.parametrize("kind", [*SMALLER, "wrong_total"])
def test_a_query_of_which_a_study_is_always_missing_says_how_many_of_how_many(
    registry: RegistryStandIn, make: Make, kind: str
) -> None:
    total, came_of_it = (17, 12) if kind == "wrong_total" else (12, 11)
    at_the_first_page = lambda path, params: of_first_page(path, params) and "query.term" in params  # noqa: E731
    registry.faults = [Fault(kind, times=-1, on=at_the_first_page)]
    harvest = make()

    came = names(harvest)

    assert "=discs" in came
    assert "=knees" not in came
    assert harvest.missing == [
        f"query “knees”: {came_of_it} of {total} studies came: the last page came too early"
    ]
    assert harvest.expected == len(set(came) - {"=discs"}) + total - came_of_it
    assert len(registry.asked) == 1 + 3 * (1 + RESTARTS) + 1


def test_a_query_whose_studies_nobody_counted_is_incomplete(
    registry: RegistryStandIn, make: Make
) -> None:
    registry.faults = [Fault("no_total", times=-1)]
    harvest = make()

    assert names(harvest) == ALL
    assert harvest.missing == [
        f"query “{name}”: the registry did not say how many studies there are"
        for name in ("knees", "discs")
    ]
    assert (harvest.expected, len(registry.asked)) == (None, 1 + 3 + 1)


def test_a_study_that_comes_twice_is_one(registry: RegistryStandIn, make: Make) -> None:
    registry.faults = [Fault("extra_study", times=-1)]

    assert names(make()) == [*KNEES, "=knees", *ALL[12:], "=discs"]


@pytest.mark.parametrize("page", [0, 1])
@pytest.mark.parametrize("fault", [token_refused(), Fault("repeat_token", on=of_later_page)])
def test_a_query_whose_token_is_no_good_starts_over(
    registry: RegistryStandIn, make: Make, fault: Fault, page: int
) -> None:
    registry.faults = [Fault(**{**vars(fault), "skip": page})]
    harvest = make(page_size=4)

    came = names(harvest)

    assert (sorted(came), harvest.missing) == (sorted([*ALL, "=knees", "=discs"]), [])


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        (token_refused(times=-1), "status 400 for its own page token: Invalid `pageToken`"),
        (
            Fault("repeat_token", times=-1, on=of_later_page),
            "it gave the same page token twice",
        ),
    ],
)
def test_a_query_whose_token_is_never_good_keeps_what_came(
    registry: RegistryStandIn, make: Make, fault: Fault, words: str
) -> None:
    registry.faults = [Fault(**vars(fault))]
    harvest = make()

    came = names(harvest)

    at_least = 5 if fault.kind == "status" else 10
    assert came[:at_least] == KNEES[:at_least]
    assert harvest.missing == [f"query “knees”: {at_least} of 12 studies came: {words}"]
    assert registry.paths().count("/studies") <= 3 * (1 + RESTARTS) + 1


def test_reasons_to_start_over_share_the_attempts(registry: RegistryStandIn, make: Make) -> None:
    registry.faults = [Fault("lose_study", on=of_first_page), token_refused(skip=2)]
    harvest = make(Plan(questions=(KNEE,)))
    assert (names(harvest)[-1], harvest.missing) == ("=knees", [])

    registry.faults = [Fault("lose_study", on=of_first_page), token_refused(skip=2, times=2)]
    harvest = make(Plan(questions=(KNEE,)))
    assert "=knees" not in names(harvest)
    assert harvest.missing[0].startswith("query “knees”: 11 of 12 studies came: status 400")


def test_pages_without_end_come_to_an_end(registry: RegistryStandIn, make: Make) -> None:
    registry.faults = [Fault("forever", times=-1)]
    harvest = make(Plan(questions=(KNEE,)), page_size=250)

    assert names(harvest) == KNEES
    assert harvest.missing == [
        f"query “knees”: 12 of 12 studies came: No usable answer from {registry.url}/studies: "
        "120 pages came, and no last one"
    ]


@pytest.mark.parametrize(("status", "words"), [(400, "Too complicated query"), (404, "Not Found")])
def test_a_query_that_is_refused_is_named_and_the_others_go_on(
    registry: RegistryStandIn, make: Make, status: int, words: str
) -> None:
    registry.faults = [Fault("status", status, words, on=of_first_page)]
    harvest = make()

    assert names(harvest) == [*DISCS, "=discs"]
    [missing] = harvest.missing
    assert missing.startswith("query “knees”: The registry refused")
    assert missing.endswith(f"with status {status}: {words}")
    assert len(registry.asked) == 3


# A registry that does not answer


def test_a_registry_without_a_version_is_asked_nothing(
    registry: RegistryStandIn, make: Make
) -> None:
    registry.faults = [Fault("status", 503, times=-1)]
    harvest = make()

    assert names(harvest) == []
    assert harvest.missing == [
        f"nothing was asked: No usable answer from {registry.url}/version: status 503 (5 tries)"
    ]
    assert (harvest.expected, harvest.requests) == (None, TRIES)


@pytest.mark.parametrize(
    ("skip", "kept"), [(0, 0), (1, 0), (2, 5), (3, 10), (4, 12), (5, 15), (6, 15), (7, 16)]
)
def test_a_registry_that_dies_leaves_what_came_and_a_list_of_what_did_not(
    registry: RegistryStandIn, make: Make, registry_clock: Clock, skip: int, kept: int
) -> None:
    registry.add(study_record("NCT00000020", conditionsModule=None))
    known = frozenset({"NCT00000020", "NCT00000021", "NCT00000022"})
    third = Question("elbows", {"query.cond": "elbow"})
    plan = Plan(questions=(KNEE, DISC, third), known=known)
    registry.faults = [Fault("die", skip=skip)]
    harvest = make(plan)

    came = [name for name in names(harvest) if not name.startswith("=")]

    assert len(came) == kept
    assert harvest.gone == []
    told = "\n".join(harvest.missing)
    assert ("knees" in told) == (0 < skip < 4)
    assert ("discs" in told) == (0 < skip < 5)
    assert ("elbows" in told) == (0 < skip < 6)
    assert harvest.missing
    assert registry_clock.now <= 2 * 15  # two questions, five tries each


def test_after_two_questions_without_an_answer_no_more_are_asked(
    registry: RegistryStandIn, make: Make
) -> None:
    many = tuple(Question(f"q{n}", {"query.term": f"word{n}"}) for n in range(9))
    registry.faults = [Fault("status", 503, skip=1, times=-1)]
    harvest = make(Plan(questions=many, known=frozenset(ALL)))

    names(harvest)

    assert harvest.requests == 1 + 2 * TRIES
    why = "the registry gave no answer 2 times in a row"
    assert harvest.missing[2:] == [
        *(f"query “q{n}” was not asked: {why}" for n in range(2, 9)),
        f"not asked for by number: 15 studies: {why}",
    ]


def test_one_question_without_an_answer_does_not_end_the_run(
    registry: RegistryStandIn, make: Make
) -> None:
    registry.faults = [
        Fault("status", 503, skip=1, times=TRIES),
        Fault("status", 503, times=TRIES, on=of_numbers),
    ]
    harvest = make(Plan(questions=(KNEE, DISC), known=frozenset(["NCT00000001"])))

    assert names(harvest) == [*DISCS, "=discs"]
    assert [words.partition(":")[0] for words in harvest.missing] == [
        "query “knees”",
        "numbers 1 to 1 of 1",
    ]


def test_a_registry_that_forbids_is_not_asked_on_and_on(
    registry: RegistryStandIn, make: Make
) -> None:
    registry.faults = [Fault("status", 403, "Forbidden", skip=1, times=-1)]
    harvest = make(Plan(questions=(KNEE, DISC, DISC), known=frozenset(ALL)))

    assert names(harvest) == []
    assert harvest.requests == 3


# The budget


@pytest.mark.parametrize(
    ("requests", "kept", "told"),
    [
        (
            1,
            0,
            [
                "query “knees”",
                "query “discs” was not asked",
                "not asked for by number: 2 studies: ",
            ],
        ),
        (
            2,
            5,
            [
                "query “knees”",
                "query “discs” was not asked",
                "not asked for by number: 2 studies: ",
            ],
        ),
        (4, 12, ["query “discs”", "not asked for by number: 2 studies: "]),
        (5, 15, ["numbers 1 to 2 of 2"]),
        (6, 15, ["not asked for by number: 2 studies: "]),
        (7, 15, ["not asked for by number: 1 study: "]),
    ],
)
def test_when_the_time_is_up_the_rest_is_named(
    registry: RegistryStandIn, make: Make, requests: int, kept: int, told: list[str]
) -> None:
    plan = Plan(questions=(KNEE, DISC), known=frozenset({"NCT00000020", "NCT00000021"}))
    harvest = make(plan, interval=10, budget=10 * requests - 5)

    came = [name for name in names(harvest) if not name.startswith("=")]

    assert len(came) == kept
    assert len(registry.asked) == requests
    assert len(harvest.missing) == len(told)
    for words, beginning in zip(harvest.missing, told, strict=True):
        assert words.startswith(beginning)
        assert words.endswith(f"The {10 * requests - 5} seconds given for the registry are used up")


def test_time_that_is_up_before_the_version_leaves_nothing_asked(
    registry: RegistryStandIn, make: Make
) -> None:
    registry.faults = [Fault("status", 503, headers={"Retry-After": "20"}, on=of_version)]
    harvest = make(budget=10)

    assert names(harvest) == []
    assert harvest.missing == [
        "nothing was asked: The 10 seconds given for the registry are used up"
    ]


# Odd records


@pytest.mark.parametrize("page", [1, 2, 3])
def test_a_record_that_is_none_is_named_by_its_place_and_counts(
    registry: RegistryStandIn, make: Make, page: int
) -> None:
    nothing: Any = "gonarthrosis"
    numberless = study_record("gonarthrosis", conditionsModule=None)
    entries = list(registry.studies.items())
    entries[5 * page - 5 : 5 * page - 5] = [("odd", nothing), ("odder", numberless)]
    registry.studies = dict(entries)
    harvest = make(Plan(questions=(KNEE,)))

    came = list(harvest.records())

    odd = {one[0]: one[1] for one in came[:-1] if not one[0].startswith("NCT")}  # type: ignore[index]
    place = f"query “knees”, page {page}, study"
    assert list(odd) == [f"{place} 1", f"{place} 2"]
    assert isinstance(odd[f"{place} 1"], UnusableRecord)
    assert str(odd[f"{place} 1"]) == f"{place} 1: it is no JSON object"
    assert odd[f"{place} 2"] == numberless
    assert came[-1] == Harvested(KNEE, 14, tuple(KNEES))
    assert harvest.missing == []


def test_an_odd_record_comes_once_though_its_query_starts_over(
    registry: RegistryStandIn, make: Make
) -> None:
    registry.studies = {"odd": "gonarthrosis"} | registry.studies  # type: ignore[dict-item]
    registry.faults = [token_refused()]
    harvest = make(Plan(questions=(KNEE,)))

    came = names(harvest)

    assert came == ["query “knees”, page 1, study 1", *KNEES, "=knees"]


# What is told on the way


def test_every_page_and_every_end_is_logged(
    registry: RegistryStandIn, make: Make, caplog: pytest.LogCaptureFixture
) -> None:
    registry.studies = {
        (number := f"NCT1{n:07d}"): {"protocolSection": {"identificationModule": {"nctId": number}}}
        for n in range(1, 1217)
    }
    harvest = make(Plan(questions=(Question("all", {}),)), page_size=1000)

    with caplog.at_level(logging.INFO, "trials.refresh"):
        names(harvest)

    assert caplog.messages == [
        "query “all” page 1: 1000 studies, 1,000 of 1,216",
        "query “all” page 2: 216 studies, 1,216 of 1,216",
        "query “all”: all 1,216 studies came",
    ]


def test_every_new_beginning_and_every_fault_is_logged(
    registry: RegistryStandIn, make: Make, caplog: pytest.LogCaptureFixture
) -> None:
    registry.faults = [token_refused(times=-1)]
    harvest = make(Plan(questions=(KNEE,)), page_size=10)

    with caplog.at_level(logging.WARNING, "trials.refresh"):
        names(harvest)

    fault = "10 of 12 studies came: status 400 for its own page token: Invalid `pageToken`"
    assert caplog.messages == [
        f"query “knees”: {fault}; from the beginning (1 of 2)",
        f"query “knees”: {fault}; from the beginning (2 of 2)",
        f"query “knees”: incomplete: {fault}",
    ]


def test_what_is_expected_grows_with_what_is_known(make: Make) -> None:
    harvest = make()
    seen = []

    for _ in harvest.records():
        seen.append(harvest.expected)

    assert seen == [12] * 13 + [15] * 4
    assert make().expected is None


def test_a_harvest_gives_signs_of_life(registry: RegistryStandIn, make: Make) -> None:
    signs: list[None] = []
    registry.faults = [Fault("status", 503, headers={"Retry-After": "9"}, on=of_later_page)]
    harvest = make()
    records = harvest.records()
    next(records)
    harvest.pulse = lambda: signs.append(None)  # set late, and heard

    list(records)

    assert len(signs) == 5


def test_the_connection_is_closed_when_the_harvest_ends_or_is_left(
    registry: RegistryStandIn, make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    closed: list[None] = []
    monkeypatch.setattr("trials.registry.client.Registry.close", lambda self: closed.append(None))

    names(make())
    left = make().records()
    next(left)
    left.close()  # type: ignore[attr-defined]

    assert len(closed) == 2


def test_pages_are_let_go_one_by_one(registry: RegistryStandIn, make: Make) -> None:
    words = "gonarthrosis " * 6_000  # 78 kB
    registry.studies = {
        (number := f"NCT1{n:07d}"): {
            "protocolSection": {"identificationModule": {"nctId": number}, "words": words}
        }
        for n in range(1, 201)
    }
    records = make(Plan(questions=(Question("all", {}),)), page_size=1).records()
    next(records)

    tracemalloc.start()
    try:
        count = sum(1 for _ in records)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert count == 200  # and one that says that all have come
    assert peak < 4_000_000  # all pages together have 16 million
