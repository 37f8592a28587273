"""The first page, and the page about the catalogue."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.views.decorators.http import require_safe

from catalog.filters import ask
from trials.models import Document, Trial
from trials.vocabulary import Status

FEW = 5  # trials in each short list of the first page
TOP = 10  # rows in each way in

WAYS_IN = ("cell_source", "indication", "country")


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    everything = ask(QueryDict())
    facets = everything.facets()
    trials = Trial.objects.published()
    context = {
        "count": everything.trials.count(),
        "ways_in": {name: [row for row in facets[name] if row.count][:TOP] for name in WAYS_IN},
        "recruiting_status": Status.RECRUITING,
        "recruiting": trials.recruiting().latest_changed().for_list()[:FEW],
        "latest": trials.latest_changed().for_list()[:FEW],
        "documents": Document.objects.with_counts(),
    }
    return render(request, "catalog/home.html", context)


@require_safe
def about(request: HttpRequest) -> HttpResponse:
    return render(request, "catalog/about.html", {"documents": Document.objects.with_counts()})
