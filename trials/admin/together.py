"""Many trials at once: one decision about those that were selected, and a spreadsheet of them."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, cast
from uuid import UUID

from django import forms
from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_list_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from trials import curation
from trials.admin.terms import indented
from trials.admin.undoing import undo_page
from trials.curation.cells import CONTROL, KIND_OF
from trials.curation.sheets import Report
from trials.models import CellSource, Decision, Indication, Trial
from trials.vocabulary import FACT_VALUES, NOT_STATED

MAY_DECIDE = "trials.change_fact"
MOST_TOGETHER = 1000  # trials of one decision: more is a rule's work, not a person's
LARGEST = 2 * 1024 * 1024  # bytes of a file; Django's own limit of a form is a little above
SHOWN = 200  # rows of a preview


class ValueForm(forms.Form):
    """The one decision: a kind of fact and its value."""

    choice = forms.ChoiceField(label=_("Decide"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = cast(forms.ChoiceField, self.fields["choice"])
        field.choices = [("", "–"), *_choices()]


class SheetForm(forms.Form):
    file = forms.FileField(label=_("Spreadsheet"), help_text=_("CSV, as it was taken from here."))

    def clean_file(self) -> str:
        """Its text. What Excel writes in China is GB 18030, elsewhere UTF-8 or UTF-16."""
        file = self.cleaned_data["file"]
        if file.size > LARGEST:
            raise ValidationError(_("The file is larger than 2 MB: divide it."))
        content = file.read()
        utf16 = content.startswith((b"\xff\xfe", b"\xfe\xff"))
        for encoding in ("utf-16",) if utf16 else ("utf-8-sig", "gb18030"):
            try:
                return str(content.decode(encoding)).replace("\x00", "")
            except UnicodeDecodeError:
                continue
        raise ValidationError(_("The file is no text: save it as CSV (UTF-8)."))


class Together(admin.ModelAdmin):
    """Actions of the list of trials, and their pages."""

    actions: tuple[str, ...] = ("decide_together", "take_as_sheet")

    def get_actions(self, request: HttpRequest) -> Any:
        return super().get_actions(request) if request.user.has_perm(MAY_DECIDE) else {}

    def get_urls(self) -> list[URLPattern]:
        pages = (
            ("sheet/", self.sheet, "sheet"),
            ("together/", self.together, "together"),
            ("batches/<uuid:batch>/undo/", self.undo_batch, "undo_batch"),
        )
        return [*self.addresses(pages), *super().get_urls()]

    def addresses(self, pages: Iterable[tuple[str, Any, str]]) -> list[URLPattern]:
        return [
            path(route, self._for_deciders(view), name=f"trials_trial_{name}")
            for route, view, name in pages
        ]

    def _for_deciders(self, view: Any) -> Any:
        def guarded(request: HttpRequest, **keys: Any) -> HttpResponse:
            if not request.user.has_perm(MAY_DECIDE):
                raise PermissionDenied
            return cast(HttpResponse, view(request, **keys))

        return self.admin_site.admin_view(guarded)

    @admin.action(description=_("Decide about all of them"))
    def decide_together(self, request: HttpRequest, queryset: QuerySet[Trial]) -> HttpResponse:
        keys = self.keys_of(request, queryset)
        if keys is None:
            return redirect("admin:trials_trial_changelist")
        return self._together(request, keys, ValueForm(), None)

    def keys_of(self, request: HttpRequest, queryset: QuerySet[Trial]) -> list[int] | None:
        """The trials that were selected; None, and why, where they are too many."""
        keys = list(queryset.order_by().values_list("pk", flat=True)[: MOST_TOGETHER + 1])
        if len(keys) <= MOST_TOGETHER:
            return keys
        words = gettext("At most %d trials are decided together: narrow the list.")
        messages.error(request, words % MOST_TOGETHER)
        return None

    @admin.action(description=_("Take as a spreadsheet (CSV)"))
    def take_as_sheet(self, request: HttpRequest, queryset: QuerySet[Trial]) -> HttpResponseBase:
        trials = Trial.objects.filter(pk__in=queryset.order_by().values("pk"), joined_to=None)
        rows = curation.sheet_of(trials.order_by("number")[: curation.MOST_ROWS])
        response = StreamingHttpResponse(_csv(rows), content_type="text/csv; charset=utf-8")
        response["Content-Disposition"] = 'attachment; filename="trials.csv"'
        return response

    def together(self, request: HttpRequest) -> HttpResponse:
        """One value for all that were selected: a preview, then one batch."""
        keys = [int(key) for key in request.POST.getlist("selected") if key.isdecimal()]
        form = ValueForm(request.POST)
        if not keys or len(keys) > MOST_TOGETHER:
            return redirect("admin:trials_trial_changelist")
        if not form.is_valid():
            return self._together(request, keys, form, None)
        trials = curation.with_shown(Trial.objects.filter(pk__in=keys, joined_to=None))
        name, word = form.cleaned_data["choice"].split(":", 1)
        report = curation.propose(trials.order_by("number"), name, word)
        if "write" in request.POST and self._write(request, report):
            return redirect("admin:trials_trial_changelist")
        return self._together(request, keys, form, report)

    def sheet(self, request: HttpRequest) -> HttpResponse:
        """A spreadsheet comes back: a report row by row, then one batch of what is good in it."""
        form, text = SheetForm(), request.POST.get("text", "")
        if request.method == "POST" and not text:
            form = SheetForm(request.POST, request.FILES)
            text = form.cleaned_data["file"] if form.is_valid() else ""
        report = None
        if text:
            try:
                report = curation.read_sheet(text)
            except curation.BrokenSheet as error:
                messages.error(request, str(error))
        if report and "write" in request.POST and self._write(request, report):
            return redirect("admin:trials_trial_changelist")
        title = gettext("Bring a spreadsheet back")
        return self.page(request, "sheet", title, report, form=form, text=text if report else "")

    def undo_batch(self, request: HttpRequest, batch: UUID) -> HttpResponse:
        rows = Decision.objects.filter(batch=batch, undone_at=None).select_related("trial", "by")
        by = cast(User, request.user)
        return undo_page(
            request,
            get_list_or_404(rows),
            undo=lambda note: curation.undo_all(batch, by=by, note=note),
            back=reverse("admin:trials_trial_changelist"),
        )

    def _write(self, request: HttpRequest, report: Report) -> bool:
        """Write the good rows and say so; False, and why, without a note or an up-to-date look."""
        by, note = cast(User, request.user), request.POST.get("note", "")
        if not self.is_as_seen(request, report.digest):
            return False
        try:
            batch, count = curation.write_rows(report, by=by, note=note)
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
            return False
        left = len(report.bad)
        words = ngettext("%d row was left as it is.", "%d rows were left as they are.", left)
        self.tell(request, batch, count, words % left if left else "")
        return True

    def is_as_seen(self, request: HttpRequest, digest: str) -> bool:
        """Whether what would be written is what the person saw; says so where it is not."""
        if request.POST.get("seen") == digest:
            return True
        words = gettext("What would be written is not what you saw: look at it again.")
        messages.error(request, words)
        return False

    def tell(self, request: HttpRequest, batch: UUID, count: int, more: str = "") -> None:
        """How many decisions were made, and the way to undo them."""
        said = ngettext("%d decision was made.", "%d decisions were made.", count) % count
        said = f"{said} {more}".strip()
        if count:
            address = reverse("admin:trials_trial_undo_batch", args=[batch])
            said = format_html('{} <a href="{}">{}</a>', said, address, gettext("Undo"))
        messages.success(request, said)

    def _together(
        self, request: HttpRequest, keys: list[int], form: ValueForm, report: Report | None
    ) -> TemplateResponse:
        title = gettext("Decide about many trials")
        return self.page(request, "together", title, report, form=form, keys=keys)

    def page(
        self, request: HttpRequest, name: str, title: str, report: Any, **context: Any
    ) -> TemplateResponse:
        shared = self.admin_site.each_context(request)
        context = {**shared, "title": title, "opts": self.opts, "report": report, **context}
        context |= {"shown": SHOWN, "note": request.POST.get("note", "")}
        return TemplateResponse(request, f"admin/trials/trial/{name}.html", context)


def _choices() -> Iterator[tuple[str, list[tuple[str, str]]]]:
    """Every value that can be decided, by kind, as `column:value`."""
    trees = {"cell_source": CellSource, "indication": Indication}
    for name, kind in KIND_OF.items():
        if name == CONTROL:
            continue
        if name in trees:
            rows: Any = trees[name]._default_manager
            values = [(row.slug, indented(row)) for row in rows.with_tree_fields()]
        else:
            values = [(value, str(label)) for value, label in FACT_VALUES[kind].choices]
        values.append((NOT_STATED, gettext("not stated")))
        yield str(kind.label), [(f"{name}:{value}", label) for value, label in values]


class _Echo:
    """A file that gives back what is written to it."""

    def write(self, text: str) -> str:
        return text


def _csv(rows: Iterator[Sequence[str]]) -> Iterator[str]:
    writer = csv.writer(_Echo())
    yield "\ufeff"  # else Excel takes it for the letters of its own country
    for row in rows:
        yield cast(str, writer.writerow(row))
