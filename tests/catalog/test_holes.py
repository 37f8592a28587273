"""What depends on who asks is put into texts that were made for everybody."""

import pytest

from catalog.holes import Filling, either, hole


def reader(*, in_chinese: bool, **names: str) -> Filling:
    filling = Filling(in_chinese=in_chinese)
    filling |= names
    return filling


def test_each_reader_gets_the_own_words() -> None:
    text = f"{hole('name')} and {either('knee', '膝')}{hole('end')}"
    assert reader(in_chinese=False, name="Cells", end=".").fill(text) == "Cells and knee."
    assert reader(in_chinese=True, name="细胞", end="。").fill(text) == "细胞 and 膝。"


@pytest.mark.parametrize("text", ["", "plain", "a:b|c", "膝\u2028"])
def test_a_text_without_holes_stays_as_it_is(text: str) -> None:
    assert reader(in_chinese=False).fill(text) == text
    assert either(text, text) == text


def test_a_hole_may_be_for_nothing_in_one_language() -> None:
    assert reader(in_chinese=True).fill(either("", "膝")) == "膝"
    assert reader(in_chinese=False).fill(either("", "膝")) == ""


def test_what_is_put_in_opens_no_hole() -> None:
    filling = reader(in_chinese=False, name=hole("other"), other="never")
    assert filling.fill(hole("name")) == hole("other")


def test_a_name_is_asked_for_once() -> None:
    asked: list[str] = []

    class Reader(Filling):
        def named(self, name: str) -> str:
            asked.append(name)
            return name.upper()

    filling = Reader(in_chinese=True)
    assert [filling.fill(hole(name)) for name in ("a", "b", "a")] == ["A", "B", "A"]
    assert asked == ["a", "b"]


def test_a_name_that_means_nothing_is_an_error() -> None:
    with pytest.raises(KeyError, match="unknown"):
        reader(in_chinese=False).fill(hole("unknown"))
