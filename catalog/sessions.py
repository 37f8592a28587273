"""Lets the session of somebody who works go on; SESSION_COOKIE_AGE counts from the last request."""

import time
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase

RENEWED_EVERY = 300  # seconds: not at each request, for each renewal is a write
_SEEN = "seen"


class IdleSessions:
    """Middleware, after the one that logs in. Whoever has no session gets none here."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if settings.SESSION_COOKIE_NAME in request.COOKIES and request.user.is_authenticated:
            now = int(time.time())
            if now - request.session.get(_SEEN, 0) >= RENEWED_EVERY:
                request.session[_SEEN] = now
        return self.get_response(request)
