"""Suggestions for what somebody types into a search box, as JSON for suggest.js."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, JsonResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.cache import cache_control

from catalog.faults import Refused
from catalog.methods import only_read
from catalog.pages.listing import read_page
from catalog.parameters import OneOf, Parameter
from catalog.reading import ParameterSet
from trials.suggestions import KINDS, Suggestion, suggestions

LONGEST = 100  # letters; nobody types more before choosing
NAMES = {
    "trial": gettext_lazy("Trial"),
    "cell_source": gettext_lazy("Cell source"),
    "indication": gettext_lazy("Indication"),
    "product": gettext_lazy("Product"),
    "sponsor": gettext_lazy("Sponsor"),
}


class Letters(Parameter):
    """What has been typed until now; unlike a search it may still be no whole word."""

    def understand(self, value: str) -> str:
        if len(value) > LONGEST:
            detail = _("Suggestions are made for at most %(most)d letters.") % {"most": LONGEST}
            raise Refused(value, detail)
        return value


class Typed(ParameterSet):
    """The parameters of the suggestions."""

    q = Letters(gettext_lazy("Words"), gettext_lazy("What has been typed."), example="umbil")
    kind = OneOf(
        gettext_lazy("Kind"),
        gettext_lazy("The one kind of thing that is wanted."),
        choices={kind: kind for kind in KINDS},
        example="sponsor",
    )


@only_read
@cache_control(private=True, max_age=60)
def suggest(request: HttpRequest) -> JsonResponse:
    """`{"suggestions": [{"kind", "label", "name", "value", "count", "url"}], "said"}`.

    What is not understood is refused with status 400: `{"errors": [{"parameter", "detail"}]}`.
    """
    reading = read_page(request, Typed)
    if reading.faults:
        errors = [{"parameter": one.parameter, "detail": one.detail} for one in reading.faults]
        return JsonResponse({"errors": errors}, status=400)
    found = suggestions(reading.values.get("q", ""), reading.values.get("kind", ""))
    said = ngettext("%(count)d suggestion", "%(count)d suggestions", len(found))
    return JsonResponse(
        {"suggestions": list(map(shown, found)), "said": said % {"count": len(found)}}
    )


def shown(one: Suggestion) -> dict[str, Any]:
    if one.kind == "trial":
        url = reverse("trial", args=[one.value])
    else:
        url = f"{reverse('trials')}?{urlencode({one.kind: one.value})}"
    return {
        "kind": one.kind,
        "label": str(NAMES[one.kind]),
        "name": one.name,
        "value": one.value,
        "count": one.count,
        "url": url,
    }
