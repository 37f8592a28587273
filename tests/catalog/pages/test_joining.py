"""Whom a trial takes, in words."""

import pytest
from django.utils.translation import override

from catalog.pages.joining import ages, standing
from tests.builders import THEN
from trials.models import Trial
from trials.vocabulary import Status


@pytest.mark.parametrize("status", Status.values)
def test_every_status_of_the_registry_has_its_sentence(status):
    assert str(standing(Trial(status=status)).words) != str(standing(Trial()).words)


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
    assert standing(Trial(status=status)).tone == tone


def test_a_record_that_is_gone_says_nothing_about_today():
    assert standing(Trial(status="RECRUITING", gone_at=THEN)).tone == "unknown"


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
