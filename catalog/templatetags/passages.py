"""Says where in a registry's record words stand: "interventions[0].name" as a reader says it."""

import re

from django import template
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

register = template.Library()

# What each part of a path is called; a part of a list has its number, counted from 1.
_PARTS: dict[str, str | Promise] = {
    "armGroups": _("arms"),
    "armGroups[]": _("arm %d"),
    "briefSummary": _("summary"),
    "briefTitle": _("title"),
    "conditions": _("conditions"),
    "conditions[]": _("condition %d"),
    "description": _("description"),
    "detailedDescription": _("description"),
    "eligibilityCriteria": _("eligibility criteria"),
    "interventions": _("interventions"),
    "interventions[]": _("intervention %d"),
    "keywords": _("keywords"),
    "keywords[]": _("keyword %d"),
    "label": _("label"),
    "measure": _("measure"),
    "name": _("name"),
    "officialTitle": _("official title"),
    "otherNames[]": _("other name %d"),
    "primaryOutcomes[]": _("primary outcome %d"),
    "secondaryOutcomes[]": _("secondary outcome %d"),
}
_PART = re.compile(r"([A-Za-z]+)(?:\[(\d+)\])?")


@register.filter
def in_words(place: str) -> str:
    """A path in words, "intervention 1, description"; any other place as it was written."""
    path, comma, rest = place.partition(", ")
    words = [_part(part) for part in path.split(".")]
    return ", ".join(words) + comma + rest if all(words) else place


@register.simple_tag
def passage(place: str) -> SafeString:
    """The place in words, with its exact path for who looks closer."""
    words = in_words(place)
    if words == place:
        return format_html("{}", place)
    return format_html('<span title="{}">{}</span>', place, words)


def _part(part: str) -> str:
    """One part of a path in words; empty where the registry has no such part."""
    found = _PART.fullmatch(part)
    if found is None:
        return ""
    name, index = found.groups()
    if index is None:
        return str(_PARTS.get(name, ""))
    return str(_PARTS.get(f"{name}[]", "")).replace("%d", str(int(index) + 1))
