"""What is wrong with a question, as plain text: for files and feeds, which have no page for it."""

from __future__ import annotations

from collections.abc import Iterable

from django.http import HttpResponse
from django.utils.translation import gettext as _

from catalog.faults import Fault

TEXT_TYPE = "text/plain; charset=utf-8"


def in_words(faults: Iterable[Fault], status: int = 400) -> HttpResponse:
    """The faults, a line each, with the nearest right value and all right ones below."""
    lines = [line for fault in faults for line in _lines(fault)]
    return HttpResponse("\n".join([*lines, ""]), status=status, content_type=TEXT_TYPE)


def _lines(fault: Fault) -> Iterable[str]:
    yield fault.detail
    if fault.did_you_mean:
        yield "  " + _("Did you mean “%(word)s”?") % {"word": fault.did_you_mean}
    if fault.allowed:
        yield "  " + _("Allowed: %(values)s") % {"values": ", ".join(fault.allowed)}
