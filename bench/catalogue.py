"""Fills an empty database with made-up published trials: `python -m bench.catalogue COUNT`.

With DATABASE_URL. Written as the tables hold them, by COPY where the database has it: a refresh
of half a million records would take half an hour, this takes minutes. Sponsors are a tenth as many
as trials. No stored records, arms or outcomes: no list shows them.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator
from itertools import chain, islice
from typing import Any

from bench import catalogue_rows as rows
from bench.multiplying import follow, settle
from bench.processes import ROOT

MOMENT = "2026-01-05 00:00:00"  # UTC; when all was written
AT_ONCE = 5_000  # trials, or sponsors, in one transaction
# A table stands after those it refers to.
ROWS: tuple[Any, ...] = (
    *(rows.Sponsor, rows.SponsorAlias, rows.Trial, rows.TrialAlias, rows.TrialPhase),
    *(rows.TrialSponsor, rows.Site, rows.Intervention, rows.Fact, rows.Mention),
    rows.TrialPublication,
)
PRODUCTS, DOCUMENTS = 30, 5


def fill(count: int) -> None:
    """Write `count` trials, with keys and numbers from 1 on, and all that they refer to."""
    from trials.models.sponsor import normalise_name  # noqa: PLC0415 - after the settings

    def with_alias(sponsor: rows.Sponsor) -> Iterator[rows.Row]:
        yield sponsor
        yield rows.SponsorAlias(sponsor.id, sponsor.name, normalise_name(sponsor.name), "registry")

    sponsors = max(1, count // 10)
    vocabulary = _vocabulary(count)
    tables = {kind: _Table(kind) for kind in ROWS}
    _write(tables, map(with_alias, rows.sponsor_rows(sponsors)))
    _write(tables, (rows.trial_rows(n, sponsors, vocabulary) for n in range(1, count + 1)))
    follow([table.model._meta.db_table for table in tables.values()])
    after_filling()


def after_filling() -> None:
    """Brings in step what the catalogue derives from the rows and keeps beside them."""


def _write(tables: dict[Any, _Table], parts: Iterable[Iterable[rows.Row]]) -> None:
    from django.db import transaction  # noqa: PLC0415 - after the settings

    parts = iter(parts)
    while some := list(islice(parts, AT_ONCE)):
        for row in chain.from_iterable(some):
            tables[type(row)].rows.append(row)
        with transaction.atomic():
            for table in tables.values():
                table.write()


class _Table:
    """The rows that wait to be written to one table."""

    def __init__(self, kind: Any) -> None:
        import trials.models  # noqa: PLC0415 - after the settings

        self.model = getattr(trials.models, kind.__name__)
        self.rows: list[rows.Row] = []
        fields = self.model._meta.concrete_fields
        varied = {field.attname: field.column for field in fields if field.attname in kind._fields}
        others = [f for f in fields if f.attname not in varied and not f.primary_key]
        self._columns = [varied[name] for name in kind._fields]
        self._columns += [field.column for field in others]
        # What never differs stands behind what does.
        self._same = tuple(map(_default, others))

    def write(self) -> None:
        from django.db import connection  # noqa: PLC0415 - after the settings

        write = self._copy if connection.vendor == "postgresql" else self._insert
        with connection.cursor() as cursor:
            write(cursor)
        self.rows = []

    def _copy(self, cursor: Any) -> None:
        with cursor.copy(f"COPY {self._names} FROM STDIN") as copy:
            for row in self.rows:
                copy.write_row(row + self._same)

    def _insert(self, cursor: Any) -> None:
        marks = ", ".join(["%s"] * len(self._columns))
        # Names of our own; no value from outside.
        statement = f"INSERT INTO {self._names} VALUES ({marks})"  # noqa: S608
        cursor.executemany(statement, [row + self._same for row in self.rows])

    @property
    def _names(self) -> str:
        columns = ", ".join(f'"{column}"' for column in self._columns)
        return f'"{self.model._meta.db_table}" ({columns})'


def _default(field: Any) -> Any:
    kind = field.get_internal_type()
    if kind == "DateTimeField" and not field.null:
        return MOMENT
    if kind == "JSONField":
        return "[]"
    value = field.get_default()
    return str(value) if isinstance(value, str) else value  # plain text of a listed value


def _vocabulary(count: int) -> rows.Vocabulary:
    """Writes the vocabularies: the trees of the fixtures, the rest made up."""
    from trials.models import CellSource, Document, Indication, Product, Publication  # noqa: PLC0415
    from trials.seeding import SeedReport, read_fixtures  # noqa: PLC0415 - after the settings
    from trials.seeding.terms import save_countries, save_tree  # noqa: PLC0415 - the same

    fixtures, report = read_fixtures(ROOT / "fixtures"), SeedReport()
    save_countries(report)
    sources = save_tree(CellSource, fixtures.cell_sources, report)
    indications = save_tree(Indication, fixtures.indications, report)
    Product.objects.bulk_create(
        Product(slug=f"product-{n}", name=f"Cellamend {n}", is_stem_cell="yes")
        for n in range(1, PRODUCTS + 1)
    )
    Document.objects.bulk_create(
        Document(slug=f"page-{n}", title=f"A clinic's page, {n}", language="English", kind="clinic")
        for n in range(1, DOCUMENTS + 1)
    )
    Publication.objects.bulk_create(
        Publication(slug=f"paper-{n}", title=f"Cells for worn joints, part {n}", year=2010 + n % 15)
        for n in range(1, 2 + count // (2 * rows.EVERY))
    )
    return rows.Vocabulary(
        tuple(rows.Named(sources[b.slug], b.name, b.name_zh) for b in fixtures.cell_sources),
        tuple(rows.Named(indications[b.slug], b.name, b.name_zh) for b in fixtures.indications),
        *(
            tuple(model.objects.order_by("pk").values_list("pk", flat=True))
            for model in (Product, Document, Publication)
        ),
    )


def main() -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "catalog.settings"
    import django  # noqa: PLC0415 - after the environment

    django.setup()
    fill(int(sys.argv[1]))
    settle()


if __name__ == "__main__":
    main()
