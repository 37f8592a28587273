"""The site's addresses, and two beside them that its API is measured beside.

A view that only sends bytes that are ready, and the plain list, both through all that every request
to the site goes through. `ready` is filled by who measures.
"""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import path

from bench.plain_api import view
from catalog.urls import urlpatterns as urlpatterns_of_the_site

ready = bytearray()


def bare(request: HttpRequest) -> HttpResponse:
    return HttpResponse(bytes(ready), content_type="application/json")


urlpatterns = [path("bench/bare/", bare), path("bench/plain/", view()), *urlpatterns_of_the_site]
