"""What finding trials is measured with: questions of two filters, put in several ways in turn."""

from __future__ import annotations

import time
from collections.abc import Callable
from itertools import cycle, islice, product
from statistics import median
from typing import NamedTuple
from urllib.parse import urlencode

LEAST, MOST = 3, 100  # questions of one measurement
BUDGET = 8.0  # seconds after which no further one is begun
PAGE_SIZE = 25  # rows of a page, in the list and wherever the list is compared with
MOST_VALUES = 50  # of a facet


class Question(NamedTuple):
    cell_source: str  # with the sources below it in the tree
    country: str

    @property
    def query(self) -> str:
        return urlencode(self._asdict())


# Several, so that nothing which keeps its last answer looks quick.
QUESTIONS = tuple(
    Question(source, country)
    for country, source in product(
        ("US", "CN", "ES", "KR"), ("umbilical-cord", "adipose", "bone-marrow")
    )
)


# Each of words that no other has, for what was looked for once is remembered.
SEARCHES = ("knee osteoarthritis", "umbilical cord", "autologous", "膝软骨", "chondrocytes", "骨髓")


class Typical(NamedTuple):
    """The median of many questions, or of few where each takes long."""

    seconds: float
    processor: float  # seconds that this process works


def typical(ask: Callable[[Question], object]) -> Typical:
    taken: list[Typical] = []
    until = time.monotonic() + BUDGET
    for question in islice(cycle(QUESTIONS), MOST):
        began, worked = time.perf_counter(), time.process_time()
        ask(question)
        taken.append(Typical(time.perf_counter() - began, time.process_time() - worked))
        if len(taken) >= LEAST and time.monotonic() > until:
            break
    return Typical(*map(median, zip(*taken, strict=True)))
