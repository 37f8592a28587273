"""Two spellings of one text say the same; two texts that say something else never do."""

import unicodedata
from collections.abc import Callable
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trials.wording import gist, words_of

SAME = [
    # the registry's Markdown
    ("pain > 3", "pain \\> 3"),
    ("pain > 3", "pain \\\\> 3"),
    ("Still's \\[SJIA\\]", "Still's [SJIA]"),
    ("2 x 10^6", "2 x 10\\^6"),
    ("study\\_01", "study_01"),
    ("* one\n* two", "one\ntwo"),
    ("* one\n* two", "- one\n- two"),
    ("* one\n* two", "• one\n• two"),
    ("* 18 years\n* two", "• 18 years\n• two"),
    ("- pain", "pain"),
    ("o one\no two", "* one\n* two"),
    ("• o one\n• o two", "one two"),
    ("1. one\n2. two", "one\ntwo"),
    ("1. one\n2. two", "1) one\n2) two"),
    ("1\\. one\n\n2\\. two", "1. one\n2. two"),
    ("1. one\n   1. in\n   2. it\n2. two", "* one\n  * in\n  * it\n* two"),
    ("* 1. one\n* 2. two", "* one\n* two"),
    ("**never**", "never"),
    ("*never* again", "never again"),
    ("one\n-----\ntwo", "one\n\ntwo"),
    ("<https://example.org/a>", "https://example.org/a"),
    ("[https://example.org/a](https://example.org/a)", "https://example.org/a"),
    ("AUC<sub>0-28d</sub>", "AUC0-28d"),
    ("10<sup>6</sup> cells", "10^6 cells"),
    ("one<br>two", "one\ntwo"),
    # entities
    ("pain &gt; 3", "pain > 3"),
    ("pain \\&gt; 3", "pain > 3"),
    ("pain \\&amp;gt; 3", "pain > 3"),
    ("patient&#39;s", "patient's"),
    ("Gore&#174;", "Gore®"),
    # blanks and lines
    ("one two", "  one\r\n\n\ttwo  "),
    ("one two", "one\u00a0two"),
    ("one two", "one\u3000two"),
    ("injection", "injec\u00adtion"),
    ("\ufeffone", "one"),
    ("10mg", "10 mg"),
    (">18", "> 18"),
    ("(≥ 18)", "( ≥18 )"),
    ("5 - 10", "5-10"),
    ("干细胞治疗", "干细胞 治疗"),
    # typography
    ("“early” ‘late’", "\"early\" 'late'"),
    ("patient’s", "patient's"),
    ("patient`s", "patient's"),
    ("5–10", "5-10"),
    ("−5", "-5"),
    ("one — two", "one - two"),
    ("wait…", "wait..."),
    ("５０％，（ＭＳＣ）", "50%,(MSC)"),
    ("Grade Ⅱ", "Grade II"),
    ("10㎎/㎡", "10mg/m²"),
    ("μg", "µg"),
    ("37 ℃", "37 °C"),
    ("≥18", ">=18"),
    ("≤18", "<=18"),
    ("5 ± 1", "5 +/- 1"),
    ("2 x 10^6", "2 × 10⁶"),
    ("2*10^6", "2×10^6"),
    ("10 ³ copies", "10³ copies"),
    ("10⁻⁶", "10^-6"),
    ("kg/m^2", "kg/m²"),
    ("kg/m2", "kg/m²"),
    ("CO₂", "CO2"),
    ("CD34⁺", "CD34+"),
    ("t½", "t1/2"),
    (unicodedata.normalize("NFD", "Müller"), "Müller"),
    ("ﬁrst", "first"),
]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_another_spelling_says_the_same(one: str, other: str) -> None:
    assert gist(one) == gist(other)


DIFFERENT = [
    # figures
    ("1.5", "15"),
    ("1.5", "1 5"),
    ("1.5", "1,5"),
    ("0.5", ".5"),
    ("1 5", "15"),
    ("1,000", "1.000"),
    ("2 x 10^6", "2 x 10^7"),
    ("10^6", "106"),
    ("10⁶", "106"),
    ("10<sup>6</sup>", "106"),
    ("10 6", "106"),
    ("18¹", "181"),
    ("10⁻⁶", "10⁶"),
    ("1½", "11/2"),
    ("2 x 3", "2 3"),
    ("grade\n1. Patients", "grade\nPatients"),
    ("at least\n18. Patients", "at least\nPatients"),
    ("1. one\n2. two", "2. one\n2. two"),
    ("1. one\n2. two", "1. one\n3. two"),
    ("1\\1000", "11000"),
    # signs
    ("≥18", "18"),
    ("≥18", ">18"),
    ("> 18", "< 18"),
    ("\\> 18", "\\< 18"),
    ("&gt; 18", "&lt; 18"),
    ("＜ 18", "＞ 18"),
    ("> 18 years", "18 years"),
    ("one\n> 18 years", "one\n18 years"),
    ("-5", "5"),
    ("−5", "5"),
    ("from\n- 5 °C", "from\n5 °C"),
    ("from\n- 5 °C\n- 7 °C", "from\n5 °C\n7 °C"),
    ("from\n– .5", "from\n.5"),
    ("* -5", "* 5"),
    ("+ 5", "5"),
    ("~5", "5"),
    ("5 ± 1", "5 1"),
    ("5%", "5"),
    ("5-10", "5 10"),
    ("and/or", "and or"),
    ("a < b > c", "a c"),
    ("if x<b and b>y", "if x and y"),
    ("LDH </= 3", "LDH = 3"),
    # words
    ("not eligible", "eligible"),
    ("non-treated", "treated"),
    ("non-treated", "nontreated"),
    ("non-treated", "non treated"),
    ("in vitro", "invitro"),
    ("mg", "µg"),
    ("mg/kg", "mg kg"),
    ("cells/mL", "cells/mm"),
    ("MSC", "msc"),
    ("Knee", "knee"),
    ("Muller", "Müller"),
    ("stop.", "stop"),
    ("one, two", "one two"),
    ("'x'", '"x"'),
    ("o positive", "positive"),
    ("a. one\nb. two", "one\ntwo"),
    ("不推荐治疗", "推荐治疗"),
    ("", "one"),
]


