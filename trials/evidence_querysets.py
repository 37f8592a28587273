"""Reads of what surrounds the trials: documents, publications, products and sponsors."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Count, Exists, Max, OuterRef, Prefetch, Q

from trials.vocabulary import Screening, SponsorRole, Verdict

if TYPE_CHECKING:
    from trials.models.evidence import Claim, Document, Product, Publication  # noqa: F401
    from trials.models.sponsor import Sponsor, SponsorPair  # noqa: F401


def _published(path: str) -> Q:
    """That the trials at the end of this path are shown."""
    return Q(**{f"{path}__screening": Screening.INCLUDED})


class DocumentQuerySet(models.QuerySet["Document"]):
    """Questions about documents, chainable."""

    def with_counts(self) -> Self:
        """Adds `trial_count`, `claim_count`, and one count a verdict (`misread_count` …)."""
        verdicts = {
            f"{verdict.value}_count": Count(
                "claims", filter=Q(claims__verdict=verdict), distinct=True
            )
            for verdict in Verdict
        }
        return self.annotate(
            trial_count=Count(
                "mentions__trial", filter=_published("mentions__trial"), distinct=True
            ),
            claim_count=Count("claims", distinct=True),
            **verdicts,
        ).order_by("position", "slug")  # counting drops the model's own order

    def for_page(self) -> Self:
        """All that a document's page shows, in a fixed number of queries."""
        from trials.models import Citation, Claim, Mention  # noqa: PLC0415 - models import this file

        shown = Mention.objects.filter(_published("trial")).select_related("trial")
        return self.with_counts().prefetch_related(
            Prefetch("mentions", shown),
            Prefetch("claims", Claim.objects.for_page()),
            Prefetch("citations", Citation.objects.select_related("publication")),
            "excluded_studies",
        )


class ClaimQuerySet(models.QuerySet["Claim"]):
    """Questions about claims, chainable."""

    def for_page(self) -> Self:
        """A claim with its document and everything that it speaks of."""
        from trials.models import Trial  # noqa: PLC0415 - models import this file

        return self.select_related("document").prefetch_related(
            Prefetch("trials", Trial.objects.published()),
            "publications",
            "products",
            "contradicts__document",
        )


class PublicationQuerySet(models.QuerySet["Publication"]):
    """Questions about publications, chainable."""

    def with_counts(self) -> Self:
        """Adds `trial_count`; the newest first, those without a year last."""
        counted = Count("trials", filter=_published("trials"), distinct=True)
        newest = models.F("year").desc(nulls_last=True)
        return self.annotate(trial_count=counted).order_by(newest, "title", "pk")

    def for_page(self) -> Self:
        """All that a publication's page shows, in a fixed number of queries."""
        from trials.models import (  # noqa: PLC0415 - models import this file
            Citation,
            Claim,
            TrialPublication,
        )

        links = TrialPublication.objects.filter(_published("trial")).select_related("trial")
        return self.with_counts().prefetch_related(
            Prefetch("trial_links", links),
            Prefetch("citations", Citation.objects.select_related("document")),
            Prefetch("claims", Claim.objects.for_page()),
        )


class ProductQuerySet(models.QuerySet["Product"]):
    """Questions about products, chainable."""

    def for_list(self) -> Self:
        """A product with its sponsor, its cells and what regulators decided."""
        from trials.models import Approval  # noqa: PLC0415 - models import this file

        return self.select_related("sponsor", "cell_source").prefetch_related(
            Prefetch("approvals", Approval.objects.select_related("country"))
        )

    def for_page(self) -> Self:
        """All that a product's page shows, in a fixed number of queries."""
        from trials.models import Claim  # noqa: PLC0415 - models import this file

        return self.for_list().prefetch_related(Prefetch("claims", Claim.objects.for_page()))


class SponsorQuerySet(models.QuerySet["Sponsor"]):
    """Questions about sponsors, chainable."""

    def present(self) -> Self:
        """Those that were not merged into another."""
        return self.filter(merged_into=None)

    def with_counts(self) -> Self:
        """Adds `led_count` and `joined_count`: trials that it leads, and that it is a part of."""
        shown = _published("sponsorships__trial")
        lead = shown & Q(sponsorships__role=SponsorRole.LEAD)
        part = shown & Q(sponsorships__role=SponsorRole.COLLABORATOR)
        return self.annotate(
            led_count=Count("sponsorships__trial", filter=lead, distinct=True),
            joined_count=Count("sponsorships__trial", filter=part, distinct=True),
        ).order_by("name", "pk")

    def for_list(self) -> Self:
        """A sponsor with its counts and its names."""
        return self.with_counts().prefetch_related("aliases")

    def called(self, words: str) -> Self:
        """Those that have a name with all of these words, which are in the form of `normalised`."""
        from trials.models import SponsorAlias  # noqa: PLC0415 - models import this file

        said = Q(sponsor=OuterRef("pk"))
        chinese = Q()
        for word in words.split():
            said &= Q(normalised__contains=word)
            chinese &= Q(name_zh__contains=word)
        return self.filter(Exists(SponsorAlias.objects.filter(said).order_by()) | chinese)

    def most_trials_first(self) -> Self:
        """Of a queryset with counts."""
        return self.order_by("-led_count", "-joined_count", "name", "pk")

    def most_led(self) -> int:
        """The greatest number of trials that one sponsor leads; of a queryset with counts."""
        return self.aggregate(most=Max("led_count"))["most"] or 0

    def for_page(self) -> Self:
        """All that a sponsor's page shows, in a fixed number of queries."""
        from trials.models import TrialSponsor  # noqa: PLC0415 - models import this file

        joined = TrialSponsor.objects.filter(
            _published("trial"), role=SponsorRole.COLLABORATOR
        ).select_related("trial")
        return (
            self.with_counts()
            .select_related("merged_into")
            .prefetch_related(
                "aliases", "products", Prefetch("sponsorships", joined, to_attr="joined")
            )
        )


class SponsorPairQuerySet(models.QuerySet["SponsorPair"]):
    """Questions about sponsors that look alike, chainable."""

    def undecided(self) -> Self:
        """Pairs that nobody told apart and of which both are still there, the likest first."""
        present = self.filter(apart=False, one__merged_into=None, other__merged_into=None)
        return present.order_by("-likeness", "pk")
