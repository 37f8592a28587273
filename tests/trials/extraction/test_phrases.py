"""Phrases are whole words, the longest first, in any of their spellings."""

import time

import pytest

from trials.extraction.phrases import Phrases, lexicon


def found(table: str, text: str) -> list[tuple[str, str]]:
    return [(one.value, text[one.start : one.end]) for one in lexicon(table).find(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("hUC-MSCs were given", [("umbilical-cord", "hUC-MSCs")]),
        ("umbilical cord blood cells", [("cord-blood", "umbilical cord blood")]),
        ("Wharton’s jelly", [("whartons-jelly", "Wharton’s jelly")]),
        ("placebo", []),
        ("Placental MSC", [("placenta", "Placental")]),
        (
            "micro-fragmented\nadipose tissue",
            [("micro-fragmented-fat", "micro-fragmented\nadipose")],
        ),
        ("BONE MARROW ASPIRATE CONCENTRATE", [("bmac", "BONE MARROW ASPIRATE CONCENTRATE")]),
        (
            "bone marrow- or adipose-derived",
            [("bone-marrow", "bone marrow"), ("adipose", "adipose-derived")],
        ),
        ("discs", []),
        ("", []),
    ],
)
def test_sources_are_found_as_they_are_written(text, expected):
    assert found("sources", text) == expected


@pytest.mark.parametrize("name", ["sources", "donors", "indications", "cells"])
def test_no_table_is_slow_on_near_matches(name):
    text = "bone marro umbilical cor micro-fragmented adipos -- ,, " * 20_000

    started = time.process_time()
    assert isinstance(list(lexicon(name).find(text)), list)

    assert time.process_time() - started < 5  # about a megabyte; a backtracking rule takes minutes


def test_a_phrase_of_two_tables_entries_is_the_longer_ones():
    phrases = Phrases({"short": ["cord"], "long": ["cord blood"]})

    assert [one.value for one in phrases.find("cord blood, cord")] == ["long", "short"]
