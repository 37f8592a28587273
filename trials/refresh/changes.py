"""What differs between two versions of a study, field by field."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, fields
from typing import Any

from trials.registry.study import Study
from trials.vocabulary import ChangeKind

# The copy's own date moves every day and says nothing about the study.
_NOT_OF_THE_STUDY = frozenset({"version_date", "unknown_values"})


@dataclass(frozen=True, slots=True)
class Change:
    """A field of the study with its value before and after, as JSON has them."""

    field: str
    old: Any
    new: Any
    kind: str = ChangeKind.MATERIAL


def compare(old: Study, new: Study) -> tuple[Change, ...]:
    """The fields that differ, in the study's own order."""
    return tuple(
        Change(field.name, _plain(old, field.name), _plain(new, field.name))
        for field in fields(Study)
        if field.name not in _NOT_OF_THE_STUDY
        and getattr(old, field.name) != getattr(new, field.name)
    )


def _plain(study: Study, name: str) -> Any:
    value = getattr(study, name)
    if isinstance(value, tuple):
        value = [asdict(item) if hasattr(item, "__dataclass_fields__") else item for item in value]
    elif hasattr(value, "__dataclass_fields__"):
        value = asdict(value)
    return json.loads(json.dumps(value, default=str))
