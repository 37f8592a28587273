"""What a page repeats most, made here: a template would take a third of the page's time for it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import template
from django.contrib.humanize.templatetags.humanize import intcomma
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from catalog.filters import FacetRow
from catalog.templatetags.catalogue import of_kind, tongue
from catalog.templatetags.names import ENGLISH, glossed, label, page_language
from trials.vocabulary import NOT_STATED, Role

register = template.Library()

_CHOICE = (
    '<label class="choice{}{}"><input type="checkbox" name="{}" value="{}"{}>'
    " <span{}>{}</span> <b>{}</b></label>"
)
_UNSTATED = ' class="unstated"'
_FOREIGN = SafeString(' lang="en"')  # an English name on a Chinese page


@register.simple_tag
def choices(parameter: str, rows: Iterable[FacetRow]) -> SafeString:
    """A facet's rows as checkboxes, each with its count."""
    at_home = page_language() == ENGLISH
    return format_html_join(
        "\n",
        _CHOICE,
        (
            (
                f" choice--{row.depth}" if row.depth else "",
                "" if row.count else " choice--none",
                parameter,
                row.value,
                " checked" if row.selected else "",
                "" if at_home or tongue(row.label) != ENGLISH else _FOREIGN,
                row.label,
                intcomma(row.count),
            )
            for row in rows
        ),
    )


@register.simple_tag
def fact_words(trial: Any, kind: str) -> SafeString:
    """The values of a trial's shown facts of one kind, a control's marked as such."""
    shown = of_kind(trial.shown_facts, kind)
    if not shown:
        return format_html("<span{}>{}</span>", SafeString(_UNSTATED), _("not stated"))
    return format_html_join(
        pgettext("between things", ", "),
        "<span{}>{}{}</span>",
        (
            (
                SafeString(_UNSTATED if fact.value == NOT_STATED else ""),
                glossed(label(fact)),
                f" ({_('comparator')})" if fact.role == Role.COMPARATOR else "",
            )
            for fact in shown
        ),
    )


@register.simple_tag
def status_mark(status: str, words: str, as_of: Any = None) -> SafeString:
    """A status as a coloured mark, and of which month it is."""
    if not status:
        return format_html('<span class="status status--none">{}</span>', _("Status not stated"))
    mark = format_html('<span class="status status--{}">{}</span>', status.lower(), words)
    if not as_of:
        return mark
    told = _("as of %(date)s") % {"date": str(as_of)[:7]}
    return format_html('{} <span class="asof">{}</span>', mark, told)
