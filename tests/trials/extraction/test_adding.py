"""What may be added to the tables of words, and which examples an addition would break."""

import pytest

from trials.extraction.adding import PLAIN, broken_by, holder, is_found, meanings, spelled
from trials.extraction.tables import Addition, lexicon


def source(phrase: str, value: str = "adipose") -> Addition:
    return Addition("sources", "named", value, phrase)


@pytest.mark.parametrize(
    ("phrase", "is_it"),
    [
        ("golden drops", True),
        ("=GD", True),
        ("golden*", True),
        ("脂肪", True),
        ("", False),
        ("=*", False),
        (" ® ", False),
        ("x", False),
        ("İx cells", False),  # its small letters are more than its letters: no text is so folded
    ],
)
def test_a_phrase_has_letters_by_which_it_is_found(phrase, is_it):
    assert is_found(source(phrase)) is is_it


@pytest.mark.parametrize(
    ("phrase", "value"),
    [
        ("Bone-Marrow  Derived", "bone-marrow"),
        ("lipoaspirates", "adipose"),
        ("SHED", "dental"),
        ("=SHED", "dental"),
        ("Cartistem®", "cord-blood"),
        ("shed", None),  # that of the files is in its own capitals
        ("golden drops", None),
        ("bone marrow of goldfish", None),
    ],
)
def test_what_the_list_reads_already_is_told_in_every_spelling(phrase, value):
    held = holder(source(phrase), lexicon())
    assert (held.value if held else None) == value


def test_what_was_added_before_is_told_too():
    held = holder(source("Golden-drops"), lexicon((source("golden drops", "skin"),)))
    assert (held.section, held.value) == ("named", "skin")


def test_an_example_that_would_be_read_otherwise_is_told_with_its_sentence():
    (broken,) = broken_by(source("shed"), words=lexicon())
    assert (broken.trap, broken.field) == ("shed in small letters is a verb", "sources")
    assert broken.sentence == "Stem cells are shed into the joint after injection"
    assert (broken.expected, broken.read) == ([], ["adipose"])


def test_a_word_that_no_example_holds_breaks_none():
    assert broken_by(source("golden drops"), words=lexicon()) == []


def test_the_meanings_are_the_rows_of_the_table_and_those_beyond_it():
    known = meanings("products")
    assert ("said", "cartistem") in known
    assert meanings("products", ["cartistem", "golden-drops"]) == [*known, ("said", "golden-drops")]
    assert {("named", "skin"), ("tissue", "skin")} <= set(meanings("sources"))


@pytest.mark.parametrize("table", PLAIN)
def test_each_table_has_the_section_that_says_a_thing_plainly(table):
    assert PLAIN[table] in {section for section, _ in meanings(table)}


def test_a_phrase_is_kept_on_one_line():
    assert spelled(" golden \n drops ") == "golden drops"
