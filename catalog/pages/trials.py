"""The list of trials, by any question: as cards or as a table."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from catalog.exports.links import ATOM, PAGE, TWINS, links, twin_query
from catalog.faults import Fault, unknown_value
from catalog.filters import Asked, Chip, ask
from catalog.methods import only_read
from catalog.pages.compare import MOST
from catalog.pages.groups import fields, filter_groups, kept_parameters
from catalog.pages.listing import OWN_PARAMETERS, page_of
from catalog.pages.rows import CARD, LINE, Rows

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
MOST_WAYS_OUT = 12  # each is a question of its own
VIEW = "view"  # how the list looks; it asks nothing, so no link of a question carries it
VIEWS = {"cards": _("Cards"), "table": _("Table")}
CHOSEN = "chosen"  # the form that takes the ticked trials to their comparison
VIEW_KEPT = 365 * 24 * 3600  # seconds
# The columns of the table, and the orders that a click on a head gives, one after the other.
COLUMNS: tuple[tuple[Any, tuple[str, ...]], ...] = (
    (_("Trial"), ("title",)),
    (_("Status"), ()),
    (_("Phase"), ()),
    (_("Cells from"), ()),
    (_("Donor"), ()),
    (_("For"), ()),
    (_("Where"), ()),
    (_("Sponsor"), ()),
    (_("Start"), ("-start", "start")),
    (_("Participants"), ("-enrollment", "enrollment")),
    (_("Updated"), ("-updated", "updated")),
)


@only_read
def trials(request: HttpRequest) -> HttpResponse:
    """Trials by any question; a question that is not understood is said so, with status 400."""
    view, misread = chosen_view(request)
    question = request.GET.copy()
    question.pop(VIEW, None)
    asked = ask(question, extra=OWN_PARAMETERS | {VIEW})
    rows = Rows(asked, LINE if view == "table" else CARD, chosen=CHOSEN)
    page = page_of(rows, asked.page, asked.page_size)
    facets = asked.facets()
    groups = filter_groups(facets)
    alone = twin_query(asked)
    ways = [] if page.object_list else ways_out(asked)
    context = {
        "asked": asked,
        "misunderstood": (*asked.faults, *misread),
        "page": page,
        "groups": groups,
        "fields": fields(asked, facets),
        "orderings": [
            row for row in ORDERINGS if WANTS.get(row[0], "page") in {*asked.params, "page"}
        ],
        "page_sizes": sorted({*PAGE_SIZES, asked.page_size}),
        "kept": kept_parameters(asked, groups, found=bool(page.object_list)),
        "ways_out": ways,
        "culprit": culprit(ways),
        "view": view,
        "views": VIEWS.items(),
        "landscape": asked.query_with({"ordering": (), "page_size": ()}),
        "columns": columns(asked),
        "chosen": CHOSEN,
        "most": MOST,
        "twins": [(form, form.linked(alone)) for form in TWINS],
        "feed": ATOM.linked(alone),
    }
    status = 400 if context["misunderstood"] else 200
    response = render(request, "catalog/trials.html", context, status=status)
    if alternates := links(alone, without=PAGE.ending):
        response["Link"] = alternates
    if request.GET.get(VIEW) == view:
        keep_view(response, view)
    return response


def chosen_view(request: HttpRequest) -> tuple[str, tuple[Fault, ...]]:
    """How the list is to look: as the address says, else as last time; and its faults."""
    asked = request.GET.get(VIEW)
    kept = request.COOKIES.get(VIEW, "")
    if asked in VIEWS:
        return asked, ()
    view = kept if kept in VIEWS else next(iter(VIEWS))
    if not asked:
        return view, ()
    names = {value: str(name) for value, name in VIEWS.items()}
    return view, (unknown_value(VIEW, asked, names).fault(VIEW),)


def keep_view(response: HttpResponse, view: str) -> None:
    response.set_cookie(
        VIEW,
        view,
        max_age=VIEW_KEPT,
        secure=settings.LANGUAGE_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def columns(asked: Asked) -> list[dict[str, Any]]:
    """The heads of the table: how each is sorted now, and the order that a click on it gives."""
    return [
        {
            "name": name,
            "orderings": orderings,
            "sorted": asked.ordering if asked.ordering in orderings else "",
            "next": next((other for other in orderings if other != asked.ordering), ""),
        }
        for name, orderings in COLUMNS
    ]


def ways_out(asked: Asked) -> list[tuple[Chip, int]]:
    """For each filter that is on, how many trials there are without it; the most first."""
    terms = asked.question.terms
    found = [
        (chip, ask(QueryDict(chip.query), extra=OWN_PARAMETERS, terms=terms).trials.count())
        for chip in asked.chips[:MOST_WAYS_OUT]
    ]
    return sorted(found, key=lambda way: -way[1])


def culprit(ways: list[tuple[Chip, int]]) -> Chip | None:
    """The one filter without which there are trials; None where there are several, or none."""
    freeing = [chip for chip, count in ways if count]
    return freeing[0] if len(freeing) == 1 and len(ways) > 1 else None
