"""Seeding after two trials were joined: the files' entries of the older number are of the other."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import pytest

from tests.builders import (
    THEN,
    make_curator,
    make_fact,
    make_record,
    make_run,
    make_sponsorship,
    make_trial,
)
from tests.trials.seeding.conftest import FOLDER
from tests.trials.seeding.test_seed import replace
from trials.checking import check_catalogue
from trials.models import Claim, Fact, Mention, Trial, TrialPublication
from trials.refresh.joining import join
from trials.search.kept import writing
from trials.seeding import SeedReport, seed
from trials.vocabulary import Basis, FactKind

pytestmark = pytest.mark.django_db

LATER = THEN + timedelta(days=1)
OLD = "NCT04893174"  # of the list, with claims
ROW_13, TWIN = "SCT-0001", "NCT04208646"  # both in the files
NEW = "NCT09999999"  # in no file


def joined(number: str, into: str) -> tuple[Trial, Trial]:
    old = Trial.objects.get(number=number)
    other = Trial.objects.filter(number=into).first() or _refreshed(into)
    with writing():
        join(old, other, run=make_run(), now=THEN)
    return old, other


def _refreshed(number: str) -> Trial:
    """A trial as a refresh makes it."""
    trial = make_trial(number, refreshed_at=THEN, screening_basis=Basis.RULE)
    make_sponsorship(trial, "unicocell-biomed")
    make_record(trial)
    return trial


def said_of(trial: Trial) -> dict[str, object]:
    """All that the files own of a trial."""
    names = ("title_zh", "title_zh_note", "screening", "screening_reason", "doubt", "note")
    return {
        **{name: getattr(trial, name) for name in names},
        "facts": set(trial.facts.values_list("pk", "retired_at", "shown")),
        "mentions": set(trial.mentions.values_list("pk", "position", "note", "title_words")),
        "papers": set(trial.publication_links.values_list("pk", "basis")),
        "claims": set(trial.claims.values_list("slug")),
        "parts": (trial.sites.count(), trial.phases.count(), trial.sponsorships.count()),
    }


@pytest.mark.parametrize(("number", "into"), [(OLD, NEW), (ROW_13, TWIN), (TWIN, ROW_13)])
def test_seeding_changes_nothing_of_joined_trials(
    seeded: SeedReport, number: str, into: str
) -> None:
    count = Trial.objects.count() + (into == NEW)
    old, other = joined(number, into)
    before = said_of(old), said_of(other)
    assert before[1]["facts"]
    first, second = seed(FOLDER, now=LATER), seed(FOLDER, now=LATER)
    for trial in (old, other):
        trial.refresh_from_db()
    assert (said_of(old), said_of(other)) == before
    assert not first.wrote
    assert not second.wrote
    assert (first.total("kept"), second.total("kept")) == (0, 0)
    assert (Trial.objects.count(), old.joined_to) == (count, other)
    assert [fault for fault in check_catalogue() if fault.subject in (old.number, into)] == []


def test_a_mention_of_the_older_number_that_changed_changes_where_it_is_now(
    seeded: SeedReport, copied: Path
) -> None:
    _old, other = joined("NCT04326985", NEW)
    replace(copied / "trials" / "chinese-list.toml", "The list joins", "This list joins")
    report = seed(copied, now=LATER)
    assert (report.total("changed"), report.total("created"), report.total("removed")) == (1, 0, 0)
    assert other.mentions.filter(note__startswith="This list joins").count() == 1


def test_what_somebody_deleted_stays_away_under_the_present_number(seeded: SeedReport) -> None:
    trial = Trial.objects.filter(mentions__isnull=False, claims__isnull=False).first()
    assert trial is not None
    trial.mentions.all().delete()
    trial.claims.clear()
    _old, other = joined(trial.number, NEW)
    assert not seed(FOLDER, now=LATER).wrote
    assert (other.mentions.count(), other.claims.count()) == (0, 0)


def test_a_fact_that_a_person_ended_stays_ended_under_the_present_number(
    seeded: SeedReport,
) -> None:
    fact = Fact.objects.filter(trial__number=OLD, kind=FactKind.DONOR_TYPE).get()
    fact.retired_at, fact.retired_by, fact.shown = THEN, make_curator(), False
    fact.save()
    _old, other = joined(OLD, NEW)
    assert not seed(FOLDER, now=LATER).wrote
    assert not other.facts.filter(kind=FactKind.DONOR_TYPE, retired_at=None).exists()


def test_a_fact_that_left_the_files_ends_where_it_is_now(seeded: SeedReport, copied: Path) -> None:
    _old, other = joined("NCT03007576", NEW)
    replace(
        copied / "trials" / "not-in-documents.toml",
        'quote = "Autologous MSC"',
        'quote = "Autologous"',
    )
    report = seed(copied, now=LATER)
    donor = other.facts.filter(kind=FactKind.DONOR_TYPE)
    assert (report.total("created"), report.total("removed")) == (1, 1)
    assert sorted(donor.values_list("quote", "shown")) == [
        ("Autologous", True),
        ("Autologous MSC", False),
    ]


def test_a_mention_at_the_same_place_gets_the_row_that_the_files_give(seeded: SeedReport) -> None:
    mention = Mention.objects.get(trial__number=ROW_13)
    Trial.objects.get(number=TWIN).mentions.create(
        document=mention.document, place=mention.place, note="By hand."
    )
    _old, other = joined(ROW_13, TWIN)
    assert not seed(FOLDER, now=LATER).wrote
    twin = other.mentions.get(place=mention.place, document=mention.document)
    assert (twin.position, twin.note) == (13, "By hand.")


def test_an_entry_that_is_left_out_of_the_files_takes_its_rows_along(
    seeded: SeedReport, copied: Path
) -> None:
    _old, other = joined(OLD, NEW)
    for path in (copied / "trials").glob("*.toml"):
        entries = path.read_text("utf-8").split("[[trial]]")
        path.write_text("[[trial]]".join(e for e in entries if OLD not in e), "utf-8")
    for path in (copied / "claims").glob("*.toml"):
        path.write_text(re.sub(rf'\s*"{OLD}",?', "", path.read_text("utf-8")), "utf-8")
    seed(copied, now=LATER)
    assert (other.mentions.count(), other.claims.count()) == (0, 0)
    assert not other.facts.filter(retired_at=None).exists()


def test_the_files_first_seeding_into_a_refreshed_catalogue_writes_to_the_present_trial() -> None:
    old, other = make_trial(OLD), _refreshed(NEW)
    make_sponsorship(old, "unicocell-biomed")
    make_fact(old, FactKind.DONOR_TYPE, "autologous", basis=Basis.RULE, rule="r1")
    joined(OLD, NEW)
    seed(FOLDER, now=LATER)
    other.refresh_from_db()
    assert other.facts.exists()
    assert other.mentions.exists()
    assert not Mention.objects.filter(trial=old).exists()
    assert not TrialPublication.objects.filter(trial=old).exists()
    assert not Claim.objects.filter(trials=old).exists()
