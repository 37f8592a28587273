"""Reads in the domain's words."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Exists, OuterRef, Prefetch, Q

from trials.numbers import proper_number
from trials.vocabulary import Basis, FactKind, Screening, SponsorRole, Status

if TYPE_CHECKING:
    from trials.models.trial import Trial  # noqa: F401 - named in a quoted type

# Not by invitation: whom nobody invites cannot join, and the charts count the two apart.
RECRUITING = (Status.RECRUITING,)
# Long texts that no row of a list shows.
_OF_ITS_OWN_PAGE = (
    "brief_summary",
    "detailed_description",
    "eligibility_criteria",
    "condition_meshes",
    "keywords",
    "note",
    "screening_reason",
)
# What a row on a page shows of a trial itself, of its facts, and of what these are linked with.
_COLUMNS_OF_ROWS = (
    *("number", "title", "title_zh", "doubt", "status", "registry_as_of", "last_updated"),
    *("enrollment_count", "enrollment_type", "start_date", "start_date_type"),
)
_COLUMNS_OF_CITATIONS = (
    *("number", "registry", "registry_id", "title", "brief_summary", "conditions"),
    *("first_posted", "last_updated"),
)
_IN_ROWS = (FactKind.CELL_SOURCE, FactKind.DONOR_TYPE, FactKind.INDICATION)
_LINKED_IN_ROWS = ("cell_source", "indication")


class TrialQuerySet(models.QuerySet["Trial"]):
    """Questions about trials, chainable."""

    def published(self) -> Self:
        """The trials that the catalogue shows."""
        return self.filter(screening=Screening.INCLUDED)

    def recruiting(self) -> Self:
        """Trials that say they take whoever may join; an unknown status is not a yes."""
        return self.filter(status__in=RECRUITING)

    def with_curated(self) -> Self:
        """Adds `curated`: whether a person's decision stands on the trial."""
        from trials.models import Fact  # noqa: PLC0415 - models import this file

        decided = Fact.objects.filter(trial=OuterRef("pk"), basis=Basis.CURATOR, shown=True)
        return self.annotate(curated=Exists(decided))

    def for_list(self) -> Self:
        """All that a row of a list shows, in a fixed number of queries."""
        from trials.models import Fact, Site, TrialSponsor  # noqa: PLC0415 - models import this file

        shown = Fact.objects.filter(shown=True).select_related(
            "cell_source", "indication", "product"
        )
        return (
            self.with_curated()
            .defer(*_OF_ITS_OWN_PAGE)
            .prefetch_related(
                "phases",
                Prefetch("facts", shown, to_attr="shown_facts"),
                Prefetch("sponsorships", TrialSponsor.objects.select_related("sponsor")),
                Prefetch("sites", Site.objects.select_related("country")),
                "mentions__document",
                "publications",
            )
        )

    def for_row(self) -> Self:
        """What a row of a list on a page shows, and no more: a page has many, and is read often."""
        from trials.models import Fact, Site, TrialSponsor  # noqa: PLC0415 - models import this file

        # The columns are named: most of the time goes into making objects of what is read.
        named = [
            f"{kind}__{column}"
            for kind in _LINKED_IN_ROWS
            for column in ("slug", "name", "name_zh")
        ]
        facts = (
            Fact.objects.filter(shown=True, kind__in=_IN_ROWS)
            .select_related(*_LINKED_IN_ROWS)
            .only("trial_id", "kind", "role", "value", "product", *named)
        )
        leads = (
            TrialSponsor.objects.filter(role=SponsorRole.LEAD)
            .select_related("sponsor")
            .only("trial_id", "role", "sponsor__name", "sponsor__name_zh")
        )
        sites = (
            Site.objects.exclude(country=None)
            .select_related("country")
            .only("trial_id", "country__name", "country__name_zh")
        )
        return (
            self.with_curated()
            .only(*_COLUMNS_OF_ROWS)
            .prefetch_related(
                "phases",
                Prefetch("facts", facts, to_attr="shown_facts"),
                Prefetch("sponsorships", leads),
                Prefetch("sites", sites),
            )
        )

    def for_citation(self) -> Self:
        """What a reference to a trial says, and no more."""
        return self.only(*_COLUMNS_OF_CITATIONS).prefetch_related("sponsorships__sponsor")

    def numbered(self, text: str) -> Self:
        """The trial of this number in any spelling ("nct3166865"), or of an older number of it.

        A trial that turned out to be another has its number among the other's.
        """
        number = proper_number(text)
        return self.numbered_any([number] if number else [])

    def numbered_any(self, numbers: Iterable[str]) -> Self:
        """The trials of these numbers in their proper spelling, or of older numbers of them."""
        from trials.models import TrialAlias  # noqa: PLC0415 - models import this file

        numbers = list(numbers)
        # Not by EXISTS: of two lists of keys each is looked up in an index of its own.
        older = TrialAlias.objects.filter(number__in=numbers).values("trial")
        return self.filter(Q(number__in=numbers) | Q(pk__in=older), joined_to=None)

    def registry_numbers(self) -> list[str]:
        """The registry's present numbers of those that have one."""
        registered = self.exclude(registry_id=None).filter(joined_to=None)
        return [number for number in registered.values_list("registry_id", flat=True) if number]

    def latest_changed(self) -> Self:
        """The newest first, by the registry's own date; trials without one come last."""
        newest = models.F("last_updated").desc(nulls_last=True)
        return self.order_by(newest, "-updated_at", "number")

    def for_page(self) -> Self:
        """All that a trial's own page shows, in a fixed number of queries."""
        from trials.models import Claim, Mention  # noqa: PLC0415 - models import this file

        return self.for_comparison().prefetch_related(
            "aliases",
            Prefetch("mentions", Mention.objects.select_related("document")),
            Prefetch("claims", Claim.objects.for_page()),
        )

    def for_comparison(self) -> Self:
        """A trial's record and facts with their sources, in a fixed number of queries."""
        from trials.conflicts import WITH_PARENTS  # noqa: PLC0415 - as those that follow
        from trials.models import (  # noqa: PLC0415 - models import this file
            Fact,
            Intervention,
            Site,
            TrialPublication,
            TrialSponsor,
        )

        facts = Fact.objects.filter(retired_at=None).select_related(
            *WITH_PARENTS, "document", "decided_by__public_name"
        )
        return self.prefetch_related(
            "phases",
            "arms",
            "outcomes",
            "references",
            Prefetch("interventions", Intervention.objects.prefetch_related("arms")),
            Prefetch("facts", facts, to_attr="live_facts"),
            Prefetch("sponsorships", TrialSponsor.objects.select_related("sponsor")),
            Prefetch("sites", Site.objects.select_related("country")),
            Prefetch("publication_links", TrialPublication.objects.select_related("publication")),
        )
