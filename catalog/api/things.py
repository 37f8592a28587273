"""What surrounds the trials, as JSON: sponsors, sources, countries, products, papers, documents."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from catalog.api.fields import (
    Address,
    Each,
    Listed,
    LocalName,
    Maybe,
    PartialDateText,
    TrialsOf,
    Words,
)
from catalog.api.trials import CountryOfTrial, Name, NamedThing, ShortTitle, Title, TitledThing
from trials.vocabulary import (
    AliasKind,
    ApprovalKind,
    ClaimTopic,
    DocumentKind,
    DonorType,
    IsStemCell,
    SponsorClass,
    Verdict,
)

Shape = serializers.Serializer[Any]

# DRF moves declared fields out of the class, so that a field called `label` hides nothing; only
# mypy sees a clash there (type: ignore[assignment]).


class NumberedTrial(Shape):
    id = serializers.CharField(source="number")
    url = Address("trial", "number")
    title = ShortTitle(source="*")


class AliasOfSponsor(Shape):
    name = serializers.CharField()
    kind = Listed(AliasKind)


class SponsorRow(Shape):
    """`trials` counts those that it leads."""

    slug = serializers.CharField()
    url = Address("sponsor")
    name = Name(source="*")
    trials = serializers.IntegerField(source="led_count")
    trials_url = TrialsOf("sponsor")

    def get_fields(self) -> dict[str, Any]:
        # "class" is a word of Python, so it cannot be declared as the others are.
        return {**super().get_fields(), "class": Listed(SponsorClass, source="sponsor_class")}


class SponsorWhole(SponsorRow):
    trials_as_collaborator = serializers.IntegerField(source="joined_count")
    aliases = AliasOfSponsor(many=True)
    products = NamedThing(many=True)
    name_zh_note = Maybe()
    note = Maybe()


class BranchRow(Shape):
    """A term of a tree, parents before children. `trials` counts those of its branch, each once."""

    slug = serializers.CharField()
    name = Name(source="*")
    parent = Maybe(source="parent.slug", default=None)  # type: ignore[assignment]
    synonyms = Words()
    mesh_id = Maybe()
    description = LocalName("description")
    trials = serializers.IntegerField()


class CellSourceRow(BranchRow):
    url = Address("cell-source")
    trials_url = TrialsOf("cell_source")


class IndicationRow(BranchRow):
    url = Address("indication")
    trials_url = TrialsOf("indication")


class CountryRow(Shape):
    code = serializers.CharField()
    url = Address("country", "code")
    name = Name(source="*")
    trials = serializers.IntegerField()
    trials_url = TrialsOf("country", "code")


class ApprovalOfProduct(Shape):
    regulator = serializers.CharField()
    country = CountryOfTrial(allow_null=True)
    kind = Listed(ApprovalKind)
    date = PartialDateText()
    effective = PartialDateText()
    indication = Maybe()
    evidence = Maybe()
    note = Maybe()


class ClaimRow(Shape):
    """What a document says, and what was found when it was checked: never our own statement."""

    slug = serializers.CharField()
    document = TitledThing()
    topic = Listed(ClaimTopic)
    place = serializers.CharField()
    words = serializers.CharField()
    gist = LocalName("gist")
    verdict = Listed(Verdict)
    finding = serializers.CharField()
    finding_source = Maybe()
    trials = NumberedTrial(many=True)
    publications = TitledThing(many=True)
    products = NamedThing(many=True)
    contradicts = Each("slug")


class ProductRow(Shape):
    slug = serializers.CharField()
    url = Address("product")
    name = serializers.CharField()
    aliases = Words()
    maker = Maybe()
    sponsor = NamedThing(allow_null=True)
    cell_source = NamedThing(allow_null=True)
    is_stem_cell = Listed(IsStemCell)
    cell_note = Maybe()
    donor_type = Listed(DonorType)
    indication = Maybe(source="indication_text")
    standing = Maybe(source="status_text")
    approvals = ApprovalOfProduct(many=True)
    trials = serializers.IntegerField()
    trials_url = TrialsOf("product")


class ProductWhole(ProductRow):
    claims = ClaimRow(many=True)
    verification = Maybe()
    evidence = Maybe()
    note = Maybe()


class PublicationRow(Shape):
    slug = serializers.CharField()
    url = Address("publication")
    title = Title(source="*")
    authors = Maybe()
    journal = Maybe()
    year = serializers.IntegerField(allow_null=True)
    published = PartialDateText()
    pages = Maybe()
    doi = Maybe()
    pmid = Maybe()
    pmcid = Maybe()
    design = Maybe()
    n_studies = serializers.IntegerField(allow_null=True)
    n_patients = serializers.IntegerField(allow_null=True)
    identified = serializers.BooleanField()
    retracted = serializers.BooleanField()
    trials = serializers.IntegerField(source="trial_count")


class LinkedTrial(Shape):
    trial = NumberedTrial()
    relation = serializers.CharField()
    basis = Maybe()
    note = Maybe()


class CitationRow(Shape):
    place = serializers.CharField()
    words = serializers.CharField()
    note = Maybe()


class CitationInDocument(CitationRow):
    document = TitledThing()


class CitedPublication(CitationRow):
    publication = TitledThing()


class PublicationWhole(PublicationRow):
    trial_links = LinkedTrial(many=True)
    citations = CitationInDocument(many=True)
    claims = ClaimRow(many=True)
    verification = Maybe()
    evidence = Maybe()
    note = Maybe()


class DocumentRow(Shape):
    slug = serializers.CharField()
    url = Address("document")
    title = Title(source="*")
    language = serializers.CharField()
    kind = Listed(DocumentKind)
    publisher = Maybe()
    published = PartialDateText()
    file_name = Maybe()
    sha256 = Maybe()
    summary = Maybe()
    caution = Maybe()
    trials = serializers.IntegerField(source="trial_count")
    trials_url = TrialsOf("document")
    claims_count = serializers.IntegerField(source="claim_count")


class MentionInDocument(Shape):
    trial = NumberedTrial()
    place = serializers.CharField()
    position = serializers.IntegerField(allow_null=True)
    sponsor_words = Maybe()
    title_words = Maybe()
    title_zh_words = Maybe()
    note = Maybe()


class ExcludedStudyOfDocument(Shape):
    slug = serializers.CharField()
    title = Title(source="*")
    authors = Maybe()
    place = serializers.CharField()
    words = serializers.CharField()
    reason = serializers.CharField()
    note = Maybe()


class DocumentWhole(DocumentRow):
    mentions = MentionInDocument(many=True)
    claims = ClaimRow(many=True)
    citations = CitedPublication(many=True)
    excluded_studies = ExcludedStudyOfDocument(many=True)
