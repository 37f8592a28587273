"""The trials that a paper belongs to, on the paper's page: each change is a decision."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AdminTextareaWidget
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import models
from django.http import HttpRequest
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from trials import curation
from trials.admin.undoing import decisions_in_words
from trials.models import Decision, Publication, TrialPublication
from trials.queue.finding import digest
from trials.vocabulary import DecisionKind

LOW_TEXTS: dict[Any, Any] = {models.TextField: {"widget": AdminTextareaWidget(attrs={"rows": 3})}}
_ABOUT_TRIALS = ("decision_note", "decisions")


class PaperForm(forms.ModelForm):
    """A paper's columns, and the note that a change of its trials wants."""

    decision_note = forms.CharField(
        label=_("Why its trials change"),
        help_text=_("Needed where a trial is added, changed or taken away: why."),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    class Meta:
        model = Publication
        fields = (
            *("slug", "title", "title_zh", "authors", "journal", "year", "published", "pages"),
            *("doi", "pmid", "pmcid", "design", "n_studies", "n_patients", "identified"),
            *("verification", "evidence", "note", "retracted"),
        )


class LinkForm(forms.ModelForm):
    """One trial. What it was when the page was opened comes back, so that a change is told."""

    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    class Meta:
        model = TrialPublication
        fields = ("trial", "relation", "basis", "note")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["seen"] = _seen(self.instance)

    def has_changed(self) -> bool:
        return any(name != "seen" for name in self.changed_data)


class LinkFormSet(forms.BaseInlineFormSet):
    """All trials of one paper."""

    def clean(self) -> None:
        super().clean()
        changed = [form for form in self.forms if form.has_changed()]
        if not changed:
            return
        if not self.data.get("decision_note", "").strip():
            words = _("Write a note: why the trials of this paper change. Nothing was saved.")
            raise ValidationError(words, code="note")
        ours = TrialPublication.objects.filter(publication=self.instance.pk)
        rows = {row.pk: row for row in ours.select_related("trial")}
        trials = [row.trial for row in rows.values()]
        trials += [form.cleaned_data["trial"] for form in changed if form.cleaned_data.get("trial")]
        curation.hold_to_decide(*trials)  # until the save: nobody decides otherwise meanwhile
        now = {row.pk: row for row in TrialPublication.objects.filter(pk__in=rows)}
        for form in changed:
            key = form.instance.pk
            if key and form.data.get(form.add_prefix("seen")) != _seen(now.get(key)):
                words = _("It changed after you opened this page. Nothing was saved: look again.")
                raise ValidationError(words, code="moved")


class TrialLinkInline(admin.StackedInline):
    model = TrialPublication
    verbose_name = _("trial")
    verbose_name_plural = _("trials")
    formfield_overrides = LOW_TEXTS
    form = LinkForm
    formset = LinkFormSet
    extra = 0
    autocomplete_fields = ("trial",)


class Linking(admin.ModelAdmin):
    """Mixed into the admin of papers: their trials go through `trials.curation`."""

    form = PaperForm
    inlines = (TrialLinkInline,)
    readonly_fields = ("decisions",)
    formfield_overrides = LOW_TEXTS

    class Media:
        css = {"all": ("trials/admin.css",)}

    def get_fieldsets(self, request: HttpRequest, obj: Publication | None = None) -> Any:
        columns = [name for name in self.get_fields(request, obj) if name not in _ABOUT_TRIALS]
        about = [name for name in _ABOUT_TRIALS if obj is not None or name != "decisions"]
        return ((None, {"fields": columns}), (_("Its trials, below"), {"fields": about}))

    @admin.display(description=_("decisions"))
    def decisions(self, paper: Publication) -> SafeString:
        about = Decision.objects.filter(kind=DecisionKind.PUBLICATION, aspect=str(paper.pk))
        return decisions_in_words(about)

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        formset.save(commit=False)  # writes nothing, and says what there is to write
        paper, note = form.instance, form.cleaned_data["decision_note"]
        by: User = request.user  # type: ignore[assignment]
        gone = list(formset.deleted_objects)
        for link, names in formset.changed_objects:
            if "trial" in names:  # no longer of the trial that the row was of
                gone.append(TrialPublication.objects.get(pk=link.pk))
        for link in gone:
            curation.part_paper(link.trial, paper, by=by, note=note)
        for link in (*formset.new_objects, *(link for link, _names in formset.changed_objects)):
            curation.link_paper(
                link.trial,
                paper,
                relation=link.relation,
                basis=link.basis,
                remark=link.note,
                by=by,
                note=note,
            )


def _seen(link: TrialPublication | None) -> str:
    """A word for the row as it is; empty where there is none."""
    if link is None or link.pk is None:
        return ""
    return digest([str(link.trial_id), link.relation, link.basis, link.note])
