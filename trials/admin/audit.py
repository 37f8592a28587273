"""The log of administrative acts, for reading: who added, changed or deleted what, and when."""

from __future__ import annotations

from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from trials.admin.access import BoundedList, ReadOnly


@admin.register(LogEntry)
class LogEntryAdmin(BoundedList, ReadOnly, admin.ModelAdmin):
    list_display = ("action_time", "user", "action_flag", "content_type", "subject", "what")
    list_filter = ("action_flag",)
    list_select_related = ("user", "content_type")
    search_fields = ("object_repr", "user__username")
    search_help_text = _("A user’s name, or the name of what was changed")
    ordering = ("-pk",)
    sortable_by = ()
    fields = ("action_time", "user", "action_flag", "content_type", "subject", "what")
    readonly_fields = fields

    @admin.display(description=_("object"))
    def subject(self, entry: LogEntry) -> SafeString | str:
        if not (address := entry.get_admin_url()) or entry.is_deletion():
            return entry.object_repr
        return format_html('<a href="{}">{}</a>', address, entry.object_repr)

    @admin.display(description=_("what was done"))
    def what(self, entry: LogEntry) -> str:
        return entry.get_change_message()