@pytest.mark.parametrize(("one", "other"), DIFFERENT)
def test_what_says_something_else_is_not_the_same(one: str, other: str) -> None:
    assert gist(one) != gist(other)


# --- By property

WORDS = (
    "not non-treated cells age Grade Müller 1.5 15 0.9% 2 10^6 ≥ > < - 干细胞 mg/kg µg (MSC) 3,5"
)
lines_of_words = st.lists(
    # Begun with a word: a dash or an asterisk at the head of a line would be a bullet.
    st.lists(st.sampled_from(WORDS.split()), max_size=8).map(
        lambda words: " ".join(["Pain", *words])
    ),
    min_size=2,
)

Rewriting = Callable[[list[str]], str]
REWRITINGS: dict[str, Rewriting] = {
    "bullets": lambda lines: "\n".join(f"* {line}" for line in lines),
    "numbers": lambda lines: "\n".join(f"{n}. {line}" for n, line in enumerate(lines, 1)),
    "paragraphs": "\n\n".join,
    "one line": " ".join,
    "wide blanks": lambda lines: "\u3000\n ".join(lines).replace(" ", "\u00a0 "),
    "escapes": lambda lines: "\n".join(lines).replace(">", "\\>").replace("^", "\\^"),
    "entities": lambda lines: "\n".join(lines).replace("<", "&lt;").replace("ü", "&uuml;"),
    "letters in parts": lambda lines: unicodedata.normalize("NFD", "\n".join(lines)),
    "full width": lambda lines: "\n".join(lines).translate(
        {ord(sign): ord(sign) + 0xFEE0 for sign in "(),%0123456789"}
    ),
    "dashes": lambda lines: "\n".join(lines).replace("-", "–"),
    "powers": lambda lines: "\n".join(lines).replace("10^6", "10⁶"),
}


@given(
    lines=lines_of_words, one=st.sampled_from([*REWRITINGS]), other=st.sampled_from([*REWRITINGS])
)
def test_no_two_ways_of_writing_make_a_difference(lines: list[str], one: str, other: str) -> None:
    assert gist(REWRITINGS[one](lines)) == gist(REWRITINGS[other](lines))


@given(lines=lines_of_words, way=st.sampled_from([*REWRITINGS]), data=st.data())
def test_another_letter_or_digit_makes_a_difference(
    lines: list[str], way: str, data: st.DataObject
) -> None:
    text = "\n".join(lines)
    places = [place for place, sign in enumerate(text) if sign.isalnum() or sign in "<>≥"]
    place = data.draw(st.sampled_from(places or [0]))
    other = data.draw(st.sampled_from("0a7干>").filter(lambda sign: sign != text[place]))
    changed = (text[:place] + other + text[place + 1 :]).split("\n")
    assert gist(REWRITINGS[way](changed)) != gist(REWRITINGS[way](lines))


@given(lines=lines_of_words, data=st.data())
def test_a_word_more_or_less_makes_a_difference(lines: list[str], data: st.DataObject) -> None:
    words = " ".join(lines).split()
    place = data.draw(st.integers(0, len(words) - 1))
    assert gist(" ".join(words[:place] + words[place + 1 :])) != gist(" ".join(words))


@given(count=st.integers(2, 12), data=st.data())
def test_another_figure_at_the_head_of_a_line_makes_a_difference(
    count: int, data: st.DataObject
) -> None:
    lines = [f"{number}. one" for number in range(1, count + 1)]
    place = data.draw(st.integers(0, count - 1))
    other = data.draw(st.integers(1, 99).filter(lambda number: number != place + 1))
    assert gist("\n".join([*lines[:place], f"{other}. one", *lines[place + 1 :]])) != gist(
        "\n".join(lines)
    )


SLOW = (
    "\\",
    "<sup>",
    "[a](",
    "[",
    "&amp;",
    "* ",
    "1. a\n",
    "1 ",
    "⁺",
    "1⁺",
    "\n ",
    "-",
    "x1",
    "干",
    "o a\n",
)


@pytest.mark.parametrize("sign", SLOW)
def test_a_text_made_to_be_slow_takes_a_moment(sign: str) -> None:
    began = process_time()
    gist(sign * (300_000 // len(sign)))
    assert process_time() - began < 3


@given(st.text())
def test_any_text_has_a_gist_of_one_line(text: str) -> None:
    assert "\n" not in gist(text)


def test_words_are_as_they_are_written_without_the_markup() -> None:
    assert words_of("* Pain \\>  3,5\n\n* 干细胞 MSC\\[1\\]") == [
        *("Pain ", "> ", "3,5\n"),
        *("干", "细", "胞 "),
        *("MSC", "[", "1", "]"),
    ]
