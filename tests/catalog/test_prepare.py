"""Bringing an installation up to date says in a sentence why it cannot."""

import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError

from catalog.management.commands import prepare


def test_a_database_that_does_not_answer_is_one_sentence(monkeypatch):
    def refused():
        raise OperationalError('connection to server at "db" failed: Connection refused\n\tIs it?')

    monkeypatch.setitem(prepare.STEPS, "seed", refused)

    with pytest.raises(CommandError, match=r"^The database does not answer: Connection refused\n"):
        call_command("prepare", "seed")
