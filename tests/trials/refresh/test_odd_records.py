"""Whatever a record holds, it is stored and shown, or skipped by name with a reason."""

from __future__ import annotations

import io
import json
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from tests.records import Raw, study_record
from trials.models import Site, Sponsor, Trial

pytestmark = pytest.mark.usefixtures("vocabularies")

NUMBER = "NCT90000001"
TEXTS = {
    "NUL": "a\x00b",
    "half a character": "a\ud800b",
    "controls": "a\x01\x0b\x1f\ufeff\ufffe b",
    "markup": "<script>alert(1)</script><img src=x onerror=alert(1)> {{ 7|add:7 }} {% load x %}",
    "right to left": "\u202e txet \u2066desrever\u2069\u202c",
    "signs on signs": "Z" + "\u0300" * 500,
    "emoji": "👩🏽‍🔬🧬",
    "long": "no end of it " * 2_000,
}
COUNTS = {"40": 40, 0: 0, -1: None, 10**30: None, 99_999_999: None, 1.5: None, True: None}
# As JSON writes them; Python's own writer never would.
NUMBERS = {"1e999": None, "-0": 0, "4e1": None}
AGES = {"6 Months": 182, "N/A": None, "five": None, "18": None, "": None}
DATES = {"2016": "2016", "2016-13": None, "0000": None, "9999": "9999", "2016-02-30": None}


def refreshed(folder: Path, *records: Raw | str) -> dict[str, Any]:
    """What `refresh --from --json` prints about these records, one a file."""
    for place, record in enumerate(records):
        text = record if isinstance(record, str) else json.dumps(record)
        (folder / f"{place:03d}.json").write_text(text, "utf-8")
    out = io.StringIO()
    with suppress(SystemExit):  # the status is in what was printed
        call_command("refresh", "--json", "--from", str(folder), stdout=out, stderr=io.StringIO())
    printed: dict[str, Any] = json.loads(out.getvalue())
    return printed


def stored(folder: Path, record: Raw | str) -> Trial:
    """The trial of this record, which every surface shows."""
    printed = refreshed(folder, record)
    assert (printed["skipped"], printed["created"]) == ([], 1)
    return shown_everywhere()


def stored_together(folder: Path, modules: Iterable[dict[str, Raw]]) -> list[Trial]:
    """The trials of records that differ in these modules, in their order, which all is shown of."""
    records = [study_record(f"NCT9000000{n}", **module) for n, module in enumerate(modules)]
    printed = refreshed(folder, *records)
    assert (printed["skipped"], printed["created"]) == ([], len(records))
    trials = list(Trial.objects.order_by("number"))
    check_all_that_is_shown(trials)
    return trials


def shown_everywhere() -> Trial:
    trial = Trial.objects.get(number=NUMBER)
    check_all_that_is_shown([trial])
    return trial


def check_all_that_is_shown(trials: list[Trial]) -> None:
    client = Client()
    client.force_login(User.objects.create_superuser("root"))
    addresses = [
        "/trials/",
        "/changes/",
        "/api/v1/facets/",
        "/api/v1/sponsors/",
        reverse("admin:trials_recordchange_changelist"),
        *(sponsor.get_absolute_url() for sponsor in Sponsor.objects.all()[:3]),
    ]
    for trial in trials:
        addresses += [
            f"/trials/{trial.number}/",
            f"/trials/{trial.number}/changes/",
            f"/api/v1/trials/{trial.number}/",
            f"/api/v1/trials/{trial.number}/changes/",
            reverse("admin:trials_trial_change", args=[trial.pk]),
            reverse("admin:trials_storedrecord_change", args=[trial.stored_record.pk]),
        ]
    assert {address: client.get(address).status_code for address in addresses} == dict.fromkeys(
        addresses, 200
    )


