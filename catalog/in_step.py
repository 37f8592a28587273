"""After whatever a person wrote, what is kept of trials is in step before the next page."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from trials.search.kept import in_step

READING = ("GET", "HEAD", "OPTIONS", "TRACE")


class KeptInStep:
    """Middleware. The admin's own pages write past the doors that keep it themselves."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method in READING:
            return self.get_response(request)
        with in_step():
            return self.get_response(request)
