"""What the catalogue starts from: documents and their claims, publications, products."""

from __future__ import annotations

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from trials.evidence_querysets import (
    ClaimQuerySet,
    DocumentQuerySet,
    ProductQuerySet,
    PublicationQuerySet,
)
from trials.models.constraints import filled, one_of
from trials.models.fields import PartialDateField
from trials.models.sponsor import Sponsor
from trials.models.taxonomy import CellSource, Country
from trials.models.trial import Trial
from trials.vocabulary import (
    ApprovalKind,
    ClaimTopic,
    DocumentKind,
    DonorType,
    IsStemCell,
    Verdict,
)


class Document(models.Model):
    """A page that names trials. What it says is a claim, never the catalogue's own statement."""

    slug = models.SlugField(_("slug"), unique=True)
    title = models.TextField(_("title"))
    title_zh = models.TextField(_("Chinese title"), blank=True)
    language = models.CharField(_("language"), max_length=60)
    kind = models.CharField(_("kind"), max_length=20, choices=DocumentKind.choices)
    publisher = models.CharField(_("publisher"), max_length=200, blank=True)
    published = PartialDateField(_("date"))
    file_name = models.CharField(_("file"), max_length=200, blank=True)
    sha256 = models.CharField(_("checksum"), max_length=64, blank=True)
    summary = models.TextField(_("summary"), blank=True)
    caution = models.TextField(_("caution"), blank=True)
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    objects = DocumentQuerySet.as_manager()

    class Meta:
        ordering = ("position", "slug")
        verbose_name = _("document")
        verbose_name_plural = _("documents")
        constraints = (filled("slug"), filled("title"), one_of("kind", DocumentKind))

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("document", args=[self.slug])


class Mention(models.Model):
    """The place where a document names a trial, in the document's own words."""

    document = models.ForeignKey(Document, models.CASCADE, related_name="mentions")
    trial = models.ForeignKey(Trial, models.CASCADE, related_name="mentions")
    place = models.CharField(_("place"), max_length=200)
    position = models.PositiveSmallIntegerField(_("row"), null=True, blank=True)
    sponsor_words = models.TextField(_("sponsor as named"), blank=True)
    title_words = models.TextField(_("title as given"), blank=True)
    title_zh_words = models.TextField(_("Chinese title as given"), blank=True)
    note = models.TextField(_("note"), blank=True)

    class Meta:
        ordering = ("document", "position", "pk")
        verbose_name = _("mention")
        verbose_name_plural = _("mentions")
        constraints = (
            filled("place"),
            models.UniqueConstraint(
                fields=("document", "place", "trial"), name="trials_mention_once_a_place"
            ),
            models.UniqueConstraint(
                fields=("document", "position"), name="trials_mention_one_a_row"
            ),
        )

    def __str__(self) -> str:
        return f"{self.document.slug}, {self.place}"


class Publication(models.Model):
    """A paper, found or only named."""

    slug = models.SlugField(_("slug"), max_length=100, unique=True)
    title = models.TextField(_("title"))
    title_zh = models.TextField(_("Chinese title"), blank=True)
    authors = models.TextField(_("authors"), blank=True)
    journal = models.CharField(_("journal"), max_length=200, blank=True)
    year = models.PositiveSmallIntegerField(_("year"), null=True, blank=True)
    published = PartialDateField(_("published"))
    pages = models.CharField(_("volume and pages"), max_length=80, blank=True)
    doi = models.CharField(_("DOI"), max_length=120, blank=True)
    pmid = models.CharField(_("PubMed number"), max_length=20, blank=True)
    pmcid = models.CharField(_("PMC number"), max_length=20, blank=True)
    design = models.CharField(_("design"), max_length=200, blank=True)
    n_studies = models.PositiveIntegerField(_("studies"), null=True, blank=True)
    n_patients = models.PositiveIntegerField(_("participants"), null=True, blank=True)
    identified = models.BooleanField(_("found"), default=False)
    verification = models.TextField(_("how it was checked"), blank=True)
    evidence = models.TextField(_("evidence"), blank=True)
    note = models.TextField(_("note"), blank=True)
    retracted = models.BooleanField(_("retracted"), default=False)
    trials = models.ManyToManyField(
        Trial, through="TrialPublication", related_name="publications", blank=True
    )

    objects = PublicationQuerySet.as_manager()

    class Meta:
        ordering = ("-year", "title", "pk")
        verbose_name = _("publication")
        verbose_name_plural = _("publications")
        constraints = (
            filled("slug"),
            filled("title"),
            models.UniqueConstraint(
                fields=("doi",), condition=~models.Q(doi=""), name="trials_publication_doi_once"
            ),
            models.UniqueConstraint(
                fields=("pmid",), condition=~models.Q(pmid=""), name="trials_publication_pmid_once"
            ),
        )

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("publication", args=[self.slug])


