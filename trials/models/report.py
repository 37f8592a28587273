"""What readers say is wrong, from the public form to the outcome that a curator notes."""

from __future__ import annotations

from datetime import datetime
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from trials.models.constraints import filled, one_of
from trials.models.trial import Trial
from trials.vocabulary import REPORTABLE, ReportedFault, ReportOutcome

LONGEST = 2000  # letters of what a reader writes
LONGEST_NOTE = 2000  # letters of what a curator notes
LONGEST_EMAIL = 254  # RFC 5321


class ReportQuerySet(models.QuerySet["Report"]):
    def open(self) -> Self:
        """Those that wait for a person."""
        return self.filter(closed_at=None)

    def for_queue(self) -> Self:
        """The open ones with their trials, the oldest first."""
        return self.open().select_related("trial").order_by("made_at", "pk")

    def made_since(self, moment: datetime) -> Self:
        return self.filter(made_at__gte=moment)

    def with_forgettable_email(self, moment: datetime) -> Self:
        """Those made before the moment that still hold an e-mail address."""
        return self.filter(made_at__lt=moment).exclude(email="")


class Report(models.Model):
    """A reader's report about a trial, or about one aspect of it.

    Of the reader nothing is kept but the e-mail address, if one was given: for an answer, and only
    until the report is closed or `forget_emails` comes by. `shown` is what the page said then.
    """

    reference = models.CharField(_("reference"), max_length=12, unique=True)
    trial = models.ForeignKey(
        Trial, models.CASCADE, related_name="reports", verbose_name=_("trial")
    )
    aspect = models.CharField(_("about"), max_length=16, blank=True)  # empty: the whole trial
    fault = models.CharField(_("what is wrong"), max_length=10, choices=ReportedFault.choices)
    words = models.TextField(_("in the reader’s words"), max_length=LONGEST)
    shown = models.TextField(_("what the page said"), blank=True)
    email = models.EmailField(_("e-mail for an answer"), max_length=LONGEST_EMAIL, blank=True)
    language = models.CharField(_("language of the page"), max_length=10)
    made_at = models.DateTimeField(_("reported"))
    digest = models.CharField(max_length=64, editable=False)  # of what is said: tells doubles
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="closed_reports",
        verbose_name=_("closed by"),
    )
    outcome = models.CharField(
        _("outcome"), max_length=10, choices=ReportOutcome.choices, blank=True
    )
    note = models.TextField(_("note"), max_length=LONGEST_NOTE, blank=True)

    objects = ReportQuerySet.as_manager()

    class Meta:
        ordering = ("-pk",)
        verbose_name = _("reader’s report")
        verbose_name_plural = _("readers’ reports")
        indexes = (
            models.Index(fields=("made_at",), name="report_open", condition=Q(closed_at=None)),
            models.Index(fields=("made_at",), name="report_email", condition=~Q(email="")),
            models.Index(fields=("-made_at",), name="report_made"),
        )
        constraints = (
            one_of("fault", ReportedFault),
            one_of("outcome", ReportOutcome, or_blank=True),
            filled("words"),
            models.UniqueConstraint(
                fields=("digest",), condition=Q(closed_at=None), name="trials_report_said_once"
            ),
            models.CheckConstraint(
                condition=Q(closed_at=None, closed_by=None, outcome="", note="")
                | Q(closed_at__isnull=False, closed_by__isnull=False, email="")
                & ~Q(outcome="")
                & ~Q(note=""),
                name="trials_report_closed_by_a_person_without_its_email",
            ),
        )

    def __str__(self) -> str:
        return self.reference

    @property
    def about(self) -> str | Promise:
        """The aspect in words."""
        return REPORTABLE.get(self.aspect, _("The whole trial"))
