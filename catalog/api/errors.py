"""Everything that goes wrong, as application/problem+json (RFC 9457)."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from dataclasses import asdict
from http import HTTPStatus
from math import ceil
from typing import Any

from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.core.signals import got_request_exception
from django.http import Http404
from django.utils.translation import gettext as _
from rest_framework import status
from rest_framework.exceptions import APIException
from rest_framework.response import Response
from rest_framework.views import set_rollback

from catalog.api.rendering import Json
from catalog.faults import Fault

PROBLEM = "application/problem+json"
logger = logging.getLogger("django.request")


class Refusal(APIException):
    """A question that is not answered, with everything that is wrong with it."""

    status_code: int = status.HTTP_400_BAD_REQUEST

    def __init__(self, faults: Iterable[Fault], detail: str = "") -> None:
        self.faults = tuple(faults)
        super().__init__(detail or " ".join(fault.detail for fault in self.faults))


class NotHere(Refusal):
    """A page, a trial or another thing that does not exist."""

    status_code = status.HTTP_404_NOT_FOUND


class NoLonger(Refusal):
    """What can no longer be told; the client must begin again."""

    status_code = status.HTTP_410_GONE


def problem(code: int, detail: str, faults: Iterable[Fault] = ()) -> dict[str, Any]:
    """The body of an error. Every error has the same keys, so that a client needs one reader."""
    return {
        "type": "about:blank",
        "title": HTTPStatus(code).phrase,
        "status": code,
        "detail": detail,
        "errors": [{**asdict(fault), "allowed": list(fault.allowed)} for fault in faults],
    }


def answer_problem(exception: Exception, context: dict[str, Any]) -> Response:
    """The answer to any exception; one that nobody foresaw is logged and told without its words."""
    error = _known(exception)
    headers: dict[str, str] = {}
    if error is None:
        _report(exception, context)
        body = problem(500, _("The catalogue failed to answer. The fault is logged."))
    else:
        faults = error.faults if isinstance(error, Refusal) else ()
        body = problem(error.status_code, str(error.detail), faults)
        if wait := getattr(error, "wait", None):
            headers["Retry-After"] = str(ceil(wait))
    set_rollback()
    context["request"].accepted_renderer = Json()  # whatever the view itself renders
    context["request"].accepted_media_type = PROBLEM
    return Response(body, body["status"], content_type=PROBLEM, headers=headers)


def _known(exception: Exception) -> APIException | None:
    if isinstance(exception, APIException):
        return exception
    if isinstance(exception, Http404):
        return NotHere((), str(exception) or _("There is nothing at this address."))
    if isinstance(exception, SuspiciousOperation):
        return Refusal((), _("The request is malformed."))
    if isinstance(exception, PermissionDenied):
        error = APIException(_("This is not allowed."))
        error.status_code = status.HTTP_403_FORBIDDEN
        return error
    return None


def _report(exception: Exception, context: dict[str, Any]) -> None:
    """As Django reports what it answers with 500, which it does not see here."""
    request = context["request"]
    logger.error("%s %s", request.method, request.path, exc_info=exception)
    got_request_exception.send(sender=type(context["view"]), request=request)
