"""The project's own labelled set, `examples.toml`: what is to be read in small, tricky records."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from trials.extraction.evaluation import Evaluation
from trials.extraction.facts import read_facts
from trials.extraction.tables import Lexicon, lexicon
from trials.registry.study import Study, parse_study

EXAMPLES = Path(__file__).parent / "examples.toml"
NUMBER = "NCT99000001"  # of no study
# What a row may leave out.
_TITLE, _CONDITIONS = "Mesenchymal stem cells for a disease", ["Knee Osteoarthritis"]


@dataclass(frozen=True, slots=True)
class Example:
    """A small record, the trap in it, and what is to be read; `limit`: the rules cannot yet."""

    trap: str
    study: Study
    expected: dict[str, Any]
    limit: bool


@dataclass(frozen=True, slots=True)
class OwnScores:
    """How the rules do on the set, and the day on which it was last gone through."""

    evaluation: Evaluation
    labelled: date


@cache
def examples() -> tuple[Example, ...]:
    """Every row of the set."""
    return tuple(map(_example, _table()["example"]))


def own_scores(words: Lexicon | None = None) -> OwnScores:
    """The rules' scores on the set by these words, or by those of the files.

    Worked out once a process and lexicon: they cannot be out of date.
    """
    return _scores(words or lexicon())


@lru_cache(maxsize=4)
def _scores(words: Lexicon) -> OwnScores:
    evaluation = Evaluation()
    for one in examples():
        evaluation.add({"nct_id": one.trap, **one.expected}, read_facts(one.study, words))
    return OwnScores(evaluation, _table()["labelled"])


def _table() -> dict[str, Any]:
    return tomllib.loads(EXAMPLES.read_text("utf-8"))


def _example(row: dict[str, Any]) -> Example:
    expected = {name: None if value == "none" else value for name, value in row["expect"].items()}
    return Example(row["trap"], parse_study(_record(row)), expected, row.get("limit", False))


def _record(row: dict[str, Any]) -> dict[str, Any]:
    """The row as a record of the registry's."""
    arms = [
        {"type": kind, "label": label, "description": words}
        for kind, label, words in row.get("arms", [])
    ]
    given = [(row["gives"], row.get("how", ""))] if "gives" in row else []
    interventions = [
        {"type": "BIOLOGICAL", "name": name, "description": words}
        for name, words in [*given, *row.get("beside", [])]
    ]
    return {
        "protocolSection": {
            "identificationModule": {"nctId": NUMBER, "briefTitle": row.get("title", _TITLE)},
            "conditionsModule": {
                "conditions": row.get("conditions", _CONDITIONS),
                "keywords": row.get("keywords", []),
            },
            "descriptionModule": {
                "briefSummary": row.get("summary", ""),
                "detailedDescription": row.get("description", ""),
            },
            "designModule": {"studyType": row.get("type", "INTERVENTIONAL")},
            "armsInterventionsModule": {
                "armGroups": arms,
                "interventions": interventions,
            },
            "eligibilityModule": {"eligibilityCriteria": row.get("eligibility", "")},
            "outcomesModule": {"primaryOutcomes": [{"measure": row.get("outcome", "Pain")}]},
        }
    }
