"""One thing that is said about a trial's cells: the value, the words it rests on, who said so."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from trials.models.constraints import one_of
from trials.models.evidence import Document, Product
from trials.models.person import public_name
from trials.models.taxonomy import CellSource, Indication
from trials.models.trial import Trial
from trials.vocabulary import (
    FACT_VALUES,
    NOT_STATED,
    Basis,
    DoseUnit,
    FactKind,
    Role,
    Treatment,
)

# The kinds whose value is a row of another table, and that table's column here.
LINKED: dict[str, str] = {
    FactKind.CELL_SOURCE: "cell_source",
    FactKind.INDICATION: "indication",
    FactKind.PRODUCT: "product",
}
MOST_CELLS = 1e15  # a human body has some 4e13


def _value_fits_kind() -> Q:
    """Each kind holds its own sort of value, or the words "not stated"; nothing else."""
    unlinked = Q(cell_source__isnull=True, indication__isnull=True, product__isnull=True)
    unmeasured = Q(number__isnull=True, dose_min__isnull=True, dose_max__isnull=True, dose_unit="")
    fits = Q(value=NOT_STATED) & unlinked & unmeasured
    for kind, column in LINKED.items():
        others = {f"{other}__isnull": True for other in LINKED.values() if other != column}
        linked = Q(**{f"{column}__isnull": False}, **others)
        fits |= Q(kind=kind, value="") & linked & unmeasured
    for kind, values in FACT_VALUES.items():
        fits |= Q(kind=kind, value__in=values.values) & unlinked & unmeasured
    # Null is neither true nor false, and a check that is not false is passed. The upper bound
    # keeps infinity and "no number" out, which databases order above all numbers.
    dose = Q(
        dose_min__isnull=False, dose_min__gt=0, dose_max__isnull=False, dose_max__lt=MOST_CELLS
    )
    dose &= Q(dose_max__gte=models.F("dose_min"), number__isnull=True)
    fits |= Q(kind=FactKind.DOSE) & dose & unlinked
    times = Q(number__isnull=False, number__gt=0, value="", dose_min__isnull=True, dose_unit="")
    fits |= Q(kind=FactKind.ADMINISTRATIONS, dose_max__isnull=True) & times & unlinked
    words = Q(kind__in=[FactKind.ADJUNCT, FactKind.COMPARATOR]) & ~Q(value="")
    return fits | (words & unlinked & unmeasured)


class Fact(models.Model):
    """A statement about a trial. Several may disagree; `shown` marks the ones that stand.

    `retired_at` ends a statement without deleting it, so that history stays whole; for a decision
    `retired_by` and `retired_note` say who ended it and why. Which live
    statements are shown is worked out by `trials.showing.settle` alone.
    """

    trial = models.ForeignKey(Trial, models.CASCADE, related_name="facts")
    kind = models.CharField(_("kind"), max_length=16, choices=FactKind.choices)
    role = models.CharField(
        _("role"), max_length=12, choices=Role.choices, default=Role.EXPERIMENTAL
    )
    cell_source = models.ForeignKey(
        CellSource, models.PROTECT, null=True, blank=True, related_name="facts"
    )
    indication = models.ForeignKey(
        Indication, models.PROTECT, null=True, blank=True, related_name="facts"
    )
    product = models.ForeignKey(
        Product, models.PROTECT, null=True, blank=True, related_name="facts"
    )
    value = models.CharField(_("value"), max_length=120, blank=True)
    number = models.PositiveSmallIntegerField(_("number"), null=True, blank=True)
    dose_min = models.FloatField(_("least dose"), null=True, blank=True)
    dose_max = models.FloatField(_("greatest dose"), null=True, blank=True)
    dose_unit = models.CharField(_("unit"), max_length=10, choices=DoseUnit.choices, blank=True)
    text = models.CharField(_("as written"), max_length=300, blank=True)

    basis = models.CharField(_("basis"), max_length=10, choices=Basis.choices)
    quote = models.TextField(_("words it rests on"), blank=True)
    place = models.CharField(_("where they stand"), max_length=200, blank=True)
    # Letters of the text at `place` before the quote; null where nobody counted.
    quote_start = models.PositiveIntegerField(null=True, blank=True, editable=False)
    document = models.ForeignKey(
        Document, models.PROTECT, null=True, blank=True, related_name="facts"
    )
    source = models.TextField(_("source"), blank=True)
    rule = models.CharField(_("rule"), max_length=60, blank=True)
    confidence = models.FloatField(_("confidence"), null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="decided_facts",
    )
    decided_at = models.DateTimeField(_("decided"))
    note = models.TextField(_("note"), blank=True)
    retired_at = models.DateTimeField(_("ended"), null=True, blank=True)
    retired_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="retired_facts",
    )
    retired_note = models.TextField(_("why it ended"), blank=True)
    shown = models.BooleanField(_("shown"), default=False, editable=False)

    class Meta:
        ordering = ("kind", "pk")
        verbose_name = _("fact")
        verbose_name_plural = _("facts")
        indexes = (
            models.Index(
                fields=("kind", "cell_source", "trial"),
                condition=Q(shown=True),
                name="fact_shown_source",
            ),
            models.Index(
                fields=("kind", "indication", "trial"),
                condition=Q(shown=True),
                name="fact_shown_indication",
            ),
            models.Index(
                fields=("kind", "value", "trial"), condition=Q(shown=True), name="fact_shown_value"
            ),
            # Of the few that people decided: every list asks which trials have one.
            models.Index(
                fields=("trial",),
                condition=Q(basis=Basis.CURATOR, shown=True),
                name="fact_curated",
            ),
        )
        constraints = (
            one_of("kind", FactKind),
            one_of("role", Role),
            one_of("basis", Basis),
            one_of("dose_unit", DoseUnit, or_blank=True),
            models.CheckConstraint(
                condition=_value_fits_kind(), name="trials_fact_value_fits_kind"
            ),
            models.CheckConstraint(
                condition=~Q(basis=Basis.CURATOR) | (Q(decided_by__isnull=False) & ~Q(note="")),
                name="trials_fact_curator_is_named",
            ),
            models.CheckConstraint(
                condition=Q(confidence__isnull=True) | Q(confidence__range=(0, 1)),
                name="trials_fact_confidence_is_a_share",
            ),
            models.CheckConstraint(
                condition=Q(shown=False) | Q(retired_at__isnull=True),
                name="trials_fact_ended_is_not_shown",
            ),
            models.CheckConstraint(
                condition=Q(retired_at__isnull=False) | Q(retired_by__isnull=True, retired_note=""),
                name="trials_fact_live_has_no_end",
            ),
            # Neither a refresh nor a seed can end a decision: that takes a person with a name.
            models.CheckConstraint(
                condition=~Q(basis=Basis.CURATOR)
                | Q(retired_at__isnull=True)
                | Q(retired_by__isnull=False),
                name="trials_fact_decision_ended_by_person",
            ),
            models.CheckConstraint(
                condition=~Q(kind=FactKind.DOSE) | Q(value=NOT_STATED) | ~Q(dose_unit=""),
                name="trials_fact_dose_has_unit",
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.label}"

    @property
    def slug(self) -> str:
        """The value as the API and the filters name it."""
        linked = self.linked
        return linked.slug if linked is not None else self.value

    @property
    def decider(self) -> str | None:
        """Who decided it, by the name that readers see."""
        return public_name(self.decided_by) if self.decided_by_id else None

    @property
    def linked(self) -> CellSource | Indication | Product | None:
        return self.cell_source or self.indication or self.product

    @property
    def label(self) -> str:
        """The value in words."""
        if self.value == NOT_STATED:
            return str(_("not stated"))
        if self.linked is not None:
            return str(self.linked)
        if self.kind == FactKind.ADMINISTRATIONS:
            return str(self.number)
        if self.kind in (FactKind.ADJUNCT, FactKind.COMPARATOR) and self.value in Treatment.values:
            return str(Treatment(self.value).label)
        choices = FACT_VALUES.get(self.kind)
        return str(choices(self.value).label) if choices else self.text or self.value
