"""The vocabularies: cell sources and indications as trees, countries for reading."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.db.models import ForeignKey, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from tree_queries.forms import TreeNodeChoiceField

from trials.admin.access import FixedSlug, ReadOnly
from trials.models import CellSource, Country, Indication
from trials.models.taxonomy import Branch
from trials.search import count_trials
from trials.search.vocabularies import in_language

INDENT = "\u2003"  # an em space a level: browsers keep it, unlike a plain space


def named(branch: Branch) -> str:
    """The term's name in the curator's language."""
    return in_language(branch.name, branch.name_zh)


def indented(branch: Branch) -> str:
    """The term's name, moved to the right by its depth; wants a queryset with tree fields."""
    return INDENT * getattr(branch, "tree_depth", 0) + named(branch)


class TreeList(ChangeList):
    """Terms under their parents; Django would sort the whole list by key."""

    def get_ordering(self, request: HttpRequest, queryset: QuerySet[Any]) -> list[Any]:
        return ["tree_ordering"]

    def get_results(self, request: HttpRequest) -> None:
        """With the number of trials of each term and those below it, which the index knows."""
        super().get_results(request)
        found = count_trials(self.model_admin.parameter)  # type: ignore[attr-defined]
        terms: list[Any] = list(self.result_list)
        for term in terms:
            term.trials = found.get(term.slug, 0)
        self.result_list = terms


class BranchAdmin(FixedSlug):
    parameter: str  # by which trials are asked for that have a term
    list_display = ("indented_name", "slug", "name_zh", "mesh_id", "number_of_trials")
    search_fields = ("slug", "name", "name_zh", "mesh_id")
    search_help_text = _("A name in either language, a slug or a MeSH id")
    # A page would cut the tree, and none of the trees has more than a few dozen terms.
    list_per_page = 500
    sortable_by = ()

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return TreeList

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        terms: Any = super().get_queryset(request)
        return terms.with_tree_fields()

    def formfield_for_foreignkey(
        self, db_field: ForeignKey[Any, Any], request: HttpRequest, **kwargs: Any
    ) -> Any:
        if db_field.name == "parent":
            return TreeNodeChoiceField(
                queryset=self.model.objects.all(),
                label_from_instance=indented,
                label=db_field.verbose_name,
                required=False,
            )
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    @admin.display(description=_("name"))
    def indented_name(self, branch: Branch) -> str:
        return INDENT * getattr(branch, "tree_depth", 0) + branch.name

    @admin.display(description=_("trials"))
    def number_of_trials(self, branch: Any) -> int:
        return int(branch.trials)


@admin.register(CellSource)
class CellSourceAdmin(BranchAdmin):
    parameter = "cell_source"


@admin.register(Indication)
class IndicationAdmin(BranchAdmin):
    parameter = "indication"


@admin.register(Country)
class CountryAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ("code", "name", "name_zh")
    search_fields = ("code", "name", "name_zh")
