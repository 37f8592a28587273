"""What questions mean, by ordinary ORM filtering: the engine must find the same trials."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Collection
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q

from trials.models import Trial, TrialPublication
from trials.partial_date import PartialDate
from trials.querysets import TrialQuerySet
from trials.search import places
from trials.search.facets import YES_NO
from trials.search.links import COLUMNS, LINKS, Link
from trials.search.names import table
from trials.search.question import Question
from trials.vocabulary import NOT_STATED, Sex

DAYS_IN_A_YEAR = 365.25
NAMED = ("cell_source", "indication", "product", "country")  # by whose names a trial is found too
Tied = dict[int, set[Any]]  # trials, and the keys of what they are tied to


def matching(question: Question, *, leaving_out: Collection[str] = ()) -> TrialQuerySet:
    """The published trials that fit every parameter, one row a trial, in no order."""
    trials = Trial.objects.published().order_by()
    for parameter in question.values:
        if parameter in CONDITIONS and parameter not in leaving_out:
            trials = trials.filter(CONDITIONS[parameter](question))
    return trials


def what_it_asks(facet: str, value: str) -> dict[str, Any]:
    """The parameters that a click on this row of a facet sets."""
    if facet == "start_year":
        return dict.fromkeys(("start_from", "start_to"), PartialDate(value))
    return {facet: YES_NO[value] if facet == "has_results" else (value,)}


def clicked(question: Question, facet: str, values: Collection[str]) -> dict[str, int]:
    """How many trials each row of a facet gives by a click, whatever of it is asked already.

    In one query: to ask for a row after another takes several times as long.
    """
    columns, asked = {}, set()
    for number, value in enumerate(values):
        asks = what_it_asks(facet, value)
        asked |= asks.keys()
        alone, fits = Question({**question.values, **asks}, question.terms), Q()
        for parameter in asks:
            fits &= CONDITIONS[parameter](alone)
        columns[f"row_{number}"] = Count("pk", filter=fits)
    found = matching(question, leaving_out=asked).aggregate(**columns)
    return {value: found[f"row_{number}"] for number, value in enumerate(values)}


def _says_words(question: Question) -> Q:
    """Read trial by trial: every word, or another name of it, in a text or in a fact's names."""
    words = [_names(word, question) for word in question.values["q"].words]
    trials = Trial.objects.prefetch_related("mentions", "sponsorships__sponsor__aliases", "sites")
    tied = {parameter: _tied(LINKS[parameter]) for parameter in NAMED}
    said = [trial.pk for trial in trials if _says_all(trial, words, question, tied)]
    return Q(pk__in=said)


def _tied(link: Link) -> Tied:
    keys: Tied = defaultdict(set)
    for trial, key in link.rows().values_list("trial_id", link.column):
        keys[trial].add(key)
    return keys


def _says_all(
    trial: Trial, words: Collection[set[str]], question: Question, tied: dict[str, Tied]
) -> bool:
    texts = _texts(trial)
    for parameter in NAMED:
        for term in question.terms.named(parameter).values():
            if term.covers & tied[parameter][trial.pk]:
                texts += [term.name, term.name_zh, *term.synonyms]
    return all(any(_stands(name, text) for name in names for text in texts) for names in words)


def _texts(trial: Trial) -> list[str]:
    texts = [trial.title, trial.title_zh, trial.acronym, trial.official_title, trial.org_study_id]
    texts += [*trial.conditions, *trial.keywords, trial.number]
    for mention in trial.mentions.all():
        texts += [mention.title_words, mention.title_zh_words, mention.sponsor_words]
    for part in trial.sponsorships.all():
        texts += [part.sponsor.name, part.sponsor.name_zh]
        texts += [alias.name for alias in part.sponsor.aliases.all()]
    return texts + [site.city for site in trial.sites.all()]


