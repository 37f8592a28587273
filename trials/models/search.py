"""What the search follows and finds: which trials changed in which transaction, and their words."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from trials.models.trial import Trial


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


class KeptWithTrial(models.Model):
    """What is worked out of a trial and kept beside it (`trials.search.kept`).

    `stamp` is that of the change of the trial after which the row was made.
    """

    trial = models.OneToOneField(Trial, models.CASCADE, primary_key=True, related_name="+")
    stamp = models.BigIntegerField()

    class Meta:
        abstract = True


class TrialText(KeptWithTrial):
    """The words of a trial as they are looked for (`trials.search.tokens`), with blanks between.

    The database keeps them in its own full text beside this table (`trials.search.fulltext`).
    """

    titles = models.TextField()
    subjects = models.TextField()
    around = models.TextField()
    eligibility = models.TextField()

    class Meta:
        verbose_name = _("words of a trial")
        verbose_name_plural = _("words of trials")

    def __str__(self) -> str:
        return f"{self.trial_id} @ {self.stamp}"


class TrialDocument(KeptWithTrial):
    """A trial as the API's lists tell it, ready to be sent; its form is `catalog.api.documents`'.

    `body` is the object as JSON, `cells` its line of a CSV file, both with holes for what depends
    on who asks. `form` is the number of the form that they have: one of another counts as missing.
    """

    form = models.PositiveSmallIntegerField()
    body = models.TextField()
    cells = models.TextField(default="[]")

    class Meta:
        verbose_name = _("ready document of a trial")
        verbose_name_plural = _("ready documents of trials")

    def __str__(self) -> str:
        return f"{self.trial_id} @ {self.stamp}"
