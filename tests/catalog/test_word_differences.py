"""What was added to a text and taken out of it: word by word, folded, and bounded."""

from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.templatetags.changes import marked, plain
from catalog.word_differences import (
    AROUND,
    LONGEST_COMPARED,
    LONGEST_RUN,
    MOST_PAIRS,
    Effort,
    Run,
    compare_words,
)


def diff(old: str, new: str) -> str:
    """The runs in one line: [-taken out-], {+added+}, <3> words left out."""
    signs = {"same": "{}", "added": "{{+{}+}}", "removed": "[-{}-]"}
    runs = compare_words(old, new, Effort())
    assert runs is not None
    return "".join(
        f"<{run.count}>" if run.how == "left-out" else signs[run.how].format(run.text) + run.blank
        for run in runs
    )


@pytest.mark.parametrize(
    ("old", "new", "shown"),
    [
        ("one two three", "one two three", "one two three"),
        ("one two three", "one 2 three", "one [-two-] {+2+} three"),
        ("one three", "one two three", "one {+two+} three"),
        ("one two three", "one three", "one [-two-] three"),
        ("", "one two", "{+one two+}"),
        ("one two", "", "[-one two-]"),
        ("", "", ""),
        ("1.5 mg", "15 mg", "[-1.5-] {+15+} mg"),
        ("age > 18", "age ≥ 18", "age [->-] {+≥+} 18"),
        ("cells.", "cells", "cells[-.-]"),
        ("not eligible", "eligible", "[-not-] eligible"),
        # markup and typography are no difference, and are not shown
        ("* pain \\> 3\n* age", "pain > 4\nage", "pain > [-3-]\n{+4+}\nage"),
        ("a “b” 5–10 kg", 'a "b" 5-10 g', 'a "b" 5-10 [-kg-]{+g+}'),
        # Chinese by the character
        ("自体干细胞治疗", "异体干细胞治疗", "[-自-]{+异+}体干细胞治疗"),
        # a word between two changes as long as it belongs to them
        ("one two three four", "five two six four", "[-one two three-] {+five two six+} four"),
    ],
)
def test_words_that_came_and_went_are_told(old: str, new: str, shown: str) -> None:
    assert diff(old, new) == shown


def test_what_stayed_is_folded_to_some_words_around_a_change() -> None:
    words = [f"w{chr(97 + n // 26)}{chr(97 + n % 26)}" for n in range(100)]
    new = [*words[:50], "new", *words[50:]]
    before, after = " ".join(words[50 - AROUND : 50]), " ".join(words[50 : 50 + AROUND])
    left_out = 50 - AROUND
    assert diff(" ".join(words), " ".join(new)) == (
        f"<{left_out}>{before} {{+new+}} {after} <{left_out}>"
    )


def test_little_that_stayed_is_not_folded() -> None:
    words = " ".join("abcdefghijklmnopqr")
    assert diff(words, f"{words} z") == f"{words} {{+z+}}"


def test_a_long_addition_is_cut_and_counted() -> None:
    runs = compare_words("", " ".join(["word"] * (LONGEST_RUN + 50)), Effort())
    assert runs is not None
    assert [(run.how, len(run.text.split()), run.count) for run in runs] == [
        ("added", LONGEST_RUN, 0),
        ("left-out", 0, 50),
    ]


@given(old=st.text("ab c.*\n", max_size=60), new=st.text("ab c.*\n", max_size=AROUND))
def test_the_runs_hold_both_texts(old: str, new: str) -> None:
    runs = compare_words(old, new, Effort())
    assert runs is not None
    after = "".join(run.text + run.blank for run in runs if run.how in ("same", "added"))
    whole = compare_words(new, new, Effort())
    assert whole is not None
    assert after.split() == "".join(run.text + run.blank for run in whole).split()


# --- Bounds


@pytest.mark.parametrize("sign", ["word ", "a b ", "干", "* x\n", "1. a\n", "\\> ", "&gt; "])
def test_a_megabyte_is_not_compared_and_costs_nothing(sign: str) -> None:
    long = sign * (1_000_000 // len(sign))
    began = process_time()
    assert compare_words(long, f"{long}other", Effort()) is None
    assert process_time() - began < 0.1


def test_texts_of_the_registrys_length_are_compared() -> None:
    words = " ".join(f"word{n}" for n in range(3500))
    assert 30_000 < len(words) < LONGEST_COMPARED / 2
    runs = compare_words(words, words.replace("word7 ", "other "), Effort())
    assert runs is not None
    assert [run.text for run in runs if run.how in ("added", "removed")] == ["word7", "other"]


def test_texts_made_to_be_slow_are_given_up_in_time() -> None:
    long = " ".join(["x"] * 20_000)
    began = process_time()
    assert compare_words(f"a {long} b", f"c {long} {long} d", Effort()) is None
    assert process_time() - began < 2


def test_a_page_compares_only_so_much() -> None:
    effort = Effort(pairs=3)
    assert compare_words("one two", "three four", effort) is not None
    assert compare_words("one two", "three four", effort) is None


def test_one_text_takes_only_its_share_of_the_effort() -> None:
    assert Effort(10 * MOST_PAIRS).allows(MOST_PAIRS + 1) is False


# --- On the page


def test_added_and_removed_words_are_named_for_who_does_not_see_them() -> None:
    runs = (
        Run("same", "pain", " "),
        Run("removed", "<3", " "),
        Run("added", "4", "\n"),
        Run("left-out", count=1234),
    )
    assert marked(runs) == (
        'pain <del><span class="hidden">removed: </span>&lt;3</del> '
        '<ins><span class="hidden">added: </span>4</ins>\n'
        ' <span class="left-out">… 1,234 words …</span> '
    )


def test_plain_words_have_no_markup_and_no_lines() -> None:
    assert plain("* one \\> 2\n* two") == "one > 2 two"
