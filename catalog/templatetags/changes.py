"""Marks words as added or taken out, for the eye and for the ear."""

from collections.abc import Iterable

from django import template
from django.contrib.humanize.templatetags.humanize import intcomma
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from catalog.word_differences import ADDED, LEFT_OUT, REMOVED, Run
from trials.wording import without_markup

register = template.Library()


@register.filter
def marked(runs: Iterable[Run]) -> SafeString:
    """The words of a text, each added or removed run in its element and with its name."""
    return SafeString("".join(map(_run, runs)))


def _run(run: Run) -> str:
    if run.how == ADDED:
        return added(run.text) + run.blank
    if run.how == REMOVED:
        return removed(run.text) + run.blank
    if run.how == LEFT_OUT:
        words = ngettext("%s word", "%s words", run.count) % intcomma(run.count)
        return format_html(' <span class="left-out">… {} …</span> ', words)
    return format_html("{}{}", run.text, run.blank)


@register.filter
def plain(text: str) -> str:
    """The words in one line, without the registry's markup."""
    return " ".join(without_markup(text).split())


@register.filter
def added(text: str) -> SafeString:
    return _named("ins", _("added:"), text)


@register.filter
def removed(text: str) -> SafeString:
    return _named("del", _("removed:"), text)


@register.filter
def before(text: str) -> SafeString:
    return _named("del", _("before:"), text)


@register.filter
def now(text: str) -> SafeString:
    return _named("ins", _("now:"), text)


def _named(element: str, name: str, text: str) -> SafeString:
    """Screen readers are silent about both elements, so that the name is there in words."""
    return format_html(
        '<{0}><span class="hidden">{1} </span>{2}</{0}>', SafeString(element), name, text
    )
