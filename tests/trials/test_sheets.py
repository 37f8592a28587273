"""A spreadsheet of trials goes out and comes back: wrong rows are named, all others are decided."""

from __future__ import annotations

import csv
import io

import pytest
from django.core.exceptions import ValidationError

from tests.builders import make_curator, make_fact, make_indication, make_source, make_trial
from trials.curation import (
    BrokenSheet,
    confirm_donor,
    confirm_source,
    propose,
    read_sheet,
    sheet_of,
    sheets,
    undo_all,
    with_shown,
    write_rows,
)
from trials.models import Decision, Trial
from trials.vocabulary import FactKind, Role

pytestmark = pytest.mark.django_db


@pytest.fixture
def three() -> list[dict[str, str]]:
    """The sheet of three trials, as it is taken."""
    make_source("placenta", name_zh="胎盘")
    make_indication("knee-osteoarthritis")
    for number in (1, 2, 3):
        make_trial(f"NCT0000000{number}", sources=("bone-marrow",), donors=("autologous",))
    return taken()


def taken() -> list[dict[str, str]]:
    head, *rows = sheet_of(Trial.objects.order_by("number"))
    return [dict(zip(head, row, strict=True)) for row in rows]


def as_text(rows: list[dict[str, str]], delimiter: str = ",") -> str:
    file = io.StringIO()
    writer = csv.DictWriter(file, list(rows[0]), delimiter=delimiter)
    writer.writeheader()
    writer.writerows(rows)
    return file.getvalue()


def shown(number: str, kind: str = FactKind.CELL_SOURCE) -> list[str]:
    facts = Trial.objects.get(number=number).facts.filter(kind=kind, shown=True)
    return sorted(fact.slug for fact in facts.select_related("cell_source", "indication"))


def faults(rows: list[dict[str, str]]) -> list[tuple[int, str, str]]:
    report = read_sheet(as_text(rows))
    return [(row.line, fault.column, fault.words) for row in report.bad for fault in row.faults]


def test_a_sheet_that_nobody_edited_changes_nothing(three: list[dict[str, str]]) -> None:
    report = read_sheet(as_text(three))
    assert (report.good, report.bad, report.unchanged) == ([], [], 3)


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_edited_cells_are_one_batch_with_one_undoing(
    three: list[dict[str, str]], delimiter: str
) -> None:
    three[0] |= {"cell_source": "Placenta; bone-marrow", "note": "Arm 2."}
    three[1] |= {"cell_source": "胎盘", "donor_type": "allogeneic", "indication": "not-stated"}
    report = read_sheet("\ufeff" + as_text(three, delimiter))
    assert [len(row.changes) for row in report.good] == [1, 3]
    batch, count = write_rows(report, by=make_curator("wei"), note="Read again.")
    assert count == 4
    assert shown("NCT00000001") == ["bone-marrow", "placenta"]
    assert shown("NCT00000002") == ["placenta"]
    assert shown("NCT00000002", FactKind.INDICATION) == ["not-stated"]
    notes = Decision.objects.filter(batch=batch).order_by("pk").values_list("note", flat=True)
    assert list(notes) == ["Arm 2.", *["Read again."] * 3]
    assert undo_all(batch, by=make_curator("li"), note="The wrong file.") == 4
    assert [row["cell_source"] for row in taken()] == ["bone-marrow"] * 3


def test_a_wrong_row_is_named_with_what_would_be_right_and_the_others_are_written(
    three: list[dict[str, str]],
) -> None:
    three[0] |= {"donor_type": "allogeneic"}
    three[1] |= {"donor_type": "allogenic"}
    three[2] |= {"donor_type": "xenogeneic"}
    ((line, column, words),) = faults(three)
    assert (line, column) == (3, "donor_type")
    assert words.startswith("“allogenic” is not known. Did you mean “allogeneic”? Known are: auto")
    write_rows(read_sheet(as_text(three)), by=make_curator(), note="Read.")
    assert [shown(row["number"], FactKind.DONOR_TYPE) for row in three] == [
        ["allogeneic"],
        ["autologous"],
        ["xenogeneic"],
    ]


def test_what_somebody_decides_while_a_sheet_is_written_is_not_overwritten(
    three: list[dict[str, str]],
) -> None:
    three[0] |= {"donor_type": "allogeneic"}
    three[1] |= {"donor_type": "allogeneic"}
    report = read_sheet(as_text(three))
    second = Trial.objects.get(number="NCT00000002")
    confirm_source(second, sources=[make_source("placenta")], by=make_curator("lan"), note="Read.")
    confirm_donor(second, donors=["autologous"], by=make_curator("li"), note="Read again.")
    with pytest.raises(ValidationError, match="not what you saw"):
        write_rows(report, by=make_curator("wei"), note="Read.")
    assert shown("NCT00000001", FactKind.DONOR_TYPE) == ["autologous"]
    assert shown("NCT00000002", FactKind.DONOR_TYPE) == ["autologous"]


