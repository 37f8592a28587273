"""What every view of the API is: read-only, strict about its parameters, paged in one way."""

from __future__ import annotations

from contextlib import nullcontext
from datetime import UTC, datetime, time
from typing import Any, ClassVar, NoReturn

from django.http import HttpRequest, HttpResponsePermanentRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from catalog.api.caching import ASKED_IN, KEEP, Validators, of_catalogue
from catalog.api.cursors import Cursor, CursorParameter, Side
from catalog.api.errors import Refusal
from catalog.api.following import read_walk
from catalog.api.lists import FIELDS, PARTS
from catalog.api.throttling import Allowance, PerMinute, too_often
from catalog.faults import Refused, echo
from catalog.filters import LAST_PAGE, TrialFilter
from catalog.parameters import OneOf, PageNumber, PageSize, Parameter, Parts
from catalog.reading import PAGE_SIZE, ParameterSet, Reading, read
from trials.partial_date import PartialDate
from trials.search import ORDERINGS, consistent
from trials.search.following import Walk

LARGEST_PAGE = 1000
READING = ("GET", "HEAD")


# A place in the default order: after the trials that were updated last on 2024-01-02.
EXAMPLE = str(Cursor(Side.AFTER, ORDERINGS[0], "", (-19724, 3166865)))


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
    """A moment: a date as everywhere, a date with a time, or a cursor of an earlier answer."""

    narrows = False
    longest = 6000  # letters; a cursor names the writers that were at work

    def understand(self, value: str) -> datetime | Walk:
        try:
            return _moment(value) if value[0].isdigit() else read_walk(value)
        except (ValueError, OverflowError) as error:  # 9999-12-31T23:59:59-14:00
            detail = _(
                "“%(value)s” is no date, no time and no cursor: write 2026-03-15, %(example)s, or"
                " the “cursor” of an answer; leave it empty to begin a copy."
            )
            words = {"value": echo(value), "example": "2026-03-15T12:00:00Z"}
            raise Refused(value, detail % words) from error


def _moment(value: str) -> datetime:
    """Raises ValueError and OverflowError."""
    moment = parse_datetime(value)
    if moment is None:
        moment = datetime.combine(PartialDate.parse(value).earliest, time.min)
    moment = moment if timezone.is_aware(moment) else timezone.make_aware(moment)
    return moment.astimezone(UTC)


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
        gettext_lazy(
            "With a date or a time: the changes of the registry's records that were seen at that"
            " moment or later; all of a refresh have the time when it began, so give the newest"
            " “seen_at” that you have, not the time of your last question. With a cursor:"
            " each trial that changed since, as it is now; empty to begin a copy of all, then as"
            " “cursor” has it."
        ),
        example="2026-03-15",
    )


class TrialQuestion(TrialFilter):
    """Every question about trials, and the language of the answer."""

    cursor = CursorParameter(
        gettext_lazy("Cursor"),
        gettext_lazy(
            "Instead of “page”: empty to begin, then as “next” and “previous” have it. It stays"
            " right while trials change, and reaches any depth."
        ),
        example=EXAMPLE,
    )
    lang = LANG


class TrialListQuestion(TrialQuestion):
    """Every question about trials, and how much of each the answer has."""

    fields = Parts(
        gettext_lazy("Fields"),
        gettext_lazy("These fields of each trial alone, and its “id”; commas between them."),
        choices={name: name for name in FIELDS},
        example="title,status,countries",
    )
    include = Parts(
        gettext_lazy("Include"),
        gettext_lazy("Further parts of each trial, as its own address has them."),
        choices={name: name for name in PARTS},
        example="facts,sites",
    )


class StrictView(GenericAPIView[Any]):
    """Refuses what it does not know before it looks at anything."""

    parameters: ClassVar[type[ParameterSet]] = Plain
    http_method_names = ["get", "head", "options"]
    throttle_classes = (PerMinute,)
    counts_trials = False  # what it shows and what it counts come from one state of the database
    reading: Reading
    allowance: Allowance | None = None

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        kept = self.validators(request) if request.method in READING else None
        if kept and kept.hold(request):
            return kept.unchanged()
        with consistent() if self.counts_trials else nullcontext():
            response = super().dispatch(request, *args, **kwargs)
        response.headers["Cache-Control"] = KEEP if response.status_code < 400 else "no-store"
        patch_vary_headers(response, ASKED_IN)
        if kept and response.status_code == 200:
            kept.mark(response)
        return response

    def validators(self, request: HttpRequest) -> Validators | None:
        """By what a client can ask whether its answer still holds; None where nothing tells."""
        return of_catalogue(request)

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        if request.method in READING:  # any other is refused for what it is
            self.reading = read(self.parameters, request.GET, max_page_size=LARGEST_PAGE)
            if self.reading.faults:
                raise Refusal(self.reading.faults)

    def throttled(self, request: Request, wait: float | None) -> NoReturn:
        raise too_often(wait)

    def finalize_response(self, *args: Any, **kwargs: Any) -> Any:
        response = super().finalize_response(*args, **kwargs)
        for name, value in (self.allowance.headers() if self.allowance else {}).items():
            response.headers[name] = value
        return response

    def options(self, request: Any, *args: Any, **kwargs: Any) -> Response:
        """What one may do here, which is in `Allow`; the schema says the rest."""
        return Response(status=204)


def one_address(request: Request, key: str) -> HttpResponsePermanentRedirect:
    """A redirect from another spelling of a number or code to the address that has this key."""
    match = request.resolver_match
    address = reverse(str(match and match.view_name), args=[key])
    query = request.META.get("QUERY_STRING", "")
    return HttpResponsePermanentRedirect(f"{address}?{query}" if query else address)
