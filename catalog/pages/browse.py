"""Ways in: sponsors, cell sources, indications, countries, products, papers, documents."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from catalog.pages.listing import Paged, counts, few_trials, one, page_of, read_page, show
from catalog.parameters import OneOf
from catalog.reading import ParameterSet
from trials.models import (
    CellSource,
    Country,
    Document,
    Indication,
    Product,
    Publication,
    Sponsor,
)
from trials.vocabulary import Verdict

PAGE_SIZE = 100


class ByVerdict(ParameterSet):
    """The parameters of a document's page."""

    verdict = OneOf(
        _("Verdict"),
        _("Only the claims about which the check found this."),
        choices={verdict.value: verdict for verdict in Verdict},
        example="misread",
    )


@require_safe
def sponsors(request: HttpRequest) -> HttpResponse:
    reading = read_page(request, Paged)
    page = page_of(Sponsor.objects.with_counts(), reading.page, PAGE_SIZE)
    return show(request, "sponsors", {"page": page, "params": reading.params}, reading)


@require_safe
def sponsor(request: HttpRequest, slug: str) -> HttpResponse:
    found = one(Sponsor.objects.for_page(), slug=slug)
    context = {"sponsor": found, "few": few_trials(sponsor=slug)}
    return show(request, "sponsor", context)


@require_safe
def cell_sources(request: HttpRequest) -> HttpResponse:
    rows = tree(CellSource.objects.with_tree_fields(), "cell_source")
    return show(request, "cell_sources", rows)


@require_safe
def cell_source(request: HttpRequest, slug: str) -> HttpResponse:
    return branch(request, CellSource, "cell_source", slug)


@require_safe
def indications(request: HttpRequest) -> HttpResponse:
    rows = tree(Indication.objects.with_tree_fields(), "indication")
    return show(request, "indications", rows)


@require_safe
def indication(request: HttpRequest, slug: str) -> HttpResponse:
    return branch(request, Indication, "indication", slug)


def tree(nodes: QuerySet[Any], parameter: str) -> dict[str, Any]:
    """The nodes of a tree, parents before children, each with the number of trials it finds."""
    found = counts(parameter)[parameter]
    rows = [(node, found.get(node.slug, 0)) for node in nodes]
    most = max((count for _node, count in rows), default=0)
    return {"rows": rows, "most": most, "not_stated": found.get("not-stated", 0)}


def branch(
    request: HttpRequest, model: type[CellSource | Indication], parameter: str, slug: str
) -> HttpResponse:
    """The page of one node: what it is, where it stands in its tree, and its trials."""
    node = one(model.objects.select_related("parent"), slug=slug)
    found = counts(parameter)[parameter]
    children = [(child, found.get(child.slug, 0)) for child in node.children.all()]
    context = {"node": node, "children": children, "few": few_trials(**{parameter: slug})}
    return show(request, parameter, context)


@require_safe
def countries(request: HttpRequest) -> HttpResponse:
    found = counts("country")["country"]
    rows = [(row, found[row.code]) for row in Country.objects.all() if found.get(row.code)]
    context = {
        "rows": sorted(rows, key=lambda row: -row[1]),
        "most": max((count for _country, count in rows), default=0),
        "not_stated": found.get("not-stated", 0),
    }
    return show(request, "countries", context)


@require_safe
def country(request: HttpRequest, code: str) -> HttpResponse:
    found = one(Country.objects.all(), code=code.upper())
    if found.code != code:
        return redirect("country", found.code, permanent=True)
    context = {"country": found, "few": few_trials(country=found.code)}
    return show(request, "country", context)


@require_safe
def products(request: HttpRequest) -> HttpResponse:
    return show(request, "products", {"products": Product.objects.for_list()})


@require_safe
def product(request: HttpRequest, slug: str) -> HttpResponse:
    found = one(Product.objects.for_page(), slug=slug)
    context = {"product": found, "few": few_trials(product=slug)}
    return show(request, "product", context)


@require_safe
def publications(request: HttpRequest) -> HttpResponse:
    reading = read_page(request, Paged)
    page = page_of(Publication.objects.with_counts(), reading.page, PAGE_SIZE)
    return show(request, "publications", {"page": page, "params": reading.params}, reading)


@require_safe
def publication(request: HttpRequest, slug: str) -> HttpResponse:
    found = one(Publication.objects.for_page(), slug=slug)
    return show(request, "publication", {"publication": found})


@require_safe
def documents(request: HttpRequest) -> HttpResponse:
    rows = Document.objects.with_counts()
    return show(request, "documents", {"documents": rows})


@require_safe
def document(request: HttpRequest, slug: str) -> HttpResponse:
    """A document; `verdict` leaves only its claims of that verdict."""
    found = one(Document.objects.for_page(), slug=slug)
    reading = read_page(request, ByVerdict)
    verdict = reading.values.get("verdict")
    context = {
        "document": found,
        "chosen": verdict,
        "whole": found.get_absolute_url() if verdict else "",
        "claims": [claim for claim in found.claims.all() if claim.verdict == verdict],
    }
    return show(request, "document", context, reading)
