"""The only writer of people's decisions: what they decide, and its undoing.

Nothing is deleted: each decision is kept with who, when, why and what it replaced. The caller
checks that the person may decide.
"""

from trials.curation.decisions import check_note, standing_beside_facts, undo, undo_all
from trials.curation.facts import (
    Standing,
    check_values,
    confirm_donor,
    confirm_source,
    decide,
    hold,
    standing_decisions,
    withdraw,
)
from trials.curation.leaving import latest_of, leave
from trials.curation.names import call
from trials.curation.screening import screen, screen_record
from trials.curation.titles import name_in_chinese

__all__ = [
    "Standing",
    "call",
    "check_note",
    "check_values",
    "confirm_donor",
    "confirm_source",
    "decide",
    "hold",
    "latest_of",
    "leave",
    "name_in_chinese",
    "screen",
    "screen_record",
    "standing_beside_facts",
    "standing_decisions",
    "undo",
    "undo_all",
    "withdraw",
]
