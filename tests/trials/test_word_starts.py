"""Where typed words stand in a text."""

import pytest

from trials.word_starts import word_starts


def places(words: list[str], text: str) -> list[str]:
    pattern = word_starts(words)
    assert pattern is not None
    return pattern.findall(text)


@pytest.mark.parametrize(
    ("words", "text", "found"),
    [
        (["knee"], "Knee, knees and akneed", ["Knee", "knee"]),
        (["stem", "stem cell"], "Stem  cells of a stem", ["Stem  cell", "stem"]),
        (["MSC"], "人MSC治疗", ["MSC"]),
        (["关节"], "膝關節与关节", ["關節", "关节"]),
        (["c++ (a.b"], "c++ (a.b) cxx", ["c++ (a.b"]),
        (["2"], "Phase 2 of NCT22", ["2"]),
    ],
)
def test_words_are_found_at_word_starts_and_chinese_anywhere(
    words: list[str], text: str, found: list[str]
) -> None:
    assert places(words, text) == found


@pytest.mark.parametrize("words", [[], [""]])
def test_no_word_is_found_nowhere(words: list[str]) -> None:
    assert word_starts(words) is None
