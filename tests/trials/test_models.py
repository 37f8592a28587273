"""The rules that the database itself keeps: each refuses the wrong row beside a right one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError, models, transaction
from django.db.models import ProtectedError

from tests.builders import (
    THEN,
    make_approval,
    make_claim,
    make_country,
    make_curator,
    make_document,
    make_fact,
    make_mention,
    make_product,
    make_publication,
    make_site,
    make_source,
    make_sponsor,
    make_sponsorship,
    make_trial,
)
from trials.models import (
    Country,
    Fact,
    HarvestQuery,
    SponsorAlias,
    Trial,
    TrialAlias,
    TrialPhase,
)
from trials.models.sponsor import normalise_name
from trials.vocabulary import NOT_STATED, Basis, FactKind, SponsorRole

pytestmark = pytest.mark.django_db


def fact(**changes: Any) -> Fact:
    row = {"trial": make_trial(), "basis": Basis.RULE, "decided_at": THEN, **changes}
    return Fact.objects.create(**row)


RIGHT_FACTS: dict[str, dict[str, Any]] = {
    "source": {"kind": FactKind.CELL_SOURCE, "cell_source": "placenta"},
    "donor": {"kind": FactKind.DONOR_TYPE, "value": "autologous"},
    "not stated": {"kind": FactKind.CELL_SOURCE, "value": NOT_STATED},
    "dose": {"kind": FactKind.DOSE, "dose_min": 1e6, "dose_max": 2e6, "dose_unit": "cells/kg"},
    "dose not stated": {"kind": FactKind.DOSE, "value": NOT_STATED},
    "administrations": {"kind": FactKind.ADMINISTRATIONS, "number": 2},
    "adjunct": {"kind": FactKind.ADJUNCT, "value": "hyaluronic acid"},
}
WRONG_FACTS: dict[str, dict[str, Any]] = {
    "source as a word": {"kind": FactKind.CELL_SOURCE, "value": "placenta"},
    "source and not stated": {
        "kind": FactKind.CELL_SOURCE,
        "cell_source": "placenta",
        "value": NOT_STATED,
    },
    "source for a donor": {"kind": FactKind.DONOR_TYPE, "cell_source": "placenta"},
    "donor with a source": {
        "kind": FactKind.DONOR_TYPE,
        "value": "autologous",
        "cell_source": "placenta",
    },
    "unknown donor": {"kind": FactKind.DONOR_TYPE, "value": "martian"},
    "unknown kind": {"kind": "colour", "value": "red"},
    "unknown basis": {"kind": FactKind.ROUTE, "value": "topical", "basis": "rumour"},
    "unknown role": {"kind": FactKind.ROUTE, "value": "topical", "role": "witness"},
    "no value": {"kind": FactKind.ROUTE},
    "dose without a unit": {"kind": FactKind.DOSE, "dose_min": 1e6, "dose_max": 1e6},
    "dose upside down": {
        "kind": FactKind.DOSE,
        "dose_min": 2e6,
        "dose_max": 1e6,
        "dose_unit": "cells",
    },
    "unit without a dose": {"kind": FactKind.DOSE, "dose_unit": "cells"},
    "dose without its end": {"kind": FactKind.DOSE, "dose_min": 1e6, "dose_unit": "cells"},
    "administrations not counted": {"kind": FactKind.ADMINISTRATIONS},
    "no cells": {"kind": FactKind.DOSE, "dose_min": 0, "dose_max": 0, "dose_unit": "cells"},
    "no administration": {"kind": FactKind.ADMINISTRATIONS, "number": 0},
    "decision without a name": {
        "kind": FactKind.ROUTE,
        "value": "topical",
        "basis": Basis.CURATOR,
    },
    "ended and shown": {
        "kind": FactKind.ROUTE,
        "value": "topical",
        "retired_at": THEN,
        "shown": True,
    },
    "live with a reason for its end": {
        "kind": FactKind.ROUTE,
        "value": "topical",
        "retired_note": "Gone.",
    },
}


def with_rows(changes: dict[str, Any]) -> dict[str, Any]:
    if "cell_source" in changes:
        return {**changes, "cell_source": make_source(changes["cell_source"])}
    return changes


@pytest.mark.parametrize("changes", RIGHT_FACTS.values(), ids=RIGHT_FACTS)
def test_fact_with_a_value_of_its_kind_is_kept(changes: dict[str, Any]) -> None:
    assert Fact.objects.get(pk=fact(**with_rows(changes)).pk).kind == changes["kind"]


@pytest.mark.parametrize("changes", WRONG_FACTS.values(), ids=WRONG_FACTS)
def test_fact_that_makes_no_sense_is_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(IntegrityError):
        fact(**with_rows(changes))


def test_decision_cannot_be_ended_without_a_person() -> None:
    decided = make_fact(make_trial(), FactKind.ROUTE, "topical", basis=Basis.CURATOR)
    row = Fact.objects.filter(pk=decided.pk)
    with pytest.raises(IntegrityError), transaction.atomic():
        row.update(retired_at=THEN, shown=False)
    assert row.update(retired_at=THEN, shown=False, retired_by=make_curator()) == 1


def test_rule_ends_its_own_verdict_without_a_person() -> None:
    read = make_fact(make_trial(), FactKind.ROUTE, "topical", basis=Basis.RULE)
    assert Fact.objects.filter(pk=read.pk).update(retired_at=THEN, shown=False) == 1


def _two_leads() -> None:
    trial = make_trial(sponsor="beike")
    make_sponsorship(trial, "other", SponsorRole.LEAD)


def _row_twice() -> None:
    listed = make_document("list")
    make_mention(make_trial(), listed, position=1)
    make_mention(make_trial(), listed, position=1)


REFUSED: dict[str, Callable[[], Any]] = {
    "number of no known shape": lambda: make_trial("XYZ-1"),
    "number twice": lambda: (make_trial("SCT-0001"), make_trial("SCT-0001")),
    "no title": lambda: make_trial(title=""),
    "status in small letters": lambda: make_trial(status="paused"),
    "status of two words": lambda: make_trial(status="ON HOLD"),
    "unknown screening": lambda: make_trial(screening="maybe"),
    "registry without its number": lambda: make_trial("SCT-0001", registry="ClinicalTrials.gov"),
    "number without its registry": lambda: make_trial(registry=""),
    "type of an unknown enrollment": lambda: make_trial(enrollment_type="ACTUAL"),
    "negative enrollment": lambda: make_trial(enrollment_count=-1),
    "phase twice": lambda: make_trial(phases=("PHASE1", "PHASE1")),
    "no phase": lambda: make_trial(phases=("",)),
    "phase in small letters": lambda: make_trial(phases=("phase9",)),
    "class in small letters": lambda: make_sponsor(sponsor_class="industry"),
    "joined and shown": lambda: make_trial(joined_to=make_trial()),
    "alias twice": lambda: make_trial(aliases=("SCT-0009", "SCT-0009")),
    "two lead sponsors": _two_leads,
    "name of two sponsors": lambda: (
        make_sponsor("a", name="Beike"),
        make_sponsor("b", name="BEIKE"),
    ),
    "site beyond the pole": lambda: make_site(make_trial(), latitude=91.0, longitude=0.0),
    "site with half a place": lambda: make_site(make_trial(), latitude=31.0),
    "country by its name": lambda: Country.objects.create(code="cn", name="China", name_zh="中国"),
    "unknown verdict": lambda: make_claim(make_document(), verdict="perhaps"),
    "claim without words": lambda: make_claim(make_document(), words=""),
    "row of a document twice": _row_twice,
    "unknown approval": lambda: make_approval(make_product(), kind="praise"),
    "DOI twice": lambda: [make_publication(doi="10.1/x") for _ in range(2)],
    "query that asks nothing": lambda: HarvestQuery.objects.create(name="empty"),
}


@pytest.mark.parametrize("make", REFUSED.values(), ids=REFUSED)
def test_row_that_makes_no_sense_is_refused(make: Callable[[], Any]) -> None:
    with pytest.raises(IntegrityError):
        make()


def test_start_cannot_lose_the_days_it_can_mean() -> None:
    trial = make_trial(start_date="2016-03")
    with pytest.raises(IntegrityError):
        Trial.objects.filter(pk=trial.pk).update(start_earliest=None)


def test_rows_beside_the_refused_ones_are_kept() -> None:
    trial = make_trial(
        "SCT-0001", phases=("PHASE1", "PHASE2"), aliases=("SCT-0002",), sponsor="beike"
    )
    make_sponsorship(trial, "other", SponsorRole.COLLABORATOR)
    make_trial(enrollment_count=0, enrollment_type="ACTUAL")
    make_site(trial, latitude=31.2, longitude=121.5)
    listed = make_document("list")
    make_mention(trial, listed, position=1)
    make_mention(make_trial(), listed, position=None)
    make_mention(make_trial(), listed, position=None)
    make_publication(doi="")
    make_publication(doi="")
    counts = [model.objects.count() for model in (Trial, TrialPhase, TrialAlias)]
    assert counts == [4, 2, 1]


@pytest.mark.parametrize(
    "row",
    [
        lambda: make_source("placenta"),
        lambda: make_curator("wei"),
        lambda: make_document("list"),
    ],
    ids=["source", "curator", "document"],
)
def test_what_a_fact_rests_on_cannot_be_deleted(row: Callable[[], models.Model]) -> None:
    make_fact(
        make_trial(),
        FactKind.CELL_SOURCE,
        make_source("placenta"),
        basis=Basis.CURATOR,
        decided_by=make_curator("wei"),
        document=make_document("list"),
    )
    with pytest.raises(ProtectedError):
        row().delete()


def test_country_of_a_site_cannot_be_deleted() -> None:
    make_site(make_trial(), "CN")
    with pytest.raises(ProtectedError):
        make_country("CN").delete()


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Beike Biotech Co., Ltd.", "BEIKE  Biotech Co Ltd"),
        ("Ｂｅｉｋｅ", "Beike"),
        ("中国人民解放军总医院", "中国人民解放军总医院 "),
    ],
)
def test_spellings_of_one_name_are_the_same(one: str, other: str) -> None:
    assert normalise_name(one) == normalise_name(other)


def test_names_of_two_organisations_differ() -> None:
    assert normalise_name("University of A") != normalise_name("University of B")


def test_alias_is_normalised_when_a_form_checks_it() -> None:
    alias = SponsorAlias(sponsor=make_sponsor("beike"), name="BEIKE, Inc.", kind="other")
    alias.full_clean()
    assert alias.normalised == "beike inc"


@pytest.mark.parametrize(
    ("changes", "label", "slug"),
    [
        ({"kind": FactKind.CELL_SOURCE, "cell_source": "placenta"}, "Placenta", "placenta"),
        ({"kind": FactKind.DONOR_TYPE, "value": NOT_STATED}, "not stated", NOT_STATED),
        ({"kind": FactKind.ROUTE, "value": "topical"}, "On the surface", "topical"),
        ({"kind": FactKind.ADJUNCT, "value": "PRP"}, "PRP", "PRP"),
    ],
)
def test_fact_names_its_value_for_people_and_for_programs(
    changes: dict[str, Any], label: str, slug: str
) -> None:
    said = fact(**with_rows(changes))
    assert (said.label, said.slug) == (label, slug)
