"""Chooses the reader's language among the names that a thing has, and marks the other one."""

import re
from collections.abc import Collection, Iterable
from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from catalog.templatetags.catalogue import tongue
from catalog.templatetags.found import found
from catalog.titles import short_title
from trials.search.tokens import Phrase
from trials.vocabulary import FactKind

register = template.Library()

ENGLISH, CHINESE = "en", "zh-Hans"
MOST_NAMES = 4  # in a row of a list
# A name and its explanation, in English or Chinese brackets.
_GLOSSED = re.compile(r"([^(（]+?)( \(.*\)|（.*）)", re.DOTALL)
_RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def page_language() -> str:
    """The language of the page, as HTML's `lang` writes it."""
    return CHINESE if (get_language() or "").startswith("zh") else ENGLISH


def both_names(thing: Any) -> dict[str, str]:
    """What a thing is called in each language: its `name`, or its `title` where it has none."""
    field = "name" if hasattr(thing, "name") else "title"
    return {
        ENGLISH: getattr(thing, field, None) or str(thing),
        CHINESE: getattr(thing, f"{field}_zh", ""),
    }


def _chosen(thing: Any) -> tuple[str, str]:
    names = both_names(thing)
    language = page_language()
    return (language, names[language]) if names[language] else (ENGLISH, names[ENGLISH])


def _marked(language: str, words: str, search: Collection[Phrase] = ()) -> SafeString:
    if search:
        words = found(words, search)
    if language == page_language():
        return format_html("{}", words)
    return format_html('<span lang="{}">{}</span>', language, words)


@register.simple_tag
def between_sentences() -> str:
    """What stands between two sentences that are translated apart: nothing in Chinese."""
    return "" if page_language() == CHINESE else " "


@register.filter
def named(thing: Any) -> str:
    """The name in the reader's language, as plain text."""
    return _chosen(thing)[1] if thing else ""


@register.simple_tag
def name(thing: Any, *, short: bool = False, search: Collection[Phrase] = ()) -> SafeString:
    """The name in the reader's language; an English name on a Chinese page is marked as English.

    `short`: cut where it is very long, for a list. `search`: what a reader looked for, marked.
    """
    language, words = _chosen(thing)
    return _marked(language, short_title(words) if short else words, search)


@register.simple_tag
def other_name(thing: Any, *, short: bool = False, search: Collection[Phrase] = ()) -> SafeString:
    """The name in the language that `name` did not choose; empty where there is none."""
    names = both_names(thing)
    chosen, _ = _chosen(thing)
    other = CHINESE if chosen == ENGLISH else ENGLISH
    words = names[other]
    if not words or words == names[chosen]:
        return SafeString("")
    return _marked(other, short_title(words) if short else words, search)


@register.filter
def described(thing: Any) -> str:
    """The description in the reader's language, else the English one."""
    chinese = getattr(thing, "description_zh", "") if page_language() == CHINESE else ""
    return chinese or getattr(thing, "description", "")


@register.filter
def also_called(sponsor: Any) -> list[Any]:
    """The names that stand neither as the sponsor's name nor as its Chinese one."""
    own = (sponsor.name, sponsor.name_zh)
    return [alias for alias in sponsor.aliases.all() if alias.name not in own]


@register.filter
def in_own_words(words: Iterable[str]) -> list[str]:
    """Of a thing's other names the few that a list has room for, in the reader's language."""
    return [word for word in words if tongue(word) == page_language()][:MOST_NAMES]


@register.filter
def glossed(words: str) -> SafeString:
    """Words with their explanation in brackets marked, "Allogeneic (a donor's)": a phone drops it.

    Nothing is marked where the words have no brackets at their end.
    """
    found = _GLOSSED.fullmatch(words)
    if found is None:
        return format_html("{}", words)
    return format_html('{}<span class="gloss">{}</span>', *found.groups())


@register.filter
def label(fact: Any) -> str:
    """A fact's value in words, with the reader's name for a source, indication or product."""
    if fact.kind == FactKind.DOSE and fact.dose_min:
        return dose_words(fact)
    return named(fact.linked) if fact.linked is not None else fact.label


def dose_words(fact: Any) -> str:
    """A dose as people write it: "2 × 10⁷ cells", "1–5 × 10⁶ cells/kg"."""
    least, greatest = _scientific(fact.dose_min), _scientific(fact.dose_max)
    if least == greatest:
        amount = least
    elif least.split(" ")[1:] == greatest.split(" ")[1:]:
        amount = f"{least.split(' ')[0]}–{greatest}"
    else:
        amount = f"{least} – {greatest}"
    return f"{amount} {fact.get_dose_unit_display()}"


def _scientific(number: float) -> str:
    digits, power = f"{number:e}".split("e")
    return f"{float(digits):g} × 10{str(int(power)).translate(_RAISED)}"
