"""The page of what is covered: the questions to the registry, what came, what was left out."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from catalog.methods import only_read
from catalog.pages.listing import Paged, page_of, read_page, show
from catalog.parameters import OneOf
from catalog.seeking import Search
from trials.coverage import TAKEN_IN, left_out
from trials.coverage import coverage as figures
from trials.vocabulary import ScreeningRule

PAGE_SIZE = 50


class LeftOut(Paged):
    """The parameters of the list of studies that were left out."""

    q = Search(
        _("Words"),
        _("Only studies whose titles say these words, or that have this number."),
        example="knee",
    )
    reason = OneOf(
        _("Reason"),
        _("Only studies that were left out for this reason."),
        choices={rule.value: rule for rule in ScreeningRule},
        example="background",
    )


@only_read
def coverage(request: HttpRequest) -> HttpResponse:
    """What is covered; `q`, `reason` and `page` narrow the list of what was left out."""
    reading = read_page(request, LeftOut)
    reason, words = reading.values.get("reason", ""), reading.values.get("q")
    covered = figures()
    context = {
        "covered": covered,
        "page": page_of(left_out(reason, words), reading.page, PAGE_SIZE),
        "params": reading.params,
        "reasons": [
            rule
            for rule in ScreeningRule
            if rule == reason
            or rule not in TAKEN_IN
            or any(row.rule == rule for row in covered.leaves_out)
        ],
        "reason": reason,
        "q": reading.params.get("q", ""),
    }
    return show(request, "coverage", context, reading)
