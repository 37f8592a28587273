"""The character NUL, which no database of ours can be asked for and nobody means."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import chain

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse

NUL = "\x00"
# Every other page refuses it where it reads the value, and says of which parameter it was.
PLACE = "/admin/"


class NoNul:
    """Middleware. Django's admin asks the database for what it is sent, and PostgreSQL breaks off.

    What is in a file that is sent with a form is left to who reads the file.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path.startswith(PLACE) and any(NUL in text for text in _said(request)):
            raise BadRequest("A value cannot hold the character NUL.")
        return self.get_response(request)


def _said(request: HttpRequest) -> Iterator[str]:
    yield request.path
    for name, values in chain(request.GET.lists(), request.POST.lists()):
        yield from (name, *map(str, values))
