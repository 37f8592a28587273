"""A refresh after a merging finds the one sponsor, and undoing parts what came meanwhile too."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction

from tests.builders import make_curator, make_sponsor, make_trial
from tests.records import study_record
from tests.writers import ending_soon
from trials.curation import merge, undo
from trials.models import Sponsor, SponsorPair, TrialSponsor
from trials.refresh import FileHarvest, refresh
from trials.refresh.sponsors import Sponsors
from trials.registry.study import Sponsor as Named

pytestmark = pytest.mark.usefixtures("vocabularies")


def load(folder: Path, number: str, lead: str, *collaborators: str, **changes: Any) -> None:
    people = {
        "leadSponsor": {"name": lead, "class": "INDUSTRY"},
        "collaborators": [{"name": name} for name in collaborators],
    }
    record = study_record(number, sponsorCollaboratorsModule=people, **changes)
    path = folder / f"{number}.json"
    path.write_text(json.dumps(record), encoding="utf-8")
    refresh(FileHarvest(path))


def parts() -> set[tuple[str, str, str]]:
    return set(TrialSponsor.objects.values_list("trial__number", "sponsor__slug", "role"))


def test_what_a_refresh_brings_between_merging_and_undoing_goes_where_it_belongs(
    tmp_path: Path,
) -> None:
    load(tmp_path, "NCT90000001", "Medipost")
    load(tmp_path, "NCT90000002", "Medi-Post", "Beike")
    kept, gone = Sponsor.objects.get(slug="medipost"), Sponsor.objects.get(slug="medi-post")
    decision = merge(gone, into=kept, by=make_curator(), note="One.")

    load(tmp_path, "NCT90000002", "Medi-Post", "Beike", designModule={"phases": ["PHASE3"]})
    load(tmp_path, "NCT90000003", "MEDI POST", "Medipost")
    assert Sponsor.objects.count() == 3
    assert parts() == {
        ("NCT90000001", "medipost", "lead"),
        ("NCT90000002", "medipost", "lead"),
        ("NCT90000002", "beike", "collaborator"),
        ("NCT90000003", "medipost", "lead"),
    }

    undo(decision, by=make_curator(), note="Two.")
    assert parts() == {
        ("NCT90000001", "medipost", "lead"),
        ("NCT90000002", "medi-post", "lead"),
        ("NCT90000002", "beike", "collaborator"),
        ("NCT90000003", "medi-post", "lead"),
    }


def test_new_sponsors_that_look_like_known_ones_are_there_after_the_refresh(
    tmp_path: Path,
) -> None:
    load(tmp_path, "NCT90000001", "Medipost")
    assert not SponsorPair.objects.exists()
    load(tmp_path, "NCT90000002", "Medi-Post Co., Ltd.")
    pair = SponsorPair.objects.undecided().get()
    assert (pair.one.slug, pair.other.slug) == ("medipost", "medi-post-co-ltd")


def test_parts_that_were_one_too_many_come_back_after_a_refresh_too(tmp_path: Path) -> None:
    load(tmp_path, "NCT90000001", "Beike", "Medi-Post", "Medipost")
    before = parts()
    kept, gone = Sponsor.objects.get(slug="medipost"), Sponsor.objects.get(slug="medi-post")
    decision = merge(gone, into=kept, by=make_curator(), note="One.")
    load(tmp_path, "NCT90000001", "Beike", "Medi-Post", "Medipost", designModule={"phases": ["NA"]})
    assert parts() == before - {("NCT90000001", "medi-post", "collaborator")}
    undo(decision, by=make_curator(), note="Two.")
    assert parts() == before


@pytest.mark.django_db(transaction=True)
def test_a_study_that_comes_while_two_are_merged_goes_to_the_one_that_is_left() -> None:
    kept, gone = make_sponsor("medipost"), make_sponsor("medi-post", name="Medi-Post")
    trial = make_trial()

    def write() -> None:
        merge(gone, into=kept, by=make_curator(), note="One.")

    with ending_soon(write), transaction.atomic():
        sponsors = Sponsors()
        sponsors.meet([Named("Medi-Post", "")])
        TrialSponsor.objects.create(trial=trial, sponsor_id=sponsors.key("Medi-Post"), role="lead")
    assert TrialSponsor.objects.get().sponsor == kept
