"""Sponsors and every name they go by."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from trials.admin.access import BoundedList, FixedSlug
from trials.models import Sponsor, SponsorAlias


class AliasInline(admin.TabularInline):
    model = SponsorAlias
    extra = 0


@admin.register(Sponsor)
class SponsorAdmin(BoundedList, FixedSlug):
    list_display = ("name", "name_zh", "sponsor_class", "number_of_trials")
    list_filter = ("sponsor_class",)
    search_fields = ("name", "name_zh", "aliases__name", "slug")
    search_help_text = _("Any name of a sponsor, in either language")
    inlines = (AliasInline,)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        trials = Count("sponsorships__trial", distinct=True)
        return super().get_queryset(request).annotate(trials=trials)

    @admin.display(description=_("trials"), ordering="trials")
    def number_of_trials(self, sponsor: Any) -> int:
        return int(sponsor.trials)
