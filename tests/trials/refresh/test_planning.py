"""What a refresh asks: everything at first, then what was updated since."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.builders import make_trial
from tests.records import study_record
from tests.stand_in import Fault
from trials.models import HarvestedQuery, HarvestQuery, RefreshRun, StoredRecord, Trial
from trials.refresh import refresh_from_registry

pytestmark = pytest.mark.usefixtures("cells_query")

FIRST_DAY = datetime(2024, 3, 4, 4, 0, tzinfo=UTC)


@pytest.fixture
def registry(registry_stand_in, settings):
    """The stand-in, as the place where this installation refreshes from."""
    settings.REGISTRY_URL = registry_stand_in.url
    settings.REGISTRY_INTERVAL = 0
    registry_stand_in.add(
        updated("NCT90000001", "2024-02-01"), updated("NCT90000002", "2024-03-01")
    )
    return registry_stand_in


def updated(number: str, day: str, **changes):
    return study_record(number, statusModule={"lastUpdatePostDateStruct": {"date": day}}, **changes)


def refresh_on(day: int, registry, data_timestamp: str = "", **options):
    """A refresh so many days after the first one; the registry's data are of the day before it."""
    now = FIRST_DAY + timedelta(days=day)
    registry.asked.clear()
    registry.data_timestamp = data_timestamp or f"{now - timedelta(days=1):%Y-%m-%dT09:00:05}"
    return refresh_from_registry(now=now, **options)


def windows(registry) -> list[str]:
    return [
        asked.params["filter.advanced"]
        for asked in registry.asked
        if "filter.advanced" in asked.params
    ]


def test_the_first_refresh_reads_everything(registry):
    report = refresh_on(0, registry)

    assert (report.status, report.kind, report.created) == ("complete", "full", 2)
    assert windows(registry) == []


def test_the_next_asks_for_what_was_updated_with_some_days_overlap(registry):
    refresh_on(0, registry)
    registry.add(updated("NCT90000003", "2024-03-02"))

    report = refresh_on(1, registry)

    assert windows(registry) == ["AREA[LastUpdatePostDate]RANGE[2024-02-29,MAX]"]
    assert (report.kind, report.fetched, report.created, report.unchanged) == (
        "incremental",
        2,
        1,
        1,
    )


def test_unchanged_data_of_the_registry_are_not_asked_for_again(registry):
    refresh_on(0, registry, "2024-03-03T09:00:05")

    report = refresh_on(1, registry, "2024-03-03T09:00:05")

    assert registry.paths() == ["/version"]
    assert (report.status, report.fetched, report.requests) == ("complete", 0, 1)
    assert "which are here already" in report.message


def test_a_full_refresh_reads_everything_whatever_the_time_stamp_says(registry):
    refresh_on(0, registry, "2024-03-03T09:00:05")

    report = refresh_on(1, registry, "2024-03-03T09:00:05", full=True)

    assert (report.kind, report.fetched, report.unchanged) == ("full", 2, 2)


def test_once_a_week_everything_is_read(registry):
    refresh_on(0, registry)

    kinds = [refresh_on(day, registry).kind for day in (6, 7, 8)]

    assert kinds == ["incremental", "full", "incremental"]


def test_the_watermark_waits_for_a_complete_run(registry):
    refresh_on(0, registry)
    registry.faults = [Fault("status", 400, "gone", on=lambda path, params: path == "/studies")]

    broken = refresh_on(2, registry)
    refresh_on(3, registry)

    assert broken.status == "failed"
    assert windows(registry) == ["AREA[LastUpdatePostDate]RANGE[2024-02-29,MAX]"]


@pytest.mark.parametrize("change", [{"titles": "harbour"}, {"name": "other"}])
def test_a_query_in_other_words_is_asked_whole(registry, change):
    refresh_on(0, registry)
    HarvestQuery.objects.update(**change)

    refresh_on(1, registry)

    assert windows(registry) == []


