"""Trials question by question: what each of them says, and where they do not say the same."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise

from catalog.pages.questions import QUESTIONS, Question
from catalog.templatetags.catalogue import registry_url


@dataclass(frozen=True, slots=True)
class Cell:
    """What one trial says. `url`: of the registry's record."""

    trial: Any
    url: str
    said: Any


@dataclass(frozen=True, slots=True)
class Row:
    """A question with an answer of each trial."""

    question: Question
    cells: tuple[Cell, ...]
    differs: bool


@dataclass(frozen=True, slots=True)
class Group:
    """Questions that belong together."""

    title: str | Promise
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """All that is asked, and of how many questions the trials say different things."""

    groups: tuple[Group, ...]

    @property
    def rows(self) -> int:
        return sum(len(group.rows) for group in self.groups)

    @property
    def differing(self) -> int:
        return sum(row.differs for group in self.groups for row in group.rows)

    @property
    def differences(self) -> tuple[Group, ...]:
        """The groups again, with the rows alone in which the trials differ."""
        left = ((one.title, tuple(row for row in one.rows if row.differs)) for one in self.groups)
        return tuple(Group(title, rows) for title, rows in left if rows)


def comparison(trials: Sequence[Any]) -> Comparison:
    """What these trials say; each as `for_comparison` fetches it, so that nothing is asked here."""
    urls = [registry_url(trial) for trial in trials]
    return Comparison(
        tuple(Group(title, tuple(_rows(questions, trials, urls))) for title, questions in QUESTIONS)
    )


def _rows(
    questions: Iterable[Question], trials: Sequence[Any], urls: Sequence[str]
) -> Iterator[Row]:
    for question in questions:
        said = [question.said(trial) for trial in trials]
        if question.optional and not any(said):
            continue
        cells = zip(trials, urls, said, strict=True)
        meant = {question.meant(one) for one in said}
        yield Row(question, tuple(Cell(*cell) for cell in cells), differs=len(meant) > 1)
