"""The words that editors added to those by which the rules read records."""

from __future__ import annotations

from typing import Self

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from trials.models.constraints import filled, one_of
from trials.vocabulary import LexiconTable


class LexiconTermQuerySet(models.QuerySet["LexiconTerm"]):
    def active(self) -> Self:
        """Those that the rules go by."""
        return self.filter(withdrawn_at=None)


class LexiconTerm(models.Model):
    """A phrase beside those of `trials/extraction/lexicon/`, written as the files write them.

    It means the row `value` in the `section` of its table. A phrase stands once in a table for
    good: withdrawn, it can be put back, and nothing of who added it is lost. Nobody added
    (`added_by`) what came from the files under fixtures/.
    """

    table = models.CharField(_("list"), max_length=20, choices=LexiconTable.choices)
    section = models.CharField(_("section"), max_length=40)
    value = models.CharField(_("meaning"), max_length=80)
    phrase = models.CharField(_("phrase"), max_length=120)
    note = models.TextField(_("note"), blank=True)
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="added_terms",
        verbose_name=_("added by"),
    )
    added_at = models.DateTimeField(_("added"), default=timezone.now)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="withdrawn_terms",
        verbose_name=_("withdrawn by"),
    )
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True, blank=True)

    objects = LexiconTermQuerySet.as_manager()

    class Meta:
        ordering = ("table", "phrase")
        verbose_name = _("lexicon term")
        verbose_name_plural = _("lexicon terms")
        constraints = (
            one_of("table", LexiconTable),
            filled("section"),
            filled("value"),
            filled("phrase"),
            models.UniqueConstraint(fields=("table", "phrase"), name="trials_lexiconterm_once"),
            models.CheckConstraint(
                condition=models.Q(withdrawn_at=None, withdrawn_by=None)
                | models.Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False),
                name="trials_lexiconterm_withdrawn_by_a_person",
            ),
        )

    def __str__(self) -> str:
        return self.phrase
