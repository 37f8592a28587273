"""A question about trials, answered as a page of a list: what every list of trials shares."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import InvalidPage, Page, Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from catalog.charts import Facets
from catalog.filters import LAST_PAGE, ask
from catalog.language import PARAMETER
from catalog.pages.rows import Rows
from catalog.parameters import PageNumber
from catalog.reading import ParameterSet, Reading, read
from trials.querysets import RECRUITING

OWN_PARAMETERS = frozenset({PARAMETER})  # known to pages beside the questions about trials
FEW = 12  # trials on the page of a sponsor, a source, a country
RECRUITING_QUERY = urlencode({"status": [str(status) for status in RECRUITING]}, doseq=True)


class Plain(ParameterSet):
    """The parameters of a page without a list of pages: the language alone."""


class Paged(ParameterSet):
    """The parameters of a list that has pages."""

    page = PageNumber(
        gettext_lazy("Page"),
        gettext_lazy("Page of the list."),
        least=1,
        most=LAST_PAGE,
        example="1",
    )


def read_page(request: HttpRequest, kind: type[ParameterSet] = Plain) -> Reading:
    """What the address of a page asks for, and what is wrong with it."""
    return read(kind, request.GET, extra=OWN_PARAMETERS)


def show(
    request: HttpRequest, template: str, context: dict[str, Any], reading: Reading | None = None
) -> HttpResponse:
    """The page, with status 400 and a banner where its address asks for what it does not have."""
    faults = (reading or read_page(request)).faults
    context = {**context, "faults": faults}
    return render(request, f"catalog/{template}.html", context, status=400 if faults else 200)


def page_of(rows: QuerySet[Any] | Rows, number: str | int, size: int) -> Page[Any]:
    """The asked page of these rows. Raises Http404, saying how many pages there are."""
    pages: Paginator[Any] = Paginator(rows, size)
    try:
        return pages.page(number or 1)
    except InvalidPage as error:
        raise Http404(
            _("There is no page %(number)s here: the last one is page %(last)s.")
            % {"number": number, "last": pages.num_pages}
        ) from error


def one(rows: QuerySet[Any], **key: str) -> Any:
    """The row of this key. Raises Http404, naming what was looked for."""
    try:
        return rows.get(**key)
    except rows.model.DoesNotExist as error:
        (value,) = key.values()
        raise Http404(_("The catalogue has nothing under “%s” here.") % value) from error


@dataclass(frozen=True)
class Few:
    """The answer to a question in short: the first trials, their number, how they are spread.

    `query` asks for all of them in the list.
    """

    rows: tuple[SafeString, ...]
    count: int
    query: str
    facets: Facets

    @cached_property
    def recruiting(self) -> int:
        """How many say that they take participants now."""
        return sum(row.count for row in self.facets["status"] if row.value in RECRUITING)

    @property
    def recruiting_query(self) -> str:
        return f"{self.query}&{RECRUITING_QUERY}"

    def found_by(self, parameter: str) -> dict[str, int]:
        """How many trials each value of a parameter has, whatever was asked of this parameter."""
        return {row.value: row.count for row in self.facets[parameter]}


def few_trials(**question: str) -> Few:
    """What a page shows of the trials that answer a question; it is asked once."""
    params = QueryDict(mutable=True)
    params.update(question)
    asked = ask(params)
    return Few(
        rows=tuple(Rows(asked, level=3)[:FEW]),
        count=asked.trials.count(),
        query=params.urlencode(),
        facets=asked.facets(),
    )


def counts(*parameters: str) -> dict[str, dict[str, int]]:
    """For each parameter, how many of all trials each of its values finds."""
    facets = ask(QueryDict()).facets()
    return {name: {row.value: row.count for row in facets[name]} for name in parameters}
