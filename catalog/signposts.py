"""What programs look for at fixed addresses: robots.txt, opensearch.xml, llms.txt."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import conditional_page

from catalog.filters import TrialFilter
from catalog.methods import only_read
from catalog.pages.listing import read_page
from catalog.refusing import in_words

SIGNPOSTS = {
    "robots.txt": "text/plain; charset=utf-8",
    "llms.txt": "text/markdown; charset=utf-8",
    "opensearch.xml": "application/opensearchdescription+xml; charset=utf-8",
}


@only_read
@conditional_page
def signpost(request: HttpRequest, name: str) -> HttpResponse:
    """The file of this name, with the site's own public address in it."""
    if faults := read_page(request).faults:
        return in_words(faults)
    context = {
        "public_url": settings.PUBLIC_URL,
        "parameters": TrialFilter.parameters().values(),
    }
    return render(request, f"signposts/{name}", context, content_type=SIGNPOSTS[name])
