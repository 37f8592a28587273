"""What comes from the registry is kept whole, once, and in nobody else's columns."""

import json
import zlib
from pathlib import Path

import pytest
from django.db import OperationalError

from tests.builders import make_curator, make_fact, make_sponsor, make_trial
from tests.records import study_record
from tests.stand_in import Fault
from trials.extraction.facts import read_gist
from trials.models import RecordChange, RefreshRun, Sponsor, StoredRecord, Trial
from trials.refresh import FileHarvest, RegistryHarvest, refresh
from trials.refresh.harvest import Plan, Question, parameters
from trials.refresh.storing import Store
from trials.vocabulary import Basis, FactKind

pytestmark = pytest.mark.usefixtures("vocabularies")


def asking(client, *queries, known=()):
    questions = tuple(Question(query.name, parameters(query)) for query in queries)
    plan = Plan(questions=questions, known=frozenset(known))
    return RegistryHarvest(client, plan=lambda stamp: plan, page_size=5)


def file_of(folder: Path, *records: object) -> Path:
    path = folder / "records.jsonl"
    path.write_text("\n".join(json.dumps(record) for record in records), "utf-8")
    return path


def load(folder: Path, *records: object, **options: object):
    return refresh(FileHarvest(file_of(folder, *records)), **options)


def test_a_study_becomes_a_trial_with_its_registered_precision(tmp_path):
    load(tmp_path, study_record("NCT90000001"))

    trial = Trial.objects.get(number="NCT90000001")
    assert str(trial.start_date) == "2023-05"
    assert str(trial.completion_date) == "2026"
    assert [phase.phase for phase in trial.phases.all()] == ["PHASE1", "PHASE2"]
    assert (trial.enrollment_count, trial.enrollment_type) == (40, "ESTIMATED")
    assert [(site.city, site.country_id) for site in trial.sites.all()] == [("Taipei", "TW")]
    assert [(part.role, part.sponsor.name) for part in trial.sponsorships.all()] == [
        ("lead", "Harbour Hospital"),
        ("collaborator", "Tideway Cells Ltd"),
    ]
    assert [arm.label for arm in trial.interventions.get(name="Saline").arms.all()] == [
        "Salt water"
    ]
    assert str(trial.registry_as_of) == "2024-02-15"


def test_every_study_that_came_is_counted_in_one_place(tmp_path):
    load(tmp_path, study_record("NCT90000001"), study_record("NCT90000002"))
    changed = study_record("NCT90000002", designModule={"phases": ["PHASE3"]})
    off_topic = study_record("NCT90000003", conditionsModule={"conditions": ["Asthma"]})
    off_topic["protocolSection"]["identificationModule"].update(
        briefTitle="Marrow cells for asthma", officialTitle=None
    )

    report = load(
        tmp_path,
        study_record("NCT90000001"),
        changed,
        off_topic,
        study_record("NCT90000004"),
        {"protocolSection": {}},
    )

    assert (report.fetched, report.created, report.changed, report.unchanged) == (5, 1, 1, 1)
    assert (report.screened_out, [row["id"] for row in report.skipped]) == (
        1,
        ["records.jsonl, line 5"],
    )
    assert report.status == "complete"


def test_loading_the_same_again_writes_nothing(tmp_path):
    load(tmp_path, study_record("NCT90000001"))
    before = StoredRecord.objects.values_list("changed_at", "trial__updated_at").get()

    report = load(tmp_path, study_record("NCT90000001"))

    assert (report.created, report.changed, report.unchanged) == (0, 0, 1)
    assert StoredRecord.objects.values_list("changed_at", "trial__updated_at").get() == before


def test_an_earlier_version_does_not_undo_a_later_one(tmp_path):
    later = study_record(
        "NCT90000001", statusModule={"lastUpdatePostDateStruct": {"date": "2025-01-01"}}
    )
    load(tmp_path, later)

    report = load(tmp_path, study_record("NCT90000001"))

    assert report.unchanged == 1
    assert str(Trial.objects.get().last_updated) == "2025-01-01"


def test_a_change_is_kept_field_by_field(tmp_path):
    load(tmp_path, study_record("NCT90000001"))

    load(tmp_path, study_record("NCT90000001", designModule={"enrollmentInfo": {"count": 12}}))

    assert list(RecordChange.objects.order_by("pk").values_list("kind", "field", "old", "new")) == [
        ("first", "", None, None),
        ("material", "enrollment", {"count": 40, "type": "ESTIMATED"}, {"count": 12, "type": ""}),
    ]


