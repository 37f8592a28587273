"""JSON is decoded quickly, and to the same values and complaints as by Python's own json."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.records import study_record
from tests.trials.registry.conftest import RECORDS
from trials.registry.decoding import Undecodable, decode


def slowly(content: bytes) -> Any:
    def refuse(constant: str) -> None:
        raise ValueError(constant)

    return json.loads(content.decode("utf-8-sig"), parse_constant=refuse)


SAME = {
    "a record": json.dumps(study_record("NCT00000001")),
    "with a mark": '\ufeff{"a": 1}',
    "a lone surrogate": '"\\ud800 x"',
    "two halves": '"\\ud83e\\uddb4"',
    "nul": '"\\u0000"',
    "64 bits": "18446744073709551615",
    "65 bits": "18446744073709551616",
    "-64 bits": "-9223372036854775809",
    "65 bits in a list": "[1,18446744073709551616]",
    "65 bits in an object": '{"count":18446744073709551616}',
    "65 bits after a break": "[\n\t18446744073709551616\r\n]",
    "many digits after a point": "0.12345678901234567890123",
    "many digits before a point": "12345678901234567890123.5",
    "a text with many digits, then a number": '["10.1234567890123456789",12345678901234567890123]',
    "beyond all numbers": "[1e400, -1e400]",
    "next to nothing": "1e-400",
    "minus nothing": "[-0, -0.0]",
    "twice": '{"a": 1, "a": 2}',
    "deep": "[" * 900 + "]" * 900,
}


@pytest.mark.parametrize("name", SAME)
def test_values_are_those_of_pythons_own_json(name: str) -> None:
    content = SAME[name].encode()

    assert repr(decode(content)) == repr(slowly(content))
    assert repr(decode(bytearray(content))) == repr(slowly(content))


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "it is not JSON: Expecting value at line 1, column 1"),
        (b"<html>", "it is not JSON: Expecting value at line 1, column 1"),
        (b'{"a":\n 1,}', "it is not JSON: "),
        (b"[NaN]", "it is not JSON: NaN is no JSON value"),
        (b"-Infinity", "it is not JSON: -Infinity is no JSON value"),
        (b'"\xff"', "byte 2 is not UTF-8"),
        (b'"\xed\xa0\x80"', "byte 2 is not UTF-8"),
        (b'"a\x00b"', "it is not JSON: Invalid control character at at line 1, column 3"),
        (b"9" * 5000, "it is not usable JSON: Exceeds the limit"),
        (b"[" * 100_000, "it is nested too deeply"),
    ],
)
def test_what_is_no_json_is_refused_with_the_place(content: bytes, words: str) -> None:
    with pytest.raises(Undecodable) as caught:
        decode(content)

    assert str(caught.value).startswith(words)


_numbers = st.integers() | st.integers(-(2**80), 2**80) | st.floats(allow_nan=False)
_texts = st.text(st.sampled_from("0123456789.,:[ \n\0aé漢🦴\ud800\udc00"))
_values = st.recursive(
    st.none() | st.booleans() | _numbers | _texts,
    lambda inner: st.lists(inner) | st.dictionaries(_texts, inner),
)


@settings(max_examples=50)
@given(value=_values, indent=st.sampled_from([None, 1]), ascii_only=st.booleans())
def test_any_value_comes_back(value: Any, indent: int | None, ascii_only: bool) -> None:
    try:
        content = json.dumps(value, indent=indent, ensure_ascii=ascii_only).encode()
    except UnicodeEncodeError:  # a lone surrogate can be written as an escape alone
        content = json.dumps(value, indent=indent).encode()
    if b"Infinity" in content:
        return

    assert repr(decode(content)) == repr(slowly(content))


@given(st.text(st.sampled_from('0123456789-+.eE[]{}:,"\\u \n\tntrue')))
def test_any_text_is_taken_or_refused_as_by_pythons_own_json(text: str) -> None:
    try:
        expected = repr(slowly(text.encode()))
    except ValueError:
        with pytest.raises(Undecodable):
            decode(text.encode())
    else:
        assert repr(decode(text.encode())) == expected


@pytest.mark.records
def test_real_records_are_decoded_to_the_same() -> None:
    files = sorted(RECORDS.rglob("*.json"))[::10]
    if not files:
        pytest.skip(f"no real study records: {RECORDS} is absent or empty")
    page = b'{"studies": [' + b",".join(file.read_bytes() for file in files) + b"]}"

    assert decode(page) == slowly(page)
