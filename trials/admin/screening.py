"""Many trials at once are taken in or left out: a preview, one batch, one undoing."""

from __future__ import annotations

from typing import Any, cast
from uuid import uuid4

from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from trials import curation
from trials.admin.together import MOST_TOGETHER, Together
from trials.models import Trial
from trials.vocabulary import Basis, Screening


class Screens(Together):
    """Two more actions of the list of trials, and their page."""

    actions = (*Together.actions, "leave_out_together", "take_in_together")

    def get_urls(self) -> list[URLPattern]:
        pages = [("screening/", self.screening, "screening")]
        return [*self.addresses(pages), *super().get_urls()]

    @admin.action(description=_("Leave all of them out of the catalogue"))
    def leave_out_together(self, request: HttpRequest, queryset: QuerySet[Trial]) -> HttpResponse:
        return self._selected(request, queryset, take_in=False)

    @admin.action(description=_("Take all of them into the catalogue"))
    def take_in_together(self, request: HttpRequest, queryset: QuerySet[Trial]) -> HttpResponse:
        return self._selected(request, queryset, take_in=True)

    def screening(self, request: HttpRequest) -> HttpResponse:
        """What was previewed is decided, with the reason that was given."""
        keys = [int(key) for key in request.POST.getlist("selected") if key.isdecimal()]
        if not keys or len(keys) > MOST_TOGETHER:
            return redirect("admin:trials_trial_changelist")
        take_in = request.POST.get("take_in") == "yes"
        if "write" in request.POST and self._screen(request, keys, take_in=take_in):
            return redirect("admin:trials_trial_changelist")
        return self._preview(request, keys, take_in=take_in)

    def _selected(
        self, request: HttpRequest, queryset: QuerySet[Trial], *, take_in: bool
    ) -> HttpResponse:
        keys = self.keys_of(request, queryset)
        if keys is None:
            return redirect("admin:trials_trial_changelist")
        return self._preview(request, keys, take_in=take_in)

    def _screen(self, request: HttpRequest, keys: list[int], *, take_in: bool) -> bool:
        """Decide and say so; False, and why, without a note or an up-to-date look."""
        by, note, batch = cast(User, request.user), request.POST.get("note", ""), uuid4()
        foreseen = curation.foresee_screening(keys, take_in=take_in)
        if not self.is_as_seen(request, foreseen.digest):
            return False
        try:
            count = curation.screen_many(
                foreseen.changing, take_in=take_in, by=by, note=note, batch=batch
            )
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
            return False
        self.tell(request, batch, count)
        return True

    def _preview(self, request: HttpRequest, keys: list[int], *, take_in: bool) -> TemplateResponse:
        title = gettext("Take many trials in") if take_in else gettext("Leave many trials out")
        then = Screening.INCLUDED if take_in else Screening.EXCLUDED
        context: dict[str, Any] = {
            "keys": keys,
            "take_in": take_in,
            "then": then.label,
            "by_a_person": Basis.CURATOR.label,
        }
        foreseen = curation.foresee_screening(keys, take_in=take_in)
        return self.page(request, "screening", title, foreseen, **context)
