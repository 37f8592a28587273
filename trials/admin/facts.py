"""Statements about trials, for reading: they are written by `trials.curation` and the rules."""

from __future__ import annotations

from django.contrib import admin
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from trials.admin.access import BoundedList, ReadOnly
from trials.models import Fact
from trials.models.fact import LINKED


@admin.register(Fact)
class FactAdmin(BoundedList, ReadOnly, admin.ModelAdmin):
    list_display = ("value_in_words", "kind", "role", "trial_link", "basis", "decided_at", "shown")
    list_filter = ("shown", "kind", "basis", "role")
    list_select_related = ("trial", *LINKED.values())
    search_fields = ("trial__number", "quote", "note")
    search_help_text = _("A trial's number, or words of a quote or a note")
    ordering = ("-decided_at", "-pk")

    @admin.display(description=_("value"))
    def value_in_words(self, fact: Fact) -> str:
        return fact.label

    @admin.display(description=_("trial"), ordering="trial__number")
    def trial_link(self, fact: Fact) -> SafeString:
        address = reverse("admin:trials_trial_change", args=[fact.trial_id])
        return format_html('<a href="{}">{}</a>', address, fact.trial.number)
