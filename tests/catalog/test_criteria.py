"""Criteria are parted at their own headings, and nowhere else."""

from time import perf_counter

import pytest

from catalog.criteria import LONGEST_TEXT, Criteria, Part, parted


def test_the_registrys_usual_form_is_two_lists():
    text = "Inclusion Criteria:\n\n* Knee pain\n* Age 40\n\nExclusion Criteria:\n\n* Infection"

    assert parted(text) == Criteria(
        "", (Part(True, "", "* Knee pain\n* Age 40"), Part(False, "", "* Infection"))
    )


@pytest.mark.parametrize(
    "heading",
    [
        "Exclusion Criteria",
        "EXCLUSION CRITERIA:",
        "exclusion criteria :",
        "* EXCLUSION CRITERIA:",
        "**Exclusion Criteria:**",
        "4.2 Exclusion Criteria",
        "Exclusion:",
        "Non-inclusion criteria:",
        "Exclusion criterias :",
    ],
)
def test_a_heading_is_known_in_every_spelling(heading):
    assert parted(f"Inclusion criteria\n\nA\n\n{heading}\n\nB").parts == (
        Part(True, "", "A"),
        Part(False, "", "B"),
    )


@pytest.mark.parametrize(
    "heading",
    ["Donor Exclusion Criteria:", "Key exclusion criteria", "1 stage exclusion criteria:"],
)
def test_a_heading_that_says_more_keeps_its_words(heading):
    (_first, second) = parted(f"Inclusion criteria\n\nA\n\n* {heading}\n\nB").parts

    assert second == Part(False, heading.rstrip(":"), "B")


@pytest.mark.parametrize(
    "line",
    [
        "Not fulfilling the exclusion criteria:",
        "Other inclusion/exclusion criteria may apply:",
        "No exclusion criteria",
        "Fulfils the exclusion criteria of another trial",
        "Exclusion of an infection",
        "Long before exclusion criteria " * 5 + ":",
    ],
)
def test_a_line_that_is_no_heading_stays_where_it_is(line):
    text = f"Inclusion Criteria:\n\n* A\n\n{line}\n\n* B"

    assert parted(text) == Criteria(text)


def test_words_after_a_heading_are_its_first_criterion():
    (first, _second) = parted("Inclusion Criteria: Adults\n\nExclusion Criteria: Infection").parts

    assert first == Part(True, "", "Adults")


def test_what_stands_before_the_first_heading_is_kept():
    found = parted("Women only.\n\nInclusion Criteria:\n\nA\n\nExclusion Criteria:\n\nB")

    assert found.before == "Women only."


def test_several_groups_keep_their_order():
    headings = ("Inclusion criteria:", "Exclusion criteria:", "Donor inclusion criteria:")

    parts = parted("\n".join(f"{heading}\nA" for heading in headings)).parts

    assert [(part.inclusion, part.heading) for part in parts] == [
        (True, ""),
        (False, ""),
        (True, "Donor inclusion criteria"),
    ]


def test_a_heading_said_twice_leaves_no_empty_part():
    found = parted("Inclusion:\nInclusion Criteria:\n\nA\n\nExclusion:\n\nB")

    assert [part.text for part in found.parts] == ["A", "B"]


def test_a_list_beneath_a_heading_that_was_an_item_is_no_deeper_than_others():
    found = parted("* INCLUSION CRITERIA:\n\n    * A\n    * B\n\n* EXCLUSION CRITERIA:\n\n    * C")

    assert [part.text for part in found.parts] == ["* A\n* B", "* C"]


@pytest.mark.parametrize(
    ("lines", "shown"),
    [
        ("Knee pain\nAge 40", "* Knee pain\n* Age 40"),
        ("Knee pain of the\nright side", "Knee pain of the\nright side"),
        ("All of these:\nAge 40", "All of these:\nAge 40"),
        ("* Knee pain\n* Age 40", "* Knee pain\n* Age 40"),
        ("Knee pain", "Knee pain"),
    ],
)
def test_criteria_one_a_line_are_a_list_though_nobody_marked_them(lines, shown):
    (first, _second) = parted(f"Inclusion:\n\n{lines}\n\nExclusion:\n\nB").parts

    assert first.text == shown


@pytest.mark.parametrize("text", ["", "Adults with knee pain.", "Inclusion Criteria:\n\n* A"])
def test_a_text_without_both_headings_is_whole(text):
    assert parted(text) == Criteria(text)


@pytest.mark.parametrize(
    "sign", ["inclusion criteria ", "* ", "Inclusion criteria:\n", "key ", "-"]
)
def test_a_text_made_to_be_slow_takes_a_moment(sign):
    began = perf_counter()

    parted(sign * (LONGEST_TEXT // len(sign)))
    parted(sign * 1_000_000)

    assert perf_counter() - began < 1