def test_what_is_decided_meanwhile_about_another_kind_is_no_hindrance(
    three: list[dict[str, str]],
) -> None:
    three[0] |= {"donor_type": "allogeneic"}
    report = read_sheet(as_text(three))
    first = Trial.objects.get(number="NCT00000001")
    confirm_source(first, sources=[make_source("placenta")], by=make_curator("lan"), note="Read.")
    assert write_rows(report, by=make_curator("wei"), note="Read.")[1] == 1


@pytest.mark.parametrize(
    ("cells", "column", "words"),
    [
        ({"number": "NCT99999999"}, "number", "“NCT99999999” is no trial of the catalogue"),
        ({"number": "NCT00000002"}, "number", "NCT00000002 stands in a row above already"),
        ({"number": ""}, "number", "“” is no trial of the catalogue"),
        ({"donor_type": ""}, "donor_type", "It is empty: write “autologous” as it was"),
        ({"version": "v1-5"}, "version", "“v1-5” is no version"),
        ({"cell_source": "placenta; not-stated"}, "cell_source", "stands alone"),
        ({"cell_source_control": "bone-marrow"}, "cell_source", "cannot be in the studied"),
    ],
)
def test_each_kind_of_wrong_row_is_told(
    three: list[dict[str, str]], cells: dict[str, str], column: str, words: str
) -> None:
    three[2] |= cells
    ((line, named, said),) = faults(three)
    assert (line, named) == (4, column)
    assert words in said


def test_what_changed_meanwhile_is_told_and_not_overwritten(three: list[dict[str, str]]) -> None:
    first, second = Trial.objects.order_by("number")[:2]
    confirm_donor(first, donors=["allogeneic"], by=make_curator("li"), note="Arm 1.")
    confirm_donor(second, donors=["allogeneic"], by=make_curator("li"), note="Arm 1.")
    three[0] |= {"donor_type": "xenogeneic"}
    three[1] |= {"cell_source": "placenta", "donor_type": "allogeneic"}
    ((line, column, words),) = faults(three)
    assert (line, column) == (2, "donor_type")
    assert words == "Changed meanwhile: it is “allogeneic” now, and stays. Look at the trial."
    write_rows(read_sheet(as_text(three)), by=make_curator(), note="Read.")
    assert shown(first.number, FactKind.DONOR_TYPE) == ["allogeneic"]
    assert shown(second.number) == ["placenta"]


def test_a_control_of_its_own_column_is_kept_apart(three: list[dict[str, str]]) -> None:
    three[0] |= {"cell_source_control": "placenta"}
    write_rows(read_sheet(as_text(three)), by=make_curator(), note="Arm 2.")
    facts = Trial.objects.get(number="NCT00000001").facts.filter(shown=True, kind="cell_source")
    assert {(fact.slug, fact.role) for fact in facts} == {
        ("bone-marrow", Role.EXPERIMENTAL),
        ("placenta", Role.COMPARATOR),
    }


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "The column “number” is missing"),
        ("number,donor_type\nNCT00000001,allogeneic\n", "The column “version” is missing"),
        ("number,version,donor\n", "The column “donor” is not known: write one of number, title"),
        ("number,version\n" + "NCT00000001,v\n" * 5001, "more than 5000 rows"),
    ],
)
def test_a_file_that_is_no_sheet_of_ours_is_refused(text: str, words: str) -> None:
    with pytest.raises(BrokenSheet, match=words):
        read_sheet(text)


def test_without_a_note_nothing_is_written(three: list[dict[str, str]]) -> None:
    three[0] |= {"donor_type": "allogeneic", "note": "Arm 1."}
    three[1] |= {"donor_type": "allogeneic"}
    with pytest.raises(ValidationError, match="Write a note"):
        write_rows(read_sheet(as_text(three)), by=make_curator(), note=" ")
    assert not Decision.objects.exists()


def test_more_decisions_than_a_request_can_make_are_refused(
    three: list[dict[str, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sheets, "MOST_DECISIONS", 2)
    report = read_sheet(as_text([{**row, "donor_type": "allogeneic"} for row in three]))
    with pytest.raises(ValidationError, match="More than 2 decisions at once"):
        write_rows(report, by=make_curator(), note="Read.")
    assert not Decision.objects.exists()


@pytest.mark.parametrize("title", ["=1+1", "＝1+1"])
def test_a_title_that_a_spreadsheet_would_calculate_is_text(title: str) -> None:
    make_trial("NCT00000001", title=title)
    assert taken()[0]["title"] == f"'{title}"


def test_one_value_for_many_trials_keeps_what_a_control_receives(
    three: list[dict[str, str]],
) -> None:
    first = Trial.objects.get(number="NCT00000001")
    make_fact(first, FactKind.CELL_SOURCE, "adipose", role=Role.COMPARATOR)
    report = propose(with_shown(Trial.objects.order_by("number")), "cell_source", "placenta")
    assert [row.changes[0].after for row in report.good] == [
        "placenta / adipose",
        *["placenta"] * 2,
    ]
    batch, count = write_rows(report, by=make_curator(), note="All of one programme.")
    assert (count, shown("NCT00000001"), shown("NCT00000003")) == (
        3,
        ["adipose", "placenta"],
        ["placenta"],
    )
    undo_all(batch, by=make_curator(), note="No.")
    assert shown("NCT00000001") == ["adipose", "bone-marrow"]
