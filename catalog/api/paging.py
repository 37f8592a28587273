"""Pages of lists: by number, and by a cursor that stays right while trials change."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from rest_framework.pagination import BasePagination
from rest_framework.request import Request
from rest_framework.response import Response

from catalog.api.cursors import Cursor, Side, ranked_by
from catalog.api.errors import NotHere, Refusal
from catalog.api.fields import absolute
from catalog.asking import Asked
from catalog.faults import Fault
from trials.search import Found

DEEPEST = 10_000  # trials that numbered pages reach


class Pages(BasePagination):
    """`page` and `page_size`, understood by the view; a page beyond the end is not there."""

    next: dict[str, str] | None = None  # what the address of the next page says of the place
    previous: dict[str, str] | None = None

    def paginate_queryset(
        self, queryset: QuerySet[Any] | Sequence[Any], request: Request, view: Any = None
    ) -> list[Any]:
        self.request = request
        page, size = view.reading.page, view.reading.page_size
        counted = isinstance(queryset, QuerySet)
        self.count = queryset.count() if counted else len(queryset)  # type: ignore[call-arg]
        last = max(1, -(-self.count // size))
        if page > last:
            detail = _("There is no page %(page)d: the last one is page %(last)d.")
            detail %= {"page": page, "last": last}
            raise NotHere([Fault("page", str(page), detail, str(last))])
        if page < last:
            self.next = {"page": str(page + 1)}
        if page > 1:
            self.previous = {"page": str(page - 1)}
        first = (page - 1) * size
        return self.cut(queryset, slice(first, first + size))

    def cut(self, rows: Any, wanted: slice) -> list[Any]:
        return list(rows[wanted])

    def get_paginated_response(self, data: Any) -> Response:
        return Response(
            {
                "count": self.count,
                "next": self._address(self.next),
                "previous": self._address(self.previous),
                "results": data,
            }
        )

    def _address(self, place: dict[str, str] | None) -> str | None:
        if place is None:
            return None
        params = self.request.GET.copy()
        for name in ("page", "cursor"):
            params.pop(name, None)
        params.update(place)
        return absolute(self.request, f"{self.request.path}?{params.urlencode()}")

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        link = {"type": ["string", "null"], "format": "uri"}
        return {
            "type": "object",
            "required": ["count", "next", "previous", "results"],
            "properties": {
                "count": {"type": "integer"},
                "next": link,
                "previous": link,
                "results": schema,
            },
        }

    def get_schema_operation_parameters(self, view: Any) -> list[Any]:
        return []  # described with the view's other parameters


class PagesOfChanges(Pages):
    """Of changes; of trials that changed there is a cursor in place of numbers."""

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        page = super().get_paginated_response_schema(schema)
        described = "Where to go on, as “since”; only where “since” is empty or a cursor."
        page["properties"]["cursor"] = {"type": "string", "description": described}
        return page


class PagesOfTrials(Pages):
    """Their keys, by number near the beginning; by `cursor` at any depth and while they change."""

    def paginate_queryset(self, queryset: Any, request: Request, view: Any = None) -> list[Any]:
        self.asked: Asked = view.asked
        if "cursor" in request.GET:
            self.request = request
            return self._by_cursor(queryset)
        rows = super().paginate_queryset(queryset, request, view)
        size, end = self.asked.page_size, self.asked.page * self.asked.page_size
        if end - size >= DEEPEST:
            raise Refusal([self._too_deep()])
        if self.next and end >= DEEPEST:
            self.next = self._place(queryset, Side.AFTER, end - 1)
        return rows

    def _too_deep(self) -> Fault:
        detail = _(
            "Numbered pages reach %(most)d trials deep. Begin with “cursor=” (empty) in place of"
            " “page”, and follow “next” as far as you like."
        )
        last = DEEPEST // self.asked.page_size
        return Fault("page", str(self.asked.page), detail % {"most": DEEPEST}, str(last))

    def _by_cursor(self, found: Found) -> list[Any]:
        self.count = len(found)
        start, end = self._window(found, self._cursor())
        if end < self.count:
            self.next = self._place(found, Side.AFTER, end - 1)
        if start > 0:
            # Of a page that lost all its trials, the one before it ends just before its place.
            side, at = (Side.BEFORE, start) if start < self.count else (Side.UP_TO, start - 1)
            self.previous = self._place(found, side, at)
        return self.cut(found, slice(start, end))

    def cut(self, rows: Found, wanted: slice) -> list[int]:
        return rows.keys_of(wanted)

    def _window(self, found: Found, cursor: Cursor | None) -> tuple[int, int]:
        size = self.asked.page_size
        if cursor is None:
            start = 0
        elif cursor.side == Side.AFTER:
            start = found.order.up_to(cursor.rank)
        else:
            place = found.order.before if cursor.side == Side.BEFORE else found.order.up_to
            end = place(cursor.rank)
            return max(0, end - size), end
        return start, min(start + size, self.count)

    def _cursor(self) -> Cursor | None:
        """The place that is asked for; None at the beginning."""
        asked = self.asked
        cursor: Cursor | None = asked.values.get("cursor")
        if "page" in asked.values:
            detail = _("“page” and “cursor” cannot be asked together.")
            raise Refusal([Fault("page", str(asked.page), detail)])
        if cursor is None or (
            (cursor.ordering, cursor.ranked_by)
            == (asked.ordering, ranked_by(asked.ordering, asked.params))
        ):
            return cursor
        detail = _(
            "This cursor belongs to another question: “q”, “near” and “ordering” must stay as they"
            " were. Leave it empty to begin anew."
        )
        raise Refusal([Fault("cursor", str(cursor)[:100], detail)])

    def _place(self, found: Found, side: Side, at: int) -> dict[str, str]:
        ordering = self.asked.ordering
        asked = ranked_by(ordering, self.asked.params)
        return {"cursor": str(Cursor(side, ordering, asked, found.order.rank(at)))}
