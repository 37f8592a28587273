"""Writes documents, publications, products and claims: all of them belong to the files."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.db import models

from trials.models import (
    Approval,
    Citation,
    Claim,
    Document,
    ExcludedStudy,
    Product,
    Publication,
)
from trials.seeding import shapes
from trials.seeding.files import Fixtures
from trials.seeding.ledger import Values
from trials.seeding.report import SeedReport
from trials.seeding.tables import day, keep_in_step, link, mirror


@dataclass(slots=True)
class Keys:
    """The keys of the rows by the names that the files use."""

    cell_sources: dict[str, int] = field(default_factory=dict)
    indications: dict[str, int] = field(default_factory=dict)
    sponsors: dict[str, int] = field(default_factory=dict)
    documents: dict[str, int] = field(default_factory=dict)
    publications: dict[str, int] = field(default_factory=dict)
    products: dict[str, int] = field(default_factory=dict)
    trials: dict[str, int] = field(default_factory=dict)


def save_documents(documents: list[shapes.Document], report: SeedReport) -> dict[str, int]:
    wanted: dict[str, Values] = {
        document.slug: {
            **document.model_dump(),
            "published": day(document.published),
            "position": position,
        }
        for position, document in enumerate(documents)
    }
    existing = {row.slug: row for row in Document.objects.all()}
    rows = keep_in_step(Document, wanted, existing=existing, tally=report.kinds["documents"])
    return {slug: row.pk for slug, row in rows.items()}


def save_publications(
    publications: list[shapes.Publication], keys: Keys, report: SeedReport
) -> dict[str, int]:
    known = _known_papers(publications)
    wanted: dict[str, Values] = {
        publication.slug: {
            **publication.model_dump(exclude={"citations"}),
            "slug": known[publication.slug].slug if publication.slug in known else publication.slug,
            "published": day(publication.published),
            "doi": publication.doi or "",
            "pmid": publication.pmid or "",
            "pmcid": publication.pmcid or "",
        }
        for publication in publications
    }
    rows = keep_in_step(Publication, wanted, existing=known, tally=report.kinds["publications"])
    _save_citations(publications, rows, keys, report)
    return {slug: row.pk for slug, row in rows.items()}


def _known_papers(publications: list[shapes.Publication]) -> dict[str, Publication]:
    """The rows by the files' slugs. A paper that somebody entered first has another slug."""
    rows = list(Publication.objects.all())
    by_slug = {row.slug: row for row in rows}
    by_doi = {row.doi.casefold(): row for row in rows if row.doi}
    by_pmid = {row.pmid: row for row in rows if row.pmid}
    found: dict[str, Publication] = {}
    for paper in publications:
        row = by_slug.get(paper.slug) or by_doi.get((paper.doi or "").casefold())
        if row := row or by_pmid.get(paper.pmid or ""):
            found[paper.slug] = row
    return found


def _save_citations(
    publications: list[shapes.Publication],
    rows: dict[str, Publication],
    keys: Keys,
    report: SeedReport,
) -> None:
    wanted: dict[tuple[int, int, str], Values] = {}
    for publication in publications:
        for citation in publication.citations:
            document, paper = keys.documents[citation.document], rows[publication.slug].pk
            wanted[document, paper, citation.place] = {
                "document_id": document,
                "publication_id": paper,
                "place": citation.place,
                "words": citation.words,
                "note": citation.note,
            }
    mirror(
        Citation,
        wanted,
        key=lambda row: (row.document_id, row.publication_id, row.place),
        tally=report.kinds["citations"],
    )


def save_products(products: list[shapes.Product], keys: Keys, report: SeedReport) -> dict[str, int]:
    wanted: dict[str, Values] = {
        product.slug: {
            **product.model_dump(exclude={"approvals", "sponsor", "cell_source"}),
            "sponsor_id": keys.sponsors[product.sponsor] if product.sponsor else None,
            "cell_source_id": (
                keys.cell_sources[product.cell_source] if product.cell_source else None
            ),
            "donor_type": product.donor_type or "",
        }
        for product in products
    }
    existing = {row.slug: row for row in Product.objects.all()}
    rows = keep_in_step(Product, wanted, existing=existing, tally=report.kinds["products"])
    approvals: dict[tuple[int, int], Values] = {
        (rows[product.slug].pk, position): {
            **approval.model_dump(exclude={"country"}),
            "product_id": rows[product.slug].pk,
            "position": position,
            "country_id": approval.country,
            "date": day(approval.date),
            "effective": day(approval.effective),
        }
        for product in products
        for position, approval in enumerate(product.approvals)
    }
    mirror(
        Approval,
        approvals,
        key=lambda row: (row.product_id, row.position),
        tally=report.kinds["regulators’ decisions"],
    )
    return {slug: row.pk for slug, row in rows.items()}


def save_claims(fixtures: Fixtures, keys: Keys, report: SeedReport) -> None:
    """Claims with their links. Call it once trials, publications and products are written."""
    links = {"trials", "publications", "products", "contradicts"}
    wanted: dict[str, Values] = {
        claim.slug: {
            **claim.model_dump(exclude=links),
            "document_id": keys.documents[document],
            "position": position,
        }
        for document, claims in fixtures.claims.items()
        for position, claim in enumerate(claims, start=1)
    }
    rows = mirror(Claim, wanted, key=lambda row: row.slug, tally=report.kinds["claims"])
    own = {slug: row.pk for slug, row in rows.items()}
    all_claims = [c for claims in fixtures.claims.values() for c in claims if c.slug in own]
    targets = (
        ("trials", Claim.trials.through, "trial_id", keys.trials),
        ("publications", Claim.publications.through, "publication_id", keys.publications),
        ("products", Claim.products.through, "product_id", keys.products),
    )
    for name, through, column, known in targets:
        pairs = {(own[c.slug], known[other]) for c in all_claims for other in getattr(c, name)}
        _link(through, pairs, ("claim_id", column), report)
    one_way = {
        (own[c.slug], own[other]) for c in all_claims for other in c.contradicts if other in own
    }
    both_ways = one_way | {(other, one) for one, other in one_way}
    _link(Claim.contradicts.through, both_ways, ("from_claim_id", "to_claim_id"), report)


def _link(
    through: type[models.Model],
    pairs: set[tuple[int, int]],
    columns: tuple[str, str],
    report: SeedReport,
) -> None:
    tally = report.kinds["links of claims"]
    if link(through, pairs, columns=columns):
        tally.changed += 1
    else:
        tally.unchanged += 1


def save_excluded(studies: list[shapes.ExcludedStudy], keys: Keys, report: SeedReport) -> None:
    wanted: dict[str, Values] = {
        study.slug: {
            **study.model_dump(exclude={"document"}),
            "document_id": keys.documents[study.document],
        }
        for study in studies
    }
    mirror(ExcludedStudy, wanted, key=lambda row: row.slug, tally=report.kinds["studies left out"])
