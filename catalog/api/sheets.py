"""A trial's facts sorted to the places where the API's object has them."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from typing import Any

from trials.models import Country, Document, Fact, Product, Publication, Sponsor, Trial
from trials.vocabulary import NOT_STATED, FactKind, Role, SponsorRole

BOTH = "both"
REGISTRY_PAGES = {"ClinicalTrials.gov": "https://clinicaltrials.gov/study/{}"}


class Sheet:
    """Reads only what `for_list()` or `for_page()` has fetched: no query a trial."""

    def __init__(self, trial: Trial) -> None:
        self.trial = trial

    @cached_property
    def facts(self) -> list[Fact]:
        """The facts that stand, without those that say "not stated"."""
        trial: Any = self.trial  # the prefetched lists are no part of the model's type
        if hasattr(trial, "shown_facts"):
            shown: Iterable[Fact] = trial.shown_facts
        else:
            shown = (fact for fact in trial.live_facts if fact.shown)
        return [fact for fact in shown if fact.value != NOT_STATED]

    def _studied(self, kind: FactKind) -> list[Fact]:
        """Those about the product that the trial studies; each value once, quoted if possible."""
        return self._once(
            fact for fact in self.facts if fact.kind == kind and fact.role == Role.EXPERIMENTAL
        )

    @staticmethod
    def _once(facts: Iterable[Fact]) -> list[Fact]:
        found: dict[tuple[Any, ...], Fact] = {}
        for fact in facts:
            value = (
                fact.role,
                fact.slug,
                fact.number,
                fact.dose_min,
                fact.dose_max,
                fact.dose_unit,
            )
            if value not in found or (fact.quote and not found[value].quote):
                found[value] = fact
        return list(found.values())

    @property
    def registry_url(self) -> str | None:
        page = REGISTRY_PAGES.get(self.trial.registry)
        return page.format(self.trial.registry_id) if page else None

    @property
    def phases(self) -> list[str]:
        return [row.phase for row in self.trial.phases.all()]

    @property
    def enrollment(self) -> dict[str, Any]:
        return {"count": self.trial.enrollment_count, "type": self.trial.enrollment_type or None}

    @property
    def sponsor(self) -> Sponsor | None:
        leads = (row for row in self.trial.sponsorships.all() if row.role == SponsorRole.LEAD)
        return next((row.sponsor for row in leads), None)

    @property
    def collaborators(self) -> list[Sponsor]:
        rows = self.trial.sponsorships.all()
        return [row.sponsor for row in rows if row.role == SponsorRole.COLLABORATOR]

    @property
    def countries(self) -> list[Country]:
        found = {site.country.code: site.country for site in self.trial.sites.all() if site.country}
        return [found[code] for code in sorted(found)]

    @property
    def cell_sources(self) -> list[Fact]:
        return self._once(fact for fact in self.facts if fact.kind == FactKind.CELL_SOURCE)

    @property
    def donor_type(self) -> str:
        return self._single(FactKind.DONOR_TYPE)

    @property
    def preparation(self) -> str:
        return self._single(FactKind.PREPARATION)

    def _single(self, kind: FactKind) -> str:
        values = {fact.value for fact in self._studied(kind)}
        if len(values) > 1:
            return BOTH
        return values.pop() if values else NOT_STATED

    @property
    def routes(self) -> list[str]:
        return [fact.value for fact in self._studied(FactKind.ROUTE)]

    @property
    def doses(self) -> list[Fact]:
        return self._studied(FactKind.DOSE)

    @property
    def administrations(self) -> int | None:
        """The greatest stated number, as over a trial's arms."""
        facts = self._studied(FactKind.ADMINISTRATIONS)
        return max((fact.number for fact in facts if fact.number), default=None)

    @property
    def indications(self) -> list[Any]:
        return [fact.indication for fact in self._studied(FactKind.INDICATION)]

    @property
    def products(self) -> list[Product]:
        return [fact.product for fact in self._studied(FactKind.PRODUCT) if fact.product]

    @property
    def publications(self) -> list[Publication]:
        if hasattr(self.trial, "live_facts"):  # for_page() fetches the links, with their words
            return [link.publication for link in self.trial.publication_links.all()]
        return list(self.trial.publications.all())

    @property
    def documents(self) -> list[Document]:
        found = {row.document_id: row.document for row in self.trial.mentions.all()}
        return list(found.values())
