"""Stored queries: editors write them in the registry's own syntax, and are told what is wrong."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AdminTextareaWidget
from django.utils.translation import gettext_lazy as _

from trials.essie import faults_of
from trials.models import HarvestQuery

ASKED = ("condition", "intervention", "term", "titles")


class QueryForm(forms.ModelForm):
    """Refuses a query that asks nothing, or that the registry would read otherwise than meant."""

    class Meta:
        model = HarvestQuery
        fields = ("name", "description", *ASKED, "active")
        widgets = {
            "description": AdminTextareaWidget(attrs={"rows": 2}),
            **{
                name: AdminTextareaWidget(attrs={"rows": 4, "spellcheck": "false"})
                for name in ASKED
            },
        }
        help_texts = {
            "name": _("Names the query in reports and in “manage.py refresh --query NAME”."),
            "condition": _(
                "Diseases: osteoarthritis OR chondral OR “knee pain” in straight quotes."
            ),
            "intervention": _("What is given: mesenchymal OR chondrocytes."),
            "term": _("Words anywhere in the record; AREA[Field]word looks into one field of it."),
            "titles": _("Words of the titles or the acronym."),
            "active": _(
                "Asked at every refresh. Trials that are known already are kept up anyway."
            ),
        }

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for name in ASKED:
            if faults := faults_of(cleaned.get(name, "")):
                self.add_error(name, faults)
        if not self.errors and not any(cleaned[name] for name in ASKED):
            # At a field: the table has a rule of the same sense, in words that help nobody, which
            # is not looked at where one of its fields is at fault already.
            nothing = _("The query asks nothing: fill in one of these four fields.")
            self.add_error(ASKED[0], nothing)
        return cleaned


@admin.register(HarvestQuery)
class HarvestQueryAdmin(admin.ModelAdmin):
    form = QueryForm
    list_display = ("name", "description", "active")
    list_filter = ("active",)
    search_fields = ("name", "description", "condition", "intervention", "term", "titles")
    fieldsets = (
        (None, {"fields": ("name", "description", "active")}),
        (
            _("What is asked"),
            {
                "fields": ASKED,
                "description": _(
                    "In the registry’s syntax. All fields that are filled must hold (AND). Within a"
                    ' field: words side by side must all occur, "straight quotes" keep words'
                    " together as a phrase, OR gives a choice, NOT leaves out, brackets group. AND,"
                    " OR and NOT are written in capitals. The registry adds synonyms by itself, so"
                    " ask widely: what does not belong is left out by screening, with the reason."
                ),
            },
        ),
    )
