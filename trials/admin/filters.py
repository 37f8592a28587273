"""The filters beside the list of trials; an unknown value is refused, not ignored."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.contrib.admin.options import IncorrectLookupParameters
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from trials.admin.terms import indented
from trials.models import CellSource, Document, Doubt, Fact, Mention
from trials.search.vocabularies import in_language
from trials.vocabulary import NOT_STATED, Basis, DonorType, DoubtKind, FactKind


class ListFilter(admin.SimpleListFilter):
    """Narrows the list to the rows, mostly trials, that meet a condition."""

    def condition(self, value: str) -> Exists | Q:
        """What a row must meet for the filter's value."""
        raise NotImplementedError

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        value = self.value()
        if value is None:
            return queryset
        if value not in {str(choice) for choice, _label in self.lookup_choices}:
            raise IncorrectLookupParameters(f"{self.parameter_name}={value}")
        return queryset.filter(self.condition(value))


def _shown(kind: FactKind) -> QuerySet[Fact]:
    """The facts of the trial in question that are shown; an index alone answers by their value."""
    return Fact.objects.filter(trial=OuterRef("pk"), kind=kind, shown=True)


def _stated(kind: FactKind) -> QuerySet[Fact]:
    """Those that say something."""
    return _shown(kind).exclude(value=NOT_STATED)


class CellSourceFilter(ListFilter):
    """A source covers those below it, as on the public pages."""

    title = _("cell source")
    parameter_name = "cell_source"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        sources = CellSource.objects.with_tree_fields()
        return [
            *((source.slug, indented(source)) for source in sources),
            (NOT_STATED, _("not stated")),
        ]

    def condition(self, value: str) -> Exists | Q:
        if value == NOT_STATED:
            return ~Q(Exists(_stated(FactKind.CELL_SOURCE)))
        source = CellSource.objects.get(slug=value)
        covered = [below.pk for below in source.descendants(include_self=True)]
        return Exists(_shown(FactKind.CELL_SOURCE).filter(cell_source__in=covered))


class DonorFilter(ListFilter):
    title = _("donor")
    parameter_name = "donor_type"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [*DonorType.choices, (NOT_STATED, _("not stated"))]

    def condition(self, value: str) -> Exists | Q:
        if value == NOT_STATED:
            return ~Q(Exists(_stated(FactKind.DONOR_TYPE)))
        return Exists(_shown(FactKind.DONOR_TYPE).filter(value=value))


class DocumentFilter(ListFilter):
    title = _("document")
    parameter_name = "document"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [(row.slug, in_language(row.title, row.title_zh)) for row in Document.objects.all()]

    def condition(self, value: str) -> Exists | Q:
        return Exists(Mention.objects.filter(trial=OuterRef("pk"), document__slug=value))


class CuratedFilter(ListFilter):
    title = _("curated")
    parameter_name = "curated"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("yes", _("Yes")), ("no", _("No"))]

    def condition(self, value: str) -> Exists | Q:
        decided = Fact.objects.filter(trial=OuterRef("pk"), basis=Basis.CURATOR, shown=True)
        return Exists(decided) if value == "yes" else ~Q(Exists(decided))


class ReviewFilter(ListFilter):
    """What a curator should look at."""

    title = _("to review")
    parameter_name = "review"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [kind for kind in DoubtKind.choices if kind[0] != DoubtKind.NEW_VALUE]

    def condition(self, value: str) -> Exists | Q:
        return Exists(Doubt.objects.filter(trial=OuterRef("pk"), kind=value))