def _stands(name: str, text: str) -> bool:
    """Whole words, be they one or many; of Chinese any signs."""
    if not name.isascii():
        return name in text
    return re.search(rf"\b{re.escape(name)}s?\b", text, re.IGNORECASE) is not None


def _names(word: str, question: Question) -> set[str]:
    groups = [*table()["same"]]
    for parameter in ("cell_source", "indication"):
        for term in question.terms.named(parameter).values():
            groups.append((term.name, term.name_zh, *term.synonyms))
    same = [group for group in groups if word.casefold() in (name.casefold() for name in group)]
    return {word, *(name for group in same for name in group if name)}


def _listed(parameter: str) -> Callable[[Question], Q]:
    """Trials with any of the values. By Exists: a join would give a trial once a value."""
    link = LINKS[parameter]

    def condition(question: Question) -> Q:
        rows = link.rows().filter(trial=OuterRef("pk"))
        keys = {key for term in question.meant(parameter) for key in term.covers}
        found = Q(Exists(rows.filter(**{f"{link.column}__in": keys}))) if keys else Q(pk__in=[])
        if NOT_STATED in question.values[parameter]:
            found |= ~Q(Exists(rows))
        return found

    return condition


def _column(parameter: str) -> Callable[[Question], Q]:
    def condition(question: Question) -> Q:
        values = ["" if value == NOT_STATED else value for value in question.values[parameter]]
        return Q(**{f"{COLUMNS[parameter]}__in": values})

    return condition


def _started_from(question: Question) -> Q:
    """Trials that can have started then: a trial of "2016" may be one of June 2016."""
    asked: PartialDate = question.values["start_from"]
    return Q(start_latest__gte=asked.earliest)


def _started_to(question: Question) -> Q:
    asked: PartialDate = question.values["start_to"]
    return Q(start_earliest__lte=asked.latest)


def _has_publication(question: Question) -> Q:
    linked = Exists(TrialPublication.objects.filter(trial=OuterRef("pk")).order_by())
    return Q(linked) if question.values["has_publication"] else ~Q(linked)


def _age(question: Question) -> Q:
    """Trials that take somebody of this age: at 40 one is 40 years old for a year.

    No limit lets everyone in, but a trial that says neither age nor sex has not been read yet:
    it is no answer to "could I join?".
    """
    years = question.values["age"]
    birthday, day_before_next = int(years * DAYS_IN_A_YEAR), int((years + 1) * DAYS_IN_A_YEAR) - 1
    old_enough = Q(minimum_age_days__isnull=True) | Q(minimum_age_days__lte=day_before_next)
    young_enough = Q(maximum_age_days__isnull=True) | Q(maximum_age_days__gte=birthday)
    return old_enough & young_enough & ~Q(sex="", minimum_age="", maximum_age="")


def _sex(question: Question) -> Q:
    return Q(sex__in=(Sex.ALL, question.values["sex"]))


def _near(question: Question) -> Q:
    km = question.values.get("within_km", places.NEARBY)
    return places.within(question.values["near"], km)


# Unknown enrollment and unknown dates are null, and null is neither more nor less than anything.
CONDITIONS: dict[str, Callable[[Question], Q]] = {
    "q": _says_words,
    **{parameter: _listed(parameter) for parameter in LINKS},
    "status": _column("status"),
    "study_type": _column("study_type"),
    "start_from": _started_from,
    "start_to": _started_to,
    "updated_from": lambda question: Q(last_updated__gte=question.values["updated_from"].earliest),
    "updated_to": lambda question: Q(last_updated__lte=question.values["updated_to"].latest),
    "enrollment_min": lambda question: Q(enrollment_count__gte=question.values["enrollment_min"]),
    "enrollment_max": lambda question: Q(enrollment_count__lte=question.values["enrollment_max"]),
    "has_results": lambda question: Q(has_results=question.values["has_results"]),
    "has_publication": _has_publication,
    "age": _age,
    "sex": _sex,
    "near": _near,
}
