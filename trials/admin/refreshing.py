"""Refreshes: the button that asks for one, the list of runs, and all that one run has to say."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import Truncator
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from trials.admin.access import BoundedList, ReadOnly
from trials.audit import note_act
from trials.models import RefreshRun
from trials.schedule import next_time
from trials.tasks import NotAsked, ask_for_refresh, standing
from trials.vocabulary import RunStatus

# Whoever may make a run may ask for one: administrators, and whom they give "Can add refresh".
MAY_ASK = "trials.add_refreshrun"
LONGEST_TABLE = 200  # rows of what was skipped; the command's --json names all
DROP = 0.005  # share of the trials: less is a trial or two, and no sign of a fault


@admin.register(RefreshRun)
class RefreshRunAdmin(BoundedList, ReadOnly, admin.ModelAdmin):
    list_display = (
        "started",
        "state",
        "asked",
        "took",
        "told",
    )
    list_filter = ("status", "kind")
    list_select_related = ("asked_by",)
    ordering = ("-started_at", "-pk")
    fieldsets = (
        (
            None,
            {
                "fields": (
                    "state",
                    "kind",
                    "asked_by",
                    "started_at",
                    "finished_at",
                    "took",
                    "sign_of_life",
                    "holder",
                    "origin",
                    "data_timestamp",
                    "message",
                )
            },
        ),
        (
            _("Figures"),
            {
                "fields": (
                    ("fetched", "expected", "requests"),
                    ("created", "changed", "unchanged"),
                    ("screened_out", "gone"),
                )
            },
        ),
        (_("Skipped, with the reason"), {"fields": ("skipped_rows",)}),
        (_("Values that are new to us"), {"fields": ("unknown_rows",)}),
        (_("How full the fields are"), {"fields": ("fill_rows",)}),
        (_("Stored queries that were asked"), {"fields": ("harvested_rows",)}),
    )
    readonly_fields = (
        "state",
        "took",
        "sign_of_life",
        "skipped_rows",
        "unknown_rows",
        "fill_rows",
        "harvested_rows",
    )

    class Media:
        css = {"all": ("trials/refreshing.css",)}

    def get_queryset(self, request: HttpRequest) -> QuerySet[RefreshRun]:
        # The list shows neither, and a page of it would fetch both fifty times.
        return super().get_queryset(request).defer("unknown_values", "fill")

    def get_urls(self) -> list[URLPattern]:
        ask = self.admin_site.admin_view(require_POST(self.ask))
        return [path("ask/", ask, name="trials_refreshrun_ask"), *super().get_urls()]

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        state = standing()
        schedule = settings.REFRESH_SCHEDULE
        about = {
            "standing": state,
            "refusal": state.refusal(),
            "may_ask": request.user.has_perm(MAY_ASK),
            "next_time": next_time(schedule, timezone.localtime(state.now)) if schedule else None,
        }
        return super().changelist_view(request, {**about, **(extra_context or {})})

    def ask(self, request: HttpRequest) -> HttpResponse:
        """Queue a refresh and return at once; refused in words while one waits or runs."""
        if not request.user.has_perm(MAY_ASK):
            raise PermissionDenied
        try:
            ask_for_refresh(full="full" in request.POST, by=request.user)  # type: ignore[arg-type]
        except NotAsked as reason:
            messages.warning(request, gettext("Not asked for again. %s") % reason)
        else:
            _note(request, full="full" in request.POST)
            messages.success(
                request,
                gettext("The refresh is asked for. A worker takes it within seconds; see below."),
            )
        return redirect("admin:trials_refreshrun_changelist")

    @admin.display(description=_("started"), ordering="started_at")
    def started(self, run: RefreshRun) -> str:
        return _moment(run.started_at)

    @admin.display(description=_("status"), ordering="status")
    def state(self, run: RefreshRun) -> SafeString:
        return format_html(
            '<span class="run run--{}">{}</span>', run.status, run.get_status_display()
        )

    @admin.display(description=_("took"))
    def took(self, run: RefreshRun) -> str:
        if run.finished_at is None and run.status != RunStatus.RUNNING:
            return ""
        return duration((run.finished_at or timezone.now()) - run.started_at)

    @admin.display(description=_("asked for"), ordering="kind")
    def asked(self, run: RefreshRun) -> str:
        kind = run.get_kind_display()
        return f"{kind} ({run.asked_by})" if run.asked_by else kind

    @admin.display(description=_("what came"))
    def told(self, run: RefreshRun) -> SafeString:
        fetched = str(run.fetched)
        if run.expected is not None:
            fetched = gettext("%(fetched)d of %(expected)d") % vars(run)
        counts = {
            gettext("new"): run.created,
            gettext("changed"): run.changed,
            gettext("gone"): run.gone,
            gettext("skipped"): len(run.skipped),
        }
        named = [f"{count} {name}" for name, count in counts.items() if count]
        message = Truncator(run.message).chars(120)
        return format_html("{}<br>{}", " · ".join([fetched, *named]), message)

    @admin.display(description=_("last sign of life"))
    def sign_of_life(self, run: RefreshRun) -> str:
        if run.beat_at is None:
            return ""
        if run.status != RunStatus.RUNNING:
            return _moment(run.beat_at)
        ago = duration(timezone.now() - run.beat_at)
        return gettext("%(moment)s (%(ago)s ago)") % {"moment": _moment(run.beat_at), "ago": ago}

    @admin.display(description="")
    def skipped_rows(self, run: RefreshRun) -> SafeString:
        rows = [(row.get("id", ""), row.get("reason", "")) for row in run.skipped[:LONGEST_TABLE]]
        more = len(run.skipped) - len(rows)
        note = ngettext("and %d more", "and %d more", more) % more if more else ""
        return _table((_("Study"), _("Reason")), rows, note, none=_("Nothing was skipped."))

    @admin.display(description="")
    def unknown_rows(self, run: RefreshRun) -> SafeString:
        rows = sorted(run.unknown_values.items(), key=lambda row: (-row[1], row[0]))
        none = _("The registry used no word that the catalogue does not know.")
        return _table((_("Field and value"), _("Studies")), rows, none=none)

    @admin.display(description="")
    def fill_rows(self, run: RefreshRun) -> SafeString:
        before = _complete_before(run)
        rows = [
            (name, _percent(was), _percent(now), _drop(was, now))
            for name, was, now in compared(before.fill if before else {}, run.fill)
        ]
        earlier = _moment(before.started_at) if before else _("no earlier run")
        heads = (_("Field"), _("Before (%s)") % earlier, _("After this run"), "")
        return _table(heads, rows, none=_("This run did not say."))

    @admin.display(description="")
    def harvested_rows(self, run: RefreshRun) -> SafeString:
        rows = [
            (query.name, query.since or _("ever"), query.expected, _moment(query.finished_at))
            for query in run.harvested.defer("numbers", "parameters")
        ]
        heads = (_("Query"), _("Updated since"), _("Studies"), _("Finished"))
        return _table(heads, rows, none=_("No stored query was asked to its end."))


def _note(request: HttpRequest, *, full: bool) -> None:
    """In the log of acts; there is no run yet that the line could be about."""
    what = "everything" if full else "what changed"
    note_act(None, by=request.user, words=f"asked for a refresh of {what}")  # type: ignore[arg-type]


def compared(
    before: dict[str, float], now: dict[str, float]
) -> list[tuple[str, float | None, float | None]]:
    """Each field with its shares before and now; the deepest drops first, the rest by name."""
    rows = [(name, before.get(name), now.get(name)) for name in sorted({*before, *now})]
    if not now:
        return []
    return sorted(rows, key=lambda row: min(0.0, (row[2] or 0.0) - (row[1] or 0.0)))


def duration(time: Any) -> str:
    """Hours, minutes and seconds, as far as they matter: "2 h 05 min", "3 min 07 s", "9 s"."""
    seconds = max(0, int(time.total_seconds()))
    if seconds >= 3600:
        return gettext("%(hours)d h %(minutes)02d min") % {
            "hours": seconds // 3600,
            "minutes": seconds % 3600 // 60,
        }
    if seconds >= 60:
        return gettext("%(minutes)d min %(seconds)02d s") % {
            "minutes": seconds // 60,
            "seconds": seconds % 60,
        }
    return gettext("%(seconds)d s") % {"seconds": seconds}


def _complete_before(run: RefreshRun) -> RefreshRun | None:
    """The last complete run before this one that says how full the fields were."""
    earlier = RefreshRun.objects.filter(status=RunStatus.COMPLETE, started_at__lt=run.started_at)
    return earlier.exclude(fill={}).only("started_at", "fill").first()


def _percent(share: float | None) -> str:
    return "–" if share is None else f"{100 * share:.1f} %"


def _drop(was: float | None, now: float | None) -> SafeString | str:
    fallen = (was or 0.0) - (now or 0.0)
    if fallen < DROP:
        return ""
    words = gettext("fallen by %.1f points") % (100 * fallen)
    return format_html('<strong class="drop">{}</strong>', words)


def _table(heads: Sequence[Any], rows: Iterable[Any], note: str = "", *, none: Any) -> SafeString:
    said = {"heads": heads, "rows": list(rows), "note": note, "none": none}
    return render_to_string("admin/trials/_table.html", said)


def _moment(at: datetime) -> str:
    return date_format(timezone.localtime(at), "Y-m-d H:i")
