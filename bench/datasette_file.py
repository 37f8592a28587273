"""The trials as one would publish them with Datasette: `python -m bench.datasette_file PATH`.

With DATABASE_URL. A SQLite file with one table: what a trial has one of is a column with an index,
what it may have several of is a column with a JSON list, parents in the trees included.
"""

from __future__ import annotations

import json
import os
import sqlite3
import sys
from collections.abc import Iterator
from itertools import groupby
from typing import Any
from urllib.parse import urlencode

from bench.plain_list import COLUMNS, FACETS, rows_of, with_ancestors
from bench.questions import MOST_VALUES, PAGE_SIZE, Question

DATABASE, TABLE = "catalogue", "trials"
ONE = ("sponsor", "sponsor_class")
SEVERAL = tuple(name for name in FACETS if name not in ONE)
SHOWN = ("title", *COLUMNS, "enrollment_count", "start_date", "last_updated")
# Its own limits would leave out what takes long.
SETTINGS = {"sql_time_limit_ms": 600_000, "facet_time_limit_ms": 600_000, "suggest_facets": "off"}


def address(question: Question) -> str:
    """The page of the list: filters, the newest first, and the facets that our list has."""
    asked = [(f"{name}__arraycontains", value) for name, value in question._asdict().items()]
    facets = [("_facet_array", name) for name in SEVERAL]
    facets += [("_facet", name) for name in (*ONE, *COLUMNS)]
    shape = [
        ("_sort_desc", "last_updated"),
        ("_size", PAGE_SIZE),
        ("_facet_size", MOST_VALUES),
    ]
    return f"/{DATABASE}/{TABLE}?{urlencode([*asked, *facets, *shape])}"


def count_address(question: Question) -> str:
    """JSON whose `filtered_table_rows_count` is the number of trials found."""
    asked = [(f"{name}__arraycontains", value) for name, value in question._asdict().items()]
    return f"/{DATABASE}/{TABLE}.json?{urlencode([*asked, ('_size', 1)])}"


def write(path: str) -> None:
    connection = sqlite3.connect(path)
    names = ("number", *SHOWN, *ONE, *SEVERAL)
    columns = ", ".join(name for name in names if name != "number")
    connection.execute(f"CREATE TABLE {TABLE} (number TEXT PRIMARY KEY, {columns})")
    marks = ", ".join("?" * len(names))
    # Names of our own; no value from outside.
    connection.executemany(f"INSERT INTO {TABLE} VALUES ({marks})", _rows())  # noqa: S608
    for name in (*COLUMNS, *ONE, "last_updated"):
        connection.execute(f"CREATE INDEX {TABLE}_{name} ON {TABLE} ({name})")
    connection.execute("ANALYZE")
    connection.commit()
    connection.close()


def _rows() -> Iterator[tuple[Any, ...]]:
    from trials.models import Trial  # noqa: PLC0415 - after the settings

    one = {name: dict(_pairs(name)) for name in ONE}
    several = {name: _lists(name) for name in SEVERAL}
    shown = Trial.objects.order_by("number").values_list("pk", "number", *SHOWN)
    for key, *values in shown.iterator():
        yield (
            *(value if isinstance(value, int | None) else str(value) for value in values),
            *(one[name].get(key) for name in ONE),
            *(several[name].get(key, "[]") for name in SEVERAL),
        )


def _pairs(name: str) -> Any:
    facet = FACETS[name]
    return rows_of(facet).order_by("trial_id").values_list("trial_id", facet.column).iterator()


def _lists(name: str) -> dict[int, str]:
    """Of each trial its values, as JSON; equal lists are one text in memory."""
    from trials.models import CellSource, Indication  # noqa: PLC0415 - after the settings

    trees = {"cell_source": CellSource, "indication": Indication}
    lines = with_ancestors(trees[name]) if name in trees else {}
    known: dict[tuple[str, ...], str] = {}
    found: dict[int, str] = {}
    for key, pairs in groupby(_pairs(name), key=lambda pair: pair[0]):
        values = {each for _, value in pairs for each in lines.get(value, (value,))}
        ordered = tuple(sorted(values))
        found[key] = known.setdefault(ordered, json.dumps(ordered))
    return found


def main(path: str) -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "catalog.settings"
    import django  # noqa: PLC0415 - the benchmark itself stays small

    django.setup()
    write(path)


if __name__ == "__main__":
    main(sys.argv[1])
