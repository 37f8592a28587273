"""How the values of each parameter hang on trials: one table for the filters and for the facets."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from trials.models import Fact, Mention, Site, TrialPhase, TrialSponsor
from trials.vocabulary import NOT_STATED, FactKind, Role, SponsorRole


@dataclass(frozen=True, slots=True)
class Link:
    """Rows that tie a trial to values, and the column that holds the value's key.

    `may_be_missing`: "not-stated" is a value, meaning that a trial has no such row at all.
    """

    rows: Callable[[], QuerySet[Any]]
    column: str
    may_be_missing: bool = False
    kind: str = ""  # of the facts that the rows are


def _facts(kind: str, column: str, *, may_be_missing: bool = True) -> Link:
    """The facts that stand, about what the trial studies.

    A control's cells are not what a trial is about: a trial that gives bone marrow to its controls
    alone is no bone-marrow trial. "Not stated" as a fact's value is the same as no fact.
    """
    return Link(lambda: shown_facts().filter(kind=kind), column, may_be_missing, kind)


def shown_facts() -> QuerySet[Fact]:
    stands = Fact.objects.filter(shown=True, role=Role.EXPERIMENTAL)
    return stands.exclude(value=NOT_STATED).order_by()


def leads() -> QuerySet[TrialSponsor]:
    """The lead sponsors: the one that a trial's `sponsor` shows."""
    return TrialSponsor.objects.filter(role=SponsorRole.LEAD).order_by()


LINKS: dict[str, Link] = {
    "cell_source": _facts(FactKind.CELL_SOURCE, "cell_source_id"),
    "donor_type": _facts(FactKind.DONOR_TYPE, "value"),
    "preparation": _facts(FactKind.PREPARATION, "value"),
    "route": _facts(FactKind.ROUTE, "value"),
    "indication": _facts(FactKind.INDICATION, "indication_id"),
    "product": _facts(FactKind.PRODUCT, "product_id", may_be_missing=False),
    "country": Link(
        lambda: Site.objects.filter(country__isnull=False).order_by(), "country_id", True
    ),
    "phase": Link(TrialPhase.objects.order_by, "phase", True),
    "sponsor": Link(leads, "sponsor_id"),
    "sponsor_class": Link(
        lambda: leads().exclude(sponsor__sponsor_class=""), "sponsor__sponsor_class"
    ),
    "document": Link(Mention.objects.order_by, "document_id"),
}
# Of a column the empty word is "not stated": a trial known from a paper alone has no status.
COLUMNS = {"status": "status", "study_type": "study_type", "has_results": "has_results"}
