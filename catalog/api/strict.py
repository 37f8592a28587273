"""What every view of the API is: read-only, strict about its parameters, paged in one way."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, time
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponsePermanentRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework.generics import GenericAPIView
from rest_framework.pagination import BasePagination
from rest_framework.request import Request
from rest_framework.response import Response

from catalog.api.errors import NotHere, Refusal
from catalog.api.fields import absolute
from catalog.faults import Fault, Refused, echo
from catalog.filters import LAST_PAGE, TrialFilter
from catalog.parameters import OneOf, PageNumber, PageSize, Parameter
from catalog.reading import PAGE_SIZE, ParameterSet, Reading, read
from trials.partial_date import PartialDate
from trials.search import consistent

LARGEST_PAGE = 1000


class Language(OneOf):
    """The language of names and of error messages."""

    narrows = False


LANG = Language(
    gettext_lazy("Language"),
    gettext_lazy("The language of names and errors; Accept-Language does the same."),
    choices={"en": "en", "zh-hans": "zh-hans"},
    example="en",
)


class Since(Parameter):
    """A moment: a date as everywhere, or a date with a time."""

    narrows = False

    def understand(self, value: str) -> datetime:
        try:
            moment = parse_datetime(value)
            if moment is None:
                moment = datetime.combine(PartialDate.parse(value).earliest, time.min)
        except ValueError as error:
            detail = _("“%(value)s” is no date and no time: write 2026-03-15 or %(example)s.")
            words = {"value": echo(value), "example": "2026-03-15T12:00:00Z"}
            raise Refused(value, detail % words) from error
        moment = moment if timezone.is_aware(moment) else timezone.make_aware(moment)
        try:
            return moment.astimezone(UTC)
        except OverflowError as error:  # 9999-12-31T23:59:59-14:00
            detail = _("“%(value)s” is no date and no time: write 2026-03-15 or %(example)s.")
            words = {"value": echo(value), "example": "2026-03-15T12:00:00Z"}
            raise Refused(value, detail % words) from error


class Plain(ParameterSet):
    """The parameters of a view that has no list."""

    lang = LANG


class Paged(ParameterSet):
    """The parameters of a list."""

    page = PageNumber(
        gettext_lazy("Page"),
        gettext_lazy("Page of the list."),
        least=1,
        most=LAST_PAGE,
        example="1",
    )
    page_size = PageSize(
        gettext_lazy("Page size"),
        gettext_lazy("Entries a page."),
        least=1,
        most=LARGEST_PAGE,
        example=str(PAGE_SIZE),
    )
    lang = LANG


class ChangesOfTrial(Paged):
    """The parameters of the list of one trial's changes."""

    cosmetic = OneOf(
        gettext_lazy("Cosmetic changes"),
        gettext_lazy("Also what is only written differently or worked out by the registry."),
        choices={"yes": True, "no": False},
        example="yes",
    )


class Changes(ChangesOfTrial):
    """The parameters of the list of changes."""

    since = Since(
        gettext_lazy("Since"),
        gettext_lazy("Changes seen at that moment or later."),
        example="2026-03-15",
    )


class TrialQuestion(TrialFilter):
    """Every question about trials, and the language of the answer."""

    lang = LANG


class StrictView(GenericAPIView[Any]):
    """Refuses what it does not know before it looks at anything."""

    parameters: ClassVar[type[ParameterSet]] = Plain
    http_method_names = ["get", "head", "options"]
    counts_trials = False  # what it shows and what it counts come from one state of the database
    reading: Reading

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not self.counts_trials:
            return super().dispatch(request, *args, **kwargs)
        with consistent():
            return super().dispatch(request, *args, **kwargs)

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        if request.method != "OPTIONS":
            self.reading = read(self.parameters, request.GET, max_page_size=LARGEST_PAGE)
            if self.reading.faults:
                raise Refusal(self.reading.faults)


def one_address(request: Request, key: str) -> HttpResponsePermanentRedirect:
    """A redirect from another spelling of a number or code to the address that has this key."""
    match = request.resolver_match
    address = reverse(str(match and match.view_name), args=[key])
    query = request.META.get("QUERY_STRING", "")
    return HttpResponsePermanentRedirect(f"{address}?{query}" if query else address)


class Pages(BasePagination):
    """`page` and `page_size`, understood by the view; a page beyond the end is not there."""

    def paginate_queryset(
        self, queryset: QuerySet[Any] | Sequence[Any], request: Request, view: Any = None
    ) -> list[Any]:
        self.request = request
        self.page, size = view.reading.page, view.reading.page_size
        counted = isinstance(queryset, QuerySet)
        self.count = queryset.count() if counted else len(queryset)  # type: ignore[call-arg]
        self.last = max(1, -(-self.count // size))
        if self.page > self.last:
            detail = _("There is no page %(page)d: the last one is page %(last)d.")
            detail %= {"page": self.page, "last": self.last}
            raise NotHere([Fault("page", str(self.page), detail, str(self.last))])
        first = (self.page - 1) * size
        return list(queryset[first : first + size])

    def get_paginated_response(self, data: Any) -> Response:
        return Response(
            {
                "count": self.count,
                "next": self._address(self.page + 1),
                "previous": self._address(self.page - 1),
                "results": data,
            }
        )

    def _address(self, page: int) -> str | None:
        if not 1 <= page <= self.last:
            return None
        params = self.request.GET.copy()
        params["page"] = str(page)
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
