"""The decisions about one thing, and the page on which a person undoes one or several of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, cast

from django import forms
from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from trials import curation
from trials.models import Decision
from trials.queue.kinds import MAY_DECIDE
from trials.vocabulary import DecisionKind

SHOWN = 50  # of the decisions that were made together
LISTED = 30  # the last ones, about one thing

# Any of these is enough to decide, and so to undo; of a kind that is not named, MAY_DECIDE.
_MAY: dict[str, tuple[str, ...]] = {
    DecisionKind.SPONSOR: ("trials.change_sponsor",),
    DecisionKind.MERGE: ("trials.change_sponsor",),
    DecisionKind.PUBLICATION: (MAY_DECIDE, "trials.change_trialpublication"),
}


class NoteForm(forms.Form):
    """What every decision needs."""

    note = forms.CharField(
        label=_("Note"),
        help_text=_("Needed: what the decision rests on."),
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": _("Write a note. Nothing was changed.")},
    )


def decisions_in_words(decisions: QuerySet[Decision]) -> SafeString:
    """The latest of them, each with why and by whom, and the way to undo those that stand."""
    rows = decisions.select_related("trial", "sponsor", "by", "undone_by")[:LISTED]
    return render_to_string("admin/trials/_decisions.html", {"rows": rows})


def undo_one(request: HttpRequest, pk: int) -> HttpResponse:
    """Undo one decision, by its address."""
    decision = get_object_or_404(Decision.objects.select_related("trial", "sponsor", "by"), pk=pk)
    by = cast(User, request.user)
    if not any(by.has_perm(one) for one in _MAY.get(decision.kind, (MAY_DECIDE,))):
        raise PermissionDenied
    return undo_page(
        request,
        [decision],
        undo=lambda note: curation.undo(decision, by=by, note=note),
        back=_page_about(decision),
    )


def _page_about(decision: Decision) -> str:
    """The page of what it is about, where it is listed."""
    if decision.trial_id is None:
        return reverse("admin:trials_sponsor_change", args=[decision.sponsor_id])
    return reverse("admin:trials_trial_change", args=[decision.trial_id])


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
