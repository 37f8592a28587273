"""Products with what regulators decided, and publications."""

from __future__ import annotations

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from trials.admin.access import BoundedList, FixedSlug
from trials.admin.linking import Linking
from trials.models import Approval, Product, Publication


class ApprovalInline(admin.StackedInline):
    model = Approval
    extra = 0
    autocomplete_fields = ("country",)


@admin.register(Product)
class ProductAdmin(BoundedList, FixedSlug):
    list_display = ("name", "maker", "is_stem_cell", "cell_source", "donor_type")
    list_filter = ("is_stem_cell", "donor_type")
    list_select_related = ("cell_source",)
    search_fields = ("name", "slug", "maker")
    autocomplete_fields = ("sponsor", "cell_source")
    inlines = (ApprovalInline,)


@admin.register(Publication)
class PublicationAdmin(BoundedList, Linking, FixedSlug):
    list_display = ("title", "authors", "journal", "year", "identified", "retracted")
    list_filter = ("identified", "retracted", "year")
    search_fields = ("title", "title_zh", "authors", "doi", "pmid", "pmcid")
    search_help_text = _("Words of the title or authors, a DOI or a PubMed number")
