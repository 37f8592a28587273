"""Changes in a reader's words: values, texts and lists of things."""

from typing import Any

import pytest
from django.utils.translation import override

from catalog.differences import (
    LONGEST_PLAIN,
    MOST_ITEMS,
    MOST_MATCHED,
    Difference,
    differences,
)
from catalog.field_words import DATES, FIELD_NAMES, Wording
from catalog.word_differences import Effort
from tests.builders import make_country
from trials.models import RecordChange
from trials.registry.study import Study
from trials.vocabulary import ChangeKind


def change(field: str, old: Any = None, new: Any = None, kind: str = "material") -> RecordChange:
    return RecordChange(field=field, old=old, new=new, kind=kind)


def tell(*changes: RecordChange, brief: bool = False) -> list[Difference]:
    return differences(changes, Wording(), None if brief else Effort())


def one(field: str, old: Any, new: Any, kind: str = "material") -> Difference:
    (told,) = tell(change(field, old, new, kind))
    return told


def test_every_field_of_a_study_has_a_name() -> None:
    types = {f"{date}_type" for date in DATES}
    named = {*FIELD_NAMES, *types, "version_date", "unknown_values"}
    assert named == set(Study.__dataclass_fields__)


VALUES = [
    ("status", "RECRUITING", "ACTIVE_NOT_RECRUITING", "Recruiting", "Active, not recruiting"),
    ("status", "NEW_WORD", "", "New word", "not stated"),
    ("last_known_status", "", "RECRUITING", "not stated", "Recruiting"),
    ("phases", ["PHASE2", "PHASE1"], ["NA"], "Phase 1 / Phase 2", "No phase"),
    ("phases", [], ["PHASE5", "PHASE4"], "not stated", "Phase 4 / Phase 5"),
    ("start_date", "2026-03", "2026-03-15", "2026-03", "2026-03-15"),
    ("start_date_type", "ESTIMATED", "ACTUAL", "estimated", "actual"),
    (
        "enrollment",
        {"count": 1234, "type": "ACTUAL"},
        {"count": 0, "type": ""},
        "1,234 (actual)",
        "0",
    ),
    ("enrollment", {"count": None, "type": ""}, None, "unknown", "unknown"),
    ("enrollment", 40, 50, "40", "50"),
    (
        "lead_sponsor",
        {"name": "Tideway <Ltd>", "sponsor_class": "INDUSTRY"},
        {"name": "Clinic", "sponsor_class": ""},
        "Tideway <Ltd> (Industry)",
        "Clinic",
    ),
    ("lead_sponsor", None, "A Clinic", "not stated", "A Clinic"),
    ("has_results", False, True, "No", "Yes"),
    ("healthy_volunteers", None, False, "not stated", "No"),
    ("masking", "QUADRUPLE", "NONE", "Quadruple", "None (open label)"),
    ("sex", "ALL", "FEMALE", "All", "Female"),
    ("study_type", "INTERVENTIONAL", "EXPANDED_ACCESS", "Interventional", "Expanded access"),
    ("minimum_age", "18 Years", "", "18 years", "not stated"),
    ("minimum_age_days", 6570, None, "6,570", "not stated"),
    ("acronym", "MARK", "KNEE", "MARK", "KNEE"),
    # shapes that no version has written must not break a page
    ("status", {"a": [1]}, ["RECRUITING"], '{"a": [1]}', '["RECRUITING"]'),
    ("phases", "PHASE1", None, "PHASE1", "not stated"),
    ("locations", "A", "B", "A", "B"),
    ("a_new_field", "A", ["B"], "A", '["B"]'),
]


@pytest.mark.parametrize(("field", "old", "new", "before", "after"), VALUES)
def test_values_are_said_in_words(field: str, old: Any, new: Any, before: str, after: str) -> None:
    assert one(field, old, new).pair == (before, after)


def test_values_are_said_in_the_readers_language() -> None:
    with override("zh-hans"):
        assert one("enrollment", {"count": 5, "type": ""}, None).pair is not None


def test_a_date_and_whether_it_came_true_are_one_line() -> None:
    (told,) = tell(
        change("start_date", "2026-03", "2026-04-01"),
        change("start_date_type", "ESTIMATED", "ACTUAL"),
    )
    assert told.in_brief == "Start: 2026-03 (estimated) → 2026-04-01 (actual)"


def test_a_date_that_came_true_as_it_was_expected_is_a_line_too() -> None:
    (told,) = tell(change("completion_date_type", "ESTIMATED", "ACTUAL"))
    assert told.in_brief == "Completion: estimated → actual"


