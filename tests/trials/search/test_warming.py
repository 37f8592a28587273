"""What follows the database beside the requests goes on, whatever one trial is like."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import suppress
from typing import Any

import pytest

from tests.builders import make_trial
from trials.models import TrialDocument
from trials.search import kept, warming

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_trial_whose_document_cannot_be_made_keeps_no_other_from_its_own(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    odd, *_others = [make_trial().pk for _ in range(4)]
    make = kept._later[TrialDocument]

    def made(trials: Sequence[int]) -> Iterable[Any]:
        if odd in trials:
            raise ValueError("no number")
        return make(trials)

    monkeypatch.setitem(kept._later, TrialDocument, made)
    monkeypatch.setattr(warming, "_AT_ONCE", 1)
    follower = warming.Follower()
    for _ in range(3):  # what it noted itself, when it made the words, is news once more
        with suppress(ValueError):
            follower.look()
    assert kept.find_behind("default", later=True) == [odd]
    follower.look()  # it is not tried for ever


def test_a_fault_that_nobody_foresaw_is_logged_and_the_next_round_comes(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    class Follower(warming.Follower):
        rounds = 0

        def look(self) -> None:
            self.rounds += 1
            raise ValueError("no number") if self.rounds == 1 else SystemExit

    follower = Follower()
    monkeypatch.setattr(warming.time, "sleep", lambda seconds: None)
    monkeypatch.setattr(warming, "close_old_connections", lambda: None)
    with pytest.raises(SystemExit):
        warming._follow(follower)
    assert follower.rounds == 2
    assert "no number" in caplog.text


def test_what_is_loaded_is_kept_for_good_once_after_the_first_look_that_went_well(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    seen: list[str] = []
    looks = iter([ValueError(), None, None, SystemExit()])

    class Follower(warming.Follower):
        def look(self) -> None:
            seen.append("look")
            if fault := next(looks):
                raise fault

    monkeypatch.setattr(warming.time, "sleep", lambda seconds: None)
    monkeypatch.setattr(warming, "close_old_connections", lambda: None)
    monkeypatch.setattr(warming, "keep_for_good", lambda: seen.append("kept"))
    with pytest.raises(SystemExit):
        warming._follow(Follower())
    assert seen == ["look", "look", "kept", "look", "look"]
