"""Numbers of trials in every spelling that people paste."""

import pytest

from trials.numbers import bare_number, proper_number, take_numbers


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


def test_numbers_keep_the_order_of_the_text() -> None:
    numbers, _rest = take_numbers("SCT-2, NCT03166865, SCT-1, NCT00000005")
    assert numbers == ("SCT-0002", "NCT03166865", "SCT-0001", "NCT00000005")


@pytest.mark.parametrize(
    "text",
    [
        "https://clinicaltrials.gov/study/NCT03166865",
        "clinicaltrials.gov/study/nct03166865?term=knee&rank=1#publications",
        "https://classic.clinicaltrials.gov/ct2/show/NCT03166865?cond=Knee+Pain&draw=2",
        "http://127.0.0.1:8000/trials/NCT03166865/",
        "ClinicalTrials.gov Identifier: NCT03166865.",
        "Trial registration: ClinicalTrials.gov, NCT03166865",
        "(Clinical Trial No. NCT 03166865)",
        "NCT Number: NCT03166865",
        "临床试验注册号：NCT03166865",
    ],
)
def test_a_pasted_address_or_label_is_no_more_than_its_number(text: str) -> None:
    numbers, rest = take_numbers(text)
    assert (numbers, rest.strip(" ().")) == (("NCT03166865",), "")


@pytest.mark.parametrize("text", ["https://clinicaltrials.gov/search?cond=knee", "registry study"])
def test_an_address_or_label_without_a_number_stays(text: str) -> None:
    assert take_numbers(text) == ((), text)


@pytest.mark.parametrize(
    ("word", "number"),
    [
        ("3166865", "NCT03166865"),
        ("03166865", "NCT03166865"),
        ("00001234", "NCT00001234"),
        ("316686", None),
        ("103166865", None),
        ("00000000", None),
        ("٣١٦٦٨٦٥", None),
    ],
)
def test_seven_or_eight_digits_may_be_a_number(word: str, number: str | None) -> None:
    assert bare_number(word) == number
