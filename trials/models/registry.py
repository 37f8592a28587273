"""What came from the registry and when: stored records, their changes, runs, stored queries."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from trials.models.constraints import filled, one_of
from trials.models.trial import Trial
from trials.vocabulary import ChangeKind, RunKind, RunStatus, Screening, ScreeningRule


class HarvestQuery(models.Model):
    """A stored question to the registry, in its own (Essie) syntax. Editors change them."""

    name = models.SlugField(_("name"), unique=True)
    description = models.TextField(_("what it is for"), blank=True)
    condition = models.TextField(_("conditions (query.cond)"), blank=True)
    intervention = models.TextField(_("interventions (query.intr)"), blank=True)
    term = models.TextField(_("other terms (query.term)"), blank=True)
    titles = models.TextField(_("titles (query.titles)"), blank=True)
    active = models.BooleanField(_("active"), default=True)

    class Meta:
        ordering = ("name",)
        verbose_name = _("stored query")
        verbose_name_plural = _("stored queries")
        constraints = (
            models.CheckConstraint(
                condition=~models.Q(condition="", intervention="", term="", titles=""),
                name="trials_harvestquery_asks_something",
            ),
        )

    def __str__(self) -> str:
        return self.name


class RefreshRun(models.Model):
    """One refresh: what was asked, what came, how it ended.

    The running one is the lock as well: the database takes no second. `holder` and `beat_at` say
    which process works on it, and when it last gave a sign of life.
    """

    kind = models.CharField(
        _("what was asked for"), max_length=12, choices=RunKind.choices, default=RunKind.FULL
    )
    holder = models.CharField(_("process"), max_length=120, blank=True)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="refreshes",
        verbose_name=_("asked for by"),
    )
    beat_at = models.DateTimeField(_("last sign of life"), null=True, blank=True)
    origin = models.TextField(_("read from"))
    status = models.CharField(_("status"), max_length=10, choices=RunStatus.choices)
    started_at = models.DateTimeField(_("started"))
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)
    data_timestamp = models.CharField(_("registry's data of"), max_length=40, blank=True)
    fetched = models.PositiveIntegerField(_("fetched"), default=0)
    expected = models.PositiveIntegerField(_("expected"), null=True, blank=True)
    created = models.PositiveIntegerField(_("new"), default=0)
    changed = models.PositiveIntegerField(_("changed"), default=0)
    unchanged = models.PositiveIntegerField(_("unchanged"), default=0)
    screened_out = models.PositiveIntegerField(_("left out"), default=0)
    gone = models.PositiveIntegerField(_("gone"), default=0)
    skipped = models.JSONField(_("skipped"), default=list, blank=True)
    requests = models.PositiveIntegerField(_("requests"), default=0)
    message = models.TextField(_("message"), blank=True)
    unknown_values = models.JSONField(_("values that are new to us"), default=dict, blank=True)
    # Share of the catalogue's trials in which each field is filled, after the run: {"status": 1.0}
    fill = models.JSONField(_("how full the fields are"), default=dict, blank=True)

    class Meta:
        ordering = ("-started_at", "-pk")
        verbose_name = _("refresh")
        verbose_name_plural = _("refreshes")
        constraints = (
            filled("origin"),
            one_of("status", RunStatus),
            one_of("kind", RunKind),
            models.UniqueConstraint(
                fields=("status",),
                condition=models.Q(status=RunStatus.RUNNING),
                name="trials_refreshrun_one_at_a_time",
            ),
        )

    def __str__(self) -> str:
        return f"{self.started_at:%Y-%m-%d %H:%M} {self.get_status_display()}"


class HarvestedQuery(models.Model):
    """A stored query whose studies all came and were all saved, in one run.

    `parameters` are as the registry was asked, `since` (a day, or "") the window of updates, and
    `numbers` the studies that came; they are kept as long as a later run may go on from here.
    """

    run = models.ForeignKey(RefreshRun, models.CASCADE, related_name="harvested")
    name = models.CharField(_("query"), max_length=50)
    parameters = models.JSONField(_("as it was asked"))
    since = models.CharField(_("updated since"), max_length=10, blank=True)
    expected = models.PositiveIntegerField(_("expected"))
    numbers = models.JSONField(_("studies"), default=list)
    finished_at = models.DateTimeField(_("finished"))

    class Meta:
        ordering = ("run", "pk")
        verbose_name = _("harvested query")
        verbose_name_plural = _("harvested queries")

    def __str__(self) -> str:
        return self.name


class StoredRecord(models.Model):
    """The registry's record of a study as it last came, contacts taken out, screened or not.

    `body` is the JSON, compressed with zlib. A record that is not in the catalogue is kept too,
    with the reason.
    """

    registry_id = models.CharField(_("registry number"), max_length=20, unique=True)
    trial = models.OneToOneField(
        Trial, models.SET_NULL, null=True, blank=True, related_name="stored_record"
    )
    title = models.TextField(_("title"), blank=True)
    body = models.BinaryField()
    content_hash = models.CharField(max_length=64)
    # Of the record as it was served, contacts and all: tells without further work that the same
    # came again.
    served_digest = models.CharField(max_length=32, blank=True)
    version = models.CharField(_("last update posted"), max_length=10, blank=True)
    data_timestamp = models.CharField(_("registry's data of"), max_length=40, blank=True)
    origin = models.TextField(_("read from"), blank=True)
    first_seen_at = models.DateTimeField(_("first seen"))
    changed_at = models.DateTimeField(_("last changed"))
    screening = models.CharField(_("screening"), max_length=10, choices=Screening.choices)
    # What the rules find, whatever a document or a person decided.
    screening_rule = models.CharField(
        _("rule"), max_length=16, choices=ScreeningRule.choices, blank=True
    )
    screening_reason = models.TextField(_("reason"), blank=True)
    gone_at = models.DateTimeField(_("gone since"), null=True, blank=True)

    class Meta:
        ordering = ("registry_id",)
        verbose_name = _("stored record")
        verbose_name_plural = _("stored records")
        # The page of what was left out and why reads these.
        indexes = (
            models.Index(
                fields=("screening", "screening_rule", "registry_id"), name="record_screening"
            ),
            models.Index(
                fields=("changed_at",),
                condition=models.Q(screening=Screening.REVIEW),
                name="record_near_the_line",
            ),
        )
        constraints = (
            filled("registry_id"),
            filled("content_hash"),
            one_of("screening", Screening),
            one_of("screening_rule", ScreeningRule, or_blank=True),
        )

    def __str__(self) -> str:
        return self.registry_id


class RecordChange(models.Model):
    """That a field of a registry record changed: old, new, when it was seen.

    `trial` is null for studies that are not in the catalogue; `record` is null where a trial that
    was only read by hand turned out to be gone. `field` is a field of the study as `parse_study`
    names it, and empty where the record as a whole came, went or was renumbered.
    """

    record = models.ForeignKey(
        StoredRecord, models.CASCADE, null=True, blank=True, related_name="changes"
    )
    trial = models.ForeignKey(Trial, models.SET_NULL, null=True, blank=True, related_name="changes")
    run = models.ForeignKey(RefreshRun, models.PROTECT, related_name="changes")
    kind = models.CharField(
        _("kind"), max_length=10, choices=ChangeKind.choices, default=ChangeKind.MATERIAL
    )
    field = models.CharField(_("field"), max_length=200, blank=True)
    old = models.JSONField(_("before"), null=True, blank=True)
    new = models.JSONField(_("after"), null=True, blank=True)
    seen_at = models.DateTimeField(_("seen"))

    class Meta:
        ordering = ("-seen_at", "pk")
        verbose_name = _("change")
        verbose_name_plural = _("changes")
        # The page of all changes reads nothing else to find its rows.
        indexes = (
            models.Index(fields=("seen_at", "trial", "kind"), name="trials_recordchange_page"),
        )
        constraints = (one_of("kind", ChangeKind),)

    def __str__(self) -> str:
        return f"{self.trial or self.record}: {self.field or self.get_kind_display()}"


class SeededRow(models.Model):
    """What the files under fixtures/ last gave to a row, so that people's edits can be told."""

    table = models.CharField(max_length=60)
    key = models.CharField(max_length=300)
    values = models.JSONField()

    class Meta:
        ordering = ("table", "key")
        verbose_name = _("seeded row")
        verbose_name_plural = _("seeded rows")
        constraints = (
            models.UniqueConstraint(fields=("table", "key"), name="trials_seededrow_once"),
        )

    def __str__(self) -> str:
        return f"{self.table} {self.key}"
