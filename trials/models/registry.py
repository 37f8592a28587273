"""What came from the registry and when: stored records, their changes, runs, stored queries."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from trials.models.constraints import filled, one_of
from trials.models.trial import Trial
from trials.vocabulary import RunStatus, Screening


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
    """One refresh: what was asked, what came, how it ended."""

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

    class Meta:
        ordering = ("-started_at", "-pk")
        verbose_name = _("refresh")
        verbose_name_plural = _("refreshes")
        constraints = (filled("origin"), one_of("status", RunStatus))

    def __str__(self) -> str:
        return f"{self.started_at:%Y-%m-%d %H:%M} {self.get_status_display()}"


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
    version = models.CharField(_("last update posted"), max_length=10, blank=True)
    data_timestamp = models.CharField(_("registry's data of"), max_length=40, blank=True)
    origin = models.TextField(_("read from"), blank=True)
    first_seen_at = models.DateTimeField(_("first seen"))
    changed_at = models.DateTimeField(_("last changed"))
    screening = models.CharField(_("screening"), max_length=10, choices=Screening.choices)
    screening_reason = models.TextField(_("reason"), blank=True)
    gone_at = models.DateTimeField(_("gone since"), null=True, blank=True)

    class Meta:
        ordering = ("registry_id",)
        verbose_name = _("stored record")
        verbose_name_plural = _("stored records")
        constraints = (
            filled("registry_id"),
            filled("content_hash"),
            one_of("screening", Screening),
        )

    def __str__(self) -> str:
        return self.registry_id


class RecordChange(models.Model):
    """That a field of a stored record changed: old, new, when it was seen."""

    record = models.ForeignKey(StoredRecord, models.CASCADE, related_name="changes")
    run = models.ForeignKey(RefreshRun, models.PROTECT, related_name="changes")
    field = models.CharField(_("field"), max_length=200)
    old = models.JSONField(_("before"), null=True)
    new = models.JSONField(_("after"), null=True)
    seen_at = models.DateTimeField(_("seen"), db_index=True)

    class Meta:
        ordering = ("-seen_at", "pk")
        verbose_name = _("change")
        verbose_name_plural = _("changes")

    def __str__(self) -> str:
        return f"{self.record}: {self.field}"


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
