"""What the admin lets nobody do, superusers included: the kinds of table that are kept whole."""

from __future__ import annotations

from typing import Any

from django.db.models import Model
from django.http import HttpRequest


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


# The number of all rows is a COUNT over the whole table that nobody asked for; 50 rows fit a page.
class BoundedList:
    """Mixed into an admin: its list costs the same, however long the table is."""

    show_full_result_count = False
    list_per_page = 50
