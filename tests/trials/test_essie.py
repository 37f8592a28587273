"""What is wrong with a stored query's words, told before the registry misreads them."""

import tomllib

import pytest
from django.conf import settings

from trials.essie import faults_of


@pytest.mark.parametrize(
    "text",
    [
        "",
        "osteoarthritis",
        'osteoarthritis OR "knee pain"',
        "(disc OR spine) AND NOT hernia",
        "NOT adult",
        "AREA[LastUpdatePostDate]RANGE[2026-01-01,MAX]",
        '"AND" OR "cells ("',  # in quotes they are words
        r"the \"gold standard\"",
        "ANDROGEN OR NOTOCHORD",
        "NCT01234567 OR osteoarthritis",
        "Wharton’s jelly",
    ],
)
def test_nothing_is_wrong_with(text):
    assert faults_of(text) == []


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('"knee pain', "is not closed"),
        ('knee OR "pain" OR "disc', "is not closed"),
        ("“knee pain”", "straight quotation marks"),
        ("(disc OR spine", "( has no partner"),
        ("disc) OR spine", ") has no partner"),
        ("AREA[Phase", "[ has no partner"),
        ("(AREA[Phase)]", ") has no partner"),
        ("OR disc", "nothing to join"),
        ("disc AND", "nothing to join"),
        ("disc NOT", "nothing to join"),
        ("disc AND OR spine", "nothing to join"),
        ("(AND disc)", "nothing to join"),
        ("disc (spine OR)", "nothing to join"),
        ("NCT01234567", "alone are no search"),
        ("nct01234567, NCT00000001", "alone are no search"),
        ('(NCT01234567 OR "NCT00000001") AND NOT NCT00000002', "alone are no search"),
    ],
)
def test_it_is_told_what_to_mend(text, words):
    assert [words in fault for fault in faults_of(text)] == [True]


def test_the_first_queries_are_in_order():
    queries = tomllib.loads((settings.BASE_DIR / "fixtures/queries.toml").read_text())["query"]

    texts = [query.get(name, "") for query in queries for name in ("condition", "intervention")]

    assert {text: faults_of(text) for text in texts if faults_of(text)} == {}
