"""Cells of a CSV file: named as in the API, and nothing in them that a spreadsheet would run."""

import csv
import io
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from catalog.exports.rows import fields, harmless, header, lines, row


def trial(**changes: Any) -> dict[str, Any]:
    """An object with all the keys of the API's; empty where nothing is given."""
    empty: dict[str, Any] = dict.fromkeys(field.name for field in fields())
    return {**empty, **changes}


def cells(**changes: Any) -> dict[str, Any]:
    return dict(zip(header(), row(trial(**changes)), strict=True))


def test_the_columns_are_the_fields_of_the_api():
    assert header() == [
        *("id", "url", "registry", "registry_id", "registry_url", "title.en", "title.zh"),
        *("official_title", "acronym", "status", "phases", "study_type", "start_date"),
        *("primary_completion_date", "completion_date", "enrollment.count", "enrollment.type"),
        *("sponsor.slug", "sponsor.name.en", "sponsor.name.zh", "sponsor.class"),
        *("collaborators.slug", "collaborators.name.en", "collaborators.name.zh"),
        *("collaborators.class", "countries.code", "countries.name", "cell_sources.slug"),
        *("cell_sources.name", "cell_sources.role", "cell_sources.basis", "cell_sources.quote"),
        *("donor_type", "preparation", "routes", "doses.text", "doses.min", "doses.max"),
        *("doses.unit", "administrations", "indications.slug", "indications.name"),
        *("products.slug", "products.name", "publications.slug", "publications.title"),
        *("documents.slug", "documents.title", "has_results", "first_posted", "last_updated"),
        *("refreshed_at", "curated"),
    ]


def test_what_is_not_known_is_an_empty_cell():
    assert lines([row(trial())]) == b"," * (len(header()) - 1) + b"\r\n"


def test_dates_and_numbers_are_as_they_are():
    shown = cells(start_date="2016-03", enrollment={"count": 0, "type": None}, curated=False)
    assert shown["start_date"] == "2016-03"
    assert (shown["enrollment.count"], shown["enrollment.type"]) == (0, None)
    assert shown["curated"] == "false"


def test_a_list_is_one_cell_and_a_list_of_objects_keeps_its_places():
    shown = cells(
        phases=["PHASE1", "PHASE2"],
        cell_sources=[
            {"slug": "adipose", "name": "a|b", "role": None, "basis": "rule", "quote": None},
            {"slug": "bmac", "name": "c", "role": None, "basis": "rule", "quote": "marrow"},
        ],
        doses=[None, {"text": "2e7", "min": 2e7, "max": 2.5e7, "unit": "cells"}],
    )
    assert shown["phases"] == "PHASE1|PHASE2"
    assert shown["cell_sources.slug"] == "adipose|bmac"
    assert shown["cell_sources.name"] == "a¦b|c"
    assert shown["cell_sources.quote"] == "|marrow"
    assert shown["doses.min"] == "|20000000"


@pytest.mark.parametrize(
    "text",
    ["=1+1", "+86 10", "-2", "@SUM(A1)", "\tx", "\r=1", "\n=1", "＝1+1", "＋1", "－1", "＠a"],
)
def test_what_looks_like_a_formula_is_text(text: str) -> None:
    assert harmless(["a", text])[1][0] == "'"
    assert cells(acronym=text)["acronym"][0] == "'"
    assert cells(phases=[text, "b"])["phases"][0] == "'"


@pytest.mark.parametrize("text", ["膝关节软骨", 'a "b", c', "a=b", "1-2", "’+1", ""])
def test_other_text_is_left_as_it_is(text: str) -> None:
    assert harmless([text]) == [text]


def test_odd_characters_are_left_out_and_line_ends_are_one_kind():
    assert harmless(["a\x00b\x1b\x7f\r\nc\rd\te"]) == ["ab\nc\nd\te"]


def test_a_text_that_is_a_formula_without_its_control_characters_is_none():
    assert harmless(["\x00=1"]) == ["'=1"]


@given(st.lists(st.text(), min_size=1, max_size=5))
@example(["\ud800", '"', "\r\n", ";", "\ufeff"])
def test_a_reader_gets_back_as_many_cells_as_were_written(texts: list[str]) -> None:
    written = lines([harmless(texts), ["last"]]).decode()
    first, last = csv.reader(io.StringIO(written, newline=""))
    assert (len(first), last) == (len(texts), ["last"])
    assert not [text for text in first if text.startswith(("=", "+", "-", "@", "\t", "\r", "＝"))]