def test_a_text_is_compared_word_by_word() -> None:
    told = one("eligibility_criteria", "* pain \\> 3", "* pain \\> 4")
    assert [(run.how, run.text) for run in told.runs] == [
        ("same", "pain >"),
        ("removed", "3"),
        ("added", "4"),
    ]
    assert (told.name, told.in_brief) == ("Who can take part", "Who can take part: changed")


def test_in_brief_a_text_is_only_named() -> None:
    brief = tell(
        change("title", "A", "B"),
        change("why_stopped", "", "No funds"),
        change("detailed_description", "Long", None),
        brief=True,
    )
    assert [told.in_brief for told in brief] == [
        "Title: changed",
        "Why it stopped: added",
        "Description: removed",
    ]
    assert not any(told.runs for told in brief)


def test_a_text_too_long_to_compare_is_shown_before_and_after() -> None:
    told = one("detailed_description", "a " * 300_000, "b")
    assert told.plain is not None
    assert (len(told.plain.old), told.plain.new, told.plain.cut) == (
        LONGEST_PLAIN,
        "b",
        LONGEST_PLAIN,
    )
    assert told.plain.why == "Too long to be compared word by word."


def test_a_text_that_is_only_written_differently_says_so() -> None:
    told = one("brief_summary", "* one", "one", ChangeKind.COSMETIC)
    assert told.in_brief == "Summary: Written differently, in the same words."


def test_a_material_change_in_signs_alone_is_shown_before_and_after() -> None:
    """No version of `compare` says so; an earlier one may have."""
    told = one("brief_summary", "* one", "one")
    assert told.plain is not None
    assert (told.plain.old, told.plain.new, told.plain.cut) == ("* one", "one", 0)


# --- Lists


def items(told: Difference) -> tuple[list[str], list[str], list[list[tuple[str, str]]]]:
    """Names of what was added and removed; of what changed, each line by its name."""
    assert told.items is not None
    changed = [
        [(line.name, " ".join(f"{run.how}:{run.text}" for run in line.runs)) for line in lines]
        for lines in told.items.changed
    ]
    return (
        [head for head, _parts in told.items.added],
        [head for head, _parts in told.items.removed],
        changed,
    )


def test_names_that_came_and_went_are_told() -> None:
    told = one("conditions", ["Knee", "Hip \\> 3"], ["Hip > 3", "Disc", "Jaw"])
    assert items(told) == (["Disc", "Jaw"], ["Knee"], [])
    assert told.in_brief == "Conditions: 2 added, 1 removed"


def test_a_list_that_was_empty_or_not_there() -> None:
    assert items(one("keywords", None, ["MSC"])) == (["MSC"], [], [])
    assert items(one("keywords", ["MSC"], [])) == ([], ["MSC"], [])


def test_another_order_is_no_more_than_that() -> None:
    told = one("conditions", ["Knee", "Hip"], ["Hip", "Knee"], ChangeKind.COSMETIC)
    assert told.in_brief == "Conditions: In another order, or written differently."


def site(facility: str, status: str = "", city: str = "Taipei") -> dict[str, Any]:
    return {
        "facility": facility,
        "city": city,
        "state": "",
        "country": "Taiwan",
        "country_code": "TW",
        "status": status,
    }


@pytest.mark.django_db
def test_a_place_is_said_as_on_the_trials_page() -> None:
    make_country("TW")
    old = [site("Harbour Hospital", "RECRUITING"), site("Lake Hospital")]
    new = [site("Harbour Hospital"), site("Hill Hospital"), site("")]
    assert items(one("locations", old, new)) == (
        ["Hill Hospital, Taipei, Taiwan", "Taipei, Taiwan"],
        ["Lake Hospital, Taipei, Taiwan"],
        [[("", "same:Harbour Hospital, Taipei, Taiwan"), ("Status", "removed:Recruiting")]],
    )
    with override("zh-hans"):
        assert items(one("locations", [], new[:1]))[0] == ["Harbour Hospital, Taipei, 台湾"]
        assert items(one("removed_countries", [], ["TW", "QQ"]))[0] == ["台湾", "QQ"]


@pytest.mark.django_db
def test_the_same_place_more_often_than_before() -> None:
    told = one("locations", [site("Research Site")], [site("Research Site")] * 3)
    assert told.in_brief == "Places: 2 added"


def outcome(measure: str, when: str = "1 year", description: str = "") -> dict[str, str]:
    return {
        "kind": "primary",
        "measure": measure,
        "description": description,
        "time_frame": when,
    }


def test_a_thing_of_the_same_name_is_one_that_changed() -> None:
    told = one("outcomes", [outcome("Pain"), outcome("Gait")], [outcome("Pain", "2 years")])
    assert items(told) == (
        [],
        ["Gait"],
        [[("", "same:Pain"), ("When", "removed:1 year added:2 years")]],
    )
    assert told.in_brief == "What is measured: 1 removed, 1 changed"


