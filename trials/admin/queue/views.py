"""The pages of the queue: the item that waits first, an answer to it, and the answer taken back."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib import admin, messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import router, transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from trials import curation
from trials.admin.queue import facts, records, reports, sponsors, trials  # noqa: F401 - of items
from trials.admin.queue.items import Item, open_item
from trials.models import Decision, Doubt, Left, Report, SponsorPair, StoredRecord
from trials.queue.kinds import MAY_DECIDE, MOST, following, kind_named, sizes
from trials.search.kept import catch_up, writing
from trials.vocabulary import DecisionKind

FOR_DECIDERS = permission_required(MAY_DECIDE, raise_exception=True)
UNDONE = "Taken back in the queue."


@require_GET
@FOR_DECIDERS
def waiting(request: HttpRequest) -> HttpResponse:
    """What waits first, of all kinds or of `?kind=`."""
    only = request.GET.get("kind", "")
    if only:
        _check_may(request, only)
    found = following(only, person=request.user)
    if found is None:
        return _page(request, None, only=only)
    kind, row = found
    item = open_item(kind.name, str(getattr(row, kind.key)))
    return _page(request, item, only=only)


@require_http_methods(["GET", "HEAD", "POST"])
@FOR_DECIDERS
def one(request: HttpRequest, kind: str, key: str) -> HttpResponse:
    """One item, by its address; what is sent answers it."""
    if kind_named(kind) is not None:
        _check_may(request, kind)
    if request.method != "POST":
        return _page(request, _found(kind, key), only=request.GET.get("kind", ""))
    only = request.POST.get("only", "")
    with writing():
        item = _found(kind, key, hold=True)
        if request.POST.get("seen") != item.seen:
            messages.warning(request, item.moved())
            return _page(request, item, only=only, status=409)
        trouble = _answer(request, item)
    if trouble is not None:
        messages.error(request, " ".join(trouble.messages))
        return _page(request, item, only=only, status=422)
    return redirect(item.after or _address(only))


@require_POST
@FOR_DECIDERS
def undo(request: HttpRequest) -> HttpResponse:
    """Take back what the curator did last, and open it again."""
    by: Any = request.user
    last = curation.latest_of(by)
    if last is None:
        messages.info(request, _("There is nothing of yours to take back."))
        return redirect(_address())
    try:
        number = curation.take_back(last, by=by, note=UNDONE)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect(_address())
    if isinstance(last, Decision):
        messages.success(request, _taken_back(last, number))
    else:
        messages.success(request, _("It waits again."))
    return redirect(_place_of(last))


def _taken_back(last: Decision, number: int) -> str:
    if number == 1:
        return _("Taken back: %(decision)s") % {"decision": last}
    words = _("%(count)d decisions that were made together are taken back; the last: %(decision)s")
    return words % {"count": number, "decision": last}


@require_POST
@FOR_DECIDERS
def name(request: HttpRequest) -> HttpResponse:
    """The name by which readers know the curator; an empty one: none."""
    named = request.POST.get("name", "")
    curation.call(request.user, named)  # type: ignore[arg-type]
    said = _("The pages name you so now.") if named.strip() else _("The pages name you no more.")
    messages.success(request, said)
    return redirect(_address())


def _answer(request: HttpRequest, item: Item) -> ValidationError | None:
    action, by = request.POST.get("action", ""), request.user
    if action not in {"choose", *(one.name for one in item.actions())}:
        return ValidationError(_("That is no answer to this."))
    try:
        with transaction.atomic():  # what a refused answer began is taken back
            said = item.answer(action, request.POST, by=by)  # type: ignore[arg-type]
    except ValidationError as error:
        return error
    if said:
        messages.success(request, said)
    return None


def _found(kind: str, key: str, *, hold: bool = False) -> Item:
    item = open_item(kind, key, hold=hold)
    if item is None:
        raise Http404(f"{kind} {key}")
    return item


def _check_may(request: HttpRequest, name: str) -> None:
    kind = kind_named(name)
    if kind is None:
        raise Http404(name)
    if not request.user.has_perm(kind.permission):
        raise PermissionDenied


def _place_of(decision: Decision | Left | Report) -> str:
    """Where what was decided waits again, else the queue."""
    if isinstance(decision, Left):
        return reverse("queue-item", args=[decision.kind, decision.key])
    if isinstance(decision, Report):
        return reverse("queue-item", args=["report", decision.reference])
    if decision.kind == DecisionKind.FACTS and decision.trial_id:
        # Else the doubts would follow when the request has ended, and none would be found here.
        catch_up(router.db_for_write(Doubt), [decision.trial_id])
        key = f"{decision.trial_id}:{decision.aspect}"
        if doubt := Doubt.objects.filter(key=key).first():
            return reverse("queue-item", args=[doubt.kind, doubt.key])
    if decision.kind == DecisionKind.MERGE:
        after = decision.after or {}
        two = sorted((decision.sponsor_id or 0, after.get("apart") or after["into"]))
        if pair := SponsorPair.objects.filter(one=two[0], other=two[1]).first():
            return reverse("queue-item", args=["sponsors", pair.pk])
    if decision.kind == DecisionKind.SCREENING:
        records = StoredRecord.objects.filter(trial=decision.trial_id, screening="review")
        if record := records.defer("body").first():
            return reverse("queue-item", args=["screening", record.registry_id])
    return _address()


def _address(only: str = "") -> str:
    return reverse("queue") + (f"?{urlencode({'kind': only})}" if only else "")


def _page(
    request: HttpRequest, item: Item | None, *, only: str = "", status: int = 200
) -> HttpResponse:
    context = {
        **admin.site.each_context(request),
        "title": _("Queue"),
        "item": item,
        "kind": kind_named(item.kind) if item else None,
        "sizes": [(kind, size) for kind, size in sizes(request.user) if size],
        "most": MOST,
        "only": only,
        "public_name": getattr(request.user, "public_name", ""),
    }
    return render(request, "admin/queue/page.html", context, status=status)
