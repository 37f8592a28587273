"""Seeding again and again: nothing twice, and nobody else's work touched."""

import json
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from tests.builders import THEN, make_curator, make_fact, make_sponsor
from tests.trials.seeding.conftest import FOLDER
from trials.curation import confirm_donor
from trials.models import (
    Claim,
    Document,
    Fact,
    HarvestQuery,
    Mention,
    Product,
    Publication,
    Sponsor,
    SponsorAlias,
    Trial,
)
from trials.registry.ages import age_in_days
from trials.seeding import seed
from trials.vocabulary import Basis, DonorType, FactKind, Screening

pytestmark = pytest.mark.django_db

LATER = THEN + timedelta(days=1)
CHECKED = datetime(2026, 11, 22, tzinfo=UTC)  # as the files say


def replace(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1, f"“{old}” stands {text.count(old)} times"
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_a_second_seeding_writes_nothing(seeded, django_assert_max_num_queries):
    # Within the test's one transaction PostgreSQL cannot tell what is in step: all is made anew.
    most = 61 if connection.vendor == "sqlite" else 100
    with django_assert_max_num_queries(most):
        report = seed(FOLDER, now=LATER)
    assert not report.wrote
    assert report.total("unchanged") == seeded.total("created") + seeded.total("changed")


def test_facts_keep_their_rows_and_dates(seeded):
    before = set(Fact.objects.values_list("pk", "decided_at"))
    seed(FOLDER, now=LATER)
    assert set(Fact.objects.values_list("pk", "decided_at")) == before


def test_a_curators_decision_stands_after_a_seeding(seeded):
    trial = Trial.objects.get(number="NCT04893174")
    curator = make_curator()
    confirm_donor(trial, donors=[DonorType.AUTOLOGOUS], by=curator, note="Asked the sponsor.")
    seed(FOLDER, now=LATER)
    shown = trial.facts.get(kind=FactKind.DONOR_TYPE, shown=True)
    assert (shown.value, shown.decided_by) == ("autologous", curator)


def test_a_fact_that_a_person_ended_does_not_come_back(seeded):
    fact = Fact.objects.get(trial__number="NCT04893174", kind=FactKind.DONOR_TYPE)
    fact.retired_at, fact.retired_by, fact.shown = THEN, make_curator(), False
    fact.save()
    report = seed(FOLDER, now=LATER)
    assert not report.wrote
    assert not Fact.objects.filter(trial=fact.trial, kind=fact.kind, retired_at=None).exists()


def test_a_rules_verdict_is_left_alone(seeded):
    trial = Trial.objects.get(number="SCT-0001")
    rule = make_fact(trial, FactKind.ROUTE, "intravenous", basis=Basis.RULE)
    seed(FOLDER, now=LATER)
    rule.refresh_from_db()
    assert rule.retired_at is None


def test_a_curators_screening_is_left_alone(seeded):
    changes = {"screening": Screening.EXCLUDED, "screening_reason": "Twice in the list."}
    Trial.objects.filter(number="SCT-0001").update(**changes, screening_basis=Basis.CURATOR)
    seed(FOLDER, now=LATER)
    trial = Trial.objects.get(number="SCT-0001")
    assert (trial.screening, trial.screening_reason) == ("excluded", "Twice in the list.")


def test_what_a_refresh_wrote_is_left_alone(seeded):
    trial = Trial.objects.get(number="NCT03166865")
    trial.status, trial.enrollment_count, trial.refreshed_at = "COMPLETED", 61, THEN
    trial.save()
    trial.sites.all().delete()
    trial.phases.all().delete()
    assert not seed(FOLDER, now=LATER).wrote
    trial.refresh_from_db()
    assert (trial.status, trial.enrollment_count, trial.sites.count()) == ("COMPLETED", 61, 0)


def test_a_renumbered_trial_is_found_by_its_old_number(seeded):
    trial = Trial.objects.get(number="NCT03166865")
    trial.aliases.create(number="NCT03166865")
    trial.number = trial.registry_id = "NCT09999999"
    trial.refreshed_at = THEN
    trial.save()
    assert not seed(FOLDER, now=LATER).wrote
    assert not Trial.objects.filter(number="NCT03166865").exists()


def test_a_note_that_changed_in_the_files_changes_in_its_place(seeded, copied):
    replace(copied / "trials" / "chinese-list.toml", "The list joins", "This list joins")
    mention = Mention.objects.get(trial__number="NCT04326985")
    assert seed(copied, now=LATER).total("changed") == 1
    mention.refresh_from_db()
    assert mention.note.startswith("This list joins")


def test_an_edit_in_the_admin_outlives_the_next_seeding(seeded):
    Sponsor.objects.filter(slug="unicocell-biomed").update(name_zh="某公司")
    Product.objects.filter(slug="cartistem").update(note="Looked up again.")
    report = seed(FOLDER, now=LATER)
    assert (report.wrote, report.total("kept")) == (False, 2)
    assert Sponsor.objects.get(slug="unicocell-biomed").name_zh == "某公司"


def test_an_edit_is_kept_while_the_rest_of_the_row_follows_the_files(seeded, copied):
    replace(copied / "documents.toml", 'publisher = "nbscience"', 'publisher = "Somebody else"')
    Document.objects.filter(slug="joint-pain-therapy").update(title_zh="另一个标题")
    seed(copied, now=LATER)
    document = Document.objects.get(slug="joint-pain-therapy")
    assert (document.publisher, document.title_zh) == ("Somebody else", "另一个标题")


def test_what_somebody_added_or_deleted_in_the_admin_stays_so(seeded):
    Claim.objects.get(slug="joint-pain-therapy-01").delete()
    product = Product.objects.get(slug="maci")
    added = product.approvals.create(regulator="Somewhere", kind="approval", position=9)
    report = seed(FOLDER, now=LATER)
    assert (report.wrote, report.total("kept")) == (False, 1)
    assert not Claim.objects.filter(slug="joint-pain-therapy-01").exists()
    assert product.approvals.filter(pk=added.pk).exists()


def test_links_of_claims_follow_people_and_files_alike(seeded):
    claim = Claim.objects.get(slug="chinese-hospital-list-01")
    added = Trial.objects.exclude(claims=claim).first()
    claim.trials.add(added)
    linked = Claim.objects.filter(trials__isnull=False).exclude(pk=claim.pk).first()
    removed = linked.trials.first()
    linked.trials.remove(removed)
    report = seed(FOLDER, now=LATER)
    assert not report.wrote
    assert added in claim.trials.all()
    assert removed not in linked.trials.all()


def test_a_paper_that_somebody_entered_first_is_the_same_paper(db):
    entered = Publication.objects.create(
        slug="my-paper", title="Mine", doi="10.1371/journal.pone.0175449"
    )
    seed(FOLDER, now=LATER)
    entered.refresh_from_db()
    assert (entered.pmid, entered.slug) == ("28448518", "my-paper")


def test_names_and_queries_that_somebody_deleted_stay_away(seeded):
    SponsorAlias.objects.filter(sponsor__slug="unicocell-biomed").exclude(
        name="UnicoCell Biomed CO. LTD"
    ).delete()
    HarvestQuery.objects.first().delete()
    names, queries = SponsorAlias.objects.count(), HarvestQuery.objects.count()
    assert not seed(FOLDER, now=LATER).wrote
    assert (SponsorAlias.objects.count(), HarvestQuery.objects.count()) == (names, queries)


def test_a_changed_quote_ends_the_old_fact_and_makes_a_new_one(seeded, copied):
    path = copied / "trials" / "not-in-documents.toml"
    replace(path, 'quote = "Autologous MSC"', 'quote = "Autologous"')
    old = Fact.objects.get(trial__number="NCT03007576", kind=FactKind.DONOR_TYPE)
    report = seed(copied, now=LATER)
    old.refresh_from_db()
    assert (old.retired_at, old.shown) == (LATER, False)
    new = Fact.objects.get(trial=old.trial, kind=old.kind, retired_at=None)
    assert (new.quote, new.decided_at, new.shown) == ("Autologous", CHECKED, True)
    assert (report.total("created"), report.total("removed"), report.total("changed")) == (1, 1, 0)


def test_a_changed_note_keeps_the_fact_and_its_date(seeded, copied):
    path = copied / "trials" / "chinese-list.toml"
    replace(path, 'note = "Counted from the schedule: one day is listed."', 'note = "Counted."')
    fact = Fact.objects.get(trial__number="NCT04326985", kind=FactKind.ADMINISTRATIONS)
    assert seed(copied, now=LATER).total("changed") == 1
    fact.refresh_from_db()
    assert (fact.note, fact.decided_at) == ("Counted.", CHECKED)


def test_a_claim_that_left_the_files_leaves_the_catalogue(seeded, copied):
    (copied / "claims" / "joint-pain-therapy.toml").write_text("", encoding="utf-8")
    seed(copied, now=LATER)
    assert not Claim.objects.filter(document__slug="joint-pain-therapy").exists()
    assert Claim.objects.exists()


def test_claims_contradict_each_other_both_ways(seeded):
    three = Claim.objects.get(words__startswith="a total of three new interstation")
    (eight,) = three.contradicts.all()
    assert eight.document.slug == "8761-cases"
    assert three in eight.contradicts.all()


def test_a_sponsor_that_a_refresh_met_first_is_not_made_twice(db):
    met = make_sponsor("qilu-hospital", name="Qilu Hospital of Shandong University")
    seed(FOLDER, now=THEN)
    assert (
        SponsorAlias.objects.get(normalised="qilu hospital of shandong university").sponsor == met
    )
    assert not Sponsor.objects.filter(slug="qilu-hospital-of-shandong-university").exists()
    assert not seed(FOLDER, now=LATER).wrote


def test_an_editors_query_is_left_alone(seeded):
    HarvestQuery.objects.filter(name="spine").update(condition="spine", active=False)
    assert not seed(FOLDER, now=LATER).wrote
    assert HarvestQuery.objects.get(name="spine").condition == "spine"


def test_ages_are_counted_as_the_refresh_counts_them(seeded):
    for trial in Trial.objects.exclude(minimum_age=""):
        assert trial.minimum_age_days == age_in_days(trial.minimum_age)
    for trial in Trial.objects.exclude(maximum_age=""):
        assert trial.maximum_age_days == age_in_days(trial.maximum_age)


def test_seed_prints_one_json_object(db):
    out, err = StringIO(), StringIO()
    call_command("seed", "--json", stdout=out, stderr=err)
    printed = json.loads(out.getvalue())
    assert printed["status"] == "complete"
    assert printed["kinds"]["trials"]["created"] == Trial.objects.count() == 45
    assert "45 new" in err.getvalue()


def test_seed_loads_nothing_of_a_broken_folder_and_says_why(db, copied):
    path = copied / "excluded.toml"
    replace(path, 'slug = "jaw-osteoarthritis-mouse"', 'slug = "Jaw"')
    out = StringIO()
    with pytest.raises(CommandError, match="Nothing was loaded: 1 fault to mend") as failure:
        call_command("seed", "--json", "--folder", str(copied), stdout=out)
    assert failure.value.returncode == 1
    assert json.loads(out.getvalue())["status"] == "failed"
    assert not Trial.objects.exists()


def test_seed_refuses_a_folder_that_is_not_there(db, tmp_path):
    with pytest.raises(CommandError, match="there is no such folder") as failure:
        call_command("seed", "--folder", str(tmp_path / "nowhere"))
    assert failure.value.returncode == 2


def test_facts_bear_the_day_on_which_somebody_read_them(seeded):
    assert set(Fact.objects.values_list("decided_at", flat=True)) == {CHECKED}