def test_a_trial_that_somebody_entered_is_asked_for_though_nothing_is_new(registry):
    refresh_on(0, registry, "2024-03-03T09:00:05")
    registry.add(study_record("NCT90000009", identificationModule={"briefTitle": "Off the map"}))
    make_trial("NCT90000009")

    report = refresh_on(1, registry, "2024-03-03T09:00:05")

    assert (report.fetched, report.changed) == (1, 1)
    assert StoredRecord.objects.filter(registry_id="NCT90000009").exists()


@pytest.mark.parametrize("change", [{"active": False}, {"titles": "harbour"}])
def test_trials_of_a_query_that_is_not_asked_any_more_are_asked_for_by_number(registry, change):
    HarvestQuery.objects.create(name="other", titles="umbilical")
    refresh_on(0, registry)
    HarvestQuery.objects.filter(name="marrow").update(**change)
    status = registry.studies["NCT90000001"]["protocolSection"]["statusModule"]
    status["overallStatus"] = "TERMINATED"

    refresh_on(1, registry)

    assert Trial.objects.get(number="NCT90000001").status == "TERMINATED"


def test_a_trial_that_was_put_in_since_its_record_came_is_filled(registry):
    for record in registry.studies.values():
        record["protocolSection"]["conditionsModule"]["conditions"] = ["Asthma"]
        record["protocolSection"]["identificationModule"]["briefTitle"] = "Marrow cells"
        record["protocolSection"]["identificationModule"]["officialTitle"] = "Marrow cells"
        record["derivedSection"]["conditionBrowseModule"] = {}
    first = refresh_on(0, registry, "2024-03-03T09:00:05")
    make_trial("NCT90000001")

    refresh_on(1, registry, "2024-03-03T09:00:05")

    assert first.screened_out == 2
    assert Trial.objects.get(number="NCT90000001").sites.count() == 1


def test_trials_that_no_query_returns_are_asked_for_every_time(registry):
    make_trial("NCT90000009")
    registry.add(
        off_the_map := study_record("NCT90000009", identificationModule={"briefTitle": "X"})
    )
    HarvestQuery.objects.update(titles="umbilical", name="umbilical")
    refresh_on(0, registry)
    off_the_map["protocolSection"]["statusModule"]["overallStatus"] = "COMPLETED"

    report = refresh_on(1, registry)

    assert (report.kind, report.changed) == ("incremental", 1)
    assert Trial.objects.get(number="NCT90000009").status == "COMPLETED"


class TestAfterARunThatWasCutShort:
    @pytest.fixture
    def cut(self, registry, cells_query):
        """Two queries; the registry fails at the second, which a complete run would need."""
        HarvestQuery.objects.create(name="second", titles="knees")
        registry.faults = [
            Fault("status", 400, "no", times=1, on=lambda path, params: "knees" in str(params))
        ]
        return refresh_on(0, registry)

    def test_it_says_what_is_missing_and_keeps_what_came(self, cut):
        assert cut.status == "incomplete"
        assert "second" in cut.message
        assert Trial.objects.count() == 2

    @pytest.mark.usefixtures("cut")
    def test_the_next_goes_on_with_the_query_that_is_left(self, registry):
        report = refresh_on(0, registry)

        asked = [one.params["query.titles"] for one in registry.asked if one.path == "/studies"]
        assert (report.status, report.kind, asked) == ("complete", "full", ["knees"])
        harvested = HarvestedQuery.objects.filter(run__status="complete")
        assert sorted(harvested.values_list("name", flat=True)) == ["marrow", "second"]

    @pytest.mark.usefixtures("cut")
    def test_on_another_day_it_begins_anew(self, registry):
        refresh_on(1, registry)

        asked = [one.params["query.titles"] for one in registry.asked if one.path == "/studies"]
        assert asked == ["marrow", "knees"]


def test_the_numbers_of_old_harvests_are_let_go(registry):
    refresh_on(0, registry)
    refresh_on(7, registry)

    numbers = HarvestedQuery.objects.order_by("pk").values_list("numbers", flat=True)
    assert [len(one) for one in numbers] == [0, 2]


def test_a_dry_run_moves_no_watermark(registry):
    refresh_on(0, registry, dry_run=True)

    assert not RefreshRun.objects.exists()
    assert refresh_on(1, registry).kind == "full"
