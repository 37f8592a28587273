"""Where a list of trials is found in its other forms: for the page's links and the Link header."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from urllib.parse import urlencode

from django.urls import get_script_prefix, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from catalog.asking import Asked
from catalog.language import PARAMETER, with_language

LONGEST_QUERY = 1_000  # letters; six addresses with a longer one are too long a header for a proxy
# What tells how a form looks, not which trials are in it.
_OF_THE_FORM = (PARAMETER, "page", "page_size", "end_mark")


@dataclass(frozen=True, slots=True)
class Twin:
    """A form of the list: the name of its address, media type, name, what it is for."""

    view: str
    content_type: str
    name: str
    use: str | Promise = ""

    @property
    def ending(self) -> str:
        return self.view.removeprefix("trials-")

    def address(self, query: str) -> str:
        path = _path(self.view, get_script_prefix())
        return f"{path}?{query}" if query else path

    def linked(self, query: str) -> str:
        """The address on a page: that of a feed with the page's language."""
        address = self.address(query)
        return with_language(address) if self is ATOM else address


@cache
def _path(view: str, prefix: str) -> str:
    """Looked up once: each page of the list has more than a dozen. `prefix` is the active one."""
    return reverse(view)


PAGE = Twin("trials", "text/html", "HTML")
ATOM = Twin("trials-atom", "application/atom+xml", "Atom", _("a feed of what changes"))
TWINS = (
    Twin("trials-csv", "text/csv", "CSV", _("for Excel and R")),
    Twin("trials-ndjson", "application/x-ndjson", "JSON Lines", _("for programs, one a line")),
    Twin("api:trials", "application/json", "JSON", _("the API, page by page")),
    Twin("trials-ris", "application/x-research-info-systems", "RIS", _("for reference managers")),
    ATOM,
)


def twin_query(asked: Asked, *without: str) -> str:
    """The question alone: what every other form of this list is asked with."""
    left_out = (*_OF_THE_FORM, *without)
    lists = asked.params.lists()
    return urlencode(
        [(name, value) for name, values in lists if name not in left_out for value in values]
    )


def links(query: str, without: str) -> str:
    """A Link header (RFC 8288) that names the forms but one; empty for a very long question."""
    if len(query) > LONGEST_QUERY:
        return ""
    return ", ".join(
        f'<{twin.address(query)}>; rel="alternate"; type="{twin.content_type}"'
        for twin in (PAGE, *TWINS)
        if twin.ending != without
    )
