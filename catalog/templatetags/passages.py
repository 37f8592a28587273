"""Says where in a registry's record words stand: "interventions[0].name" as a reader says it."""

import re
from typing import Any

from django import template
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from catalog.templatetags.catalogue import tongue
from trials.quotes import in_sentence

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
    "type": _("kind"),
}
# Places in documents and papers, as the people who read them noted them.
_NOTED: tuple[tuple[re.Pattern[str], str | Promise], ...] = (
    (re.compile(r"paragraph ([0-9]+)"), _("paragraph %s")),
    (re.compile(r"list, row ([0-9]+)"), _("list, row %s")),
    (re.compile(r"(title of the paper)"), _("title of the paper")),
    (re.compile(r"(abstract)"), _("abstract")),
)
_PART = re.compile(r"([A-Za-z]+)(?:\[([0-9]{1,6})\])?")
_ONE = r"[A-Za-z]{1,40}(?:\[[0-9]{1,6}\])?"
_PLACE = re.compile(rf"\(({_ONE}(?:\.{_ONE})?)\)")


@register.filter
def in_words(place: str) -> str:
    """A path in words, "intervention 1, description"; a place in a document in the reader's
    language where it is of a usual kind; any other as it was written.
    """
    for pattern, noted in _NOTED:
        if found := pattern.fullmatch(place):
            return str(noted).replace("%s", found[1])
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


@register.filter
def places_in_words(reason: Any) -> str:
    """An English sentence with places in brackets, "(conditions[0])", and these in words."""
    with override("en"):
        return _PLACE.sub(lambda found: f"({in_words(found[1])})", str(reason or ""))


@register.simple_tag
def quotation(trial: Any, fact: Any) -> SafeString:
    """The fact's quote, marked in its sentence where the trial's own texts hold it."""
    found = in_sentence(trial, fact)
    if found is None:
        return format_html('<blockquote lang="{}">{}</blockquote>', tongue(fact.quote), fact.quote)
    return format_html(
        '<blockquote lang="{}">{}<mark>{}</mark>{}</blockquote>',
        tongue(fact.quote),
        found.before,
        found.quote,
        found.after,
    )


def _part(part: str) -> str:
    """One part of a path in words; empty where the registry has no such part."""
    found = _PART.fullmatch(part)
    if found is None:
        return ""
    name, index = found.groups()
    if index is None:
        return str(_PARTS.get(name, ""))
    return str(_PARTS.get(f"{name}[]", "")).replace("%d", str(int(index) + 1))
