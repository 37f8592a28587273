"""What the admin lets nobody do, superusers included: rows that stay, slugs that never change."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.core.paginator import Paginator
from django.db.models import Model
from django.http import HttpRequest
from django.utils.functional import cached_property


class NeverDeleted:
    """Mixed into an admin: its rows stay."""

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


class NeverAdded:
    """Mixed into an admin: its rows come from elsewhere."""

    def has_add_permission(self, request: HttpRequest, *args: Any) -> bool:
        return False


class ReadOnly(NeverDeleted, NeverAdded):
    """Mixed into an admin: its rows are for reading."""

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


class FixedSlug(admin.ModelAdmin):
    """An admin whose rows keep the slug they were made with: addresses and fixtures rest on it."""

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> Any:
        fields = super().get_readonly_fields(request, obj)
        return fields if obj is None else (*fields, "slug")


class BoundedPaginator(Paginator[Any]):
    """Counts no further than MOST rows: nobody turns so many pages, a filter is there for that."""

    MOST = 10_000

    @cached_property
    def _counted(self) -> int:
        rows: Any = self.object_list
        # Their keys alone: what is annotated for the rows would be worked out for all of these.
        return int(rows.order_by().values("pk")[: self.MOST + 1].count())

    @cached_property
    def count(self) -> int:
        return min(self._counted, self.MOST)

    @property
    def is_cut(self) -> bool:
        return self._counted > self.MOST


# The number of all rows is a COUNT over the whole table that nobody asked for; 50 rows fit a page.
class BoundedList:
    """Mixed into an admin: its list costs the same, however long the table is."""

    show_full_result_count = False
    paginator: Any = BoundedPaginator
    list_per_page = 50
