"""The page on which a person undoes a decision, or all that were made together."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from trials.models import Decision

SHOWN = 50  # of the decisions that were made together


class NoteForm(forms.Form):
    """What every decision needs."""

    note = forms.CharField(
        label=_("Note"),
        help_text=_("Needed: what the decision rests on."),
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": _("Write a note. Nothing was changed.")},
    )


def undo_page(
    request: HttpRequest, decisions: Sequence[Decision], *, undo: Callable[[str], Any], back: str
) -> HttpResponse:
    """Asks why, and then undoes by `undo(note)`; what refuses it is told on the page."""
    form = NoteForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            undo(form.cleaned_data["note"])
        except ValidationError as error:
            form.add_error(None, error)
        else:
            count = len(decisions)
            said = ngettext("%d decision is undone.", "%d decisions are undone.", count) % count
            messages.success(request, said)
            return redirect(back)
    context = {
        **admin.site.each_context(request),
        "title": gettext("Undo"),
        "form": form,
        "decisions": decisions[:SHOWN],
        "more": max(0, len(decisions) - SHOWN),
        "back": back,
    }
    return TemplateResponse(request, "admin/trials/undo.html", context)
