"""The page that says how facts are read, and how well: in words that need no programmer."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language

from catalog.methods import only_read
from catalog.pages.listing import show
from trials.extraction.evaluation import Score
from trials.extraction.examples import examples, own_scores
from trials.extraction.measured import measured
from trials.extraction.readings import VERSION
from trials.lexicon import words_in_use

ENGLISH, CHINESE = "en", "zh-hans"
# A page of prose is written in each language, not put together from translated sentences.
_FIELDS = {
    "cell_therapy": {ENGLISH: "Cell therapy, or not", CHINESE: "是否为细胞治疗"},
    "sources": {ENGLISH: "Cell source", CHINESE: "细胞来源"},
    "sources_comparator": {ENGLISH: "Cell source of a comparator", CHINESE: "对照组的细胞来源"},
    "donor": {ENGLISH: "Donor", CHINESE: "供者"},
    "preparation": {ENGLISH: "Preparation", CHINESE: "制备方式"},
    "doses": {ENGLISH: "Dose", CHINESE: "剂量"},
    "administrations": {ENGLISH: "Number of administrations", CHINESE: "给药次数"},
    "routes": {ENGLISH: "Route", CHINESE: "给药途径"},
    "indications": {ENGLISH: "Indication", CHINESE: "适应症"},
}


@dataclass(frozen=True, slots=True)
class FieldScore:
    """How the rules do in one field, in percent: on the project's own set, and on records that
    nobody had seen; None where that was not measured."""

    name: str
    examples: int
    precision: float
    recall: float
    unseen_precision: float | None
    unseen_recall: float | None


@only_read
def method(request: HttpRequest) -> HttpResponse:
    language = CHINESE if get_language() == CHINESE else ENGLISH
    words = words_in_use()
    own = own_scores(words)
    context = {
        "prose": f"catalog/method/{language}.html",
        "scores": [
            field_score(name, words[language], own.evaluation.scores[name])
            for name, words in _FIELDS.items()
        ],
        "examples": len(examples()),
        "failed": len({one["nct_id"] for one in own.evaluation.disagreements}),
        "labelled": own.labelled,
        "measured": measured(),
        "rules": VERSION,
        "lexicon": words.version,
    }
    return show(request, "method", context)


def field_score(field: str, name: str, score: Score) -> FieldScore:
    own, unseen = score.as_json(), measured()
    return FieldScore(
        name,
        score.records,
        100 * own["precision"],
        100 * own["recall"],
        _percent(unseen.precision.get(field)),
        _percent(unseen.recall.get(field)),
    )


def _percent(share: float | None) -> float | None:
    return None if share is None else 100 * share
