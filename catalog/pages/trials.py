"""The list of trials."""

from __future__ import annotations

from collections.abc import Sized
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from catalog.filters import Asked, Chip, TrialFilter, ask
from catalog.pages.listing import OWN_PARAMETERS, page_of

ORDERINGS = (
    ("-updated", _("Latest changed")),
    ("updated", _("Longest unchanged")),
    ("-start", _("Latest start")),
    ("start", _("Earliest start")),
    ("-enrollment", _("Most participants")),
    ("enrollment", _("Fewest participants")),
    ("title", _("Title")),
    ("relevance", _("Best match of the words")),
    ("distance", _("Nearest first")),
)
WANTS = {"relevance": "q", "distance": "near"}  # what such an order says nothing without
PAGE_SIZES = (10, 25, 50, 100)
ROWS_IN_SIGHT = 10  # of a group's values; the rest is folded,
FEWEST_FOLDED = 3  # unless it is too little to fold
PERSON = ("age", "sex", "near", "within_km")  # what a reader says about himself
MOST_WAYS_OUT = 12  # each is a question of its own
# The filters in the order in which readers ask; the first ones stand open.
GROUPS = (
    ("cell_source", _("Cell source"), True),
    ("country", _("Country"), True),
    ("indication", _("Indication"), True),
    ("phase", _("Phase"), True),
    ("status", _("Status"), True),
    ("sponsor", _("Sponsor"), False),
    ("document", _("Named in a document"), False),
    ("donor_type", _("Donor"), False),
    ("preparation", _("Preparation"), False),
    ("route", _("Route"), False),
)


@require_safe
def trials(request: HttpRequest) -> HttpResponse:
    """Trials by any question; a question that is not understood is said so, with status 400."""
    asked = ask(request.GET, extra=OWN_PARAMETERS)
    page = page_of(asked.trials, asked.page, asked.page_size)
    context = {
        "asked": asked,
        "page": page,
        "groups": filter_groups(asked),
        "person": person(asked),
        "orderings": [
            row for row in ORDERINGS if WANTS.get(row[0], "page") in {*asked.params, "page"}
        ],
        "page_sizes": sorted({*PAGE_SIZES, asked.page_size}),
        "kept": kept_parameters(asked),
        "ways_out": [] if page.object_list else ways_out(asked),
    }
    return render(request, "catalog/trials.html", context, status=400 if asked.faults else 200)


def filter_groups(asked: Asked) -> list[dict[str, Any]]:
    """The groups of checkboxes, each with its rows; a group without rows is left out."""
    facets = asked.facets()
    return [
        {
            "parameter": parameter,
            "title": title,
            "rows": rows[: in_sight(rows)],
            "rest": rows[in_sight(rows) :],
            "rest_open": any(row.selected for row in rows[in_sight(rows) :]),
            "chosen": sum(row.selected for row in rows),
            "open": first or any(row.selected for row in rows),
        }
        for parameter, title, first in GROUPS
        if (rows := facets.get(parameter, ()))
    ]


def in_sight(rows: Sized) -> int:
    """How many of a group's rows stand unfolded."""
    return ROWS_IN_SIGHT if len(rows) >= ROWS_IN_SIGHT + FEWEST_FOLDED else len(rows)


def person(asked: Asked) -> dict[str, Any]:
    """What the reader said about himself, and the sexes that he can choose."""
    said = {name: asked.params.get(name, "") for name in PERSON}
    parameters = TrialFilter.parameters()
    sexes = [(value, parameters["sex"].name_of(value)) for value in parameters["sex"].choices]
    return {**said, "sexes": sexes, "chosen": sum(map(bool, said.values()))}


def kept_parameters(asked: Asked) -> list[tuple[str, str]]:
    """What the form has no field for, so that "Show" does not drop it."""
    fields = {"q", "ordering", "page", "page_size", *PERSON, *(name for name, *_rest in GROUPS)}
    return [
        (name, value)
        for name, values in asked.params.lists()
        if name not in fields
        for value in values
    ]


def ways_out(asked: Asked) -> list[tuple[Chip, int]]:
    """For each filter that is on, how many trials there are without it; the most first."""
    terms = asked.question.terms
    found = [
        (chip, ask(QueryDict(chip.query), extra=OWN_PARAMETERS, terms=terms).trials.count())
        for chip in asked.chips[:MOST_WAYS_OUT]
    ]
    return sorted(found, key=lambda way: -way[1])
