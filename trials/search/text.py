"""Search by words: which trials say them, in English or Chinese, and how well."""

from __future__ import annotations

import json
import re
import unicodedata
from dataclasses import dataclass

from django.db.models import Case, Exists, IntegerField, OuterRef, Q, TextField, Value, When
from django.db.models.expressions import Combinable
from django.db.models.functions import Cast, Concat, Replace
from django.db.models.lookups import IContains

from trials.models import Fact, Intervention, Mention, Site, SponsorAlias, TrialAlias, TrialSponsor
from trials.numbers import bare_number, take_numbers
from trials.search.chinese import spellings
from trials.search.terms import Terms
from trials.search.vocabularies import Term
from trials.vocabulary import FactKind

LONGEST = 200  # letters of a question in words
MOST_WORDS = 12  # each costs a look into every text
# Signs that are never part of a word, wherever they stand.
_BETWEEN = re.compile(r'[\s"“”„«»「」『』,;、。?!()\[\]{}<>〈〉《》【】]+')
_KEPT = frozenset("%#@&_")  # at a word's edge these say something: 100%, #2
_PUNCTUATION = re.compile(r"[^\w]+")
_QUOTED = re.compile(r'["“”„«»「『]([^"“”„«»「」『』]+)["“”„«»」』]')


@dataclass(frozen=True, slots=True)
class Words:
    """What a search asks for: any of the numbers, and all words and phrases.

    `digits` are words of digits alone, which may be the number of a trial or stand in its texts.
    """

    text: str
    numbers: tuple[str, ...]
    words: tuple[str, ...]
    digits: tuple[str, ...] = ()

    @property
    def count(self) -> int:
        return len(self.numbers) + len(self.words) + len(self.digits)


def read_words(text: str) -> Words:
    """Split a search into its parts; full-width letters are read as plain ones."""
    numbers, rest = take_numbers(text)
    phrases = [" ".join(phrase.split()) for phrase in _QUOTED.findall(rest)]
    rest = _QUOTED.sub(" ", rest)
    words = map(_without_edges, _BETWEEN.split(rest))
    said = dict.fromkeys(filter(_says_something, [*phrases, *words]))
    digits = tuple(word for word in said if bare_number(word))
    return Words(text, numbers, tuple(word for word in said if word not in digits), digits)


def _without_edges(word: str) -> str:
    """The word without the punctuation round it: "knee?", "-knee" and "knee*" are "knee"."""
    while word and _is_edge(word[0]):
        word = word[1:]
    while word and _is_edge(word[-1]):
        word = word[:-1]
    return word


def _is_edge(letter: str) -> bool:
    return unicodedata.category(letter)[0] == "P" and letter not in _KEPT


def _says_something(word: str) -> bool:
    return any(unicodedata.category(letter)[0] in "LNS" for letter in word)


def matches(asked: Words, terms: Terms) -> Q:
    """Trials of any of the numbers that say all words, each in whatever place of the trial."""
    found = Q()
    for number in asked.numbers:
        found |= _numbered(number)
    for word in asked.digits:
        found |= _numbered(str(bare_number(word))) | _says(word, terms)
    for word in asked.words:
        found &= _says_in_any_spelling(word, terms)
    return found


def relevance(asked: Words) -> Combinable:
    """More where the words stand in a title; most for the trial's own number."""
    score: Combinable = Value(0)
    for number in asked.numbers:
        score = score + _points(Q(number=number), 100)
    for word in asked.digits:
        score = score + _points(Q(number=bare_number(word)), 100)
    for word in asked.words:
        said = Q()
        for spelling in spellings(word):
            said |= Q(title__icontains=spelling) | Q(title_zh__icontains=spelling)
        score = score + _points(said, 10)
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


def _says_in_any_spelling(word: str, terms: Terms) -> Q:
    said = Q()
    for spelling in spellings(word):
        said |= _says(spelling, terms)
    return said


def _says(word: str, terms: Terms) -> Q:
    return (
        Q(title__icontains=word)
        | Q(title_zh__icontains=word)
        | Q(official_title__icontains=word)
        | Q(acronym__icontains=word)
        | Q(org_study_id__icontains=word)
        | _in_json("conditions", word)
        | _in_json("keywords", word)
        | _in_json("secondary_ids", word)
        | _in_interventions(word)
        | _in_sponsors(word)
        | _in_documents(word)
        | _in_places(word, terms)
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


def _in_places(word: str, terms: Terms) -> Q:
    """A country in either language, or a city; whole words, for "pain" is no part of Spain."""
    plain = f" {_PUNCTUATION.sub(' ', word)} "
    blank = Value(" ", TextField())
    city = Concat(blank, Replace("city", Value("-", TextField()), blank), blank)
    said = IContains(city, plain)
    countries = [term.key for term in terms.countries.values() if _names_country(word, plain, term)]
    rows = Site.objects.filter(trial=OuterRef("pk")).order_by()
    return Q(Exists(rows.filter(Q(said) | Q(country__in=countries))))


def _names_country(word: str, plain: str, term: Term) -> bool:
    # A single Chinese letter is no name: 中 and 国 stand in too many.
    in_chinese = len(word) > 1 and word in term.name_zh
    return in_chinese or plain.casefold() in f" {_PUNCTUATION.sub(' ', term.name)} ".casefold()


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
