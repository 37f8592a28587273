"""The first page, and the page about the catalogue."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from catalog.charts import Facets, most_frequent
from catalog.filters import ask
from catalog.methods import only_read
from catalog.pages.listing import RECRUITING_QUERY
from trials.models import Document, Trial
from trials.querysets import RECRUITING
from trials.vocabulary import NOT_STATED

FEW = 5  # trials in each short list of the first page
TOP = 8  # rows in each way in
WAYS_IN = ("cell_source", "indication", "country")


@dataclass(frozen=True)
class Figure:
    """A number of the catalogue, in words, and the page that it counts."""

    words: str | Promise
    count: int
    address: str


@only_read
def home(request: HttpRequest) -> HttpResponse:
    everything = ask(QueryDict())
    facets = everything.facets()
    trials = Trial.objects.published()
    count = everything.trials.count()
    documents = list(Document.objects.with_counts())
    context = {
        "count": count,
        "ledger": ledger(count, facets, documents),
        "ways_in": {name: most_frequent(name, facets[name], TOP) for name in WAYS_IN},
        "recruiting_query": RECRUITING_QUERY,
        "recruiting": trials.recruiting().latest_changed().for_row()[:FEW],
        "latest": trials.latest_changed().for_row()[:FEW],
        "documents": documents,
    }
    return render(request, "catalog/home.html", context)


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


@only_read
def about(request: HttpRequest) -> HttpResponse:
    return render(request, "catalog/about.html", {"documents": Document.objects.all()})
