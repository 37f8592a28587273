"""Who runs a trial: sponsors, every name they go by, and their part in each trial."""

from __future__ import annotations

import hashlib
import unicodedata

from django.db import models
from django.db.models.functions import Now
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from trials.evidence_querysets import SponsorPairQuerySet, SponsorQuerySet
from trials.models.constraints import filled, one_of, registry_words
from trials.models.words import RegistryWordField
from trials.vocabulary import AliasKind, SponsorClass, SponsorRole

NAME_LENGTH = 300


def normalise_name(name: str) -> str:
    """The form by which two spellings of one name are the same: case, width and stops apart."""
    folded = unicodedata.normalize("NFKC", name).casefold()
    kept = "".join(letter if letter.isalnum() else " " for letter in folded)
    # A name of signs alone ("…") has its signs to be told by.
    words = " ".join(kept.split()) or " ".join(folded.split())
    if len(words) <= NAME_LENGTH:
        return words
    # Longer than the column: cut, and still different for different names.
    digest = hashlib.sha256(words.encode()).hexdigest()[:16]
    return f"{words[: NAME_LENGTH - 17]} {digest}"


class Sponsor(models.Model):
    """An organisation or person that runs trials. Its names are in `aliases`, this one included."""

    slug = models.SlugField(_("slug"), max_length=100, unique=True)
    name = models.CharField(_("name"), max_length=NAME_LENGTH)
    name_zh = models.CharField(_("Chinese name"), max_length=NAME_LENGTH, blank=True)
    name_zh_note = models.TextField(_("about the Chinese name"), blank=True)
    sponsor_class = RegistryWordField(_("class"), choices=SponsorClass.choices, blank=True)
    note = models.TextField(_("note"), blank=True)
    # The row stays, without names and trials: its address leads on, and the merging can be undone.
    merged_into = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="merged",
        verbose_name=_("merged into"),
    )
    # Whether its names were compared with those of all others (`trials.curation.pairs`).
    compared = models.BooleanField(default=False, db_default=False, editable=False)

    objects = SponsorQuerySet.as_manager()

    class Meta:
        ordering = ("name", "pk")
        verbose_name = _("sponsor")
        verbose_name_plural = _("sponsors")
        constraints = (
            filled("slug"),
            filled("name"),
            registry_words("sponsor_class"),
            models.CheckConstraint(
                condition=models.Q(merged_into__isnull=True)
                | ~models.Q(merged_into=models.F("pk")),
                name="trials_sponsor_not_merged_into_itself",
            ),
        )
        indexes = (
            models.Index(
                fields=("id",), condition=models.Q(compared=False), name="sponsor_not_compared"
            ),
        )

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("sponsor", args=[self.slug])


class SponsorAlias(models.Model):
    """A name by which a sponsor is found; no two sponsors share one."""

    sponsor = models.ForeignKey(Sponsor, models.CASCADE, related_name="aliases")
    name = models.CharField(_("name"), max_length=NAME_LENGTH)
    normalised = models.CharField(max_length=NAME_LENGTH, unique=True, editable=False)
    kind = models.CharField(_("kind"), max_length=20, choices=AliasKind.choices)

    class Meta:
        ordering = ("kind", "name")
        verbose_name = _("name of a sponsor")
        verbose_name_plural = _("names of sponsors")
        constraints = (filled("normalised"), one_of("kind", AliasKind))

    def __str__(self) -> str:
        return self.name

    @property
    def is_cut(self) -> bool:
        """Whether the name may have been longer than its column; `normalised` is of the whole."""
        return len(self.name) >= NAME_LENGTH

    def clean_fields(self, exclude: object = None) -> None:
        if not (self.is_cut and self.normalised):
            self.normalised = normalise_name(self.name)
        super().clean_fields(exclude=exclude)  # type: ignore[arg-type]


class TrialSponsor(models.Model):
    """A sponsor's part in a trial. One lead a trial."""

    trial = models.ForeignKey("trials.Trial", models.CASCADE, related_name="sponsorships")
    sponsor = models.ForeignKey(Sponsor, models.PROTECT, related_name="sponsorships")
    role = models.CharField(_("role"), max_length=12, choices=SponsorRole.choices)
    # The name by which the record gives the sponsor, normalised: what undoing a merging goes by.
    # Blank in rows of before the first merging, which gave every sponsor one name.
    named = models.CharField(
        max_length=NAME_LENGTH, blank=True, default="", db_default="", editable=False
    )

    class Meta:
        ordering = ("-role", "pk")  # the lead first
        verbose_name = _("sponsorship")
        verbose_name_plural = _("sponsorships")
        constraints = (
            one_of("role", SponsorRole),
            models.UniqueConstraint(
                fields=("trial", "sponsor", "role"), name="trials_trialsponsor_once_a_role"
            ),
            models.UniqueConstraint(
                fields=("trial",),
                condition=models.Q(role=SponsorRole.LEAD),
                name="trials_trialsponsor_one_lead",
            ),
        )

    def __str__(self) -> str:
        return f"{self.sponsor} ({self.get_role_display()})"


class SponsorPair(models.Model):
    """Two sponsors whose names are alike; `one` is the older row.

    Whether they are the same is for a person to say: merging them, or telling them `apart`.
    """

    one = models.ForeignKey(Sponsor, models.CASCADE, related_name="+")
    other = models.ForeignKey(Sponsor, models.CASCADE, related_name="+")
    likeness = models.PositiveSmallIntegerField(_("likeness"))  # of 100
    apart = models.BooleanField(_("not the same"), default=False)
    since = models.DateTimeField(_("since"), db_default=Now(), editable=False)

    objects = SponsorPairQuerySet.as_manager()

    class Meta:
        ordering = ("-likeness", "pk")
        verbose_name = _("pair of sponsors")
        verbose_name_plural = _("pairs of sponsors")
        constraints = (
            models.UniqueConstraint(fields=("one", "other"), name="trials_sponsorpair_once"),
            models.CheckConstraint(
                condition=models.Q(one__lt=models.F("other")), name="trials_sponsorpair_older_first"
            ),
        )
        indexes = (
            models.Index(
                fields=("-likeness", "id"),
                condition=models.Q(apart=False),
                name="sponsorpair_undecided",
            ),
            models.Index(
                fields=("since",),
                condition=models.Q(apart=False),
                name="sponsorpair_oldest_first",
            ),
        )

    def __str__(self) -> str:
        return f"{self.one} / {self.other}"
