"""Studies that leave the registry, come back, or turn out to be others."""

import pytest

from tests.builders import make_trial
from tests.records import study_record
from tests.stand_in import Fault
from tests.trials.refresh.test_refresh import load
from trials.models import RecordChange, StoredRecord, Trial
from trials.refresh import refresh_from_registry, refresh_numbers

pytestmark = pytest.mark.usefixtures("cells_query")


@pytest.fixture
def registry(registry_stand_in, settings):
    settings.REGISTRY_URL = registry_stand_in.url
    settings.REGISTRY_INTERVAL = 0
    registry_stand_in.add(study_record("NCT90000001"), study_record("NCT90000002"))
    return registry_stand_in


def kinds(number: str) -> list[str]:
    changes = RecordChange.objects.filter(trial__number=number).order_by("pk")
    return list(changes.values_list("kind", flat=True))


def test_a_study_that_left_a_query_and_is_still_there_stays(registry):
    refresh_from_registry()
    registry.add(study_record("NCT90000002", identificationModule={"briefTitle": "Other cells"}))

    report = refresh_from_registry(full=True)

    assert (report.status, report.gone, report.changed) == ("complete", 0, 1)
    assert Trial.objects.get(number="NCT90000002").gone_at is None


def test_a_study_that_the_registry_does_not_have_is_marked_and_keeps_its_data(registry):
    refresh_from_registry()
    del registry.studies["NCT90000002"]

    report = refresh_from_registry(full=True)

    trial = Trial.objects.get(number="NCT90000002")
    assert (report.status, report.gone) == ("complete", 1)
    assert trial.gone_at is not None
    assert (trial.status, trial.sites.count()) == ("RECRUITING", 1)
    assert kinds("NCT90000002") == ["first", "gone"]
    assert StoredRecord.objects.get(registry_id="NCT90000002").gone_at is not None


def test_gone_is_told_once(registry):
    refresh_from_registry()
    del registry.studies["NCT90000002"]
    refresh_from_registry(full=True)

    report = refresh_from_registry(full=True)

    assert (report.gone, kinds("NCT90000002")) == (0, ["first", "gone"])


def test_a_study_that_comes_back_is_as_it_was(registry):
    refresh_from_registry()
    record = registry.studies.pop("NCT90000002")
    refresh_from_registry(full=True)
    registry.add(record)

    refresh_from_registry(full=True)

    assert Trial.objects.get(number="NCT90000002").gone_at is None
    assert StoredRecord.objects.get(registry_id="NCT90000002").gone_at is None
    assert kinds("NCT90000002") == ["first", "gone", "back"]


def test_a_trial_read_by_hand_alone_can_be_gone_too(registry):
    make_trial("NCT90000007")

    report = refresh_from_registry()

    assert report.gone == 1
    assert kinds("NCT90000007") == ["gone"]


def test_a_run_with_something_missing_marks_nothing_as_gone(registry):
    make_trial("NCT90000001")
    make_trial("NCT90000007")
    query = lambda path, params: "query.titles" in params  # noqa: E731
    registry.faults = [Fault("status", 400, "no", on=query, times=-1)]

    report = refresh_from_registry()

    assert (report.status, report.gone) == ("incomplete", 0)
    assert Trial.objects.get(number="NCT90000007").gone_at is None


def test_a_trial_whose_number_leads_to_another_study_takes_its_number(registry):
    make_trial("NCT90000005")
    registry.aliases["NCT90000005"] = "NCT90000008"
    registry.add(
        study_record(
            "NCT90000008",
            identificationModule={"briefTitle": "X", "nctIdAliases": ["NCT90000005"]},
        )
    )

    refresh_from_registry()

    trial = Trial.objects.get(number="NCT90000008")
    assert [alias.number for alias in trial.aliases.all()] == ["NCT90000005"]


def test_a_number_that_leads_to_another_trial_is_joined_to_it(registry):
    make_trial("NCT90000005")
    registry.aliases["NCT90000005"] = "NCT90000002"

    report = refresh_from_registry()

    assert report.message == "NCT90000005 is now NCT90000002: joined"
    assert Trial.objects.get(number="NCT90000005").joined_to.number == "NCT90000002"


def test_many_gone_at_once_are_not_believed(registry):
    registry.add(*(study_record(f"NCT9100000{n}") for n in range(1, 7)))
    refresh_from_registry()
    registry.studies.clear()

    report = refresh_from_registry(full=True)

    assert (report.status, report.gone) == ("failed", 0)  # nothing came at all
    assert "too many at once to be believed" in report.message
    assert not Trial.objects.exclude(gone_at=None).exists()


def test_who_asks_by_number_is_believed(registry):
    registry.add(*(study_record(f"NCT9100000{n}") for n in range(1, 7)))
    refresh_from_registry()
    registry.studies.clear()

    report = refresh_numbers(Trial.objects.registry_numbers())

    assert report.gone == 8


def test_older_data_make_nothing_gone(registry):
    refresh_from_registry()
    del registry.studies["NCT90000002"]
    registry.data_timestamp = "2024-02-28T09:00:05"

    report = refresh_from_registry(full=True)

    assert (report.status, report.gone) == ("incomplete", 0)
    assert "which are older than those of 2024-03-01" in report.message


def test_a_file_does_not_bring_a_gone_study_back(registry, tmp_path):
    refresh_from_registry()
    record = registry.studies.pop("NCT90000002")
    refresh_from_registry(full=True)

    load(tmp_path, record)

    assert Trial.objects.get(number="NCT90000002").gone_at is not None
