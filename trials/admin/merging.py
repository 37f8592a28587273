"""Sponsors that may be one: the list of pairs, the preview of a merging, and its undoing."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, cast
from urllib.parse import urlencode

from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from trials import curation
from trials.admin.undoing import NoteForm
from trials.models import Decision, Sponsor, SponsorPair, TrialSponsor
from trials.queue.kinds import kind_named
from trials.search import Terms
from trials.vocabulary import DecisionKind, SponsorRole

PAIRS = 50  # on a page
PAGES = 200  # of pairs; nobody goes further, and counting them all is a query over the table
MAY_MERGE = "trials.change_sponsor"


class Merging(admin.ModelAdmin):
    """The pages beside the list of sponsors; whoever may change a sponsor may open them."""

    def get_urls(self) -> list[URLPattern]:
        pages = (
            ("pairs/", self.pairs, "pairs"),
            ("pairs/<int:pk>/apart/", require_POST(self.apart), "apart"),
            ("<int:pk>/merge/", self.choose, "choose"),
            ("<int:pk>/merge/<int:into>/", self.merge, "merge"),
        )
        ours = [
            path(route, self._for_deciders(view), name=f"trials_sponsor_{name}")
            for route, view, name in pages
        ]
        return [*ours, *super().get_urls()]

    def _for_deciders(self, view: Any) -> Any:
        def guarded(request: HttpRequest, **keys: Any) -> HttpResponse:
            if not request.user.has_perm(MAY_MERGE):
                raise PermissionDenied
            return cast(HttpResponse, view(request, **keys))

        return self.admin_site.admin_view(guarded)

    def pairs(self, request: HttpRequest) -> HttpResponse:
        """Sponsors whose names are alike, the likest first, about whom nobody has decided."""
        rows = SponsorPair.objects.undecided().select_related("one", "other")
        some = rows.prefetch_related("one__aliases", "other__aliases")[: PAIRS * PAGES]
        page = Paginator(some, PAIRS).get_page(request.GET.get("page"))
        parts = parts_of(key for pair in page for key in (pair.one_id, pair.other_id))
        told = [told_of(pair, parts) for pair in page]
        return self._page(request, "pairs", _("Sponsors that may be one"), page=page, told=told)

    def apart(self, request: HttpRequest, pk: int) -> HttpResponse:
        pair = get_object_or_404(SponsorPair.objects.select_related("one", "other"), pk=pk)
        note = request.POST.get("note", "").strip() or _("Two organisations with like names.")
        decision = curation.tell_apart(pair, by=cast(User, request.user), note=note)
        if decision is None:
            messages.info(request, _("Somebody said so before."))
        else:
            words = _("“%(one)s” and “%(other)s” are not the same.")
            self._tell(request, words % {"one": pair.one, "other": pair.other}, decision)
        return redirect(reverse("admin:trials_sponsor_pairs"))

    def choose(self, request: HttpRequest, pk: int) -> HttpResponse:
        """From a name or slug that was typed to the preview."""
        name = request.GET.get("into", "").strip()
        term = Terms().find_sponsors([name]).get(name) if "\x00" not in name else None
        if term is None:
            messages.error(request, _("No sponsor is known as “%s”.") % name)
            return redirect("admin:trials_sponsor_change", pk)
        return redirect("admin:trials_sponsor_merge", pk, term.key)

    def merge(self, request: HttpRequest, pk: int, into: int) -> HttpResponse:
        """What would move; and, with a note, the merging."""
        sponsor, other = (get_object_or_404(Sponsor, pk=key) for key in (pk, into))
        back = _back(request)
        try:
            move = curation.foresee(sponsor, into=other)
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
            return redirect(back)
        form = NoteForm(request.POST or None)
        if request.method == "POST" and form.is_valid():
            try:
                decision = curation.merge(
                    sponsor, into=other, by=cast(User, request.user), note=form.cleaned_data["note"]
                )
            except ValidationError as error:
                form.add_error(None, error)
            else:
                words = _("“%(one)s” is merged into “%(other)s”.")
                self._tell(request, words % {"one": sponsor, "other": other}, decision)
                return redirect(back)
        title = _("Merge two sponsors")
        two = {"sponsor": sponsor, "into": other, "move": move}
        return self._page(request, "merge", title, **two, form=form, back=back)

    def _tell(self, request: HttpRequest, words: str, decision: Decision) -> None:
        address = reverse("decision-undo", args=[decision.pk])
        said = format_html('{} <a href="{}">{}</a>', words, address, _("Undo"))
        messages.success(request, said)

    def _page(
        self, request: HttpRequest, name: str, title: str, **context: Any
    ) -> TemplateResponse:
        shared = self.admin_site.each_context(request)
        context = {**shared, "title": title, "opts": self.opts, "media": self.media, **context}
        return TemplateResponse(request, f"admin/trials/sponsor/{name}.html", context)


def _back(request: HttpRequest) -> str:
    """Where the person came from: the queue, of the kind that `?queue=` names, or the pairs."""
    only = request.GET.get("queue")
    if only is None:
        return reverse("admin:trials_sponsor_pairs")
    return reverse("queue") + (f"?{urlencode({'kind': only})}" if kind_named(only) else "")


def decisions_about(sponsor: Sponsor) -> QuerySet[Decision]:
    """Those about its names, and the mergings into it, the last first."""
    mine = Q(sponsor=sponsor) | Q(kind=DecisionKind.MERGE, after__into=sponsor.pk)
    kinds = (DecisionKind.SPONSOR, DecisionKind.MERGE)
    return Decision.objects.filter(mine, kind__in=kinds)


def parts_of(sponsors: Iterable[int]) -> dict[tuple[int, str], int]:
    """The numbers of trials by sponsor and role."""
    rows = TrialSponsor.objects.filter(sponsor__in=set(sponsors)).order_by()
    counted = rows.values_list("sponsor", "role").annotate(count=Count("pk"))
    return {(sponsor, role): count for sponsor, role, count in counted}


def told_of(pair: SponsorPair, parts: dict[tuple[int, str], int]) -> dict[str, Any]:
    """A pair as the list shows it: `keep` has more trials, `gone` would be merged into it."""
    sides: list[dict[str, Any]] = [
        {
            "sponsor": sponsor,
            "led": parts.get((sponsor.pk, SponsorRole.LEAD), 0),
            "joined": parts.get((sponsor.pk, SponsorRole.COLLABORATOR), 0),
            "names": [alias.name for alias in sponsor.aliases.all() if alias.name != sponsor.name],
        }
        for sponsor in (pair.one, pair.other)
    ]
    keep, gone = sorted(sides, key=lambda side: (-side["led"], -side["joined"]))
    return {"pair": pair, "sides": sides, "keep": keep["sponsor"], "gone": gone["sponsor"]}
