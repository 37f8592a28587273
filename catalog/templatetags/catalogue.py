"""Small reads and marks that several templates share."""

import re
from collections.abc import Iterable
from typing import Any
from urllib.parse import urlencode

from django import template
from django.conf import settings
from django.http import QueryDict
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from catalog.charts import share
from catalog.field_words import age_words, of_list
from catalog.language import PARAMETER, with_language
from trials.vocabulary import Design, Phase, ReferenceType

register = template.Library()
register.filter(with_language)

_REGISTRY_PAGES = {"ClinicalTrials.gov": "https://clinicaltrials.gov/study/{}"}
_ADDRESS = re.compile(r"(https?://[^\s<>\"“”]*(?:\.{3}|[^\s<>\"“”.,;:)]))")
_RELATIONS = {
    "results": ReferenceType.RESULT,
    "derived": ReferenceType.DERIVED,
    "background": ReferenceType.BACKGROUND,
}
_PHASE_ORDER = {phase.value: place for place, phase in enumerate(Phase)}


@register.filter
def of_kind(facts: Iterable[Any], kind: str) -> list[Any]:
    """The facts of one kind, each value once."""
    once = {(fact.slug or fact.label, fact.role): fact for fact in facts if fact.kind == kind}
    return list(once.values())


@register.filter
def lead(trial: Any) -> Any:
    """The lead sponsor among the fetched sponsorships; None where the trial has none."""
    return next((part.sponsor for part in trial.sponsorships.all() if part.role == "lead"), None)


@register.filter
def collaborators(trial: Any) -> list[Any]:
    return [part.sponsor for part in trial.sponsorships.all() if part.role == "collaborator"]


@register.filter
def countries(trial: Any) -> list[Any]:
    """The countries of the fetched sites, each once, in the order of the sites."""
    return list(
        {site.country_id: site.country for site in trial.sites.all() if site.country}.values()
    )


@register.filter
def phase_words(trial: Any) -> str:
    """The phases in one phrase: "Phase 1 / Phase 2"; empty where the registry gives none."""
    phases = sorted(
        trial.phases.all(), key=lambda row: (_PHASE_ORDER.get(row.phase, len(Phase)), row.phase)
    )
    return " / ".join(str(row.get_phase_display()) for row in phases)


@register.filter
def registry_url(trial: Any) -> str:
    """The address of the registry's own record; empty where the trial is not registered."""
    return _REGISTRY_PAGES.get(trial.registry, "").format(trial.registry_id)


@register.filter
def record_url(number: str) -> str:
    """The address of the registry's own record of this number."""
    return _REGISTRY_PAGES["ClinicalTrials.gov"].format(number)


@register.filter
def links(text: Any) -> SafeString:
    """Sources as people noted them, parted by " ; ", one item each; web addresses become links."""
    pieces = [piece.strip() for piece in str(text or "").split(" ; ") if piece.strip()]
    return format_html_join("", "<li>{}</li>", ((linked(piece),) for piece in pieces))


@register.filter
def linked(text: Any) -> SafeString:
    """The text, with the web addresses in it as links.

    Not Django's urlize, which makes links of bare names too: "ClinicalTrials.gov" in a sentence.
    """
    return SafeString("".join(_piece(part) for part in _ADDRESS.split(str(text or ""))))


def _piece(part: str) -> str:
    # An address that somebody shortened with dots leads nowhere.
    if not part.startswith(("https://", "http://")) or "…" in part or "..." in part:
        return format_html("{}", part)
    return format_html('<a href="{0}" rel="nofollow">{0}</a>', part)


@register.simple_tag
def bar(part: int, whole: int) -> SafeString:
    """A thin bar for a number that stands beside it in figures."""
    return format_html(
        '<svg class="bar" viewBox="0 0 100 4" preserveAspectRatio="none" aria-hidden="true">'
        '<rect class="bar__rest" width="100" height="4"/><rect width="{}" height="4"/></svg>',
        share(part, whole),
    )


@register.simple_tag(takes_context=True)
def address(context: dict[str, Any], language: str = "") -> str:
    """The page's whole public address, in the given language or in the one that it was asked in."""
    request = context["request"]
    asked = [(key, value) for key, values in request.GET.lists() for value in values]
    kept = [(key, value) for key, value in asked if key != PARAMETER]
    language = language or request.GET.get(PARAMETER, "")
    query = urlencode([*kept, (PARAMETER, language)] if language else kept)
    return f"{settings.PUBLIC_URL}{request.path}" + (f"?{query}" if query else "")


@register.simple_tag(takes_context=True)
def current(context: dict[str, Any], shelf: str, *items: str) -> SafeString:
    """Marks the link of the menu that leads here, or to the shelf that this page belongs to."""
    match = getattr(context.get("request"), "resolver_match", None)
    places = {shelf: "page", **dict.fromkeys(items, "true")}
    place = places.get(getattr(match, "url_name", None) or "")
    return format_html(' aria-current="{}"', place) if place else SafeString("")


@register.filter
def tongue(words: Any) -> str:
    """The language of quoted words, for `lang`: Chinese where there is any Chinese character."""
    return "zh-Hans" if any("\u4e00" <= letter <= "\u9fff" for letter in str(words)) else "en"


@register.filter
def coded(word: Any) -> str:
    """One of the registry's words for a study's design, in the reader's: "NON_RANDOMIZED"."""
    return of_list(Design, word)


@register.filter
def age(words: Any) -> str:
    """An age as the registry writes it, "18 Years", in the reader's language."""
    return age_words(words)


@register.filter
def related(relation: Any) -> str:
    """How a paper belongs to a trial, in the registry's three ways where it is one of them."""
    return of_list(ReferenceType, _RELATIONS[relation]) if relation in _RELATIONS else str(relation)


@register.filter
def all_but_page(params: QueryDict) -> str:
    """What is asked besides the page, as the beginning of a query; a link to a page ends it."""
    asked = params.copy()
    asked.pop("page", None)
    return f"{asked.urlencode()}&" if asked else ""


@register.filter
def numbers(page: Any) -> Iterable[Any]:
    """The page numbers to offer, with an ellipsis where many are left out."""
    return page.paginator.get_elided_page_range(page.number, on_each_side=2, on_ends=1)