@pytest.mark.parametrize(
    ("read", "is_taken"),
    [
        ({"registry_as_of": "2024-02-20", "last_updated": "2024-02-12"}, True),  # one version
        ({"registry_as_of": "2024-02-20", "last_updated": "2024-02-19"}, False),
        ({"registry_as_of": "2024-02-20"}, False),
        ({"registry_as_of": "2024-02"}, True),
        ({"checked_on": "2026-01-01"}, False),  # an undated copy, read later than this record
        ({"checked_on": "2024-01-01"}, True),
    ],
)
def test_what_was_read_by_hand_yields_to_a_record_of_its_day_or_later(tmp_path, read, is_taken):
    make_trial("NCT90000001", status="TERMINATED", **read)

    report = load(tmp_path, study_record("NCT90000001"))

    assert (report.changed, report.older) == (int(is_taken), int(not is_taken))
    assert Trial.objects.get().status == ("RECRUITING" if is_taken else "TERMINATED")


def test_unknown_enrollment_is_not_zero(tmp_path):
    load(
        tmp_path,
        study_record(
            "NCT90000001", designModule={"enrollmentInfo": {"count": 99999999, "type": "ACTUAL"}}
        ),
        study_record(
            "NCT90000002", designModule={"enrollmentInfo": {"count": 0, "type": "ACTUAL"}}
        ),
    )

    counts = Trial.objects.order_by("number").values_list("enrollment_count", "enrollment_type")
    assert list(counts) == [(None, ""), (0, "ACTUAL")]


def test_a_curators_decision_outlives_a_refresh(tmp_path):
    load(tmp_path, study_record("NCT90000001"))
    trial = Trial.objects.get()
    decided = make_fact(
        trial, FactKind.CELL_SOURCE, "adipose", basis=Basis.CURATOR, decided_by=make_curator()
    )

    load(tmp_path, study_record("NCT90000001", designModule={"phases": ["PHASE3"]}))

    shown = trial.facts.filter(kind=FactKind.CELL_SOURCE, shown=True)
    assert list(shown) == [decided]


def test_what_a_person_read_stands_before_what_a_rule_read(tmp_path):
    trial = make_trial("NCT90000001", sources=("adipose",))

    load(tmp_path, study_record("NCT90000001"))

    sources = trial.facts.filter(kind=FactKind.CELL_SOURCE).order_by("pk")
    assert [(fact.slug, fact.basis, fact.shown) for fact in sources] == [
        ("adipose", Basis.RECORD, True),
        ("bone-marrow", Basis.RULE, False),
    ]


def test_a_rules_fact_carries_its_words_and_their_place(tmp_path):
    load(tmp_path, study_record("NCT90000001"))

    fact = Trial.objects.get().facts.get(kind=FactKind.INDICATION)
    assert (fact.slug, fact.quote, fact.place) == (
        "knee-osteoarthritis",
        "Knee Osteoarthritis",
        "conditions[0]",
    )


def test_a_trial_that_a_document_names_stays_whatever_the_rules_say(tmp_path):
    make_trial("NCT90000001")

    report = load(
        tmp_path, study_record("NCT90000001", conditionsModule={"conditions": ["Asthma"]})
    )

    assert (report.changed, report.screened_out) == (1, 0)


def test_contacts_are_not_kept(tmp_path):
    load(
        tmp_path,
        study_record(
            "NCT90000001",
            contactsLocationsModule={
                "centralContacts": [{"name": "Ann Marrow", "email": "ann@harbour.example"}]
            },
            descriptionModule={"briefSummary": "Marrow. Write to ann@harbour.example."},
        ),
    )

    body = zlib.decompress(StoredRecord.objects.get().body).decode()
    assert "ann@" not in body + Trial.objects.get().brief_summary
    assert "Ann Marrow" not in body


def test_a_sponsor_is_found_by_any_of_its_names(tmp_path):
    known = make_sponsor("harbour", aliases=("HARBOUR HOSPITAL.",), name="Harbor Clinic")

    load(tmp_path, study_record("NCT90000001"))

    assert Trial.objects.get().sponsorships.get(role="lead").sponsor == known


def test_sponsors_with_names_of_one_slug_stay_apart(tmp_path):
    for number, name in (("NCT90000001", "骨髓医院"), ("NCT90000002", "软骨医院")):
        load(
            tmp_path,
            study_record(
                number,
                sponsorCollaboratorsModule={"leadSponsor": {"name": name}, "collaborators": None},
            ),
        )

    assert Sponsor.objects.filter(name__in=["骨髓医院", "软骨医院"]).count() == 2


