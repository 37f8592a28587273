"""A registry's date is an interval that prints as it came."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.exceptions import ValidationError

from tests.builders import make_trial
from trials.models import Trial
from trials.partial_date import PartialDate


@pytest.mark.parametrize(
    ("text", "earliest", "latest"),
    [
        ("2016", date(2016, 1, 1), date(2016, 12, 31)),
        ("2016-03", date(2016, 3, 1), date(2016, 3, 31)),
        ("2016-02", date(2016, 2, 1), date(2016, 2, 29)),
        ("2015-02", date(2015, 2, 1), date(2015, 2, 28)),
        ("2016-12", date(2016, 12, 1), date(2016, 12, 31)),
        ("2016-03-15", date(2016, 3, 15), date(2016, 3, 15)),
    ],
)
def test_a_date_reaches_from_its_first_to_its_last_day(
    text: str, earliest: date, latest: date
) -> None:
    partial = PartialDate.parse(text)
    assert (str(partial), partial.earliest, partial.latest) == (text, earliest, latest)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "16",
        "2016-3",
        "2016-13",
        "2016-02-30",
        "2016/03",
        "March 2016",
        "2016-03-15T00",
        "２０１６",
        "0000",
    ],
)
def test_what_is_no_date_is_refused_with_a_sentence(text: str) -> None:
    with pytest.raises(ValueError, match=r"is no (date|day of the calendar)"):
        PartialDate.parse(text)


def test_spaces_around_a_date_are_dropped() -> None:
    assert str(PartialDate.parse(" 2016-03 ")) == "2016-03"


@pytest.mark.django_db
def test_stored_date_keeps_its_precision_and_its_bounds() -> None:
    make_trial("SCT-0001", start_date="2016-03")
    trial = Trial.objects.get(number="SCT-0001")
    kept = (trial.start_date, trial.start_earliest, trial.start_latest)
    assert kept == (PartialDate("2016-03"), date(2016, 3, 1), date(2016, 3, 31))


@pytest.mark.django_db
def test_bounds_follow_a_changed_date() -> None:
    trial = make_trial(start_date="2016")
    trial.start_date = PartialDate("2017-05-02")
    trial.save()
    trial.refresh_from_db()
    assert (trial.start_earliest, trial.start_latest) == (date(2017, 5, 2), date(2017, 5, 2))


@pytest.mark.django_db
def test_bounds_are_written_in_bulk_too() -> None:
    Trial.objects.bulk_create([Trial(number="SCT-0002", title="Bulk", start_date="2017")])
    trial = Trial.objects.get(number="SCT-0002")
    assert (trial.start_earliest, trial.start_latest) == (date(2017, 1, 1), date(2017, 12, 31))


@pytest.mark.django_db
def test_no_date_has_no_bounds() -> None:
    trial = make_trial(start_date=None)
    trial.refresh_from_db()
    assert (trial.start_date, trial.start_earliest, trial.start_latest) == (None, None, None)


@pytest.mark.django_db
def test_a_text_that_is_no_date_is_not_stored() -> None:
    with pytest.raises(ValidationError, match="is no date"):
        make_trial(start_date="spring 2016")
