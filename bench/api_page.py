"""How the API's list answers in one process: `python -m bench.api_page`, with DATABASE_URL.

Pages of 100 trials, without a network: ours, the plain way's (`bench.plain_api`), and a bare view
that sends the same bytes ready-made, all through the same middleware (`bench.urls`). By turns, and
the medians. Prints an `ApiPage` as JSON.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from statistics import median
from typing import Any

from bench.questions import QUESTIONS

PAGE = 100
DEEP = 4_000  # pages, or the last one
TURNS = 12
ADDRESS, PLAIN, BARE = "/api/v1/trials/", "/bench/plain/", "/bench/bare/"


@dataclass(frozen=True, slots=True)
class ApiPage:
    """Seconds."""

    whole: float  # a page without filters
    plain_whole: float
    two: float  # with two filters
    plain_two: float
    bare: float  # the bytes of a page, ready
    first: float  # by cursor
    deep: float
    unchanged: float  # 304
    deep_page: int


def main() -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "catalog.settings"
    os.environ["API_RATE_LIMIT"] = "0"
    import django  # noqa: PLC0415 - the benchmark itself stays small
    from django.conf import settings  # noqa: PLC0415 - the same

    # Names of static files as they are: no collected ones are needed.
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    }
    settings.ROOT_URLCONF = "bench.urls"
    django.setup()
    print(json.dumps(asdict(_measured())))


def _measured() -> ApiPage:
    from django.test import Client  # noqa: PLC0415 - after the settings

    from bench import urls  # noqa: PLC0415 - the same

    client = Client(headers={"host": "127.0.0.1"})

    def fetch(query: str, address: str = ADDRESS, **headers: str) -> Any:
        answer = client.get(f"{address}?{query}", headers=headers)
        assert answer.status_code in (200, 304), answer.content
        return answer

    ready = fetch(f"page_size={PAGE}")
    urls.ready[:] = ready.content
    deep_page, deep = _deep_cursor()
    questions = [question.query for question in QUESTIONS]
    asked = {
        "whole": lambda n: fetch(f"page_size={PAGE}"),
        "plain_whole": lambda n: fetch("", PLAIN),
        "two": lambda n: fetch(f"page_size={PAGE}&{questions[n % len(questions)]}"),
        "plain_two": lambda n: fetch(questions[n % len(questions)], PLAIN),
        "bare": lambda n: fetch("", BARE),
        "first": lambda n: fetch(f"page_size={PAGE}&cursor="),
        "deep": lambda n: fetch(f"page_size={PAGE}&cursor={deep}"),
        "unchanged": lambda n: fetch(f"page_size={PAGE}", **{"if-none-match": ready["ETag"]}),
    }
    return ApiPage(**_by_turns(asked), deep_page=deep_page)


def _by_turns(asked: dict[str, Callable[[int], Any]]) -> dict[str, float]:
    taken: dict[str, list[float]] = {name: [] for name in asked}
    for turn in range(TURNS + 1):
        for name, ask in asked.items():
            began = time.perf_counter()
            ask(turn)
            taken[name].append(time.perf_counter() - began)
    return {name: median(seconds[1:]) for name, seconds in taken.items()}


def _deep_cursor() -> tuple[int, str]:
    """The number of a deep page and the cursor that leads to it, without going there."""
    from django.http import QueryDict  # noqa: PLC0415 - after the settings

    from catalog.api.cursors import Cursor, Side  # noqa: PLC0415 - the same
    from catalog.filters import ask  # noqa: PLC0415 - the same

    asked = ask(QueryDict())
    page = min(DEEP, len(asked.trials) // PAGE)
    rank = asked.trials.order.rank((page - 1) * PAGE - 1)
    return page, str(Cursor(Side.AFTER, asked.ordering, "", rank))


if __name__ == "__main__":
    main()
