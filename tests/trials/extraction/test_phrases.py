"""Phrases are whole words, the longest first, in any of their spellings."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trials.extraction.phrases import Folded, Phrases
from trials.extraction.tables import FOLDER, lexicon, signs


def found(table: str, text: str) -> list[tuple[str, str]]:
    folded = Folded(text)
    return [
        (one.value, text[slice(*folded.span(one.start, one.end))])
        for one in lexicon().phrases.find(folded).get(table, [])
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("hUC-MSCs were given", [("umbilical-cord", "hUC-MSCs")]),
        ("umbilical cord blood cells", [("cord-blood", "umbilical cord blood")]),
        ("Wharton’s jelly", [("whartons-jelly", "Wharton’s jelly")]),
        ("placebo", []),
        ("Placental MSC", [("placenta", "Placental MSC")]),
        ("micro-fragmented  adipose", [("micro-fragmented-fat", "micro-fragmented  adipose")]),
        ("BONE MARROW CONCENTRATE", [("bmac", "BONE MARROW CONCENTRATE")]),
        (
            "bone marrow- or adipose-derived",
            [("bone-marrow", "bone marrow"), ("adipose", "adipose-derived")],
        ),
        ("SHED", [("dental", "SHED")]),
        ("shed", []),
        ("CARTISTEM®", [("cord-blood", "CARTISTEM")]),
        ("discs", []),
        ("", []),
    ],
)
def test_sources_are_found_as_they_are_written(text, expected):
    assert found("sources", text) == expected


def test_a_paragraph_ends_a_phrase():
    assert found("sources", "bone\nmarrow concentrate") == [("bmac", "marrow concentrate")]


def test_a_phrase_of_two_tables_entries_is_the_longer_ones():
    phrases = Phrases({"table": {"said": {"short": ["cord"], "long": ["cord blood"]}}})

    values = [one.value for one in phrases.find(Folded("cord blood, cord"))["table"]]

    assert values == ["long", "short"]


def test_the_beginning_of_a_word_is_marked_by_a_star():
    phrases = Phrases({"table": {"said": {"taken": ["harvest*"], "cell": ["cell"]}}})

    values = [one.value for one in phrases.find(Folded("harvested cells, cellular"))["table"]]

    assert values == ["taken", "cell"]


@given(st.text(alphabet=st.sampled_from("aB -–_*\\®\n\t’é骨İ."), max_size=60))
def test_the_way_back_leads_to_the_same_letter(text):
    folded = Folded(text)

    for place, letter in enumerate(folded.cased):
        written = text[folded.place(place)]
        assert letter == written or letter in " '"


@given(st.text(max_size=200))
def test_any_text_can_be_searched(text):
    folded = Folded(text)

    for table in lexicon().phrases.find(folded).values():
        for one in table:
            start, end = folded.span(one.start, one.end)
            assert 0 <= start < end <= len(text)


def test_the_version_follows_the_tables():
    assert len(lexicon().version) == 8
    assert {path.stem for path in FOLDER.glob("*.toml")} >= {"sources", "cells", "routes"}


def test_every_list_of_signs_is_used():
    assert signs("sources", "cells_next")
    with pytest.raises(KeyError):
        signs("sources", "nothing")
