"""People's decisions, each with what it replaced; nothing is ever taken out of this table."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from trials.models.constraints import filled, one_of
from trials.models.person import public_name
from trials.models.sponsor import Sponsor
from trials.models.trial import Trial
from trials.vocabulary import DecisionKind


class Decision(models.Model):
    """Who decided what about a trial or a sponsor, when and why, and whether it was undone.

    `aspect` is the part of the subject (a kind of fact); `before` and `after` are in the form that
    the kind's own door writes and undoes (`trials.curation`). `heard` is what documents and rules
    said of it then, so that what they say later can be told; `batch` joins what was decided at
    once.
    """

    kind = models.CharField(_("about"), max_length=12, choices=DecisionKind.choices)
    trial = models.ForeignKey(
        Trial, models.CASCADE, null=True, blank=True, related_name="decisions"
    )
    sponsor = models.ForeignKey(
        Sponsor, models.CASCADE, null=True, blank=True, related_name="decisions"
    )
    aspect = models.CharField(_("aspect"), max_length=60, blank=True)
    before = models.JSONField(_("before"), null=True, blank=True)
    after = models.JSONField(_("after"), null=True, blank=True)
    heard = models.JSONField(_("what others said then"), default=list, blank=True)
    batch = models.UUIDField(_("decided together"), null=True, blank=True, db_index=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="decisions", verbose_name=_("by")
    )
    at = models.DateTimeField(_("decided"))
    note = models.TextField(_("note"))
    undone_at = models.DateTimeField(_("undone"), null=True, blank=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="undone_decisions",
    )
    undone_note = models.TextField(_("why it was undone"), blank=True)

    class Meta:
        ordering = ("-pk",)
        verbose_name = _("decision")
        verbose_name_plural = _("decisions")
        indexes = (models.Index(fields=("kind", "-at"), name="decision_kind_at"),)
        constraints = (
            one_of("kind", DecisionKind),
            filled("note"),
            models.CheckConstraint(
                condition=models.Q(trial__isnull=False) | models.Q(sponsor__isnull=False),
                name="trials_decision_has_a_subject",
            ),
            models.CheckConstraint(
                condition=models.Q(undone_at__isnull=True, undone_by__isnull=True, undone_note="")
                | (
                    models.Q(undone_at__isnull=False, undone_by__isnull=False)
                    & ~models.Q(undone_note="")
                ),
                name="trials_decision_undone_by_a_person",
            ),
        )

    def __str__(self) -> str:
        about = f": {self.paper}" if self.paper else ""
        return f"{self.get_kind_display()}: {self.trial or self.sponsor}{about}"

    @property
    def paper(self) -> str:
        """The title of the paper that it is about; empty where it is about none."""
        return (self.after or {}).get("title", "") if self.kind == DecisionKind.PUBLICATION else ""

    @property
    def parts_paper(self) -> bool:
        """Whether it says that the paper does not belong to the trial."""
        return bool(self.paper) and (self.after or {}).get("link") is None

    @property
    def decider(self) -> str:
        """Who decided it, by the name that readers see."""
        return public_name(self.by)

    @property
    def about(self) -> tuple[str, int | None, int | None, str]:
        """What it is about: of two decisions about the same, the later one stands."""
        return self.kind, self.trial_id, self.sponsor_id, self.aspect
