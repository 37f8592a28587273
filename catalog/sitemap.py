"""The sitemap in parts: an index, and in each part a bounded number of pages in both languages."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from xml.sax.saxutils import escape

from django.conf import settings
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import conditional_page

from catalog.filters import ask
from catalog.methods import only_read
from catalog.pages.listing import read_page
from catalog.refusing import in_words
from trials.models import (
    CellSource,
    Country,
    Document,
    Indication,
    Product,
    Publication,
    Sponsor,
    Trial,
)
from trials.search import Found, from_one_state

IN_A_PART = 5_000  # pages; search engines take 50,000 or 50 MB
PAGES = (
    *("home", "trials", "landscape", "cell-sources", "indications", "countries", "sponsors"),
    *("products", "publications", "documents", "changes", "about", "method", "coverage", "data"),
)
_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
_SCHEMA = "http://www.sitemaps.org/schemas/sitemap/0.9"
_LANGUAGES = (("en", "en"), ("zh-Hans", "zh-hans"))

Entry = tuple[str, datetime | None]  # an address, and when the page last changed


@dataclass(frozen=True, slots=True)
class Section:
    """Pages of one kind: how many there are, and those between two places."""

    count: Callable[[], int]
    between: Callable[[int, int], Iterable[Entry]]


def _of(rows: QuerySet[Any], view: str, key: str = "slug") -> Section:
    def between(first: int, last: int) -> Iterator[Entry]:
        for value in rows.order_by("pk").values_list(key, flat=True)[first:last]:
            yield reverse(view, args=[value]), None

    return Section(rows.count, between)


def _every_trial() -> Found:
    return ask(QueryDict()).trials


def _trials(first: int, last: int) -> Iterator[Entry]:
    """In the order in which they came, so that a new one changes the last part alone."""
    keys = _every_trial().keys_as_they_came()[first:last].tolist()
    rows = Trial.objects.filter(pk__in=keys).order_by("pk").values_list("number", "updated_at")
    for number, updated_at in rows:
        yield reverse("trial", args=[number]), updated_at


SECTIONS = {
    "pages": Section(
        lambda: len(PAGES), lambda first, last: ((reverse(name), None) for name in PAGES)
    ),
    "trials": Section(lambda: len(_every_trial()), _trials),
    "cell-sources": _of(CellSource.objects.without_tree_fields(), "cell-source"),
    "indications": _of(Indication.objects.without_tree_fields(), "indication"),
    "countries": _of(Country.objects.exclude(sites=None).distinct(), "country", "code"),
    "sponsors": _of(Sponsor.objects.present(), "sponsor"),
    "products": _of(Product.objects.all(), "product"),
    "publications": _of(Publication.objects.all(), "publication"),
    "documents": _of(Document.objects.all(), "document"),
}


@only_read
@conditional_page
@from_one_state
def sitemap(request: HttpRequest) -> HttpResponse:
    """The index of the parts."""
    if faults := read_page(request).faults:
        return in_words(faults)
    parts = (
        settings.PUBLIC_URL + reverse("sitemap-part", args=[name, number])
        for name, section in SECTIONS.items()
        for number in range(1, _parts(section) + 1)
    )
    entries = "".join(f"<sitemap><loc>{escape(part)}</loc></sitemap>\n" for part in parts)
    return _xml(f'{_HEAD}<sitemapindex xmlns="{_SCHEMA}">\n{entries}</sitemapindex>\n')


@only_read
@conditional_page
@from_one_state
def sitemap_part(request: HttpRequest, section: str, number: int) -> HttpResponse:
    """The pages of one part."""
    if faults := read_page(request).faults:
        return in_words(faults)
    pages = SECTIONS.get(section)
    if pages is None or not 1 <= number <= _parts(pages):
        raise Http404(_("The sitemap has no such part."))
    first = (number - 1) * IN_A_PART
    entries = "".join(map(_entry, pages.between(first, first + IN_A_PART)))
    return _xml(
        f'{_HEAD}<urlset xmlns="{_SCHEMA}" xmlns:xhtml="http://www.w3.org/1999/xhtml">\n'
        f"{entries}</urlset>\n"
    )


def _parts(section: Section) -> int:
    return -(-section.count() // IN_A_PART)


def _entry(entry: Entry) -> str:
    path, changed = entry
    address = escape(f"{settings.PUBLIC_URL}{path}")
    lastmod = f"<lastmod>{changed.date().isoformat()}</lastmod>" if changed else ""
    languages = "".join(
        f'<xhtml:link rel="alternate" hreflang="{tag}" href="{address}?lang={language}"/>'
        for tag, language in _LANGUAGES
    )
    return f"<url><loc>{address}</loc>{lastmod}{languages}</url>\n"


def _xml(text: str) -> HttpResponse:
    return HttpResponse(text, content_type="application/xml; charset=utf-8")
