"""The documents that the catalogue starts from, what they say, and what a check found."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from trials.admin.access import BoundedList, FixedSlug, NeverDeleted, ReadOnly
from trials.models import Claim, Document, ExcludedStudy, Mention


class MentionInline(ReadOnly, admin.TabularInline):
    model = Mention
    fields = ("position", "place", "trial", "sponsor_words", "title_words", "title_zh_words")
    extra = 0

    def get_queryset(self, request: HttpRequest) -> QuerySet[Mention]:
        return super().get_queryset(request).select_related("trial", "document")


class ClaimInline(ReadOnly, admin.TabularInline):
    model = Claim
    fields = ("place", "words", "gist", "verdict", "finding")
    extra = 0
    show_change_link = True


@admin.register(Document)
class DocumentAdmin(NeverDeleted, FixedSlug):
    list_display = ("title", "kind", "language", "published", "trials_named", "claims_made")
    search_fields = ("title", "title_zh", "slug", "publisher")
    inlines = (MentionInline, ClaimInline)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        named = Count("mentions__trial", distinct=True)
        made = Count("claims", distinct=True)
        return super().get_queryset(request).annotate(named=named, made=made)

    @admin.display(description=_("trials"), ordering="named")
    def trials_named(self, document: Any) -> int:
        return int(document.named)

    @admin.display(description=_("claims"), ordering="made")
    def claims_made(self, document: Any) -> SafeString:
        address = reverse("admin:trials_claim_changelist")
        return format_html(
            '<a href="{}?document__id__exact={}">{}</a>', address, document.pk, document.made
        )


@admin.register(Claim)
class ClaimAdmin(BoundedList, FixedSlug):
    list_display = ("gist", "topic", "verdict", "document", "place")
    list_filter = ("verdict", "topic", "document")
    list_select_related = ("document",)
    search_fields = ("slug", "words", "gist", "finding")
    search_help_text = _("Words of the document, of the gist or of the finding")
    autocomplete_fields = ("trials", "publications", "products", "contradicts")


@admin.register(ExcludedStudy)
class ExcludedStudyAdmin(BoundedList, FixedSlug):
    list_display = ("title", "reason", "document", "place")
    list_filter = ("document",)
    list_select_related = ("document",)
    search_fields = ("title", "title_zh", "authors", "reason")
