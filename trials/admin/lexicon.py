"""The words that editors add to those the rules read by: the form, its preview, the list."""

from __future__ import annotations

from typing import Any, cast
from urllib.parse import urlencode

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.widgets import AdminTextareaWidget
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from trials import curation
from trials.admin.access import BoundedList, NeverDeleted
from trials.admin.filters import ListFilter
from trials.admin.meanings import in_words, meanings, parts_of
from trials.extraction.adding import spelled
from trials.extraction.tables import Addition, Lexicon, lexicon
from trials.lexicon import words_in_use
from trials.models import LexiconTerm
from trials.refresh.previewing import MOST_READ, MOST_SEARCHED, preview

LONGEST_LIST = 100  # trials that a preview names


class TermForm(forms.ModelForm):
    """Refuses a phrase that its list has, and one by which an example would be read otherwise."""

    meaning = forms.ChoiceField(
        label=_("What it means"),
        help_text=_("In which list of words it stands, how plainly it says so, and what."),
    )
    withdrawn = forms.BooleanField(
        label=_("Withdrawn"),
        help_text=_("The rules go by it no more; it can be put back."),
        required=False,
    )

    class Meta:
        model = LexiconTerm
        fields = ("phrase", "note")
        widgets = {"note": AdminTextareaWidget(attrs={"rows": 3})}
        help_texts = {
            "phrase": _(
                "As records write it. Capitals, hyphens and the plural’s “s” need no phrase of"
                " their own; “=SHED” is matched in its own capitals alone; “lipoaspirat*” is the"
                " beginning of a word."
            ),
            "note": _("Why: a record in which it stands, what the word is."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        term = self.instance
        if "meaning" in self.fields:  # who may only read sees the columns
            field = cast(forms.ChoiceField, self.fields["meaning"])
            field.choices = [("", "–"), *meanings(term.table)]
        if term.pk is not None:
            self.initial["meaning"] = f"{term.table}/{term.section}/{term.value}"
            self.initial["withdrawn"] = term.withdrawn_at is not None

    def clean_phrase(self) -> str:
        return spelled(self.cleaned_data["phrase"])

    def clean(self) -> dict[str, Any]:
        cleaned = dict(super().clean() or {})
        if self.errors:
            return cleaned
        addition, term = self.addition(), self.instance
        term.table, term.section, term.value, _phrase = addition
        gone = LexiconTerm.objects.filter(table=term.table, phrase=addition.phrase)
        if gone.exclude(pk=term.pk).exclude(withdrawn_at=None).exists():
            self.add_error("phrase", _("This phrase was withdrawn: open it and put it back."))
        elif not cleaned.get("withdrawn"):
            try:
                curation.check_term(addition, words=self.others())
            except ValidationError as error:
                self.add_error("phrase" if "phrase" in self.fields else None, error)
        return cleaned

    def addition(self) -> Addition:
        """What is sent. Wants valid fields."""
        table, section, value = parts_of(self.cleaned_data["meaning"])
        return Addition(
            table, section, value, self.cleaned_data.get("phrase", self.instance.phrase)
        )

    def others(self) -> Lexicon:
        """The words in use but for this one."""
        return words_in_use(without=self.instance if self.instance.pk else None)

    def words(self) -> Lexicon:
        """The words that would be in use. Wants a valid form."""
        additions = self.others().additions
        withdrawn = self.cleaned_data.get("withdrawn")
        return lexicon(additions if withdrawn else (*additions, self.addition()))


class InUse(ListFilter):
    """Whether the rules go by the phrase."""

    title = _("in use")
    parameter_name = "in_use"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("yes", _("Yes")), ("no", _("No"))]

    def condition(self, value: str) -> Q:
        return Q(withdrawn_at__isnull=value == "yes")


@admin.register(LexiconTerm)
class LexiconTermAdmin(NeverDeleted, BoundedList, admin.ModelAdmin):
    form = TermForm
    change_form_template = "admin/trials/lexiconterm/form.html"
    list_display = ("phrase", "meant", "is_active", "added_by", "added_at")
    list_filter = ("table", InUse)
    list_select_related = ("added_by",)
    search_fields = ("phrase", "value", "note")
    search_help_text = _("Words of the phrase or the note, or what it means")

    def get_fields(self, request: HttpRequest, obj: LexiconTerm | None = None) -> Any:
        if obj is None:
            return ("phrase", "meaning", "note")
        told = ("added_by", "added_at", "withdrawn_by", "withdrawn_at")
        if not self.has_change_permission(request, obj):
            return ("phrase", "meant", "note", *told)
        return ("phrase", "meaning", "note", "withdrawn", *told)

    def get_readonly_fields(self, request: HttpRequest, obj: LexiconTerm | None = None) -> Any:
        told = ("meant", "added_by", "added_at", "withdrawn_by", "withdrawn_at")
        return told if obj is None else ("phrase", *told)

    @admin.display(description=_("meaning"), ordering="value")
    def meant(self, term: LexiconTerm) -> str:
        return in_words(term)

    @admin.display(description=_("in use"), boolean=True, ordering="withdrawn_at")
    def is_active(self, term: LexiconTerm) -> bool:
        return term.withdrawn_at is None

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        try:
            return super().changeform_view(request, *args, **kwargs)
        except IntegrityError:
            # Another editor saved the phrase while this one was checked: now the form says so.
            return super().changeform_view(request, *args, **kwargs)

    def save_model(
        self, request: HttpRequest, obj: LexiconTerm, form: TermForm, change: bool
    ) -> None:
        withdrawn = bool(form.cleaned_data.get("withdrawn"))
        curation.keep_term(obj, by=cast(User, request.user), withdrawn=withdrawn)
        words = gettext(
            "From now on records that come are read so. Those that are stored are read so once"
            " “manage.py extract” has run; “manage.py extract --dry-run” says before what changes."
        )
        messages.info(request, words)

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(require_POST(self.preview))
        name = "trials_lexiconterm_preview"
        ours = [path("preview/", view, name=name), path("<int:pk>/preview/", view, name=name)]
        return [*ours, *super().get_urls()]

    def preview(self, request: HttpRequest, pk: int | None = None) -> HttpResponse:
        """What `extract` would change if the form as it was sent were saved; saves nothing."""
        term = None if pk is None else get_object_or_404(self._terms(), pk=pk)
        allowed = self.has_change_permission(request, term) if term else None
        if not (self.has_add_permission(request) if term is None else allowed):
            raise PermissionDenied
        shape = cast(type[TermForm], self.get_form(request, term, change=term is not None))
        form = shape(request.POST, instance=term)
        is_valid = form.is_valid()
        context = {
            **self.admin_site.each_context(request),
            "title": gettext("What would change"),
            "opts": self.opts,
            "form": form,
            "phrase": term.phrase if term else request.POST.get("phrase", ""),
            "meaning": in_words(form.instance) if is_valid else "",
            "found": preview(form.addition(), words=form.words()) if is_valid else None,
            "most_searched": MOST_SEARCHED,
            "most_read": MOST_READ,
            "longest": f":{LONGEST_LIST}",
            "target": self._address(term),
            "back": self._address(term) + "?" + urlencode(_sent(request)),
        }
        return TemplateResponse(request, "admin/trials/lexiconterm/preview.html", context)

    def _terms(self) -> QuerySet[LexiconTerm]:
        return LexiconTerm.objects.select_related("added_by", "withdrawn_by")

    @staticmethod
    def _address(term: LexiconTerm | None) -> str:
        if term is None:
            return reverse("admin:trials_lexiconterm_add")
        return reverse("admin:trials_lexiconterm_change", args=[term.pk])


def _sent(request: HttpRequest) -> dict[str, str]:
    names = ("phrase", "meaning", "note", "withdrawn")
    return {name: request.POST[name] for name in names if name in request.POST}
