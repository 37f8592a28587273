"""Lets pages of any site read the API, the files and the feeds: they need no cookie to be read."""

import re
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

# The API; a list in another form, the feeds; the files of the whole catalogue.
READ_BY_ALL = re.compile(
    r"/api/|/(?:trials|changes|landscape)\.[a-z]+$|/trials/[^/]+/changes\.atom$|/about/data/."
)
METHODS = "GET, HEAD, OPTIONS"
TOLD = (
    "ETag, Last-Modified, Link, Retry-After, RateLimit, RateLimit-Policy, Content-Language,"
    " Content-Disposition, X-Total-Count, Repr-Digest"
)
DAY = "86400"  # seconds


class ReadableByAll:
    """Middleware: answers browsers that ask whether a page of another site may read these."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not READ_BY_ALL.match(request.path):
            return self.get_response(request)
        asked = "Access-Control-Request-Method" in request.headers
        if asked and request.method == "OPTIONS":
            response: HttpResponseBase = HttpResponse(status=204)
            response["Access-Control-Allow-Methods"] = METHODS
            # "*" stands for every header but Authorization, and nobody logs in here.
            response["Access-Control-Allow-Headers"] = "*"
            response["Access-Control-Max-Age"] = DAY
        else:
            response = self.get_response(request)
        response["Access-Control-Allow-Origin"] = "*"
        response["Access-Control-Expose-Headers"] = TOLD
        return response
