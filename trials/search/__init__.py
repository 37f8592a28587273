"""The one engine behind every list: a question in, the trials and the counts of facets out."""

from trials.search.facets import FACETS, Tally, count_trials, tallies
from trials.search.order import ORDERINGS, ordered
from trials.search.question import Question, matching, out_of_reach
from trials.search.spelling import suggest
from trials.search.terms import Term, Terms

__all__ = [
    "FACETS",
    "ORDERINGS",
    "Question",
    "Tally",
    "Term",
    "Terms",
    "count_trials",
    "matching",
    "ordered",
    "out_of_reach",
    "suggest",
    "tallies",
]
