"""Readers' reports: the list, and the page on which a curator closes one with its outcome."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.widgets import AdminTextareaWidget
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from trials.admin.access import BoundedList, NeverAdded, NeverDeleted
from trials.curation import close_report
from trials.curation.reports import hold_open
from trials.models import Report
from trials.models.report import LONGEST_NOTE
from trials.vocabulary import ReportOutcome

SAID = ("reference", "trial_link", "about", "fault", "words", "shown", "language", "made_at")
CLOSING = ("outcome", "note")
CLOSED = ("closed_at", "closed_by")


class ClosingForm(forms.ModelForm):
    """What became of a report; refused where somebody has closed it meanwhile."""

    outcome = forms.ChoiceField(label=_("Outcome"), choices=ReportOutcome.choices)
    note = forms.CharField(
        label=_("Note"), max_length=LONGEST_NOTE, widget=AdminTextareaWidget(attrs={"rows": 3})
    )

    class Meta:
        model = Report
        fields = ()

    def clean(self) -> dict[str, Any]:
        # The admin's transaction goes on until it is saved: nobody closes it in between.
        hold_open(self.instance)
        return super().clean() or {}


class OpenFilter(admin.SimpleListFilter):
    title = _("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("open", _("Open")), ("closed", _("Closed"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Report]) -> QuerySet[Report]:
        if self.value() is None:
            return queryset
        return queryset.filter(closed_at__isnull=self.value() == "open")


@admin.register(Report)
class ReportAdmin(BoundedList, NeverAdded, NeverDeleted, admin.ModelAdmin):
    form = ClosingForm
    list_display = ("reference", "trial_link", "about", "fault", "made_at", "outcome")
    list_filter = (OpenFilter, "fault", "outcome")
    list_select_related = ("trial",)
    search_fields = ("reference", "trial__number")
    search_help_text = _("A reference, or a trial’s number")
    ordering = ("-made_at", "-pk")

    def has_change_permission(self, request: HttpRequest, obj: Report | None = None) -> bool:
        closed = obj is not None and obj.closed_at is not None
        return super().has_change_permission(request, obj) and not closed

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        report = self.get_object(request, object_id)
        if request.method == "POST" and report is not None and report.closed_at is not None:
            # Not "forbidden", as Django would say: it was open when this page was.
            said = {"who": report.closed_by, "outcome": report.get_outcome_display()}
            words = _("It is closed already, by %(who)s: %(outcome)s.") % said
            self.message_user(request, words, messages.WARNING)
            return redirect(request.path)
        return super().change_view(request, object_id, form_url, extra_context)

    def get_fieldsets(self, request: HttpRequest, obj: Report | None = None) -> Any:
        # The address is for an answer: only who may close the report gives one.
        may_answer = request.user.has_perm("trials.change_report")
        said = (*SAID, "email") if may_answer else SAID
        ending = () if self.has_change_permission(request, obj) else CLOSED
        return ((None, {"fields": said}), (_("What became of it"), {"fields": (*CLOSING, *ending)}))

    def get_readonly_fields(self, request: HttpRequest, obj: Report | None = None) -> Any:
        fields = (*SAID, "email", *CLOSED)
        return fields if self.has_change_permission(request, obj) else (*fields, *CLOSING)

    def save_model(self, request: HttpRequest, obj: Report, form: Any, change: bool) -> None:
        said = form.cleaned_data
        by: Any = request.user
        close_report(obj, outcome=said["outcome"], note=said["note"], by=by)

    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        """Nothing: the door has noted it, from whichever screen it was opened."""

    @admin.display(description=_("trial"), ordering="trial__number")
    def trial_link(self, report: Report) -> SafeString:
        address = reverse("admin:trials_trial_change", args=[report.trial_id])
        return format_html('<a href="{}">{}</a>', address, report.trial.number)

    @admin.display(description=_("about"), ordering="aspect")
    def about(self, report: Report) -> str:
        return str(report.about)
