"""Answers that need not be sent again: what tells one state of the catalogue from the next."""

from __future__ import annotations

import time
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.utils.cache import patch_vary_headers
from django.utils.http import http_date, parse_etags
from django.utils.translation import get_language

from catalog.shared import first_said
from trials.search.consistent import reading_from
from trials.search.log import version

# Whoever keeps an answer asks whether it still holds: an edit is seen at once, and a yes is cheap.
KEEP = "public, no-cache"
ASKED_IN = ("Accept", "Accept-Language", "Accept-Encoding")
_SETTLED = 2.0  # seconds after which a version has a date: until then another may have the same
_DATE_KEPT = 30 * 24 * 3600  # seconds: each of many versions leaves one in the cache
_seen: tuple[str, float] = ("", 0.0)  # the version that this process saw last, and since when


@dataclass(frozen=True, slots=True)
class Validators:
    """The headers by which a client asks whether what it has still holds."""

    etag: str
    last_modified: str  # empty while the version is too new to have one

    def hold(self, request: HttpRequest) -> bool:
        """Whether the client says that it has just this answer."""
        # Not for "*": whether there is an answer at all is not known yet.
        if "HTTP_IF_NONE_MATCH" in request.META:
            # Compared as weak tags (RFC 9110, 13.1.2): proxies and clients take the "W/" off.
            named = parse_etags(request.META["HTTP_IF_NONE_MATCH"])
            return _opaque(self.etag) in map(_opaque, named)
        since = request.META.get("HTTP_IF_MODIFIED_SINCE")
        return bool(since) and since == self.last_modified

    def mark(self, response: Any) -> None:
        response.headers["ETag"] = self.etag
        if self.last_modified:
            response.headers["Last-Modified"] = self.last_modified
        response.headers["Cache-Control"] = KEEP

    def unchanged(self) -> HttpResponse:
        answer = HttpResponseNotModified()
        self.mark(answer)
        patch_vary_headers(answer, ASKED_IN)
        return answer


def _opaque(etag: str) -> str:
    return etag.removeprefix("W/")


def of_catalogue(request: HttpRequest) -> Validators:
    """Those of the answer to this request as the catalogue is now; one query, and no row is read.

    Read before the rows are: should something change meanwhile, the client asks once too often.
    """
    return _validators(request, version(reading_from()))


def of_software(request: HttpRequest) -> Validators:
    """Those of an answer in which no row of the catalogue stands."""
    return _validators(request, "")


def _validators(request: HttpRequest, state: str) -> Validators:
    asked = (
        state,
        settings.SOFTWARE_VERSION,
        request.build_absolute_uri(),
        get_language() or "",
        request.META.get("HTTP_ACCEPT", ""),
    )
    digest = blake2b("\n".join(asked).encode("utf-8", "surrogateescape"), digest_size=12)
    return Validators(f'W/"{digest.hexdigest()}"', _dated(state) if state else "")


def _dated(state: str) -> str:
    """When this version was first seen by this software: never before the last change it has."""
    global _seen  # noqa: PLW0603 - one version a process, whoever asks
    now, seen = time.time(), f"catalogue-seen:{settings.SOFTWARE_VERSION}:{state}"
    if _seen[0] != seen:
        # One date for all workers, where they share a cache.
        _seen = (seen, first_said(seen, now, seconds=_DATE_KEPT))
    return http_date(int(_seen[1])) if now - _seen[1] > _SETTLED else ""
