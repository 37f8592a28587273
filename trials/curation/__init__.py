"""The only writer of people's decisions: what they decide, and its undoing.

Nothing is deleted: each decision is kept with who, when, why and what it replaced. The caller
checks that the person may decide.
"""

from trials.curation.decisions import check_note, undo, undo_all
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
from trials.curation.reports import (
    close_report,
    forget_emails,
    make_report,
    reopen_report,
)

__all__ = [
    "Standing",
    "check_note",
    "check_values",
    "close_report",
    "confirm_donor",
    "confirm_source",
    "decide",
    "forget_emails",
    "hold",
    "make_report",
    "reopen_report",
    "standing_decisions",
    "undo",
    "undo_all",
    "withdraw",
]
