"""A made-up catalogue is one that the site could have, and has every kind of value in it."""

import pytest
from django.db import connection
from django.db.models import Count
from django.test import Client

from bench.catalogue import ROWS, fill
from bench.catalogue_rows import Named, Vocabulary, trial_rows
from tests.builders import make_trial
from trials import models
from trials.models import Fact, Mention, Site, Sponsor, SponsorAlias, Trial, TrialPublication
from trials.models.sponsor import normalise_name
from trials.partial_date import PartialDate
from trials.vocabulary import NOT_STATED, FactKind

COUNT = 200


@pytest.fixture
def filled(db):
    fill(COUNT)


def values(queryset, column) -> set:
    return set(queryset.order_by().values_list(column, flat=True).distinct())


def test_every_row_is_valid(filled):
    rows = [row for kind in ROWS for row in getattr(models, kind.__name__).objects.all()]

    for row in rows:
        row.clean_fields()
    connection.check_constraints()

    assert {type(row).__name__ for row in rows} == {kind.__name__ for kind in ROWS}


def test_every_trial_is_published_and_has_a_lead_of_a_tenth_as_many_sponsors(filled):
    leads = Trial.objects.filter(sponsorships__role="lead")

    assert Trial.objects.published().count() == leads.count() == COUNT
    assert Sponsor.objects.count() == COUNT // 10
    assert [alias.normalised for alias in SponsorAlias.objects.all()] == [
        normalise_name(alias.name) for alias in SponsorAlias.objects.all()
    ]


def test_few_sponsors_have_many_trials(filled):
    counts = sorted(
        Sponsor.objects.annotate(n=Count("sponsorships")).values_list("n", flat=True), reverse=True
    )

    assert sum(counts[: len(counts) // 4]) > COUNT / 3


def test_dates_are_of_every_precision_and_missing(filled):
    starts = list(Trial.objects.values_list("start_date", "start_earliest", "start_latest"))

    assert {len(str(start)) if start else 0 for start, *_ in starts} == {0, 4, 7, 10}
    assert all(
        (earliest, latest) == ((start.earliest, start.latest) if start else (None, None))
        for start, earliest, latest in starts
    )
    assert None in values(Trial.objects, "last_updated")
    assert len({day.year for day in values(Trial.objects, "last_updated") if day}) > 10
    assert isinstance(starts[0][0], PartialDate | None)


def test_each_fact_is_stated_for_many_trials_and_not_for_all(filled):
    for kind in ("cell_source", "donor_type", "preparation", "route", "indication"):
        stated = Fact.objects.filter(kind=kind, shown=True).exclude(value=NOT_STATED)
        assert COUNT / 2 < len(values(stated, "trial")) < COUNT, kind
    shown = Fact.objects.filter(shown=True)
    assert 4 < shown.count() / COUNT < 6
    assert shown.filter(kind=FactKind.PRODUCT).exists()
    assert shown.filter(value=NOT_STATED).exists()
    assert shown.filter(role="comparator").exists()
    assert Fact.objects.filter(shown=False).exists()


def test_what_lists_ask_for_is_there_and_missing(filled):
    assert values(Trial.objects, "has_results") == {True, False}
    assert values(Trial.objects, "sex") == {"ALL", "FEMALE", "MALE", ""}
    assert values(Trial.objects.filter(registry=""), "number") == {"SCT-000009"}
    assert len(values(Trial.objects, "status")) > 6
    assert len(values(Trial.objects, "study_type")) == 3
    assert None in values(Trial.objects, "enrollment_count")
    assert None in values(Trial.objects, "minimum_age_days")
    assert Trial.objects.exclude(title_zh="").exists()
    assert Trial.objects.filter(phases=None).exists()
    assert len(values(models.TrialPhase.objects, "phase")) > 4
    assert None in values(Site.objects, "country")
    assert len(values(Site.objects, "country")) > 25
    assert None in values(Site.objects, "latitude")
    assert Mention.objects.count() == TrialPublication.objects.count() == COUNT // 100


def test_a_trial_can_come_afterwards(filled):
    assert make_trial("NCT01234567").pk == COUNT + 1


def test_the_list_finds_it(filled):
    facts = Fact.objects.filter(cell_source__slug="umbilical-cord", role="experimental")
    found = Trial.objects.filter(facts__in=facts, sites__country="US").distinct()

    answer = Client().get("/trials/", {"cell_source": "umbilical-cord", "country": "US"})

    assert answer.status_code == 200
    assert 0 < found.count() < COUNT / 4
    assert all(trial.number in answer.content.decode() for trial in found)


def test_a_trial_is_the_same_in_every_run(filled):
    tree = (Named(1, "Fat", "脂肪"), Named(2, "Bone marrow", "骨髓"))
    vocabulary = Vocabulary(tree, tree, (1,), (1,), (1,))

    assert list(trial_rows(7, 5, vocabulary)) == list(trial_rows(7, 5, vocabulary))