def test_a_thing_of_most_of_the_same_words_is_one_that_was_renamed() -> None:
    words = "pain of the knee on a visual analogue scale from nothing to the worst"
    told = one("outcomes", [outcome(f"The {words}")], [outcome(f"Change of {words}")])
    (lines,) = items(told)[2]
    assert items(told)[:2] == ([], [])
    assert lines[0][1].startswith("removed:The added:Change of same:pain of the knee")


def test_two_things_of_few_words_in_common_are_two() -> None:
    told = one("outcomes", [outcome("Pain of the knee")], [outcome("Length of the walk")])
    assert items(told)[:2] == (["Length of the walk"], ["Pain of the knee"])


def test_arms_interventions_papers_and_numbers_are_said_in_words() -> None:
    arm = {"label": "Cells", "type": "EXPERIMENTAL", "description": "One dose"}
    given = {
        "type": "BIOLOGICAL",
        "name": "Marrow cells",
        "description": "2 x 10\\^6",
        "other_names": ["MSC", "BM-MSC"],
        "arm_labels": ["Cells"],
        "arms": [0],
    }
    paper = {"pmid": "7", "type": "RESULT", "citation": "Knees. 2001.", "retractions": ["x"]}
    number = {"id": "30902", "type": "OTHER_GRANT", "domain": "Ministry", "link": ""}
    partner = {"name": "Tideway", "sponsor_class": "INDUSTRY"}
    found = {
        field: told.items.added[0]
        for field, value in {
            "arms": arm,
            "interventions": given,
            "references": paper,
            "secondary_ids": number,
            "collaborators": partner,
            "condition_meshes": {"id": "D1", "term": "Knee"},
        }.items()
        if (told := one(field, [], [value])).items
    }
    assert found == {
        "arms": ("Cells", (("", "Experimental"), ("", "One dose"))),
        "interventions": (
            "Marrow cells",
            (
                ("", "Biological"),
                ("", "2 x 10\\^6"),
                ("Other names", "MSC; BM-MSC"),
                ("Arms", "Cells"),
            ),
        ),
        "references": ("Knees. 2001.", (("PubMed", "7"), ("", "Results"), ("", "Retracted"))),
        "secondary_ids": ("30902", (("", "Other grant"), ("", "Ministry"))),
        "collaborators": ("Tideway (Industry)", ()),
        "condition_meshes": ("Knee", ()),
    }


@pytest.mark.django_db
def test_a_long_list_is_counted_whole_and_shown_in_part() -> None:
    old = [site(f"Site {n}.", "RECRUITING") for n in range(437)]
    new = [site(f"Site {n}.") for n in range(437)] + [site(f"New {n}.") for n in range(40)]
    told = one("locations", old, new)
    assert told.items is not None
    assert told.in_brief == "Places: 40 added, 437 changed"
    assert told.items.left_out == (437 - MOST_ITEMS) + (40 - MOST_ITEMS)
    assert sum(map(bool, told.items.changed)) == MOST_ITEMS


def test_in_very_long_lists_nobody_looks_for_what_was_renamed() -> None:
    old = [outcome(f"A long name of an outcome, number {n}") for n in range(MOST_MATCHED + 1)]
    new = [outcome(f"A long name of an outcome, figure {n}") for n in range(MOST_MATCHED + 1)]
    told = one("outcomes", old, new)
    assert (
        told.in_brief == f"What is measured: {MOST_MATCHED + 1} added, {MOST_MATCHED + 1} removed"
    )


# --- The record as a whole


@pytest.mark.parametrize(
    ("kind", "sentence"),
    [
        (ChangeKind.FIRST, "First seen by the catalogue."),
        (ChangeKind.GONE, "The registry no longer has this record."),
        (ChangeKind.BACK, "The registry has this record again."),
        (ChangeKind.RENUMBERED, "The registry gave the study another number."),
        (ChangeKind.MATERIAL, "The record changed."),
    ],
)
def test_what_becomes_of_a_record_is_said_in_a_sentence(kind: str, sentence: str) -> None:
    assert one("", None, None, kind).in_brief == sentence


def test_a_new_number_is_told_once() -> None:
    (told,) = tell(
        change("", "NCT00000001", "NCT00000002", ChangeKind.RENUMBERED),
        change("", "NCT00000001", "NCT00000002", ChangeKind.RENUMBERED),
        change("registry_id", "NCT00000001", "NCT00000002"),
        change("aliases", [], ["NCT00000001"]),
    )
    assert told.in_brief == (
        "The registry gave the study another number. NCT00000001 → NCT00000002"
    )
