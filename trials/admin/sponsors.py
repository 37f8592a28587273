"""Sponsors and every name they go by."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from trials.admin.access import BoundedList, FixedSlug
from trials.admin.words import WordFilter
from trials.models import Sponsor, SponsorAlias


class AliasInline(admin.TabularInline):
    model = SponsorAlias
    extra = 0


@admin.register(Sponsor)
class SponsorAdmin(BoundedList, FixedSlug):
    list_display = ("name", "name_zh", "class_in_words", "number_of_trials")
    list_filter = (("sponsor_class", WordFilter),)
    search_fields = ("name", "name_zh", "aliases__name", "slug")
    search_help_text = _("Any name of a sponsor, in either language")
    inlines = (AliasInline,)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        trials = Count("sponsorships__trial", distinct=True)
        return super().get_queryset(request).annotate(trials=trials)

    # Not the column itself: of a word that is new to us, the admin would show nothing.
    @admin.display(description=_("class"), ordering="sponsor_class")
    def class_in_words(self, sponsor: Sponsor) -> str:
        return sponsor.get_sponsor_class_display()

    @admin.display(description=_("trials"), ordering="trials")
    def number_of_trials(self, sponsor: Any) -> int:
        return int(sponsor.trials)
