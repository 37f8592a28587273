"""Scores what the rules read against records that a person has labelled.

Fields that are lists are scored value by value over all records (micro-average); fields with one
value by accuracy, given as precision, recall and F1 alike.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import NoneType
from typing import Any

from trials.extraction.readings import Reading
from trials.extraction.sources import top
from trials.numbers import proper_number

_LISTS = frozenset({"sources", "sources_comparator", "routes", "doses", "indications"})
FIELDS = (
    "cell_therapy",
    "sources",
    "sources_comparator",
    "donor",
    "preparation",
    "routes",
    "doses",
    "administrations",
    "indications",
)
Label = Mapping[str, Any]


@dataclass(slots=True)
class Score:
    """Values that were read, that are labelled, and that are both; over so many records."""

    right: int = 0
    read: int = 0
    labelled: int = 0
    records: int = 0

    def add(self, read: set[Any], labelled: set[Any]) -> None:
        self.right += len(read & labelled)
        self.read += len(read)
        self.labelled += len(labelled)
        self.records += 1

    def as_json(self) -> dict[str, float]:
        precision = self.right / self.read if self.read else 1.0
        recall = self.right / self.labelled if self.labelled else 1.0
        both = precision + recall
        f1 = 2 * precision * recall / both if both else 0.0
        return {
            "precision": round(precision, 4),
            "recall": round(recall, 4),
            "f1": round(f1, 4),
            "n": self.records,
        }


@dataclass(slots=True)
class Evaluation:
    """Every field's score, and each place where rules and labels differ."""

    scores: dict[str, Score] = field(default_factory=lambda: {name: Score() for name in FIELDS})
    disagreements: list[dict[str, Any]] = field(default_factory=list)
    n: int = 0

    def add(self, label: Label, readings: Iterable[Reading]) -> None:
        """Compare one record, in the fields that its label has."""
        readings = tuple(readings)
        read = as_label(readings)
        self.n += 1
        for name in FIELDS:
            if name not in label:
                continue
            ours, theirs = read[name], label[name]
            self.scores[name].add(_values(name, ours), _values(name, theirs))
            if _values(name, ours) != _values(name, theirs):
                self.disagreements.append(
                    {
                        "nct_id": label["nct_id"],
                        "field": name,
                        "label": theirs,
                        "read": ours,
                        "quotes": [
                            f"{one.value}: “{one.quote}” ({one.place})"
                            for one in readings
                            if one.kind == _KINDS[name]
                        ],
                        "why": label.get("why", ""),
                    }
                )

    def as_json(self) -> dict[str, Any]:
        return {
            "n": self.n,
            "fields": {name: score.as_json() for name, score in self.scores.items()},
            "disagreements": self.disagreements,
        }


_KINDS = {
    "cell_therapy": "cell_therapy",
    "sources": "cell_source",
    "sources_comparator": "cell_source",
    "donor": "donor_type",
    "preparation": "preparation",
    "routes": "route",
    "doses": "dose",
    "administrations": "administrations",
    "indications": "indication",
}


def as_label(readings: Iterable[Reading]) -> dict[str, Any]:
    """What was read, in the form of a label: parts of a tissue are the tissue."""
    said: dict[tuple[str, str], dict[str, None]] = defaultdict(dict)
    for one in readings:
        said[one.kind, one.role][one.value] = None

    def values(kind: str, role: str = "experimental") -> list[str]:
        return list(said[kind, role])

    counts = [int(value) for value in values("administrations")]
    preparations = [value for value in values("preparation") if value != "cell-free"]
    return {
        "cell_therapy": (values("cell_therapy") or ["no"])[0],
        "sources": list(dict.fromkeys(map(top, values("cell_source")))),
        "sources_comparator": list(dict.fromkeys(map(top, values("cell_source", "comparator")))),
        "donor": _one_or_both(values("donor_type")),
        "preparation": _one_or_both(preparations),
        "routes": values("route"),
        "doses": values("dose"),
        "administrations": max(counts) if counts else None,
        "indications": values("indication") or ["non-musculoskeletal"],
    }


def _one_or_both(values: list[str]) -> str:
    if len(values) > 1:
        return "both"
    return values[0] if values else "not-stated"


def _values(name: str, value: Any) -> set[Any]:
    return set(value) if name in _LISTS else {value}


_TEXT = ((str,), "text in quotes")
_REMARK = ((str, NoneType), "text in quotes")  # not scored: it may be left out
_LIST = ((list,), "a list of texts in quotes, [] for none")
# What each key of a label has to be. Exact types, for True is an int to Python.
_FORMS: dict[str, tuple[tuple[type, ...], str]] = {
    "nct_id": _TEXT,
    **{name: _LIST if name in _LISTS else _TEXT for name in FIELDS},
    "administrations": ((int, NoneType), "a whole number, or null where none is stated"),
    "quote": _REMARK,
    "hard": ((bool, NoneType), "true or false"),
    "why": _REMARK,
}
_NEEDED = ("nct_id", *FIELDS)
_TYPES = {
    NoneType: "null",
    bool: "a boolean",
    int: "a number",
    float: "a decimal number",
    str: "text",
    list: "a list",
    dict: "an object",
}


def fault_in(label: object) -> str | None:
    """What is wrong with a label and what would be right ("lacks donor: …"); None: nothing is."""
    if not isinstance(label, dict):
        return f"is {_TYPES[type(label)]}: write a JSON object with {', '.join(_NEEDED)}"
    if missing := [name for name in _NEEDED if name not in label]:
        return f"lacks {', '.join(missing)}: a label has {', '.join(_NEEDED)}"
    faults = (_fault_in_value(name, label[name]) for name in _FORMS if name in label)
    return next(filter(None, faults), None) or _fault_in_number(label["nct_id"])


def _fault_in_value(name: str, value: object) -> str | None:
    types, right = _FORMS[name]
    if type(value) not in types:
        return f"has {_TYPES[type(value)]} as {name}: write {right}"
    for one in value if isinstance(value, list) else ():
        if not isinstance(one, str):
            return f"has {_TYPES[type(one)]} in {name}: write {right}"
    if not all(map(_is_writable, value if isinstance(value, list) else (value,))):
        return f"has half a character in {name}: write no \\ud800 to \\udfff without its other half"
    return None


def _is_writable(value: object) -> bool:
    """Whether it can be printed: JSON permits half of a surrogate pair, UTF-8 does not."""
    try:
        str(value).encode()
    except UnicodeEncodeError:
        return False
    return True


def _fault_in_number(text: str) -> str | None:
    """Another spelling is refused: it would find no record, and hide a doubled label."""
    proper = proper_number(text)
    if proper == text and text.startswith("NCT"):
        return None
    right = proper if proper and proper.startswith("NCT") else "a number such as NCT03166865"
    return f"has “{text[:40]}” as nct_id: write {right}"
