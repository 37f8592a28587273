"""What may be done with a page: whoever asks for something else is told so, with 405.

Views here are exempt from the middleware's look at the token, and look at the method first: without
that the middleware says 403 to a method that no token helps.
"""

from __future__ import annotations

from typing import Any

from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods, require_safe


def only_read(view: Any) -> Any:
    """A view that answers GET and HEAD."""
    return csrf_exempt(require_safe(view))


def read_or_send(view: Any) -> Any:
    """A view that answers POST too, from whoever was given the form's token: else 403."""
    return csrf_exempt(require_http_methods(["GET", "HEAD", "POST"])(csrf_protect(view)))
