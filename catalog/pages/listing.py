"""A question about trials, answered as a page of a list: what every list of trials shares."""

from __future__ import annotations

from typing import Any

from django.core.paginator import InvalidPage, Page, Paginator
from django.db.models import QuerySet
from django.http import Http404, QueryDict
from django.utils.translation import gettext as _

from catalog.filters import ask
from catalog.language import PARAMETER

OWN_PARAMETERS = frozenset({PARAMETER})  # known to pages beside the questions about trials
FEW = 12  # trials on the page of a sponsor, a source, a country


def page_of(rows: QuerySet[Any], number: str | int, size: int) -> Page[Any]:
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


def few_trials(**question: str) -> dict[str, Any]:
    """The first trials that answer a question, their number, and the address of the whole list."""
    params = QueryDict(mutable=True)
    params.update(question)
    asked = ask(params)
    return {
        "trials": list(asked.trials.for_list()[:FEW]),
        "count": asked.trials.count(),
        "query": params.urlencode(),
    }


def counts(*parameters: str) -> dict[str, dict[str, int]]:
    """For each parameter, how many of all trials each of its values finds."""
    facets = ask(QueryDict()).facets()
    return {name: {row.value: row.count for row in facets[name]} for name in parameters}
