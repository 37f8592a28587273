"""The tables of what surrounds the trials: vocabularies, sponsors, documents, claims, papers."""

from __future__ import annotations

from typing import Any

from django.db.models import Model

from catalog.exports.tables import (
    JSON_LIST,
    LIST,
    PARTIAL,
    WHOLE,
    YES_NO,
    Column,
    Table,
    table,
)
from trials.models import (
    Approval,
    CellSource,
    Citation,
    Claim,
    Country,
    Document,
    ExcludedStudy,
    Indication,
    Mention,
    Product,
    Publication,
    Sponsor,
    SponsorAlias,
    TrialPublication,
)
from trials.vocabulary import Screening

SHOWN = {"trial__screening": Screening.INCLUDED}
TRIAL = Column("trial", "trial__number", refers_to="trials")
_DOCUMENT = Column("document", "document__slug", refers_to="documents")
_PUBLICATION = Column("publication", "publication__slug", refers_to="publications")
_PRODUCT = Column("product", "product__slug", refers_to="products")
_CLAIM = Column("claim", "claim__slug", refers_to="claims")
_POSITION = Column("position", kind=WHOLE)


def tables_around() -> tuple[Table, ...]:
    """Sponsors, products, papers, documents and the vocabularies."""
    return (
        _tree("cell_sources", "Where cells come from: a tree.", CellSource),
        _tree("indications", "What cells are given for: a tree.", Indication),
        table(
            "countries",
            "Countries and territories by ISO 3166-1 alpha-2.",
            Country.objects.order_by("code"),
            "code",
            ("code", "name", "name_zh"),
        ),
        *_sponsors(),
        *_products(),
        *_papers(),
        *_documents(),
    )


def _tree(name: str, about: str, model: type[Model]) -> Table:
    manager: Any = model._default_manager
    return table(
        name,
        about,
        manager.without_tree_fields().order_by("pk"),
        "slug",
        (
            *("slug", "name", "name_zh"),
            Column("parent", "parent__slug", refers_to=name),
            "mesh_id",
            Column("synonyms", kind=LIST, about=JSON_LIST),
            *("description", "description_zh"),
        ),
    )


def _sponsors() -> tuple[Table, ...]:
    sponsor = Column("sponsor", "sponsor__slug", refers_to="sponsors")
    return (
        table(
            "sponsors",
            "Who runs trials.",
            Sponsor.objects.present().order_by("pk"),
            "slug",
            ("slug", "name", "name_zh", Column("class", "sponsor_class"), "note"),
        ),
        table(
            "sponsor_names",
            "Every name that a sponsor goes by.",
            SponsorAlias.objects.order_by("sponsor", "pk"),
            "name",
            (
                Column("name", "normalised", about="In one spelling."),
                *(sponsor, Column("as_written", "name"), "kind"),
            ),
        ),
    )


def _products() -> tuple[Table, ...]:
    return (
        table(
            "products",
            "Named cell products.",
            Product.objects.order_by("pk"),
            "slug",
            (
                *("slug", "name"),
                Column("aliases", kind=LIST, about=JSON_LIST),
                "maker",
                Column("sponsor", "sponsor__slug", refers_to="sponsors"),
                Column("cell_source", "cell_source__slug", refers_to="cell_sources"),
                *("is_stem_cell", "cell_note", "donor_type"),
                Column("indication", "indication_text"),
                Column("standing", "status_text"),
                *("verification", "evidence", "note"),
            ),
        ),
        table(
            "approvals",
            "What regulators decided about products.",
            Approval.objects.order_by("product", "position"),
            "product position",
            (
                _PRODUCT,
                _POSITION,
                "regulator",
                Column("country", "country__code", refers_to="countries"),
                "kind",
                Column("date", about=PARTIAL),
                Column("effective", about=PARTIAL),
                *("indication", "evidence", "note"),
            ),
        ),
    )


def _papers() -> tuple[Table, ...]:
    whole = ("year", "n_studies", "n_patients")
    return (
        table(
            "publications",
            "Papers about the trials, and those that the documents cite.",
            Publication.objects.order_by("pk"),
            "slug",
            (
                *("slug", "title", "title_zh", "authors", "journal"),
                Column("published", about=PARTIAL),
                *("pages", "doi", "pmid", "pmcid", "design"),
                *(Column(name, kind=WHOLE) for name in whole),
                Column("identified", kind=YES_NO, about="Whether the paper was found."),
                Column("retracted", kind=YES_NO),
                *("verification", "evidence", "note"),
            ),
        ),
        table(
            "trial_publications",
            "Which paper reports, reviews or mentions which trial, and how we know.",
            TrialPublication.objects.filter(**SHOWN).order_by("pk"),
            "trial publication",
            (TRIAL, _PUBLICATION, "relation", "basis", "note"),
        ),
    )


def _documents() -> tuple[Table, ...]:
    return (
        table(
            "documents",
            "Pages that name trials. What they say is a claim of theirs.",
            Document.objects.order_by("pk"),
            "slug",
            (
                *("slug", "title", "title_zh", "language", "kind", "publisher"),
                Column("published", about=PARTIAL),
                *("file_name", "sha256", "summary", "caution"),
            ),
        ),
        table(
            "mentions",
            "Where a document names a trial, in its own words.",
            Mention.objects.filter(**SHOWN).order_by("document", "pk"),
            "document place trial",
            (
                *(_DOCUMENT, "place", TRIAL, _POSITION),
                *("sponsor_words", "title_words", "title_zh_words", "note"),
            ),
        ),
        table(
            "citations",
            "Where a document names a paper, in its own words.",
            Citation.objects.order_by("document", "pk"),
            "document publication place",
            (_DOCUMENT, _PUBLICATION, "place", "words", "note"),
        ),
        table(
            "excluded_studies",
            "Studies that a document names and that are no trials of this catalogue.",
            ExcludedStudy.objects.order_by("document", "pk"),
            "slug",
            (
                *("slug", _DOCUMENT, "title", "title_zh", "authors"),
                *("place", "words", "reason", "note"),
            ),
        ),
        *_claims(),
    )


def _claims() -> tuple[Table, ...]:
    trials = Claim.trials.through.objects.filter(**SHOWN)
    return (
        table(
            "claims",
            "What documents say, and what was found when it was checked.",
            Claim.objects.order_by("document", "pk"),
            "slug",
            (
                *("slug", _DOCUMENT, "topic", "place", "words", "gist", "gist_zh"),
                *("verdict", "finding", "finding_source"),
            ),
        ),
        table(
            "claim_trials", "Which trials a claim is about.", trials, "claim trial", (_CLAIM, TRIAL)
        ),
        table(
            "claim_publications",
            "Which papers a claim is about.",
            Claim.publications.through.objects.all(),
            "claim publication",
            (_CLAIM, _PUBLICATION),
        ),
        table(
            "claim_products",
            "Which products a claim is about.",
            Claim.products.through.objects.all(),
            "claim product",
            (_CLAIM, _PRODUCT),
        ),
    )
