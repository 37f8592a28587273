"""What the refresh keeps of the registry: records and their changes, for reading."""

from __future__ import annotations

import json
import zlib

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from trials.admin.access import BoundedList, ReadOnly
from trials.models import RecordChange, StoredRecord


@admin.register(StoredRecord)
class StoredRecordAdmin(BoundedList, ReadOnly, admin.ModelAdmin):
    list_display = (
        "registry_id",
        "title",
        "screening",
        "screening_rule",
        "version",
        "changed_at",
        "gone_at",
    )
    list_filter = ("screening", "screening_rule", ("gone_at", admin.EmptyFieldListFilter))
    search_fields = ("registry_id", "title")
    search_help_text = _("A registry number, or words of the title")
    # The list needs no record's text: at 50 rows it would be megabytes.
    exclude = ("body",)
    readonly_fields = ("record",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[StoredRecord]:
        return super().get_queryset(request).defer("body")

    @admin.display(description=_("record"))
    def record(self, stored: StoredRecord) -> SafeString | str:
        if not stored.body:
            return ""
        text = json.dumps(json.loads(zlib.decompress(stored.body)), ensure_ascii=False, indent=2)
        return format_html('<pre class="record">{}</pre>', text)

    class Media:
        css = {"all": ("trials/admin.css",)}


@admin.register(RecordChange)
class RecordChangeAdmin(BoundedList, ReadOnly, admin.ModelAdmin):
    list_display = ("record", "field", "old", "new", "seen_at")
    list_select_related = ("record",)
    search_fields = ("record__registry_id", "field")
    search_help_text = _("A registry number, or a field's name")
