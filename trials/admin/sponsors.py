"""Sponsors and every name they go by."""

from __future__ import annotations

from typing import Any, cast

from django.contrib import admin
from django.contrib.auth.models import User
from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from trials.admin.access import BoundedList, FixedSlug, NeverAdded, NeverDeleted
from trials.admin.merging import Merging, decisions_about
from trials.admin.naming import SponsorForm
from trials.admin.undoing import decisions_in_words
from trials.admin.words import WordFilter
from trials.models import Sponsor, TrialSponsor


@admin.register(Sponsor)
class SponsorAdmin(BoundedList, NeverAdded, NeverDeleted, Merging, FixedSlug):
    """A record or a file makes a sponsor; people decide about its names."""

    form = SponsorForm
    list_display = ("name", "name_zh", "class_in_words", "number_of_trials")
    list_filter = (("sponsor_class", WordFilter),)
    search_fields = ("name", "name_zh", "aliases__name", "slug")
    search_help_text = _("Any name of a sponsor, in either language")
    fieldsets = (
        (None, {"fields": ("name", "slug", "merged_to", "sponsor_class", "note")}),
        (
            _("Names"),
            {
                "classes": ("deciding",),
                "fields": ("chinese", "chinese_note", "names", "decision_note", "seen"),
            },
        ),
        (_("Decisions"), {"fields": ("decisions",)}),
    )
    readonly_fields = ("name", "merged_to", "decisions")

    class Media:
        css = {"all": ("trials/admin.css",)}

    def has_change_permission(self, request: HttpRequest, obj: Sponsor | None = None) -> bool:
        # One that was merged has no names: they are on the page of the other.
        is_merged = obj is not None and obj.merged_into_id is not None
        return super().has_change_permission(request, obj) and not is_merged

    def get_fieldsets(self, request: HttpRequest, obj: Sponsor | None = None) -> Any:
        about, names, decisions = self.fieldsets
        if obj is not None and obj.merged_into_id is None:
            fields = tuple(name for name in about[1]["fields"] if name != "merged_to")
            about = (about[0], {"fields": fields})
        may = self.has_change_permission(request, obj)
        return (about, names, decisions) if may else (about, decisions)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        # Counted for the rows of one page alone: a join would count those of all sponsors.
        parts = TrialSponsor.objects.filter(sponsor=OuterRef("pk")).order_by().values("sponsor")
        counted = parts.annotate(count=Count("trial", distinct=True)).values("count")
        return super().get_queryset(request).annotate(trials=Coalesce(Subquery(counted), 0))

    def save_model(self, request: HttpRequest, obj: Sponsor, form: Any, change: bool) -> None:
        obj.save(update_fields=["sponsor_class", "note"])
        form.record(by=cast(User, request.user))

    # Not the column itself: of a word that is new to us, the admin would show nothing.
    @admin.display(description=_("class"), ordering="sponsor_class")
    def class_in_words(self, sponsor: Sponsor) -> str:
        return sponsor.get_sponsor_class_display()

    @admin.display(description=_("trials"))
    def number_of_trials(self, sponsor: Any) -> int:
        return int(sponsor.trials)

    @admin.display(description=_("merged into"))
    def merged_to(self, sponsor: Sponsor) -> SafeString | str:
        if sponsor.merged_into is None:
            return ""
        page = reverse("admin:trials_sponsor_change", args=[sponsor.merged_into.pk])
        return format_html('<a href="{}">{}</a>', page, sponsor.merged_into)

    @admin.display(description=_("decisions"))
    def decisions(self, sponsor: Sponsor) -> SafeString:
        return decisions_in_words(decisions_about(sponsor))
