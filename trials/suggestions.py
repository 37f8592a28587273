"""What a few typed letters may mean: trials, cell sources, indications, products, sponsors."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q

from trials.models import Sponsor, SponsorAlias, Trial, TrialAlias
from trials.models.sponsor import normalise_name
from trials.numbers import bare_number, proper_number
from trials.search import Terms, count_led, count_trials
from trials.search.chinese import spellings
from trials.search.vocabularies import in_language
from trials.word_starts import is_chinese, word_starts

MOST = 4  # of a kind
LEAST_OF_A_TITLE = 3  # letters; fewer stand in nearly every title
_SIGNS = re.compile(r"[\s:#_-]+")
_PART = re.compile(r"(NCT|SCT)?([0-9]{3,9})", re.ASCII | re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Suggestion:
    """One thing that may be meant. `value` is a trial's number, or a value of the parameter `kind`.

    `count` is the number of its trials; None of a trial.
    """

    kind: str
    value: str
    name: str
    count: int | None = None


Find = Callable[[str, Terms], Iterable[Suggestion]]


def suggestions(typed: str, kind: str = "") -> list[Suggestion]:
    """Things whose name or number begins so, the nearest kinds first; of one kind if given.

    Three queries at most: the state of the index, the sponsors, the trials.
    """
    typed = " ".join(unicodedata.normalize("NFKC", typed).split())
    if not typed:
        return []
    terms = Terms()
    wanted = [find for name, find in KINDS.items() if kind in ("", name)]
    return [found for find in wanted for found in find(typed, terms)]


def _trials(typed: str, terms: Terms) -> Iterable[Suggestion]:
    numbered = _number_like(typed)
    if numbered is None and len(typed) < LEAST_OF_A_TITLE and not is_chinese(typed):
        return ()
    wanted = _title_like(typed) if numbered is None else numbered
    rows = Trial.objects.published().filter(wanted, joined_to=None)
    ordered = rows.latest_changed() if numbered is None else rows.order_by("number")
    return tuple(
        Suggestion("trial", number, in_language(title, title_zh))
        for number, title, title_zh in ordered.values_list("number", "title", "title_zh")[:MOST]
    )


def _number_like(typed: str) -> Q | None:
    """Trials of this number in any spelling, or whose number begins so; None if it is no number."""
    part = _PART.fullmatch(_SIGNS.sub("", typed))
    if part is None:
        return None
    letters, digits = (part[1] or "").upper(), part[2]
    begins = {"NCT": f"NCT{digits}", "SCT": f"SCT-{digits}"}
    near = Q(number__startswith=begins[letters]) if letters else Q(number__contains=digits)
    whole = proper_number(typed) or bare_number(digits)
    other = TrialAlias.objects.filter(trial=OuterRef("pk"), number=whole)
    return near | Q(number=whole) | Q(Exists(other))


def _title_like(typed: str) -> Q:
    if is_chinese(typed):
        found = Q()
        for spelling in spellings(typed):
            found |= Q(title_zh__contains=spelling)
        return found
    return Q(title__istartswith=typed) | Q(title__icontains=f" {typed}")


def _terms(kind: str) -> Find:
    """Finds values of a vocabulary that have trials."""

    def find(typed: str, terms: Terms) -> Iterable[Suggestion]:
        pattern = word_starts([typed])
        counts = count_trials(kind, terms)
        found = [
            Suggestion(kind, term.value, term.label, counts[term.value])
            for term in terms.named(kind).values()
            if counts[term.value]
            and pattern
            and any(map(pattern.search, (term.name, term.name_zh, *term.synonyms)))
        ]
        return _nearest(found, typed)

    return find


def _sponsors(typed: str, terms: Terms) -> Iterable[Suggestion]:
    """Lead sponsors by any of their names."""
    aliases = SponsorAlias.objects.filter(_sponsor_name_like(typed), sponsor=OuterRef("pk"))
    named = Q(Exists(aliases))
    if is_chinese(typed):
        named |= Q(name_zh__contains=typed)
    rows = Sponsor.objects.present().filter(named).order_by("name", "pk")
    led = count_led(terms)
    return _nearest(
        (
            Suggestion("sponsor", slug, in_language(name, name_zh), led[key])
            for key, slug, name, name_zh in rows.values_list("pk", "slug", "name", "name_zh")
            if key in led
        ),
        typed,
    )


def _nearest(found: Iterable[Suggestion], typed: str) -> list[Suggestion]:
    """Those whose name itself begins so before those that have it inside; then of most trials."""
    start = typed.casefold()
    ordered = sorted(
        found, key=lambda one: (not one.name.casefold().startswith(start), -(one.count or 0))
    )
    return ordered[:MOST]


def _sponsor_name_like(typed: str) -> Q:
    plain = normalise_name(typed)
    if is_chinese(plain):
        return Q(normalised__contains=plain)
    return Q(normalised__startswith=plain) | Q(normalised__contains=f" {plain}")


KINDS: dict[str, Find] = {
    "cell_source": _terms("cell_source"),
    "indication": _terms("indication"),
    "product": _terms("product"),
    "sponsor": _sponsors,
    "trial": _trials,
}
