"""What the search index follows: which trials changed, and in which transaction."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class ChangedTrial(models.Model):
    """The last change of a trial, or of the vocabularies: one row a subject, for ever.

    Written by the database's own triggers alone (`trials.search.triggers`), so that no way of
    writing goes unseen. `subject` is a trial's key, also of one that is gone, or one of the
    subjects below. `stamp` is the transaction's number on PostgreSQL and a running number on
    SQLite.
    """

    VOCABULARIES = 0
    EPOCH = -1  # its stamp is another after the tables were emptied or filled from outside

    subject = models.BigIntegerField(primary_key=True)
    stamp = models.BigIntegerField(db_index=True)

    class Meta:
        verbose_name = _("changed trial")
        verbose_name_plural = _("changed trials")

    def __str__(self) -> str:
        return f"{self.subject} @ {self.stamp}"