class TrialPublication(models.Model):
    """That a paper reports, reviews or mentions a trial, and how we know."""

    trial = models.ForeignKey(Trial, models.CASCADE, related_name="publication_links")
    publication = models.ForeignKey(Publication, models.CASCADE, related_name="trial_links")
    relation = models.CharField(_("relation"), max_length=60)
    basis = models.TextField(_("how we know"), blank=True)
    note = models.TextField(_("note"), blank=True)

    class Meta:
        ordering = ("pk",)
        verbose_name = _("trial and publication")
        verbose_name_plural = _("trials and publications")
        constraints = (
            models.UniqueConstraint(
                fields=("trial", "publication"), name="trials_trialpublication_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.trial.number}: {self.publication}"


class Citation(models.Model):
    """The place where a document names a publication, in the document's own words."""

    document = models.ForeignKey(Document, models.CASCADE, related_name="citations")
    publication = models.ForeignKey(Publication, models.CASCADE, related_name="citations")
    place = models.CharField(_("place"), max_length=200)
    words = models.TextField(_("words"))
    note = models.TextField(_("note"), blank=True)

    class Meta:
        ordering = ("document", "pk")
        verbose_name = _("citation")
        verbose_name_plural = _("citations")
        constraints = (
            filled("words"),
            models.UniqueConstraint(
                fields=("document", "publication", "place"), name="trials_citation_once_a_place"
            ),
        )

    def __str__(self) -> str:
        return f"{self.document.slug}: {self.publication}"


class Product(models.Model):
    """A named cell product."""

    slug = models.SlugField(_("slug"), unique=True)
    name = models.CharField(_("name"), max_length=120)
    aliases = models.JSONField(_("other names"), default=list, blank=True)
    maker = models.TextField(_("maker"), blank=True)
    sponsor = models.ForeignKey(
        Sponsor, models.SET_NULL, null=True, blank=True, related_name="products"
    )
    cell_source = models.ForeignKey(
        CellSource, models.PROTECT, null=True, blank=True, related_name="products"
    )
    is_stem_cell = models.CharField(_("stem cells"), max_length=10, choices=IsStemCell.choices)
    cell_note = models.TextField(_("about the cells"), blank=True)
    donor_type = models.CharField(_("donor"), max_length=12, choices=DonorType.choices, blank=True)
    indication_text = models.TextField(_("given for"), blank=True)
    status_text = models.TextField(_("standing"), blank=True)
    verification = models.TextField(_("how it was checked"), blank=True)
    evidence = models.TextField(_("evidence"), blank=True)
    note = models.TextField(_("note"), blank=True)

    objects = ProductQuerySet.as_manager()

    class Meta:
        ordering = ("name",)
        verbose_name = _("product")
        verbose_name_plural = _("products")
        constraints = (
            filled("slug"),
            filled("name"),
            one_of("is_stem_cell", IsStemCell),
            one_of("donor_type", DonorType, or_blank=True),
        )

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("product", args=[self.slug])


class Approval(models.Model):
    """What a regulator decided about a product: approvals, withdrawals, permissions to try."""

    product = models.ForeignKey(Product, models.CASCADE, related_name="approvals")
    position = models.PositiveSmallIntegerField(default=0)
    regulator = models.CharField(_("regulator"), max_length=120)
    country = models.ForeignKey(
        Country, models.PROTECT, null=True, blank=True, related_name="approvals"
    )
    kind = models.CharField(_("decision"), max_length=20, choices=ApprovalKind.choices)
    date = PartialDateField(_("date"))
    effective = PartialDateField(_("in effect from"))
    indication = models.TextField(_("for"), blank=True)
    evidence = models.TextField(_("evidence"), blank=True)
    note = models.TextField(_("note"), blank=True)

    class Meta:
        ordering = ("product", "position")
        verbose_name = _("regulator's decision")
        verbose_name_plural = _("regulators' decisions")
        constraints = (
            filled("regulator"),
            one_of("kind", ApprovalKind),
            models.UniqueConstraint(fields=("product", "position"), name="trials_approval_place"),
        )

    def __str__(self) -> str:
        return f"{self.product}: {self.get_kind_display()}, {self.regulator}"


class Claim(models.Model):
    """A figure, count or date that a document gives, and what was found when it was checked."""

    document = models.ForeignKey(Document, models.CASCADE, related_name="claims")
    slug = models.SlugField(_("slug"), max_length=80, unique=True)
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    topic = models.CharField(_("topic"), max_length=14, choices=ClaimTopic.choices)
    place = models.CharField(_("place"), max_length=200)
    words = models.TextField(_("the document's words"))
    gist = models.TextField(_("in plain words"))
    gist_zh = models.TextField(_("in plain Chinese words"), blank=True)
    verdict = models.CharField(_("verdict"), max_length=12, choices=Verdict.choices)
    finding = models.TextField(_("what was found"))
    finding_source = models.TextField(_("where it was found"), blank=True)
    trials = models.ManyToManyField(Trial, related_name="claims", blank=True)
    publications = models.ManyToManyField(Publication, related_name="claims", blank=True)
    products = models.ManyToManyField(Product, related_name="claims", blank=True)
    contradicts = models.ManyToManyField("self", blank=True)

    objects = ClaimQuerySet.as_manager()

    class Meta:
        ordering = ("document", "position", "pk")
        verbose_name = _("claim")
        verbose_name_plural = _("claims")
        constraints = (
            filled("words"),
            filled("place"),
            filled("finding"),
            one_of("topic", ClaimTopic),
            one_of("verdict", Verdict),
        )

    def __str__(self) -> str:
        return self.gist

    def get_absolute_url(self) -> str:
        return f"{self.document.get_absolute_url()}#{self.slug}"


class ExcludedStudy(models.Model):
    """A study that a document names and that is no trial of this catalogue, with the reason."""

    document = models.ForeignKey(Document, models.CASCADE, related_name="excluded_studies")
    slug = models.SlugField(_("slug"), max_length=80, unique=True)
    title = models.TextField(_("title"))
    title_zh = models.TextField(_("Chinese title"), blank=True)
    authors = models.TextField(_("authors"), blank=True)
    place = models.CharField(_("place"), max_length=200)
    words = models.TextField(_("the document's words"))
    reason = models.TextField(_("reason"))
    note = models.TextField(_("note"), blank=True)

    class Meta:
        ordering = ("document", "pk")
        verbose_name = _("study left out")
        verbose_name_plural = _("studies left out")
        constraints = (filled("title"), filled("reason"), filled("words"))

    def __str__(self) -> str:
        return self.title
