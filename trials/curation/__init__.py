"""The only writer of people's decisions: what they decide, and its undoing.

Nothing is deleted: each decision is kept with who, when, why and what it replaced. The caller
checks that the person may decide.
"""

from trials.curation.decisions import (
    check_note,
    hold,
    hold_to_decide,
    standing_beside_facts,
    undo,
    undo_all,
)
from trials.curation.facts import (
    Asked,
    Standing,
    confirm_donor,
    confirm_source,
    decide,
    decide_many,
    standing_decisions,
    withdraw,
)
from trials.curation.leaving import latest_of, leave, take_back
from trials.curation.names import check_names, decide_names, names_of, version_of_names
from trials.curation.pairs import find_pairs
from trials.curation.papers import link_paper, part_paper
from trials.curation.public_names import call
from trials.curation.reports import (
    close_report,
    forget_emails,
    make_report,
    reopen_report,
)
from trials.curation.screening import foresee_screening, screen, screen_many, screen_record
from trials.curation.sheets import (
    MOST_ROWS,
    BrokenSheet,
    propose,
    read_sheet,
    sheet_of,
    with_shown,
    write_rows,
)
from trials.curation.sponsors import Move, foresee, held, merge, tell_apart
from trials.curation.terms import check_term, keep_term
from trials.curation.titles import name_in_chinese
from trials.curation.values import check_values

__all__ = [
    "MOST_ROWS",
    "Asked",
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
    "decide_many",
    "decide_names",
    "find_pairs",
    "foresee",
    "foresee_screening",
    "forget_emails",
    "held",
    "hold",
    "hold_to_decide",
    "keep_term",
    "latest_of",
    "leave",
    "link_paper",
    "make_report",
    "merge",
    "name_in_chinese",
    "names_of",
    "part_paper",
    "propose",
    "read_sheet",
    "reopen_report",
    "screen",
    "screen_many",
    "screen_record",
    "sheet_of",
    "standing_beside_facts",
    "standing_decisions",
    "take_back",
    "tell_apart",
    "undo",
    "undo_all",
    "version_of_names",
    "with_shown",
    "withdraw",
    "write_rows",
]