def test_a_renumbered_study_keeps_its_trial(tmp_path):
    load(tmp_path, study_record("NCT90000001"))

    report = load(
        tmp_path,
        study_record("NCT90000009", identificationModule={"nctIdAliases": ["NCT90000001"]}),
    )

    assert report.skipped == []
    trial = Trial.objects.get()
    assert (trial.number, [alias.number for alias in trial.aliases.all()]) == (
        "NCT90000009",
        ["NCT90000001"],
    )


@pytest.mark.django_db(transaction=True)  # a foreign key is checked when a transaction ends
def test_a_study_that_the_database_refuses_falls_out_alone(tmp_path):
    bad = study_record(
        "NCT90000002", contactsLocationsModule={"locations": [{"country": "France"}]}
    )

    report = load(tmp_path, study_record("NCT90000001"), bad, study_record("NCT90000003"))

    # France is not loaded here: its site would point to a country that is not there.
    assert [row["id"] for row in report.skipped] == ["NCT90000002"]
    assert (report.fetched, report.created) == (3, 2)


def test_two_trials_that_became_one_are_joined_and_none_is_lost(tmp_path):
    load(tmp_path, study_record("NCT90000001"), study_record("NCT90000009"))

    report = load(
        tmp_path,
        study_record("NCT90000009", identificationModule={"nctIdAliases": ["NCT90000001"]}),
    )

    assert report.message == "NCT90000001 is now NCT90000009: joined"
    old = Trial.objects.get(number="NCT90000001")
    assert old.joined_to.number == "NCT90000009"
    again = load(tmp_path, study_record("NCT90000001"))
    assert (again.screened_out, again.changed, again.created) == (1, 0, 0)


def test_a_study_that_takes_over_anothers_trial_takes_its_record_too(tmp_path):
    load(tmp_path, off_topic("NCT90000001"), study_record("NCT90000005"))

    report = load(
        tmp_path,
        study_record("NCT90000001", identificationModule={"nctIdAliases": ["NCT90000005"]}),
    )

    assert report.skipped == []
    assert StoredRecord.objects.get(registry_id="NCT90000001").trial == Trial.objects.get()


def off_topic(number):
    record = study_record(number, conditionsModule={"conditions": ["Asthma"]})
    record["protocolSection"]["identificationModule"].update(
        briefTitle="Marrow cells for asthma", officialTitle="Marrow cells for asthma"
    )
    return record


def test_a_study_that_the_database_was_too_busy_for_is_missing(tmp_path, monkeypatch):
    def busy(store, arrivals):
        if "NCT90000002" in {one.study.registry_id for one in arrivals}:
            raise OperationalError("database is locked")
        return Store.save(store, arrivals)

    store = type("_", (Store,), {"save": busy})
    monkeypatch.setattr("trials.refresh.running.Store", store)

    report = load(tmp_path, *(study_record(f"NCT9000000{n}") for n in (1, 2, 3)))

    assert (report.status, report.created) == ("incomplete", 2)
    assert "1 study could not be saved" in report.message


def test_nothing_is_saved_by_a_run_that_lost_its_connection(tmp_path, monkeypatch):
    def lost(store, arrivals):
        raise OperationalError("the connection is lost")

    monkeypatch.setattr("trials.refresh.running.Store", type("_", (Store,), {"save": lost}))
    monkeypatch.setattr("trials.refresh.locking.Turn.is_ours", lambda turn: False)

    with pytest.raises(OperationalError):
        load(tmp_path, study_record("NCT90000001"))

    assert RefreshRun.objects.get().status == "failed"


def test_an_old_file_does_not_bring_a_renumbered_trial_back(tmp_path):
    load(tmp_path, study_record("NCT90000001"))
    load(
        tmp_path,
        study_record("NCT90000009", identificationModule={"nctIdAliases": ["NCT90000001"]}),
    )

    report = load(tmp_path, study_record("NCT90000001"))

    assert (report.unchanged, Trial.objects.get().number) == (1, "NCT90000009")


def test_a_version_without_a_day_is_taken(tmp_path):
    load(tmp_path, study_record("NCT90000001"))

    load(
        tmp_path,
        study_record(
            "NCT90000001",
            statusModule={"lastUpdatePostDateStruct": None, "overallStatus": "COMPLETED"},
            miscInfoModule=None,
        ),
    )

    assert Trial.objects.get().status == "COMPLETED"


def test_names_that_no_database_stores_do_not_end_the_run(tmp_path):
    (tmp_path / "records").mkdir()
    (tmp_path / "records" / "bad\udcffname.json").write_text("{")

    report = refresh(FileHarvest(tmp_path / "records"))

    assert [row["id"] for row in report.skipped] == ["badname.json"]
    assert RefreshRun.objects.get().status == "failed"  # nothing was usable


