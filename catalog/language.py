"""Lets an address choose the language (`?lang=zh-hans`), and keeps the choice in a cookie."""

import re
from collections.abc import Callable
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.cache import patch_vary_headers
from django.utils.translation import get_language, get_supported_language_variant

PARAMETER = "lang"
# Programs ask for a language each time; what they get is kept by caches. People read its docs.
WITHOUT_COOKIES = re.compile("/api/(?!v1/docs/)")


class LanguageFromAddress:
    """Middleware: stands before LocaleMiddleware, which reads the cookie that this one sets."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        chosen = chosen_language(request)
        if WITHOUT_COOKIES.match(request.path):
            request.COOKIES.pop(settings.LANGUAGE_COOKIE_NAME, None)
        if chosen:
            request.COOKIES[settings.LANGUAGE_COOKIE_NAME] = chosen
        response = self.get_response(request)
        if WITHOUT_COOKIES.match(request.path):
            return response
        # A shared cache must not give one reader's language to the next.
        patch_vary_headers(response, ("Cookie",))
        if chosen:
            _keep(response, chosen)
        return response


def chosen_language(request: HttpRequest) -> str | None:
    """The language that `?lang=` asks for; None where it asks for none that the site has."""
    try:
        return get_supported_language_variant(request.GET.get(PARAMETER, "").lower())
    except LookupError:
        return None


def with_language(address: str) -> str:
    """The address of a feed with the page's language: a feed reader has no cookie to tell it by.

    Without one where it is the site's own.
    """
    language = get_language() or settings.LANGUAGE_CODE
    if language == settings.LANGUAGE_CODE:
        return address
    return f"{address}{'&' if '?' in address else '?'}{urlencode({PARAMETER: language})}"


def _keep(response: HttpResponseBase, language: str) -> None:
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        max_age=settings.LANGUAGE_COOKIE_AGE,
        secure=settings.LANGUAGE_COOKIE_SECURE,
        httponly=settings.LANGUAGE_COOKIE_HTTPONLY,
        samesite="Lax",
    )
