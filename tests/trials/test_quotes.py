"""A fact's quote is found again in the trial's own texts, with its sentence."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.builders import make_fact, make_trial
from trials.models import Arm, Fact, Intervention, Trial
from trials.quotes import LONGEST, Quoted, in_sentence
from trials.vocabulary import FactKind

SUMMARY = "Pain is common. Cells of bone marrow are given! They help, perhaps.\nIn bone marrow too."


def quoted(text: str, quote: str, start: int | None = None) -> Quoted | None:
    trial = Trial(number="NCT00000001", brief_summary=text)
    return in_sentence(trial, Fact(quote=quote, place="briefSummary", quote_start=start))


def test_the_sentence_around_the_quote_is_shown() -> None:
    assert quoted(SUMMARY, "bone marrow", 25) == Quoted("Cells of ", "bone marrow", " are given!")


def test_where_it_was_counted_the_right_one_of_two_is_shown() -> None:
    start = SUMMARY.rindex("bone marrow")
    assert quoted(SUMMARY, "bone marrow", start) == Quoted("In ", "bone marrow", " too.")


@pytest.mark.parametrize("start", [None, 3, 10_000])
def test_a_place_that_is_wrong_or_unknown_leads_to_the_first(start: int | None) -> None:
    assert quoted(SUMMARY, "bone marrow", start) == Quoted(
        "Cells of ", "bone marrow", " are given!"
    )


@pytest.mark.parametrize("text", ["110 million", "10 millions", "x10 million"])
def test_a_quote_is_not_found_inside_a_longer_word(text: str) -> None:
    assert quoted(text, "10 million") is None


def test_a_quote_that_ends_its_sentence_takes_no_other() -> None:
    assert quoted("One. Two. Three.", "Two.", 5) == Quoted("", "Two.", "")


def test_a_long_sentence_is_cut_at_words() -> None:
    found = quoted("word " * 200 + "marrow" + " word" * 200, "marrow")
    assert found is not None
    assert found.before.startswith("…word ")
    assert found.after.endswith(" word…")
    assert max(len(found.before), len(found.after)) <= LONGEST + 1


@pytest.mark.parametrize(
    ("text", "quote", "place"),
    [
        ("Nothing here", "marrow", "briefSummary"),
        ("marrow", "", "briefSummary"),
        ("marrow", "marrow", "paragraph 3"),
        ("marrow", "marrow", "keywords[0]"),
        ("marrow", "marrow", "keywords[999999999999]"),
        ("marrow", "marrow", ""),
    ],
)
def test_words_that_are_not_there_have_no_sentence(text: str, quote: str, place: str) -> None:
    trial = Trial(number="NCT00000001", brief_summary=text)
    assert in_sentence(trial, Fact(quote=quote, place=place)) is None


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("place", "before"),
    [
        ("briefTitle", "title "),
        ("officialTitle", "official "),
        ("conditions[1]", "condition "),
        ("keywords[0]", "keyword "),
        ("armGroups[1].label", "label "),
        ("armGroups[1].description, of the second", "arm "),
        ("interventions[0].name", "name "),
        ("interventions[0].description", "description "),
        ("interventions[0].otherNames[1]", "other "),
    ],
)
def test_every_place_of_the_record_is_found_on_the_trial(place: str, before: str) -> None:
    trial = make_trial(
        title="title CELL",
        official_title="official CELL",
        conditions=["none", "condition CELL"],
        keywords=["keyword CELL"],
    )
    Arm.objects.create(trial=trial, position=0, label="none")
    Arm.objects.create(trial=trial, position=1, label="label CELL", description="arm CELL")
    Intervention.objects.create(
        trial=trial,
        position=0,
        name="name CELL",
        description="description CELL",
        other_names=["none", "other CELL"],
    )
    fact = make_fact(trial, FactKind.CELL_THERAPY, "yes", quote="CELL", place=place)
    assert in_sentence(trial, fact) == Quoted(before, "CELL", "")


@given(text=st.text("ab. ?\n…。x", max_size=80), begin=st.integers(0, 79), length=st.integers(1, 9))
def test_what_is_shown_is_a_piece_of_the_text(text: str, begin: int, length: int) -> None:
    quote = text[begin : begin + length]
    found = quoted(text, quote, begin)
    assert (found is None) == (quote == "")  # where it was counted it is, in a word as well
    if found is not None:
        assert found.quote == quote
        assert found.before + found.quote + found.after in text
