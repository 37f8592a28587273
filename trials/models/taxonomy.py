"""Where cells come from, what they are given for, and where: two trees and a list."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from tree_queries.models import TreeNode

from trials.models.constraints import filled


class Branch(TreeNode):
    """A node of a tree of terms, named in English and in Chinese."""

    slug = models.SlugField(_("slug"), unique=True)
    name = models.CharField(_("name"), max_length=120)
    name_zh = models.CharField(_("Chinese name"), max_length=120, blank=True)
    synonyms = models.JSONField(_("synonyms"), default=list, blank=True)
    mesh_id = models.CharField(_("MeSH id"), max_length=20, blank=True)
    description = models.TextField(_("description"), blank=True)
    description_zh = models.TextField(_("Chinese description"), blank=True)
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    class Meta:
        abstract = True
        ordering = ("position", "slug")
        constraints = (
            filled("slug"),
            filled("name"),
            models.CheckConstraint(
                condition=models.Q(parent__isnull=True) | ~models.Q(parent=models.F("pk")),
                name="%(app_label)s_%(class)s_no_parent_of_itself",
            ),
        )

    def __str__(self) -> str:
        return self.name


class CellSource(Branch):
    """A tissue that the cells come from."""

    class Meta(Branch.Meta):
        verbose_name = _("cell source")
        verbose_name_plural = _("cell sources")


class Indication(Branch):
    """A disease or injury that the cells are given for."""

    class Meta(Branch.Meta):
        verbose_name = _("indication")
        verbose_name_plural = _("indications")


class Country(models.Model):
    """A country or territory by its ISO 3166-1 alpha-2 code, named as CLDR names it."""

    code = models.CharField(_("code"), max_length=2, primary_key=True)
    name = models.CharField(_("name"), max_length=120)
    name_zh = models.CharField(_("Chinese name"), max_length=120)

    class Meta:
        ordering = ("name",)
        verbose_name = pgettext_lazy("place", "country")
        verbose_name_plural = _("countries")
        constraints = (
            filled("name"),
            models.CheckConstraint(
                condition=models.Q(code__regex=r"^[A-Z]{2}\Z"), name="trials_country_code_is_iso"
            ),
        )

    def __str__(self) -> str:
        return self.name
