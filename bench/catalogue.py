"""Fills an empty database with made-up published trials: `python -m bench.catalogue COUNT`.

With DATABASE_URL. The rows are written as the tables hold them, by COPY where the database has
it: a refresh of half a million records would take half an hour, this takes minutes. Sponsors are a
tenth as many as trials. No stored records, arms or outcomes: no list shows them.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator
from itertools import chain, islice
from typing import Any

from bench import catalogue_rows as rows
from bench.bulk import Table, indexes_afterwards, write_together
from bench.multiplying import follow, settle
from bench.processes import ROOT

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
    import trials.models  # noqa: PLC0415 - after the settings
    from trials.models.sponsor import normalise_name  # noqa: PLC0415 - after the settings

    def with_alias(sponsor: rows.Sponsor) -> Iterator[rows.Row]:
        yield sponsor
        yield rows.SponsorAlias(sponsor.id, sponsor.name, normalise_name(sponsor.name), "registry")

    sponsors = max(1, count // 10)
    vocabulary = _vocabulary(count)
    tables = {kind: Table(getattr(trials.models, kind.__name__), kind._fields) for kind in ROWS}
    with indexes_afterwards(list(tables.values())):
        _write(tables, map(with_alias, rows.sponsor_rows(sponsors)))
        _write(tables, (rows.trial_rows(n, sponsors, vocabulary) for n in range(1, count + 1)))
    follow([table.name for table in tables.values()])
    after_filling()


def after_filling() -> None:
    """Bring in step what the catalogue derives from rows and keeps beside them.

    No trigger has told it of them: see `bench.bulk`.
    """
    from django.db import connection  # noqa: PLC0415 - after the settings

    from trials.search import kept  # noqa: PLC0415 - as above
    from trials.search.loading import batched  # noqa: PLC0415 - as above

    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")  # no server had the time to look at so many new rows
    kept.catch_up("default")
    for some in batched(kept.find_behind("default", later=True), 500):
        kept.make_later("default", some)


def _write(tables: dict[Any, Table], parts: Iterable[Iterable[rows.Row]]) -> None:
    parts = iter(parts)
    while some := list(islice(parts, AT_ONCE)):
        for row in chain.from_iterable(some):
            tables[type(row)].rows.append(row)
        write_together(list(tables.values()))


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