def everywhere(text: str) -> Raw:
    """A record with the text in every place for words, and in a key."""
    return study_record(
        NUMBER,
        identificationModule={
            "briefTitle": f"Marrow cells for knees {text}",
            "officialTitle": text,
            "acronym": text,
            "orgStudyIdInfo": {"id": text},
            "secondaryIdInfos": [{"id": f"1{text}", "type": text, "domain": text, "link": text}],
        },
        statusModule={"whyStopped": text, "overallStatus": text},
        sponsorCollaboratorsModule={"leadSponsor": {"name": f"S {text}", "class": text}},
        descriptionModule={"briefSummary": text, "detailedDescription": text},
        conditionsModule={"conditions": ["Knee Osteoarthritis", text], "keywords": [text]},
        designModule={"phases": [text], "studyType": text, text: {text: [text]}},
        armsInterventionsModule={
            "armGroups": [{"label": text, "type": text, "description": text}],
            "interventions": [{"name": f"marrow cells {text}", "type": text, "otherNames": [text]}],
        },
        outcomesModule={"primaryOutcomes": [{"measure": text, "timeFrame": text}]},
        eligibilityModule={"eligibilityCriteria": text, "sex": text, "minimumAge": text},
        contactsLocationsModule={"locations": [{"facility": text, "city": text, "country": text}]},
        referencesModule={"references": [{"pmid": text, "citation": text, "type": text}]},
    )


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_a_text_of_any_kind_is_stored_and_shown(tmp_path: Path, text: str) -> None:
    trial = stored(tmp_path, everywhere(text))

    assert (trial.status, trial.sex) == ("", "")


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_a_change_to_a_text_of_any_kind_is_stored_and_shown(tmp_path: Path, text: str) -> None:
    posted = {"lastUpdatePostDateStruct": {"date": "2030-01-01"}}
    refreshed(tmp_path, study_record(NUMBER))
    changed = everywhere(text)
    changed["protocolSection"]["statusModule"] |= posted
    printed = refreshed(tmp_path, changed)

    assert (printed["skipped"], printed["changed"]) == ([], 1)
    assert shown_everywhere().changes.count() > 5


def test_a_megabyte_of_text_is_stored_and_shown(tmp_path: Path) -> None:
    text = "no end of it " * 80_000
    record = study_record(
        NUMBER,
        descriptionModule={"detailedDescription": text},
        contactsLocationsModule={"locations": [{"facility": text, "country": text}]},
    )
    trial = stored(tmp_path, record)

    assert trial.detailed_description == text


@pytest.mark.parametrize("module", list(study_record(NUMBER)["protocolSection"])[1:])
@pytest.mark.parametrize("value", [None, {}], ids=["missing", "empty"])
def test_a_record_without_a_module_is_stored(tmp_path: Path, module: str, value: object) -> None:
    record = study_record(NUMBER)
    record["protocolSection"][module] = value
    printed = refreshed(tmp_path, record)

    assert (printed["skipped"], printed["fetched"]) == ([], 1)


@pytest.mark.parametrize("value", [["x"], "x", 3, True], ids=str)
def test_a_module_of_another_type_is_named_and_the_rest_is_stored(
    tmp_path: Path, value: object
) -> None:
    wrong = study_record("NCT90000002")
    wrong["protocolSection"]["designModule"] = value
    printed = refreshed(tmp_path, wrong, study_record(NUMBER))

    reason = "protocolSection.designModule is not an object"
    assert printed["skipped"] == [{"id": "NCT90000002", "reason": reason}]
    assert printed["created"] == 1


def test_a_number_of_participants_is_kept_or_unknown(tmp_path: Path) -> None:
    trials = stored_together(
        tmp_path,
        (
            {"designModule": {"enrollmentInfo": {"count": given, "type": "ACTUAL"}}}
            for given in COUNTS
        ),
    )

    assert [(trial.enrollment_count, trial.enrollment_type) for trial in trials] == [
        (kept, "" if kept is None else "ACTUAL") for kept in COUNTS.values()
    ]


@pytest.mark.parametrize(("written", "kept"), NUMBERS.items())
def test_a_number_in_any_spelling_of_json_is_kept_or_unknown(
    tmp_path: Path, written: str, kept: int | None
) -> None:
    record = study_record(NUMBER, designModule={"enrollmentInfo": {"count": "@"}})
    trial = stored(tmp_path, json.dumps(record).replace('"@"', written))

    assert trial.enrollment_count == kept


def test_an_age_stays_as_it_was_written(tmp_path: Path) -> None:
    trials = stored_together(
        tmp_path, ({"eligibilityModule": {"minimumAge": given}} for given in AGES)
    )

    assert {trial.minimum_age: trial.minimum_age_days for trial in trials} == AGES


def test_a_date_is_a_date_or_none(tmp_path: Path) -> None:
    trials = stored_together(
        tmp_path,
        (
            {"statusModule": {"startDateStruct": {"date": given, "type": "ACTUAL"}}}
            for given in DATES
        ),
    )

    assert [str(trial.start_date) if trial.start_date else None for trial in trials] == [
        *DATES.values()
    ]