def test_what_ctrl_c_undid_is_not_counted(tmp_path, monkeypatch):
    def interrupted(store, cases):
        Store._save_records(store, cases)
        raise KeyboardInterrupt

    store = type("_", (Store,), {"_save_records": interrupted})
    monkeypatch.setattr("trials.refresh.running.Store", store)

    report = load(tmp_path, *(study_record(f"NCT9000000{n}") for n in range(1, 5)))

    assert (report.status, report.fetched, report.created) == ("incomplete", 0, 0)
    assert not Trial.objects.exists()


def test_a_fault_of_ours_is_named_and_the_rest_is_loaded(tmp_path, monkeypatch):
    def faulty(texts):
        return 1 / 0 if texts.study.registry_id == "NCT90000002" else read_gist(texts)

    monkeypatch.setattr("trials.extraction.records.read_gist", faulty)

    report = load(tmp_path, *(study_record(f"NCT9000000{n}") for n in (1, 2, 3)))

    assert (report.created, [row["id"] for row in report.skipped]) == (2, ["NCT90000002"])


def test_long_names_of_sponsors_stay_apart_and_are_found_again(tmp_path):
    for number, end in (("NCT90000001", "A"), ("NCT90000002", "B"), ("NCT90000003", "A")):
        name = "Hospital " * 50 + end
        sponsors = {"leadSponsor": {"name": name}, "collaborators": None}
        load(tmp_path, study_record(number, sponsorCollaboratorsModule=sponsors))

    parts = Trial.objects.order_by("number").values_list("sponsorships__sponsor", flat=True)
    assert parts[0] == parts[2] != parts[1]


def test_exosomes_are_cell_free(tmp_path):
    load(
        tmp_path,
        study_record(
            "NCT90000001",
            identificationModule={"briefTitle": "Exosomes for Knees", "officialTitle": None},
            armsInterventionsModule={
                "interventions": [{"name": "Exosomes of Marrow MSC"}],
                "armGroups": [],
            },
        ),
    )

    fact = Trial.objects.get().facts.get(kind=FactKind.PREPARATION)
    assert (fact.value, fact.quote, fact.shown) == ("cell-free", "Exosomes", True)


def test_a_dry_run_tells_the_same_and_keeps_nothing(tmp_path):
    report = load(tmp_path, study_record("NCT90000001"), dry_run=True)

    assert (report.status, report.created) == ("complete", 1)
    assert not Trial.objects.exists()
    assert not RefreshRun.objects.exists()


def test_markup_and_nul_bytes_are_only_text(tmp_path):
    load(
        tmp_path,
        study_record(
            "NCT90000001",
            identificationModule={"briefTitle": "Marrow\x00 <script>alert(1)</script> 骨髓"},
        ),
    )

    assert Trial.objects.get().title == "Marrow <script>alert(1)</script> 骨髓"


def test_the_whole_of_a_query_comes_page_by_page(registry_stand_in, client, cells_query):
    registry_stand_in.add(*(study_record(f"NCT9{n:07d}") for n in range(1, 13)))
    registry_stand_in.empty_pages = {2}

    report = refresh(asking(client, cells_query))

    assert (report.status, report.fetched, report.expected) == ("complete", 12, 12)
    assert report.requests == len(registry_stand_in.asked)


def test_a_query_that_breaks_off_ends_incomplete_and_keeps_what_came(
    registry_stand_in, client, cells_query
):
    registry_stand_in.add(*(study_record(f"NCT9{n:07d}") for n in range(1, 8)))
    second_page = lambda path, params: "pageToken" in params  # noqa: E731
    registry_stand_in.faults = [Fault("status", 400, "gone", on=second_page, times=-1)]

    report = refresh(asking(client, cells_query))

    assert (report.status, report.fetched, report.expected) == ("incomplete", 5, 7)
    assert "5 of 7" in report.message
    assert Trial.objects.count() == 5


def test_a_registry_that_does_not_answer_is_a_failure_in_words(client, cells_query):
    client.base_url = "http://127.0.0.1:9"

    report = refresh(asking(client, cells_query))

    assert (report.status, report.fetched) == ("failed", 0)
    assert "127.0.0.1:9" in report.message
    assert RefreshRun.objects.get().status == "failed"


def test_trials_that_no_query_found_are_asked_for_by_number(registry_stand_in, client):
    make_trial("NCT90000001")
    make_trial("NCT90000002")
    registry_stand_in.add(study_record("NCT90000001"))

    report = refresh(asking(client, known=("NCT90000001", "NCT90000002")))

    assert (report.status, report.fetched, report.gone) == ("complete", 1, 1)
    gone = dict(Trial.objects.values_list("number", "gone_at"))
    assert gone["NCT90000001"] is None
    assert gone["NCT90000002"] is not None
