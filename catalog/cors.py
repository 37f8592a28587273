"""Lets pages of any site read the API: it needs no cookie, and nothing can be written."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

READ_BY_ALL = "/api/"
METHODS = "GET, HEAD, OPTIONS"
TOLD = "ETag, Last-Modified, Link, Retry-After, RateLimit, RateLimit-Policy, Content-Language"
DAY = "86400"  # seconds


class ReadableByAll:
    """Middleware: answers browsers that ask whether a page of another site may read the API."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not request.path.startswith(READ_BY_ALL):
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
