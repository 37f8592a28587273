"""A person gives a trial its Chinese title; the files write no other over it."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.core.exceptions import ValidationError

from tests.builders import THEN, make_curator, make_run, make_trial
from trials.curation import name_in_chinese, undo
from trials.models import Trial
from trials.refresh.joining import join
from trials.search.kept import writing
from trials.seeding import seed

pytestmark = pytest.mark.django_db


def title(trial: Trial) -> tuple[str, str]:
    trial.refresh_from_db()
    return trial.title_zh, trial.title_zh_note


def test_a_title_is_given_and_taken_back() -> None:
    trial = make_trial(title_zh="旧", title_zh_note="machine translation")
    assert name_in_chinese(trial, title=" 干细胞  研究 ", by=make_curator(), note="Own words.")
    assert title(trial) == ("干细胞 研究", "")
    undo(trial.decisions.get(), by=make_curator(), note="Back.")
    assert title(trial) == ("旧", "machine translation")


def test_the_same_title_again_is_no_decision() -> None:
    trial = make_trial()
    assert name_in_chinese(trial, title="膝", by=make_curator(), note="Own words.")
    assert not name_in_chinese(trial, title="膝", by=make_curator(), note="Own words.")


def test_a_title_wants_a_note() -> None:
    with pytest.raises(ValidationError, match="Write a note"):
        name_in_chinese(make_trial(), title="膝", by=make_curator(), note=" ")


def test_a_seed_writes_no_other_title_until_the_decision_is_undone() -> None:
    folder = settings.BASE_DIR / "fixtures"
    seed(folder, now=THEN)
    trial = Trial.objects.exclude(title_zh="").first()
    assert trial is not None
    before = title(trial)
    name_in_chinese(trial, title="膝", by=make_curator(), note="Own words.")
    seed(folder, now=THEN)
    assert title(trial) == ("膝", "")
    undo(trial.decisions.get(), by=make_curator(), note="Back.")
    seed(folder, now=THEN)
    assert title(trial) == before


def test_a_decided_title_comes_with_a_trial_that_turns_out_to_be_another() -> None:
    old, into = make_trial(), make_trial(title_zh="别的")
    name_in_chinese(old, title="膝", by=make_curator(), note="Own words.")
    with writing():
        join(old, into, run=make_run(), now=THEN)
    assert title(into) == ("膝", "")


def test_a_trial_that_turned_out_to_be_another_gets_no_title() -> None:
    joined = make_trial(joined_to=make_trial(), screening="excluded")
    with pytest.raises(ValidationError, match="turned out to be"):
        name_in_chinese(joined, title="膝", by=make_curator(), note="Own words.")
