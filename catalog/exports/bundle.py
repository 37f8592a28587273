"""The catalogue as a zip of CSV files, with a datapackage.json (Frictionless Data) about them.

No byte order mark here, which most programs would take for a part of the first column's name;
text that looks like a formula has a "'" before it as in every CSV file of ours.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from catalog.exports import rows
from catalog.exports.sqlite_file import as_json
from catalog.exports.tables import LIST, Column, Table
from catalog.exports.whole import Whole
from catalog.exports.words import TITLE, WHAT, readme

AT_ONCE = 2_000  # rows that are written together
DESCRIPTOR, README = "datapackage.json", "README.md"


def write_bundle(whole: Whole, path: Path) -> None:
    with ZipFile(path, "w", ZIP_DEFLATED) as bundle:
        tables = whole.tables()
        keys = {table.name: table.key for table in tables}
        counts, resources = {}, []
        for table in tables:
            counts[table], size, digest = _write(bundle, table, whole)
            resources.append(
                {**resource(table, keys), "bytes": size, "hash": f"sha256:{digest.hexdigest()}"}
            )
        descriptor = json.dumps(package(whole, resources), ensure_ascii=False, indent=2)
        bundle.writestr(_entry(DESCRIPTOR, whole), descriptor)
        bundle.writestr(_entry(README, whole), _markdown(readme(whole, counts)))


def _write(bundle: ZipFile, table: Table, whole: Whole) -> tuple[int, int, Any]:
    count, size, digest = 0, 0, hashlib.sha256()
    with bundle.open(_entry(f"{table.name}.csv", whole), "w", force_zip64=True) as file:
        for some in _some([table.names], _cells(table)):
            written = rows.lines(some)
            digest.update(written)
            file.write(written)
            count, size = count + len(some), size + len(written)
    return count - 1, size, digest


def _some(head: list[list[str]], cells: Iterator[list[Any]]) -> Iterator[list[list[Any]]]:
    yield head
    while some := list(islice(cells, AT_ONCE)):
        yield some


def _cells(table: Table) -> Iterator[list[Any]]:
    lists = [column.kind == LIST for column in table.columns]
    for row in table.rows():
        yield rows.harmless(
            [
                as_json(value) if is_list else rows.plain(value)
                for value, is_list in zip(row, lists, strict=True)
            ]
        )


def _entry(name: str, whole: Whole) -> ZipInfo:
    entry = ZipInfo(name, whole.made_at.timetuple()[:6])
    entry.compress_type = ZIP_DEFLATED
    entry.external_attr = 0o644 << 16
    return entry


def package(whole: Whole, resources: list[dict[str, Any]]) -> dict[str, Any]:
    """The descriptor: https://specs.frictionlessdata.io/data-package/"""
    return {
        "profile": "tabular-data-package",
        "name": "stem-cell-trials",
        "title": str(TITLE),
        "description": str(WHAT),
        "homepage": whole.origin,
        "version": whole.made_at.strftime("%Y.%m.%d"),
        "created": whole.made_at.isoformat(),
        "sources": [{"title": "ClinicalTrials.gov", "path": "https://clinicaltrials.gov/"}],
        "resources": resources,
    }


def resource(table: Table, keys: dict[str, tuple[str, ...]]) -> dict[str, Any]:
    """A table's part: https://specs.frictionlessdata.io/tabular-data-resource/"""
    return {
        "profile": "tabular-data-resource",
        "name": table.name,
        "path": f"{table.name}.csv",
        "description": table.about,
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "schema": {
            "fields": [_field(column) for column in table.columns],
            "missingValues": [""],
            "primaryKey": list(table.key),
            "foreignKeys": [
                {
                    "fields": column.name,
                    "reference": {
                        # "" is the table itself
                        "resource": "" if column.refers_to == table.name else column.refers_to,
                        "fields": keys[column.refers_to][0],
                    },
                }
                for column in table.columns
                if column.refers_to
            ],
        },
    }


def _field(column: Column) -> dict[str, Any]:
    about = {"description": column.about} if column.about else {}
    return {"name": column.name, "type": column.kind, **about}


def _markdown(said: Iterable[tuple[str, str, str | None]]) -> str:
    parts = []
    for topic, english, chinese in said:
        parts += [f"## {topic}", english, *([chinese] if chinese else [])]
    return "\n\n".join([*parts, ""])
