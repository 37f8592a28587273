"""The words of trials: which of a trial's texts are looked for, and under which part.

Not its facts, countries and the names of its cell sources, indications and products: those come
out of the index, and a renamed cell source is found by its new name without any text made anew.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from trials.models import (
    Fact,
    Intervention,
    Mention,
    Site,
    SponsorAlias,
    Trial,
    TrialAlias,
    TrialSponsor,
    TrialText,
)
from trials.search.tokens import written
from trials.vocabulary import NOT_STATED, FactKind

# Words at most, so that no record of nonsense is more than a database takes.
_MOST = {"titles": 2_000, "subjects": 4_000, "around": 4_000, "eligibility": 15_000}
_Texts = dict[int, list[str]]


def texts_of(trials: Sequence[int]) -> Iterator[TrialText]:
    """The words of these trials, as they are now."""
    columns = (
        *("pk", "title", "title_zh", "acronym", "official_title", "org_study_id", "number"),
        *("conditions", "keywords", "secondary_ids", "eligibility_criteria"),
    )
    interventions, treatments = _interventions(trials), _treatments(trials)
    around = _around(trials)
    for row in Trial.objects.filter(pk__in=trials).order_by("pk").values(*columns):
        key = row["pk"]
        parts: dict[str, Iterable[str]] = {
            "titles": (row["title"], row["title_zh"], row["acronym"]),
            "subjects": (
                *_words(row["conditions"]),
                *_words(row["keywords"]),
                *interventions[key],
                *treatments[key],
            ),
            "around": (
                *(row["official_title"], row["number"], row["org_study_id"]),
                *_numbers(row["secondary_ids"]),
                *around[key],
            ),
            "eligibility": (row["eligibility_criteria"],),
        }
        words = {part: written(filter(None, parts[part]), most) for part, most in _MOST.items()}
        yield TrialText(trial_id=key, **words)


def _interventions(trials: Sequence[int]) -> _Texts:
    texts: _Texts = defaultdict(list)
    rows = Intervention.objects.filter(trial__in=trials).order_by("pk")
    for key, name, others in rows.values_list("trial_id", "name", "other_names"):
        texts[key] += [name, *_words(others)]
    return texts


def _treatments(trials: Sequence[int]) -> _Texts:
    """What is given together with the cells or instead of them, as facts name it."""
    texts: _Texts = defaultdict(list)
    kinds = (FactKind.ADJUNCT, FactKind.COMPARATOR)
    facts = Fact.objects.filter(trial__in=trials, kind__in=kinds, shown=True)
    stated = facts.exclude(value=NOT_STATED).order_by("trial_id", "value")
    for key, value in stated.values_list("trial_id", "value").distinct():
        texts[key].append(value)
    return texts


def _around(trials: Sequence[int]) -> _Texts:
    """Sponsors by any name, a document's words for the trial, cities, other numbers."""
    texts: _Texts = defaultdict(list)
    parts = TrialSponsor.objects.filter(trial__in=trials).order_by("pk")
    names = ("sponsor_id", "sponsor__name", "sponsor__name_zh")
    sponsors = list(parts.values_list("trial_id", *names))
    aliases: _Texts = defaultdict(list)
    known = SponsorAlias.objects.filter(sponsor__in={sponsor for _key, sponsor, *_ in sponsors})
    for sponsor, name in known.order_by("pk").values_list("sponsor_id", "name"):
        aliases[sponsor].append(name)
    for key, sponsor, name, name_zh in sponsors:
        texts[key] += dict.fromkeys((name, name_zh, *aliases[sponsor]))
    words = ("title_words", "title_zh_words", "sponsor_words")
    mentions = Mention.objects.filter(trial__in=trials).order_by("pk")
    for key, *said in mentions.values_list("trial_id", *words):
        texts[key] += said
    cities = Site.objects.filter(trial__in=trials).order_by("trial_id", "city")
    for key, city in cities.values_list("trial_id", "city").distinct():
        texts[key].append(city)
    others = TrialAlias.objects.filter(trial__in=trials).order_by("pk")
    for key, number in others.values_list("trial_id", "number"):
        texts[key].append(number)
    return texts


def _words(kept: Any) -> list[str]:
    return [word for word in kept if isinstance(word, str)] if isinstance(kept, list) else []


def _numbers(kept: Any) -> list[str]:
    """Of other registries; refresh keeps each with its kind, the documents' lists alone."""
    others = kept if isinstance(kept, list) else []
    given = (other.get("id") if isinstance(other, dict) else other for other in others)
    return [number for number in given if isinstance(number, str)]
