"""The filter beside a list by a word of the registry: those we know, and all that are new to us."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _

NEW = "new"  # no word of the registry's: these are in capitals


class WordFilter(admin.ChoicesFieldListFilter):
    """Django's own, with a choice for the words that have no name here; it costs no query."""

    @property
    def _wants_new(self) -> bool:
        return self.lookup_val is not None and NEW in self.lookup_val

    def choices(self, changelist: Any) -> Iterator[Any]:
        yield from super().choices(changelist)
        yield {
            "selected": self._wants_new,
            "query_string": changelist.get_query_string(
                {self.lookup_kwarg: NEW}, [self.lookup_kwarg_isnull]
            ),
            "display": _("a word that is new to us"),
        }

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any] | None:
        if not self._wants_new:
            return super().queryset(request, queryset)
        known = [word for word, _label in self.field.flatchoices]
        rows = self.field.model._default_manager.exclude(**{f"{self.field.name}__in": [*known, ""]})
        return queryset.filter(**{f"{self.field_path}__in": rows.values(self.field.name)})