def test_a_record_without_end_is_stored_whole(tmp_path: Path) -> None:
    sites = [{"city": f"City {n}", "country": "Taiwan"} for n in range(3_000)]
    outcomes = [{"measure": f"Pain {n}"} for n in range(5_000)]
    trial = stored(
        tmp_path,
        study_record(
            NUMBER,
            contactsLocationsModule={"locations": sites},
            outcomesModule={"primaryOutcomes": outcomes, "secondaryOutcomes": None},
            designModule={"phases": [f"PHASE{n}" for n in range(300)]},
        ),
    )

    parts = (trial.sites.count(), trial.outcomes.count(), trial.phases.count())
    assert parts == (3_000, 5_000, 300)


def test_the_last_of_two_equal_keys_counts(tmp_path: Path) -> None:
    text = json.dumps(study_record(NUMBER))
    trial = stored(
        tmp_path, text.replace('"hasResults": false', '"hasResults": 3, "hasResults": true')
    )

    assert trial.has_results


def test_truth_written_as_a_text_is_no_truth(tmp_path: Path) -> None:
    trial = stored(
        tmp_path,
        study_record(NUMBER, hasResults="true", eligibilityModule={"healthyVolunteers": "false"}),
    )

    assert (trial.has_results, trial.healthy_volunteers) == (False, None)


def test_one_sponsor_of_several_classes_is_one_sponsor(tmp_path: Path) -> None:
    sponsors = {
        "leadSponsor": {"name": "Tideway", "class": "INDUSTRY"},
        "collaborators": [
            {"name": "Tideway", "class": "NIH"},
            {"name": "TIDEWAY.", "class": "FUND"},
            {"name": "Tide Way", "class": "FUND"},
        ],
    }
    stored(tmp_path, study_record(NUMBER, sponsorCollaboratorsModule=sponsors))

    classes = Sponsor.objects.order_by("name").values_list("name", "sponsor_class")
    assert list(classes) == [("Tide Way", "FUND"), ("Tideway", "INDUSTRY")]


def test_names_of_sponsors_longer_than_their_column_stay_apart(tmp_path: Path) -> None:
    sponsors = {
        "leadSponsor": {"name": "S" * 5_000, "class": "OTHER"},
        "collaborators": [{"name": "S" * 4_999 + "T"}, {"name": "…"}, {"name": "ß" * 300}],
    }
    stored(tmp_path, study_record(NUMBER, sponsorCollaboratorsModule=sponsors))

    assert Sponsor.objects.count() == 4


@pytest.mark.parametrize(
    "titles", [{"briefTitle": "", "officialTitle": " "}, {"briefTitle": "\x00", "officialTitle": 0}]
)
def test_a_record_without_a_title_is_named(tmp_path: Path, titles: dict[str, Any]) -> None:
    titles = titles if titles["officialTitle"] else titles | {"officialTitle": None}
    printed = refreshed(tmp_path, study_record(NUMBER, identificationModule=titles))

    assert printed["skipped"] == [
        {"id": NUMBER, "reason": "it has neither a brief nor an official title"}
    ]


@pytest.mark.parametrize("depth", [50, 200])
def test_a_record_nested_deeply_is_stored_or_named(tmp_path: Path, depth: int) -> None:
    printed = refreshed(tmp_path, nested(depth))

    named = [row["reason"] for row in printed["skipped"] if "nested" in row["reason"]]
    assert printed["created"] + len(named) == 1
    if printed["created"]:
        shown_everywhere()


def test_a_record_nested_without_end_is_named(tmp_path: Path) -> None:
    printed = refreshed(tmp_path, nested(100_000))

    (skipped,) = printed["skipped"]
    assert "nested" in skipped["reason"]


def nested(depth: int) -> str:
    text = json.dumps(study_record(NUMBER))
    return f'{text[:-1]}, "deep": {"[" * depth}{"]" * depth}}}'


def test_new_words_of_the_registry_are_stored_and_counted(tmp_path: Path) -> None:
    site = {"city": "Taipei", "country": "Taiwan", "status": "PAUSED"}
    trial = stored(
        tmp_path,
        study_record(
            NUMBER,
            statusModule={"overallStatus": "PAUSED_BY_SPONSOR"},
            designModule={"phases": ["PHASE5"], "studyType": "REGISTER"},
            contactsLocationsModule={"locations": [site]},
        ),
    )

    assert (trial.status, trial.study_type) == ("PAUSED_BY_SPONSOR", "REGISTER")
    assert [str(phase) for phase in trial.phases.all()] == ["Phase 5"]
    assert Site.objects.get().get_status_display() == "Paused"
