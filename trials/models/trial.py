"""A trial as its registry gives it: the columns that `trials.refresh` owns."""

from __future__ import annotations

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from trials.models.constraints import filled, one_of, registry_words
from trials.models.fields import BoundField, PartialDateField
from trials.models.taxonomy import Country
from trials.models.words import RegistryWordField
from trials.querysets import TrialQuerySet
from trials.vocabulary import (
    ArmType,
    Basis,
    DateType,
    InterventionType,
    OutcomeKind,
    Phase,
    ReferenceType,
    Screening,
    Sex,
    Status,
    StudyType,
)

# \Z and not $, which on SQLite also stands before a line break at the end.
NUMBER = r"^(NCT[0-9]{8}|SCT-[0-9]{4,9})\Z"


class Trial(models.Model):
    """A trial of the catalogue, registered or only published.

    `number` is its public name: the registry's number, or the catalogue's own (SCT-0001).
    Until a refresh has written the registry's columns (`refreshed_at`) they hold what was read by
    hand, and `registry_origin` says where. `joined_to` is the trial that this one turned out to
    be: the registry gave one study two numbers, and what was known here has moved there.
    """

    number = models.CharField(_("number"), max_length=20, unique=True)
    registry = models.CharField(_("registry"), max_length=40, blank=True)
    registry_id = models.CharField(
        _("registry number"), max_length=20, null=True, blank=True, unique=True
    )
    title = models.TextField(_("title"))
    title_zh = models.TextField(_("Chinese title"), blank=True)
    title_zh_note = models.TextField(_("about the Chinese title"), blank=True)
    official_title = models.TextField(_("official title"), blank=True)
    acronym = models.TextField(_("acronym"), blank=True)
    org_study_id = models.TextField(_("sponsor's own number"), blank=True)
    secondary_ids = models.JSONField(_("other numbers"), default=list, blank=True)

    status = RegistryWordField(_("status"), choices=Status.choices, blank=True)
    last_known_status = RegistryWordField(
        _("last known status"), choices=Status.choices, blank=True
    )
    why_stopped = models.TextField(_("why stopped"), blank=True)
    status_verified = PartialDateField(_("status verified"))
    study_type = RegistryWordField(_("study type"), choices=StudyType.choices, blank=True)
    allocation = models.CharField(_("allocation"), max_length=40, blank=True)
    intervention_model = models.CharField(_("intervention model"), max_length=40, blank=True)
    primary_purpose = models.CharField(_("purpose"), max_length=40, blank=True)
    masking = models.CharField(_("masking"), max_length=40, blank=True)
    observational_model = models.CharField(_("observational model"), max_length=40, blank=True)
    time_perspective = models.CharField(_("time perspective"), max_length=40, blank=True)

    enrollment_count = models.PositiveIntegerField(_("participants"), null=True, blank=True)
    enrollment_type = RegistryWordField(
        _("participants, actual or estimated"), choices=DateType.choices, blank=True
    )

    start_date = PartialDateField(_("start"))
    start_date_type = RegistryWordField(choices=DateType.choices, blank=True)
    start_earliest = BoundField(of="start_date", end="earliest", db_index=True)
    start_latest = BoundField(of="start_date", end="latest")
    primary_completion_date = PartialDateField(_("primary completion"))
    primary_completion_date_type = RegistryWordField(choices=DateType.choices, blank=True)
    completion_date = PartialDateField(_("completion"))
    completion_date_type = RegistryWordField(choices=DateType.choices, blank=True)
    first_posted = models.DateField(_("first posted"), null=True, blank=True)
    last_updated = models.DateField(_("last updated"), null=True, blank=True, db_index=True)

    brief_summary = models.TextField(_("summary"), blank=True)
    detailed_description = models.TextField(_("description"), blank=True)
    conditions = models.JSONField(_("conditions"), default=list, blank=True)
    keywords = models.JSONField(_("keywords"), default=list, blank=True)
    condition_meshes = models.JSONField(_("MeSH terms"), default=list, blank=True)
    eligibility_criteria = models.TextField(_("eligibility"), blank=True)
    sex = RegistryWordField(_("sex"), choices=Sex.choices, blank=True)
    minimum_age = models.TextField(_("minimum age"), blank=True)
    maximum_age = models.TextField(_("maximum age"), blank=True)
    minimum_age_days = models.PositiveIntegerField(null=True, blank=True)
    maximum_age_days = models.PositiveIntegerField(null=True, blank=True)
    healthy_volunteers = models.BooleanField(_("healthy volunteers"), null=True, blank=True)
    std_ages = models.JSONField(_("age groups"), default=list, blank=True)
    # Null where no record of the registry was read that could say so.
    has_results = models.BooleanField(_("results posted"), null=True, blank=True)
    removed_countries = models.JSONField(_("countries that left"), default=list, blank=True)

    registry_as_of = PartialDateField(_("registry data as of"))
    registry_origin = models.TextField(_("where the registry's data were read"), blank=True)
    checked_on = models.DateField(_("read by hand on"), null=True, blank=True)
    refreshed_at = models.DateTimeField(_("refreshed"), null=True, blank=True)
    gone_at = models.DateTimeField(_("not in the registry any more since"), null=True, blank=True)
    joined_to = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="joined",
        editable=False,
        db_index=False,  # see Meta.indexes
    )
    screening = models.CharField(
        _("screening"), max_length=10, choices=Screening.choices, default=Screening.INCLUDED
    )
    screening_basis = models.CharField(
        _("who decided"), max_length=10, choices=Basis.choices, default=Basis.DOCUMENT
    )
    screening_reason = models.TextField(_("reason"), blank=True)
    doubt = models.TextField(_("doubt"), blank=True)
    note = models.TextField(_("note"), blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = TrialQuerySet.as_manager()

    class Meta:
        ordering = ("number",)
        verbose_name = _("trial")
        verbose_name_plural = _("trials")
        indexes = (
            # Of the few that are joined alone: an index of nearly all rows under one null is what
            # SQLite would rather search for "not joined" than look a number up.
            models.Index(
                fields=("joined_to",),
                condition=models.Q(joined_to__isnull=False),
                name="trial_joined_to",
            ),
        )
        constraints = (
            filled("title"),
            registry_words(
                "status",
                "last_known_status",
                "study_type",
                "enrollment_type",
                "start_date_type",
                "primary_completion_date_type",
                "completion_date_type",
                "sex",
            ),
            one_of("screening", Screening),
            one_of("screening_basis", Basis),
            models.CheckConstraint(
                condition=models.Q(number__regex=NUMBER), name="trials_trial_number_shape"
            ),
            models.CheckConstraint(
                condition=models.Q(registry="", registry_id__isnull=True, number__startswith="SCT")
                | (
                    ~models.Q(registry="")
                    & models.Q(registry_id__isnull=False, registry_id=models.F("number"))
                ),
                name="trials_trial_registered_number_is_the_number",
            ),
            models.CheckConstraint(
                condition=models.Q(enrollment_type="") | models.Q(enrollment_count__isnull=False),
                name="trials_trial_unknown_enrollment_has_no_type",
            ),
            models.CheckConstraint(
                condition=models.Q(
                    start_date__isnull=True, start_earliest__isnull=True, start_latest__isnull=True
                )
                | models.Q(
                    start_date__isnull=False,
                    start_earliest__isnull=False,
                    start_latest__isnull=False,
                    start_earliest__lte=models.F("start_latest"),
                ),
                name="trials_trial_start_bounds",
            ),
            models.CheckConstraint(
                condition=models.Q(joined_to__isnull=True)
                | (models.Q(screening=Screening.EXCLUDED) & ~models.Q(joined_to=models.F("pk"))),
                name="trials_trial_joined_is_not_shown",
            ),
        )

    def __str__(self) -> str:
        return f"{self.number} {self.title}"

    def get_absolute_url(self) -> str:
        return reverse("trial", args=[self.number])


class TrialAlias(models.Model):
    """Another number that leads to the trial: an older registry number, or the catalogue's own."""

    trial = models.ForeignKey(Trial, models.CASCADE, related_name="aliases")
    number = models.CharField(_("number"), max_length=20, unique=True)

    class Meta:
        ordering = ("number",)
        verbose_name = _("other number")
        verbose_name_plural = _("other numbers")
        constraints = (
            models.CheckConstraint(
                condition=models.Q(number__regex=NUMBER), name="trials_trialalias_number_shape"
            ),
        )

    def __str__(self) -> str:
        return self.number


class TrialPhase(models.Model):
    """One phase of a trial: phases are a set."""

    trial = models.ForeignKey(Trial, models.CASCADE, related_name="phases")
    phase = RegistryWordField(_("phase"), choices=Phase.choices)

    class Meta:
        ordering = ("pk",)
        verbose_name = _("phase")
        verbose_name_plural = _("phases")
        constraints = (
            filled("phase"),
            registry_words("phase"),
            models.UniqueConstraint(fields=("trial", "phase"), name="trials_trialphase_once"),
        )

    def __str__(self) -> str:
        return self.get_phase_display()


class Arm(models.Model):
    """A group of participants and what is planned for it."""

    trial = models.ForeignKey(Trial, models.CASCADE, related_name="arms")
    position = models.PositiveIntegerField()
    label = models.TextField(_("label"), blank=True)
    type = RegistryWordField(_("type"), choices=ArmType.choices, blank=True)
    description = models.TextField(_("description"), blank=True)

    class Meta:
        ordering = ("position",)
        verbose_name = _("arm")
        verbose_name_plural = _("arms")
        constraints = (
            registry_words("type"),
            models.UniqueConstraint(fields=("trial", "position"), name="trials_arm_place"),
        )

    def __str__(self) -> str:
        return self.label


class Intervention(models.Model):
    """Something that is given or done to participants."""

    trial = models.ForeignKey(Trial, models.CASCADE, related_name="interventions")
    position = models.PositiveIntegerField()
    type = RegistryWordField(_("type"), choices=InterventionType.choices, blank=True)
    name = models.TextField(_("name"))
    description = models.TextField(_("description"), blank=True)
    other_names = models.JSONField(_("other names"), default=list, blank=True)
    arms = models.ManyToManyField(Arm, related_name="interventions", blank=True)

    class Meta:
        ordering = ("position",)
        verbose_name = _("intervention")
        verbose_name_plural = _("interventions")
        constraints = (
            registry_words("type"),
            models.UniqueConstraint(fields=("trial", "position"), name="trials_intervention_place"),
        )

    def __str__(self) -> str:
        return self.name


class Outcome(models.Model):
    """What a trial measures, and when."""

    trial = models.ForeignKey(Trial, models.CASCADE, related_name="outcomes")
    position = models.PositiveIntegerField()
    kind = models.CharField(_("kind"), max_length=10, choices=OutcomeKind.choices)
    measure = models.TextField(_("measure"))
    description = models.TextField(_("description"), blank=True)
    time_frame = models.TextField(_("time frame"), blank=True)

    class Meta:
        ordering = ("position",)
        verbose_name = _("outcome")
        verbose_name_plural = _("outcomes")
        constraints = (
            one_of("kind", OutcomeKind),
            models.UniqueConstraint(fields=("trial", "position"), name="trials_outcome_place"),
        )

    def __str__(self) -> str:
        return self.measure


class Site(models.Model):
    """A place where a trial is carried out. No person's name, telephone or e-mail is kept."""

    trial = models.ForeignKey(Trial, models.CASCADE, related_name="sites")
    position = models.PositiveIntegerField()
    facility = models.TextField(_("facility"), blank=True)
    city = models.TextField(_("city"), blank=True)
    state = models.TextField(_("state"), blank=True)
    country = models.ForeignKey(
        Country, models.PROTECT, null=True, blank=True, related_name="sites"
    )
    country_name = models.TextField(_("country as registered"), blank=True)
    status = RegistryWordField(_("status"), choices=Status.choices, blank=True)
    latitude = models.FloatField(_("latitude"), null=True, blank=True)
    longitude = models.FloatField(_("longitude"), null=True, blank=True)

    class Meta:
        ordering = ("position",)
        verbose_name = _("site")
        verbose_name_plural = _("sites")
        constraints = (
            registry_words("status"),
            models.UniqueConstraint(fields=("trial", "position"), name="trials_site_place"),
            models.CheckConstraint(
                condition=models.Q(latitude__isnull=True, longitude__isnull=True)
                | models.Q(
                    # Null is neither true nor false, and a check that is not false is passed.
                    latitude__isnull=False,
                    longitude__isnull=False,
                    latitude__range=(-90, 90),
                    longitude__range=(-180, 180),
                ),
                name="trials_site_on_earth",
            ),
        )

    def __str__(self) -> str:
        return ", ".join(part for part in (self.facility, self.city, self.country_name) if part)


class Reference(models.Model):
    """A paper that the registry's record names."""

    trial = models.ForeignKey(Trial, models.CASCADE, related_name="references")
    position = models.PositiveIntegerField()
    pmid = models.CharField(_("PubMed number"), max_length=20, blank=True)
    type = RegistryWordField(_("type"), choices=ReferenceType.choices, blank=True)
    citation = models.TextField(_("citation"), blank=True)
    retracted = models.BooleanField(_("retracted"), default=False)

    class Meta:
        ordering = ("position",)
        verbose_name = _("reference")
        verbose_name_plural = _("references")
        constraints = (
            registry_words("type"),
            models.UniqueConstraint(fields=("trial", "position"), name="trials_reference_place"),
        )

    def __str__(self) -> str:
        return self.citation or self.pmid
