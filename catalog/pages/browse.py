"""Ways in: sponsors, cell sources, indications, countries, products, papers, documents."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _

from catalog.charts import numbers
from catalog.methods import only_read
from catalog.pages.listing import Paged, counts, few_trials, one, page_of, read_page, show
from catalog.parameters import OneOf, Parameter
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
from trials.models.sponsor import normalise_name
from trials.vocabulary import NOT_STATED, Verdict

PAGE_SIZE = 100
# The order of the sponsors, as addresses write it; the first is meant where none is asked for.
BY_TRIALS, BY_NAME = "-trials", "name"


class PartOfName(Parameter):
    """Words of a name, in the form in which names are compared."""

    def understand(self, value: str) -> str:
        return normalise_name(value)


class SponsorList(Paged):
    """The parameters of the list of sponsors."""

    q = PartOfName(
        _("Name"), _("Only sponsors that have a name with all of these words."), example="hospital"
    )
    ordering = OneOf(
        _("Order"),
        _("How the list is ordered."),
        choices={BY_TRIALS: _("Most trials first"), BY_NAME: _("By name")},
        example=BY_NAME,
    )


class ByVerdict(ParameterSet):
    """The parameters of a document's page."""

    verdict = OneOf(
        _("Verdict"),
        _("Only the claims about which the check found this."),
        choices={verdict.value: verdict for verdict in Verdict},
        example="misread",
    )


def with_charts(parameters: tuple[str, ...], **question: str) -> dict[str, Any]:
    """The trials that answer a question, as a page shows them: the first ones, and charts."""
    few = few_trials(**question)
    return {"few": few, "numbers": numbers(few.facets, few.count, *parameters)}


@only_read
def sponsors(request: HttpRequest) -> HttpResponse:
    """The sponsors; `q` leaves those of a name, `ordering` says how they stand."""
    reading = read_page(request, SponsorList)
    rows = Sponsor.objects.present().for_list()
    words = reading.values.get("q", "")
    by_name = reading.params.get("ordering") == BY_NAME
    found = rows.called(words) if words else rows
    context = {
        "page": page_of(found if by_name else found.most_trials_first(), reading.page, PAGE_SIZE),
        "most": rows.most_led(),
        "params": reading.params,
        "q": reading.params.get("q", ""),
        "orderings": (
            (BY_TRIALS, _("Most trials first"), not by_name),
            (BY_NAME, _("A to Z"), by_name),
        ),
    }
    return show(request, "sponsors", context, reading)


@only_read
def sponsor(request: HttpRequest, slug: str) -> HttpResponse:
    found = one(Sponsor.objects.for_page(), slug=slug)
    if found.merged_into is not None:
        response = redirect(found.merged_into, permanent=True)
        # A merging can be undone, and a browser that kept the answer would never ask again.
        response.headers["Cache-Control"] = "no-cache"
        return response
    answer = with_charts(("phase", "status", "cell_source"), sponsor=slug)
    return show(request, "sponsor", {"sponsor": found, **answer})


@only_read
def cell_sources(request: HttpRequest) -> HttpResponse:
    rows = tree(CellSource.objects.with_tree_fields(), "cell_source")
    return show(request, "cell_sources", rows)


@only_read
def cell_source(request: HttpRequest, slug: str) -> HttpResponse:
    return branch(request, CellSource, "cell_source", "indication", slug)


@only_read
def indications(request: HttpRequest) -> HttpResponse:
    rows = tree(Indication.objects.with_tree_fields(), "indication")
    return show(request, "indications", rows)


@only_read
def indication(request: HttpRequest, slug: str) -> HttpResponse:
    return branch(request, Indication, "indication", "cell_source", slug)


def tree(nodes: QuerySet[Any], parameter: str) -> dict[str, Any]:
    """The nodes of a tree, parents before children, each with the number of trials it finds."""
    found = counts(parameter)[parameter]
    return {"rows": [(node, found.get(node.slug, 0)) for node in nodes], **measure(found)}


def measure(found: Mapping[str, int]) -> dict[str, int]:
    """The longest bar of an overview, and how many trials do not say."""
    return {"most": max(found.values(), default=0), "not_stated": found.get(NOT_STATED, 0)}


@dataclass(frozen=True, slots=True)
class Place:
    """Where a node stands in its tree, each node with its trials.

    `line`: the nodes above it from the root on, itself, the nodes right below it. `beside`: those
    that have the same parent.
    """

    line: list[tuple[Any, int]]
    beside: list[tuple[Any, int]]


def place_of(node: Any, nodes: list[Any], found: Mapping[str, int]) -> Place:
    """`nodes`: the whole tree, parents before children."""

    def counted(kept: list[Any]) -> list[tuple[Any, int]]:
        return [(one, found.get(one.slug, 0)) for one in kept]

    near = [one for one in nodes if one.pk in node.tree_path or one.parent_id == node.pk]
    beside = [one for one in nodes if node.parent_id and one.parent_id == node.parent_id]
    return Place(counted(near), counted([one for one in beside if one.pk != node.pk]))


def branch(
    request: HttpRequest,
    model: type[CellSource | Indication],
    parameter: str,
    other: str,
    slug: str,
) -> HttpResponse:
    """The page of one node: what it is, where it stands in its tree, and its trials.

    `other`: the parameter of the other tree, of which the page has a chart.
    """
    nodes = model.objects.with_tree_fields()
    node = one(nodes, slug=slug)
    answer = with_charts(("phase", "status", other), **{parameter: slug})
    place = place_of(node, list(nodes), answer["few"].found_by(parameter))
    return show(request, parameter, {"node": node, "place": place, **answer})


@only_read
def countries(request: HttpRequest) -> HttpResponse:
    found = counts("country")["country"]
    rows = [(row, found[row.code]) for row in Country.objects.all() if found.get(row.code)]
    context = {"rows": sorted(rows, key=lambda row: -row[1]), **measure(found)}
    return show(request, "countries", context)


@only_read
def country(request: HttpRequest, code: str) -> HttpResponse:
    found = one(Country.objects.all(), code=code.upper())
    if found.code != code:
        return redirect("country", found.code, permanent=True)
    answer = with_charts(("phase", "status", "cell_source"), country=found.code)
    return show(request, "country", {"country": found, **answer})


@only_read
def products(request: HttpRequest) -> HttpResponse:
    found = counts("product")["product"]
    rows = [(row, found.get(row.slug, 0)) for row in Product.objects.for_list()]
    return show(request, "products", {"rows": rows, **measure(found)})


@only_read
def product(request: HttpRequest, slug: str) -> HttpResponse:
    found = one(Product.objects.for_page(), slug=slug)
    answer = with_charts(("phase", "status", "indication"), product=slug)
    return show(request, "product", {"product": found, **answer})


@only_read
def publications(request: HttpRequest) -> HttpResponse:
    reading = read_page(request, Paged)
    page = page_of(Publication.objects.with_counts(), reading.page, PAGE_SIZE)
    return show(request, "publications", {"page": page, "params": reading.params}, reading)


@only_read
def publication(request: HttpRequest, slug: str) -> HttpResponse:
    found = one(Publication.objects.for_page(), slug=slug)
    return show(request, "publication", {"publication": found})


@only_read
def documents(request: HttpRequest) -> HttpResponse:
    rows = Document.objects.with_counts()
    return show(request, "documents", {"documents": rows})


@only_read
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
