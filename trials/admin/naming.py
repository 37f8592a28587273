"""The form in which a person decides the names of a sponsor; they go through `trials.curation`."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from trials import curation
from trials.models import Sponsor


class SponsorForm(forms.ModelForm):
    """The columns that editors write, and the names, of which a change is a decision."""

    chinese = forms.CharField(label=_("Chinese name"), required=False, max_length=300)
    chinese_note = forms.CharField(
        label=_("About the Chinese name"),
        help_text=_("Where it is from."),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    names = forms.CharField(
        label=_("Names it is found by"),
        help_text=_("One a line, in any language: other spellings, former names, short forms."),
        required=False,
        widget=forms.Textarea(attrs={"rows": 6}),
    )
    decision_note = forms.CharField(
        label=_("Note"),
        help_text=_("Needed where a name changes: what the decision rests on."),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    class Meta:
        model = Sponsor
        fields = ("sponsor_class", "note")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.is_bound:
            # Until the save, as for a trial: what is read here is what is replaced.
            (held,) = curation.held(self.instance.pk)
            self.instance.name_zh, self.instance.name_zh_note = held.name_zh, held.name_zh_note
        state = curation.names_of(self.instance)
        self.initial["chinese"] = state["name_zh"]
        self.initial["chinese_note"] = state["name_zh_note"]
        self.initial["names"] = "\n".join(name for name, *_rest in state["aliases"])
        self.initial["seen"] = curation.version_of_names(self.instance)

    @property
    def names_changed(self) -> bool:
        # Line by line: a browser ends them in another way than we do.
        names = ("chinese", "chinese_note", "names")
        given = [str(self.cleaned_data.get(name, "")).splitlines() for name in names]
        return given != [self.initial[name].strip().splitlines() for name in names]

    def clean(self) -> dict[str, Any]:
        cleaned = dict(super().clean() or {})
        if not self.names_changed:
            return cleaned
        if cleaned.get("seen") != self.initial["seen"]:
            words = _("The names changed after you opened this page. Nothing was saved.")
            raise ValidationError(words, code="moved")
        try:
            curation.check_note(cleaned.get("decision_note", ""))
        except ValidationError as error:
            self.add_error("decision_note", error)
        try:
            curation.check_names(self.instance, self._names())
        except ValidationError as error:
            self.add_error("names", error)
        return cleaned

    def record(self, *, by: User) -> None:
        """Hand the names over, where they changed. Wants a valid form."""
        if self.names_changed:
            curation.decide_names(
                self.instance,
                name_zh=self.cleaned_data["chinese"],
                name_zh_note=self.cleaned_data["chinese_note"],
                names=self._names(),
                by=by,
                note=self.cleaned_data["decision_note"],
            )

    def _names(self) -> list[str]:
        lines = self.cleaned_data.get("names", "").splitlines()
        return [line.strip() for line in lines if line.strip()]
