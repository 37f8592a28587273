"""The form by which readers report an error, and how it tells people from programs."""

from __future__ import annotations

import re
import time
from typing import Any

from django import forms
from django.conf import settings
from django.core import signing
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from trials.models.report import LONGEST, LONGEST_EMAIL
from trials.vocabulary import REPORTABLE, ReportedFault

WHOLE = ""
_SALT = "catalog.pages.report_form"
_LINK = re.compile(r"(?:https?://|www\.)|\[url|<a\s", re.IGNORECASE)
_EMAIL = re.compile(r"[^\s@]+@[^\s@]+\.[^\s@]{2,}")


def stamped(number: str) -> str:
    """Says when the form for this trial was opened; nobody else can write it."""
    return signing.dumps([number, time.time()], salt=_SALT)


class ReportForm(forms.Form):
    """What is wrong, in the reader's words; an e-mail address only for those who want an answer."""

    aspect = forms.ChoiceField(
        label=_("What is it about?"),
        choices=lambda: [(WHOLE, _("The whole trial")), *REPORTABLE.items()],
        required=False,
    )
    fault = forms.ChoiceField(
        label=_("What is wrong?"),
        choices=ReportedFault.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what is wrong.")},
    )
    words = forms.CharField(
        label=_("What should it say, and how do you know?"),
        help_text=_(
            "Name the source if you have one: a page of the record, a paper. "
            "Please write nothing about yourself or other people."
        ),
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 6}),
        error_messages={"required": _("Say in a few words what is wrong.")},
    )
    email = forms.EmailField(
        label=_("Your e-mail address (optional)"),
        help_text=_(
            "Only if you want an answer. Only curators see it; it is deleted when the report is "
            "closed, and after %(days)d days at the latest."
        ),
        max_length=LONGEST_EMAIL,
        required=False,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    # Nobody sees it, so whoever fills it in is a program.
    website = forms.CharField(
        label=_("Leave this field empty"),
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "tabindex": "-1"}),
    )
    stamp = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, number: str, days: int, **kwargs: Any) -> None:
        """`number`: the trial's; `days`: for how long an address is kept."""
        self.number = number
        kwargs.setdefault("label_suffix", "")
        kwargs["initial"] = {"stamp": stamped(number)} | kwargs.get("initial", {})
        super().__init__(*args, **kwargs)
        about_email = self.fields["email"]
        about_email.help_text = about_email.help_text % {"days": days}

    def clean_words(self) -> str:
        words: str = self.cleaned_data["words"]
        if len(_LINK.findall(words)) > settings.REPORT_MOST_LINKS:
            raise ValidationError(
                _("Please name at most %(most)d links."),
                params={"most": settings.REPORT_MOST_LINKS},
            )
        if _EMAIL.search(words):
            raise ValidationError(
                _("Please leave e-mail addresses out of the text: there is a field for yours.")
            )
        return words

    def clean_website(self) -> str:
        if self.cleaned_data["website"]:
            raise ValidationError(_("Leave this field empty: it is there to catch programs."))
        return ""

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        fault = self._fault_of_stamp(cleaned.get("stamp", ""))
        if fault and not self.errors:  # who has something to correct sends it again anyhow
            raise ValidationError(fault, code="stamp")
        return cleaned

    def _fault_of_stamp(self, stamp: str) -> Any:
        """What is wrong with the time for which the form was open; a new one is put in its place.

        Not so for one that is too young: it will be old enough in a moment.
        """
        try:
            number, opened = signing.loads(stamp, salt=_SALT)
        except (signing.BadSignature, ValueError, TypeError):
            number, opened = "", 0.0
        age = time.time() - opened
        if number == self.number and age < settings.REPORT_LEAST_SECONDS:
            return _("That was quick. Please look at it once more and send it again.")
        if number == self.number and age <= settings.REPORT_MOST_SECONDS:
            return None
        self.data = {**self.data.dict(), "stamp": stamped(self.number)}  # type: ignore[attr-defined]
        return _("The form was open for too long. Please send it again.")
