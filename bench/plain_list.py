"""The list as Django would do it by itself: `python -m bench.plain_list`, with DATABASE_URL.

One query with Exists for the page, one for the count, one with GROUP BY for each facet. No page is
made of it. Prints the seconds of a question.
"""

from __future__ import annotations

import json
import os
from functools import partial
from typing import Any, NamedTuple

from bench.questions import MOST_VALUES, PAGE_SIZE, Question, typical


class Facet(NamedTuple):
    """The rows of a model that give trials values, and the column of the value."""

    model: str
    rows: dict[str, Any]
    column: str


def _of_facts(kind: str, column: str = "value") -> Facet:
    return Facet("Fact", {"kind": kind, "shown": True, "role": "experimental"}, column)


FACETS = {
    "cell_source": _of_facts("cell_source", "cell_source__slug"),
    "donor_type": _of_facts("donor_type"),
    "preparation": _of_facts("preparation"),
    "route": _of_facts("route"),
    "indication": _of_facts("indication", "indication__slug"),
    "product": _of_facts("product", "product__slug"),
    "country": Facet("Site", {"country__isnull": False}, "country_id"),
    "phase": Facet("TrialPhase", {}, "phase"),
    "sponsor": Facet("TrialSponsor", {"role": "lead"}, "sponsor__slug"),
    "sponsor_class": Facet("TrialSponsor", {"role": "lead"}, "sponsor__sponsor_class"),
    "document": Facet("Mention", {}, "document__slug"),
}
COLUMNS = ("status", "study_type", "has_results")


def rows_of(facet: Facet) -> Any:
    from trials import models  # noqa: PLC0415 - after the settings

    rows = getattr(models, facet.model).objects.filter(**facet.rows)
    # "Not stated" as a fact's value is the same as no fact.
    rows = rows.exclude(value="not-stated") if facet.model == "Fact" else rows
    return rows.order_by()


def with_ancestors(model: Any) -> dict[str, tuple[str, ...]]:
    """Each slug of a tree with itself and those above it."""
    parents = dict(model.objects.values_list("slug", "parent__slug"))

    def line(slug: str | None) -> tuple[str, ...]:
        return (slug, *line(parents[slug])) if slug else ()

    return {slug: line(slug) for slug in parents}


def answer(question: Question, below: dict[str, set[str]]) -> tuple[int, list[Any], Any]:
    """The count, the rows of the first page, and each facet with every filter on but its own."""
    from trials.models import Trial  # noqa: PLC0415 - after the settings

    chosen = {
        "cell_source": _having("cell_source", below[question.cell_source]),
        "country": _having("country", {question.country}),
    }
    published = Trial.objects.filter(screening="included")
    found = published.filter(*chosen.values())
    facets = {
        name: _counts(name, published.filter(*(chosen[k] for k in chosen if k != name)))
        for name in (*FACETS, *COLUMNS)
    }
    page = found.order_by("-last_updated", "number").for_list()[:PAGE_SIZE]
    return found.count(), list(page), facets


def _having(name: str, values: set[str]) -> Any:
    from django.db.models import Exists, OuterRef  # noqa: PLC0415 - after the settings

    facet = FACETS[name]
    found = rows_of(facet).filter(trial=OuterRef("pk"), **{f"{facet.column}__in": sorted(values)})
    return Exists(found)


def _counts(name: str, trials: Any) -> list[Any]:
    from django.db.models import Count  # noqa: PLC0415 - after the settings

    if name in COLUMNS:
        return list(trials.order_by().values(name).annotate(trials=Count("pk")))
    facet = FACETS[name]
    rows = rows_of(facet).filter(trial__in=trials.order_by()).values(facet.column)
    counted = rows.annotate(trials=Count("trial", distinct=True)).order_by("-trials")
    return list(counted[:MOST_VALUES])


def main() -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "catalog.settings"
    import django  # noqa: PLC0415 - the benchmark itself stays small

    django.setup()
    from trials.models import CellSource  # noqa: PLC0415 - after the settings

    lines = with_ancestors(CellSource)
    below = {slug: {one for one, line in lines.items() if slug in line} for slug in lines}
    print(json.dumps(typical(partial(answer, below=below)).seconds))


if __name__ == "__main__":
    main()
