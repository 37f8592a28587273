"""The one engine behind every list: a question in, the trials and the counts of facets out."""

from trials.search.answer import Answer, Found, out_of_reach
from trials.search.facets import FACETS, SETS, Tally, count_led, count_trials, tallies
from trials.search.keeper import consistent, current, from_one_state
from trials.search.order import ORDERINGS
from trials.search.question import Question
from trials.search.spelling import suggest
from trials.search.terms import Terms
from trials.search.vocabularies import Term

__all__ = [
    "FACETS",
    "ORDERINGS",
    "SETS",
    "Answer",
    "Found",
    "Question",
    "Tally",
    "Term",
    "Terms",
    "consistent",
    "count_led",
    "count_trials",
    "current",
    "from_one_state",
    "out_of_reach",
    "suggest",
    "tallies",
]
