"""The words of a text: stems, pairs of Chinese signs, compounds, and what no database changes."""

import pytest
from django.db import connection
from hypothesis import given, settings
from hypothesis import strategies as st

from trials.search.tokens import END, beside, phrases, running, stands, written


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Knees of the KNEE", "knee of the knee"),
        ("Wharton’s jelly, Wharton's", "wharton jelli wharton"),
        ("MSCs ADSCs", "msc adsc"),
        ("Élan ＯＡ naïve", "elan oa naiv"),
        ("膝骨关节炎", "膝骨 骨关 关节 节炎"),
        ("膝骨關節炎", "膝骨 骨关 关节 节炎"),
        ("膝 OA", "膝 oa"),
        ("1-2 x 10^6/kg", "1 2 x 10 6 kg"),
        ("… — “”", ""),
    ],
)
def test_a_text_is_read_as_words(text: str, words: str) -> None:
    assert " ".join(placed.word for placed in running(text)) == words


def test_each_word_says_where_it_stands() -> None:
    text = "An injection (关节腔) of WJ-MSCs"
    assert [text[placed.start : placed.end] for placed in running(text)] == [
        *("An", "injection", "关节", "节腔", "of", "WJ", "MSCs"),
    ]


def test_single_signs_and_compounds_are_written_beside_the_text() -> None:
    assert (
        written(["膝痛 WJ-MSC", "hip"], 50)
        == f"hip {END} {END} 膝痛 wj msc {END} 膝 痛 wjmsc {END}"
    )


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("WJ-MSC", (("wj", "msc"), ("wjmsc",))),
        ("膝", (("膝",),)),
        ("%", ()),
    ],
)
def test_what_is_asked_for_is_written_the_same_way(
    asked: str, found: tuple[tuple[str, ...], ...]
) -> None:
    assert phrases(asked) == found


def test_a_text_has_at_most_so_many_words() -> None:
    assert len(written(["pain " * 50_000], 300).split()) == 300


@pytest.mark.parametrize("text", ["ab" * 5_000, "膝" * 5_000, "-a" * 5_000, "a'" * 5_000])
def test_no_word_is_longer_than_a_database_takes(text: str) -> None:
    assert max(len(word.encode()) for word in written([text], 20_000).split()) <= 40


@given(st.text(max_size=60))
@settings(max_examples=300)
def test_a_text_says_what_is_in_it(text: str) -> None:
    for phrase in phrases(text):
        assert stands(text, [phrase])
        for start, end in stands(text, [phrase]):
            assert 0 <= start < end <= len(text)


@pytest.mark.django_db
@given(st.lists(st.from_regex(r"[0-9a-zµéß膝关e]{1,9}", fullmatch=True), min_size=1, max_size=8))
@settings(max_examples=300, deadline=None)
def test_postgresql_takes_the_words_as_they_are(words: list[str]) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("the words of PostgreSQL's own parser")
    text = written([" ".join(words)], 100)
    with connection.cursor() as cursor:
        cursor.execute("SELECT tsvector_to_array(to_tsvector('simple', %s))", [text])
        (lexemes,) = cursor.fetchone()
    assert sorted(lexemes) == sorted(set(text.split()))


@given(st.text(alphabet="abzé'’-‐ _½³(1²αß％", max_size=40))
@settings(max_examples=300)
def test_the_quick_way_for_texts_without_chinese_finds_the_same_words(text: str) -> None:
    words = [placed.word for placed in running(text)]
    further = [placed.word for placed in beside(text)]
    assert written([text], 1_000).split() == [*words, END, *further, END]
