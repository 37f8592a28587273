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
from trials.curation.names import check_names, decide_names, names_of, version_of_names
from trials.curation.pairs import find_pairs
from trials.curation.public_names import call
from trials.curation.reports import (
    close_report,
    forget_emails,
    make_report,
    reopen_report,
)
from trials.curation.screening import screen, screen_record
from trials.curation.sheets import (
    MOST_ROWS,
    BrokenSheet,
    propose,
    read_sheet,
    sheet_of,
    with_shown,
    write_rows,
)
from trials.curation.sponsors import Move, foresee, merge, tell_apart
from trials.curation.terms import check_term, keep_term
from trials.curation.titles import name_in_chinese

__all__ = [
    "MOST_ROWS",
    "BrokenSheet",
    "Move",
    "Standing",
    "call",
    "check_names",
    "check_note",
    "check_term",
    "check_values",
    "close_report",
    "confirm_donor",
    "confirm_source",
    "decide",
    "decide_names",
    "find_pairs",
    "foresee",
    "forget_emails",
    "hold",
    "keep_term",
    "latest_of",
    "leave",
    "make_report",
    "merge",
    "name_in_chinese",
    "names_of",
    "propose",
    "read_sheet",
    "reopen_report",
    "screen",
    "screen_record",
    "sheet_of",
    "standing_beside_facts",
    "standing_decisions",
    "tell_apart",
    "undo",
    "undo_all",
    "version_of_names",
    "with_shown",
    "withdraw",
    "write_rows",
]
