"""Numbers of trials in every spelling that people paste."""

import pytest

from trials.numbers import proper_number, take_numbers


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("NCT03166865", "NCT03166865"),
        (" nct3166865 ", "NCT03166865"),
        ("NCT 03166865", "NCT03166865"),
        ("nct-0003166865", "NCT03166865"),
        ("NCT: 3166865", "NCT03166865"),
        ("ＮＣＴ０３１６６８６５", "NCT03166865"),
        ("sct-1", "SCT-0001"),
        ("SCT0001", "SCT-0001"),
        ("SCT-12345", "SCT-12345"),
        ("NCT", None),
        ("NCT00000000", None),
        ("NCT123456789", None),
        ("XNCT03166865", None),
        ("NCT03166865 and more", None),
        ("3166865", None),
        ("", None),
        ("\x00", None),
    ],
)
def test_a_number_has_one_proper_spelling(text: str, number: str | None) -> None:
    assert proper_number(text) == number


def test_numbers_are_taken_out_of_a_text() -> None:
    text = "knee nct 3166865, NCT03166865 SCT-2 NCT123456789"
    numbers, rest = take_numbers(text)
    assert numbers == ("NCT03166865", "SCT-0002")
    assert rest.split() == ["knee", ",", "NCT123456789"]
