"""What a page repeats most, made here: a template would take a third of the page's time for it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any

from django import template
from django.contrib.humanize.templatetags.humanize import intcomma
from django.urls import reverse
from django.utils.html import escape, format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from catalog.exports.links import PAGE
from catalog.filters import FacetRow
from catalog.pages.crossed import Cell
from catalog.templatetags.catalogue import of_kind, tongue
from catalog.templatetags.names import ENGLISH, glossed, label, page_language
from trials.vocabulary import NOT_STATED, Role

register = template.Library()

_UNSTATED = ' class="unstated"'
_FOREIGN = SafeString(' lang="en"')  # an English name on a Chinese page


@register.simple_tag
def choices(parameter: str, rows: Iterable[FacetRow]) -> SafeString:
    """A facet's rows as checkboxes, each with its count."""
    language = page_language()
    return SafeString("\n".join(_choice(parameter, row, language) for row in rows))


@register.simple_tag
def more(rows: Sequence[FacetRow]) -> str:
    """How many rows are folded."""
    return ngettext("%(count)s more", "%(count)s more", len(rows)) % {"count": len(rows)}


@register.simple_tag
def years(rows: Iterable[FacetRow]) -> SafeString:
    """The rows of a facet of years as links, each with its count."""
    language, address = page_language(), reverse("trials")
    items = []
    for row in rows:
        asked = escape(f"?{row.query}") if row.query else ""
        current = ' aria-current="true"' if row.selected else ""
        count = _number(row.count, language)
        items.append(
            f'<li><a href="{address}{asked}"{current}>{escape(row.label)} <b>{count}</b></a></li>'
        )
    return SafeString("".join(items))


def _choice(parameter: str, row: FacetRow, language: str) -> str:
    which = f" choice--{row.depth}" if row.depth else ""
    which += "" if row.count else " choice--none"
    named, labelled = _frame(parameter, row.value, row.label, language)
    checked = " checked" if row.selected else ""
    count = _number(row.count, language)
    return (
        f'<label class="choice{which}"><input type="checkbox" {named}{checked}>'
        f" {labelled} <b>{count}</b></label>"
    )


# A page has hundreds of choices, and the next page has nearly the same: what does not count is
# escaped once.
@lru_cache(maxsize=20_000)
def _frame(parameter: str, value: str, label: str, language: str) -> tuple[SafeString, SafeString]:
    """What a choice is named in the form, and what a reader of the language sees of it."""
    foreign = language != ENGLISH and tongue(label) == ENGLISH
    return (
        format_html('name="{}" value="{}"', parameter, value),
        format_html("<span{}>{}</span>", _FOREIGN if foreign else "", label),
    )


@register.simple_tag
def number(cell: Cell) -> SafeString:
    """A number of the landscape's table, which leads to its trials; none leads nowhere."""
    if not cell.count:
        return SafeString('<td class="cross__none">0</td>')
    shown, kind = _number(cell.count, page_language()), cell.shade or "total"
    address = escape(PAGE.address(cell.query))
    return SafeString(f'<td class="cross__{kind}"><a href="{address}">{shown}</a></td>')


@lru_cache(maxsize=20_000)
def _number(count: int, language: str) -> str:
    """The number as it is written in the language, which is the active one."""
    return str(intcomma(count))


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
