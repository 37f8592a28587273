"""Ways in: sponsors, cell sources, indications, countries, products, papers, documents."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from catalog.pages.listing import counts, few_trials, one, page_of
from trials.models import (
    CellSource,
    Country,
    Document,
    Indication,
    Product,
    Publication,
    Sponsor,
)

PAGE_SIZE = 100


@require_safe
def sponsors(request: HttpRequest) -> HttpResponse:
    page = page_of(Sponsor.objects.with_counts(), request.GET.get("page", ""), PAGE_SIZE)
    return render(request, "catalog/sponsors.html", {"page": page})


@require_safe
def sponsor(request: HttpRequest, slug: str) -> HttpResponse:
    found = one(Sponsor.objects.for_page(), slug=slug)
    context = {"sponsor": found, "few": few_trials(sponsor=slug)}
    return render(request, "catalog/sponsor.html", context)


@require_safe
def cell_sources(request: HttpRequest) -> HttpResponse:
    rows = tree(CellSource.objects.with_tree_fields(), "cell_source")
    return render(request, "catalog/cell_sources.html", rows)


@require_safe
def cell_source(request: HttpRequest, slug: str) -> HttpResponse:
    return branch(request, CellSource, "cell_source", slug)


@require_safe
def indications(request: HttpRequest) -> HttpResponse:
    rows = tree(Indication.objects.with_tree_fields(), "indication")
    return render(request, "catalog/indications.html", rows)


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
    return render(request, f"catalog/{parameter}.html", context)


@require_safe
def countries(request: HttpRequest) -> HttpResponse:
    found = counts("country")["country"]
    rows = [(row, found[row.code]) for row in Country.objects.all() if found.get(row.code)]
    context = {
        "rows": sorted(rows, key=lambda row: -row[1]),
        "most": max((count for _country, count in rows), default=0),
        "not_stated": found.get("not-stated", 0),
    }
    return render(request, "catalog/countries.html", context)


@require_safe
def country(request: HttpRequest, code: str) -> HttpResponse:
    found = one(Country.objects.all(), code=code.upper())
    if found.code != code:
        return redirect("country", found.code, permanent=True)
    context = {"country": found, "few": few_trials(country=found.code)}
    return render(request, "catalog/country.html", context)


@require_safe
def products(request: HttpRequest) -> HttpResponse:
    return render(request, "catalog/products.html", {"products": Product.objects.for_list()})


@require_safe
def product(request: HttpRequest, slug: str) -> HttpResponse:
    found = one(Product.objects.for_page(), slug=slug)
    context = {"product": found, "few": few_trials(product=slug)}
    return render(request, "catalog/product.html", context)


@require_safe
def publications(request: HttpRequest) -> HttpResponse:
    page = page_of(Publication.objects.with_counts(), request.GET.get("page", ""), PAGE_SIZE)
    return render(request, "catalog/publications.html", {"page": page})


@require_safe
def publication(request: HttpRequest, slug: str) -> HttpResponse:
    found = one(Publication.objects.for_page(), slug=slug)
    return render(request, "catalog/publication.html", {"publication": found})


@require_safe
def documents(request: HttpRequest) -> HttpResponse:
    rows = Document.objects.with_counts()
    return render(request, "catalog/documents.html", {"documents": rows})


@require_safe
def document(request: HttpRequest, slug: str) -> HttpResponse:
    found = one(Document.objects.for_page(), slug=slug)
    return render(request, "catalog/document.html", {"document": found})
