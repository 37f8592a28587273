"""The first page, and the page about the catalogue."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from catalog.filters import FacetRow, ask
from trials.models import Document, Trial
from trials.querysets import RECRUITING
from trials.vocabulary import NOT_STATED

FEW = 5  # trials in each short list of the first page
TOP = 8  # rows in each way in
# Parts of a tissue are on its own page, and the root of all indications says nothing.
_DEPTHS = {"cell_source": range(1), "indication": range(1, 9), "country": range(1)}

RECRUITING_QUERY = urlencode({"status": [str(status) for status in RECRUITING]}, doseq=True)

Facets = Mapping[str, tuple[FacetRow, ...]]


@dataclass(frozen=True)
class Figure:
    """A number of the catalogue, in words, and the page that it counts."""

    words: str | Promise
    count: int
    address: str


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    everything = ask(QueryDict())
    facets = everything.facets()
    trials = Trial.objects.published()
    count = everything.trials.count()
    documents = list(Document.objects.with_counts())
    context = {
        "count": count,
        "ledger": ledger(count, facets, documents),
        "ways_in": {name: way_in(facets[name], depths) for name, depths in _DEPTHS.items()},
        "recruiting_query": RECRUITING_QUERY,
        "recruiting": trials.recruiting().latest_changed().for_row()[:FEW],
        "latest": trials.latest_changed().for_row()[:FEW],
        "documents": documents,
    }
    return render(request, "catalog/home.html", context)


def way_in(rows: Iterable[FacetRow], depths: range) -> list[FacetRow]:
    """The values that find most trials; what is not stated comes last."""
    found = [row for row in rows if row.count]
    named = [row for row in found if row.value != NOT_STATED and row.depth in depths]
    unstated = [row for row in found if row.value == NOT_STATED]
    return [*sorted(named, key=lambda row: -row.count)[:TOP], *unstated]


def ledger(count: int, facets: Facets, documents: Iterable[Document]) -> list[Figure]:
    """What the catalogue holds, in figures."""
    recruiting = sum(row.count for row in facets["status"] if row.value in RECRUITING)
    places = [row for row in facets["country"] if row.count and row.value != NOT_STATED]
    claims = sum(document.claim_count for document in documents)  # type: ignore[attr-defined]
    return [
        Figure(_("trials"), count, reverse("trials")),
        Figure(_("recruiting"), recruiting, f"{reverse('trials')}?{RECRUITING_QUERY}"),
        Figure(_("countries"), len(places), reverse("countries")),
        Figure(_("claims checked"), claims, reverse("documents")),
    ]


@require_safe
def about(request: HttpRequest) -> HttpResponse:
    return render(request, "catalog/about.html", {"documents": Document.objects.all()})
