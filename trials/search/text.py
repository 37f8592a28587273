"""Search by words: which trials say them, in English or Chinese, and how well."""

from __future__ import annotations

import json
import re
import unicodedata
from dataclasses import dataclass

from django.db.models import Case, Exists, IntegerField, OuterRef, Q, TextField, Value, When
from django.db.models.expressions import Combinable
from django.db.models.functions import Cast
from django.db.models.lookups import IContains

from trials.models import Fact, Intervention, Mention, SponsorAlias, TrialAlias, TrialSponsor
from trials.numbers import take_numbers
from trials.search.terms import Term, Terms
from trials.vocabulary import FactKind

LONGEST = 200  # letters of a question in words
MOST_WORDS = 20  # each costs a look into every text
_QUOTED = re.compile(r'["“”„«»「『]([^"“”„«»「」『』]+)["“”„«»」』]')


@dataclass(frozen=True, slots=True)
class Words:
    """What a search asks for: numbers of trials, words, and phrases to be found as they stand."""

    text: str
    numbers: tuple[str, ...]
    words: tuple[str, ...]

    @property
    def count(self) -> int:
        return len(self.numbers) + len(self.words)


def read_words(text: str) -> Words:
    """Split a search into its parts; full-width letters are read as plain ones."""
    numbers, rest = take_numbers(text)
    phrases = [" ".join(phrase.split()) for phrase in _QUOTED.findall(rest)]
    rest = _QUOTED.sub(" ", rest)
    words = [word for word in re.split(r'[\s"“”「」『』,;,、;]+', rest) if _says_something(word)]
    return Words(text, numbers, tuple(dict.fromkeys([*filter(_says_something, phrases), *words])))


def _says_something(word: str) -> bool:
    return any(unicodedata.category(letter)[0] in "LNS" for letter in word)


def matches(asked: Words, terms: Terms) -> Q:
    """Trials that say all of it; each word may stand in another place of the trial."""
    found = Q()
    for number in asked.numbers:
        found &= _numbered(number)
    for word in asked.words:
        found &= _says(word, terms)
    return found


def relevance(asked: Words) -> Combinable:
    """More where the words stand in a title; most for the trial's own number."""
    score: Combinable = Value(0)
    for number in asked.numbers:
        score = score + _points(Q(number=number), 100)
    for word in asked.words:
        score = score + _points(Q(title__icontains=word) | Q(title_zh__icontains=word), 10)
        score = score + _points(Q(acronym__iexact=word), 10)
        score = score + _points(_in_json("conditions", word), 4)
        score = score + _points(Q(official_title__icontains=word), 2)
    return score


def _points(condition: Q, points: int) -> Combinable:
    return Case(When(condition, then=Value(points)), default=Value(0), output_field=IntegerField())


def _numbered(number: str) -> Q:
    alias = TrialAlias.objects.filter(trial=OuterRef("pk"), number=number)
    others = _in_json("secondary_ids", number)
    return Q(number=number) | Q(Exists(alias)) | others


def _says(word: str, terms: Terms) -> Q:
    return (
        Q(title__icontains=word)
        | Q(title_zh__icontains=word)
        | Q(official_title__icontains=word)
        | Q(acronym__icontains=word)
        | Q(org_study_id__icontains=word)
        | Q(number__iexact=f"NCT{word}")
        | _in_json("conditions", word)
        | _in_json("keywords", word)
        | _in_json("secondary_ids", word)
        | _in_interventions(word)
        | _in_sponsors(word)
        | _in_documents(word)
        | _in_facts(word, terms)
    )


def _in_json(column: str, word: str) -> Q:
    """The word in a list that is kept as JSON.

    SQLite keeps Chinese letters there as escapes (\\u819d), PostgreSQL as letters.
    """
    text = Cast(column, TextField())
    found = Q(IContains(text, word))
    escaped = json.dumps(word)[1:-1]
    return found if escaped == word else found | Q(IContains(text, escaped))


def _in_interventions(word: str) -> Q:
    rows = Intervention.objects.filter(trial=OuterRef("pk"))
    said = Q(name__icontains=word) | _in_json("other_names", word)
    return Q(Exists(rows.filter(said).order_by()))


def _in_sponsors(word: str) -> Q:
    """Lead or collaborator, by any name."""
    alias = SponsorAlias.objects.filter(sponsor=OuterRef("sponsor"), name__icontains=word)
    named = Q(sponsor__name__icontains=word) | Q(sponsor__name_zh__icontains=word)
    rows = TrialSponsor.objects.filter(trial=OuterRef("pk"))
    return Q(Exists(rows.filter(named | Q(Exists(alias.order_by()))).order_by()))


def _in_documents(word: str) -> Q:
    said = (
        Q(title_words__icontains=word)
        | Q(title_zh_words__icontains=word)
        | Q(sponsor_words__icontains=word)
    )
    return Q(Exists(Mention.objects.filter(said, trial=OuterRef("pk")).order_by()))


def _in_facts(word: str, terms: Terms) -> Q:
    """Facts whose cell source, indication or product goes by the word in either language."""
    said = Q(value=word.casefold())  # autologous, intra-articular
    for kind, vocabulary in (
        (FactKind.CELL_SOURCE, terms.cell_sources),
        (FactKind.INDICATION, terms.indications),
        (FactKind.PRODUCT, terms.products),
    ):
        keys = _keys(word, vocabulary)
        if keys:
            said |= Q(**{f"{kind.value}__in": keys})
    return Q(Exists(Fact.objects.filter(said, trial=OuterRef("pk"), shown=True).order_by()))


def _keys(word: str, vocabulary: dict[str, Term]) -> list[int | str]:
    keys: set[int | str] = set()
    for term in vocabulary.values():
        if term.says(word):
            keys |= term.covers
    return sorted(keys)
