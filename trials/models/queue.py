"""What needs a person: doubts that are worked out of the trials, and what people left as it is."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from trials.models.constraints import filled, one_of
from trials.models.search import KeptWithTrial
from trials.models.trial import Trial
from trials.vocabulary import DoubtKind


class Doubt(models.Model):
    """Something about a trial, or a word of the registry's, that a person should look at.

    Worked out anew whenever its trial changes (`trials.queue.keeping`): no row of it is anybody's
    word. `aspect` is the kind of fact, or the registry's word; `key` names the thing for
    good, and `said` is another word once what is in doubt is another. The less the `weight`, the
    sooner it is looked at among its kind.
    """

    kind = models.CharField(_("kind"), max_length=10, choices=DoubtKind.choices)
    trial = models.ForeignKey(Trial, models.CASCADE, null=True, blank=True, related_name="doubts")
    aspect = models.CharField(_("aspect"), max_length=200)
    key = models.CharField(max_length=230)
    said = models.CharField(max_length=32)
    weight = models.FloatField(default=0)
    since = models.DateTimeField(_("since"))

    class Meta:
        ordering = ("kind", "weight", "pk")
        verbose_name = _("doubt")
        verbose_name_plural = _("doubts")
        indexes = (
            models.Index(fields=("kind", "weight", "id"), name="doubt_worst_first"),
            models.Index(fields=("kind", "since"), name="doubt_oldest_first"),
        )
        constraints = (
            one_of("kind", DoubtKind),
            filled("aspect"),
            filled("said"),
            models.UniqueConstraint(fields=("kind", "key"), name="trials_doubt_once"),
        )

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.trial or ''} {self.aspect}"


class Doubted(KeptWithTrial):
    """That the doubts about a trial are worked out as it is now."""

    class Meta:
        verbose_name = _("doubted trial")
        verbose_name_plural = _("doubted trials")

    def __str__(self) -> str:
        return f"{self.trial_id} @ {self.stamp}"


class Left(models.Model):
    """That a person looked at an item of the queue and left it: it waits again once `said` differs.

    `kind` is a kind of the queue (`trials.queue.kinds`), `key` names the item among its kind.
    """

    kind = models.CharField(_("kind"), max_length=20)
    key = models.CharField(max_length=230)
    said = models.CharField(max_length=64)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="left")
    at = models.DateTimeField(_("left"))

    class Meta:
        ordering = ("-pk",)
        verbose_name = _("item left as it is")
        verbose_name_plural = _("items left as they are")
        constraints = (
            models.UniqueConstraint(fields=("kind", "key", "said"), name="trials_left_once"),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"
