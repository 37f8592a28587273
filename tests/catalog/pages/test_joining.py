"""Whom a trial takes, in words."""

from datetime import date

import pytest
from django.utils.translation import override

from catalog.pages.joining import ages, standing
from tests.builders import THEN
from trials.models import Trial
from trials.partial_date import PartialDate
from trials.vocabulary import Status

TODAY = date(2026, 3, 15)


@pytest.mark.parametrize("status", Status.values)
def test_every_status_of_the_registry_has_its_sentence(status):
    assert str(standing(Trial(status=status), TODAY).words) != str(standing(Trial(), TODAY).words)


@pytest.mark.parametrize(
    ("status", "tone"),
    [
        ("RECRUITING", "open"),
        ("ENROLLING_BY_INVITATION", "soon"),
        ("UNKNOWN", "unknown"),
        ("COMPLETED", "closed"),
        ("PAUSED_BY_SPONSOR", "unknown"),
        ("", "unknown"),
    ],
)
def test_only_a_trial_that_takes_everybody_it_can_is_called_open(status, tone):
    assert standing(Trial(status=status, refreshed_at=THEN), TODAY).tone == tone


def test_a_record_that_is_gone_says_nothing_about_today():
    assert standing(Trial(status="RECRUITING", gone_at=THEN), TODAY).tone == "unknown"


@pytest.mark.parametrize(
    ("as_of", "refreshed_at", "tone"),
    [
        ("2025-03-15", None, "open"),
        ("2025-03-14", None, "unknown"),
        ("2025-03", None, "open"),  # it may be the last of the month
        ("2025-02", None, "unknown"),
        (None, None, "unknown"),
        (None, THEN, "open"),
        ("2025-02", THEN, "open"),  # the refreshes since would have brought another status
    ],
)
def test_recruiting_is_no_word_about_today_if_a_person_read_it_a_year_ago(
    as_of, refreshed_at, tone
):
    read = PartialDate(as_of) if as_of else None
    trial = Trial(status="RECRUITING", registry_as_of=read, refreshed_at=refreshed_at)
    assert standing(trial, TODAY).tone == tone


@pytest.mark.parametrize(
    ("least", "most", "words"),
    [
        ("18 Years", "70 Years", "18 to 70 years"),
        ("6 Months", "17 Years", "6 months to 17 years"),
        ("1 Month", "1 Year", "1 month to 1 year"),
        ("18 Years", "", "from 18 years, with no upper limit"),
        ("", "17 Years", "up to 17 years"),
        ("", "", ""),
        ("18 Years", "N/A (No limit)", "18 years to N/A (No limit)"),
        ("grown up", "", "from grown up, with no upper limit"),
    ],
)
def test_ages_are_one_phrase(least, most, words):
    with override("en"):
        assert ages(Trial(minimum_age=least, maximum_age=most)) == words
