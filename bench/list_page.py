"""How the list of trials answers in one process: `python -m bench.list_page`, with DATABASE_URL.

Without a network; the connection to the database is kept open. The first answer is measured by
itself: with it comes all that is loaded once. Prints a `ListPage` as JSON.
"""

from __future__ import annotations

import gc
import json
import os
import time
from dataclasses import asdict, dataclass
from functools import partial
from statistics import median
from typing import Any
from urllib.parse import urlencode

from bench.memory_use import held
from bench.questions import QUESTIONS, SEARCHES, Question, typical

WARM_UP = 3  # requests
BARE = "/healthz"


@dataclass(frozen=True, slots=True)
class ListPage:
    """Seconds, and bytes."""

    first: float
    growth: int  # of the process's own memory by the first answer; 0 where the system tells nothing
    page: float
    processor: float  # of this process alone, for a page
    bare: float  # an answer that asks for nothing
    search: float  # a page of words that are looked for the first time, the best match first


def main() -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "catalog.settings"
    import django  # noqa: PLC0415 - the benchmark itself stays small
    from django.conf import settings  # noqa: PLC0415 - the same

    # Names of static files as they are: no collected ones are needed.
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    }
    django.setup()
    from django.test import Client  # noqa: PLC0415 - after the settings

    fetch = partial(_fetch, Client(headers={"host": "127.0.0.1"}))
    print(json.dumps(asdict(_measured(fetch))))


def _measured(fetch: Any) -> ListPage:
    def ask(question: Question) -> None:
        fetch(f"/trials/?{question.query}")

    fetch(BARE)
    gc.collect()
    before, began = held(os.getpid()), time.perf_counter()
    ask(QUESTIONS[0])
    first = time.perf_counter() - began
    gc.collect()
    growth = held(os.getpid()) - before
    for question in QUESTIONS[:WARM_UP]:
        ask(question)
    page, bare = typical(ask), typical(lambda _: fetch(BARE))
    searches = [_seconds(fetch, words) for words in SEARCHES]
    return ListPage(first, growth, page.seconds, page.processor, bare.seconds, median(searches))


def _seconds(fetch: Any, words: str) -> float:
    began = time.perf_counter()
    fetch(f"/trials/?{urlencode({'q': words, 'ordering': 'relevance'})}")
    return time.perf_counter() - began


def _fetch(client: Any, address: str) -> None:
    answer = client.get(address)
    assert answer.status_code == 200, f"{address}: {answer.status_code}"


if __name__ == "__main__":
    main()
