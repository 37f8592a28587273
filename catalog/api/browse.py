"""The API's views of what surrounds the trials."""

from __future__ import annotations

from typing import Any

from django.db.models import Model, QuerySet
from django.http import HttpResponse
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import Serializer

from catalog.api import things
from catalog.api.errors import NotHere
from catalog.api.strict import StrictView, one_address
from catalog.api.views import List
from catalog.faults import echo
from trials.models import (
    CellSource,
    Country,
    Document,
    Indication,
    Product,
    Publication,
    Sponsor,
)
from trials.search import Terms, count_trials


def by(key: str, example: str) -> OpenApiParameter:
    schema = {"type": "string", "examples": [example]}
    return OpenApiParameter(key, schema, OpenApiParameter.PATH)


class Detail(StrictView):
    """One thing, by the slug or code in its address."""

    key = "slug"

    @property
    def path_parameters(self) -> tuple[OpenApiParameter, ...]:
        return (by(self.key, self.example),)

    example = ""

    def get(self, request: Request, **kwargs: str) -> HttpResponse:
        return Response(self.get_serializer(self.find(kwargs[self.key])).data)

    def find(self, value: str) -> Any:
        rows = self.get_queryset()
        try:
            if "\x00" in value:  # PostgreSQL takes no such text
                raise rows.model.DoesNotExist
            return rows.get(**{self.key: value})
        except rows.model.DoesNotExist as error:
            detail = _("The catalogue has no “%(value)s” here.") % {"value": echo(value)}
            raise NotHere((), detail) from error


class SponsorList(List):
    """Sponsors, with the number of trials that each leads."""

    serializer_class = things.SponsorRow
    queryset = Sponsor.objects.present().with_counts()


class SponsorDetail(Detail):
    """A sponsor with every name; the slug of one that was merged leads to its one address."""

    serializer_class = things.SponsorWhole
    queryset = Sponsor.objects.for_page()
    example = "medipost"

    def get(self, request: Request, **kwargs: str) -> HttpResponse:
        found = self.find(kwargs["slug"])
        if found.merged_into is not None:
            return one_address(request, found.merged_into.slug)
        return Response(self.get_serializer(found).data)


class DocumentList(List):
    """Documents that name trials."""

    serializer_class = things.DocumentRow
    queryset = Document.objects.with_counts()


class DocumentDetail(Detail):
    """A document with its trials, its claims and what was found when they were checked."""

    serializer_class = things.DocumentWhole
    queryset = Document.objects.for_page()
    example = "chinese-hospital-list"


class PublicationList(List):
    """Publications about the trials, and those that the documents cite."""

    serializer_class = things.PublicationRow
    queryset = Publication.objects.with_counts()


class PublicationDetail(Detail):
    """A publication with its trials and where documents cite it."""

    serializer_class = things.PublicationWhole
    queryset = Publication.objects.for_page()
    example = "matas-2019-repeated-dosing"


def with_trials(rows: QuerySet[Any], parameter: str, key: str = "slug") -> list[Any]:
    """The rows, each with `trials`: how many trials asking for it finds."""
    counts = count_trials(parameter, Terms())
    found = list(rows)
    for row in found:
        row.trials = counts.get(getattr(row, key), 0)
    return found


class CountedList(List):
    """A list of a vocabulary, each value with the number of its trials."""

    parameter = ""
    counts_trials = True
    key = "slug"

    def get_queryset(self) -> Any:
        return with_trials(self.rows(), self.parameter, self.key)

    def rows(self) -> QuerySet[Any]:
        raise NotImplementedError


class CountedDetail(Detail):
    """One value of a vocabulary."""

    parameter = ""
    counts_trials = True

    def find(self, value: str) -> Any:
        found: Model = super().find(value)
        return with_trials([found], self.parameter, self.key)[0]  # type: ignore[arg-type]


class CellSourceList(CountedList):
    """Cell sources: a tree, parents before children."""

    serializer_class: type[Serializer[Any]] = things.CellSourceRow
    parameter = "cell_source"

    def rows(self) -> QuerySet[CellSource]:
        return CellSource.objects.with_tree_fields().select_related("parent")


class CellSourceDetail(CountedDetail):
    """A cell source."""

    serializer_class = things.CellSourceRow
    queryset = CellSource.objects.select_related("parent")
    parameter = "cell_source"
    example = "umbilical-cord"


class IndicationList(CountedList):
    """Indications: a tree, parents before children."""

    serializer_class: type[Serializer[Any]] = things.IndicationRow
    parameter = "indication"

    def rows(self) -> QuerySet[Indication]:
        return Indication.objects.with_tree_fields().select_related("parent")


class IndicationDetail(CountedDetail):
    """An indication."""

    serializer_class = things.IndicationRow
    queryset = Indication.objects.select_related("parent")
    parameter = "indication"
    example = "knee-osteoarthritis"


class CountryList(CountedList):
    """Countries and territories by ISO code."""

    serializer_class: type[Serializer[Any]] = things.CountryRow
    parameter = "country"
    key = "code"

    def rows(self) -> QuerySet[Country]:
        return Country.objects.all()


class CountryDetail(CountedDetail):
    """A country or territory; a code in small letters leads to its one address."""

    serializer_class = things.CountryRow
    queryset = Country.objects.all()
    parameter = "country"
    key = "code"
    example = "CN"

    def get(self, request: Request, **kwargs: str) -> HttpResponse:
        found = self.find(kwargs["code"].upper())
        if found.code != kwargs["code"]:
            return one_address(request, found.code)
        return Response(self.get_serializer(found).data)


class ProductList(CountedList):
    """Named cell products with what regulators decided about them."""

    serializer_class: type[Serializer[Any]] = things.ProductRow
    parameter = "product"

    def rows(self) -> QuerySet[Product]:
        return Product.objects.for_list()


class ProductDetail(CountedDetail):
    """A product with what documents claim about it."""

    serializer_class = things.ProductWhole
    queryset = Product.objects.for_page()
    parameter = "product"
    example = "cartistem"
