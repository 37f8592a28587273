"""What the admin's first page tells: what waits for a person, and whether the data are well.

A panel is a function without arguments that gives its figures; `panel` puts it on the page, for
those who have its permission. It must cost the same however many rows there are: `bounded` counts
no further than anybody would read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.timesince import timesince
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from trials.freshness import freshness
from trials.models import RefreshRun, Report
from trials.queue.kinds import MOST as MOST_OF_A_KIND
from trials.queue.kinds import sizes

MOST = 1000
Words = str | Promise


@dataclass(frozen=True, slots=True)
class Figure:
    """A number or a few words, what it is, a remark, and the page that has more."""

    label: Words
    value: str
    remark: str = ""
    address: str = ""
    trouble: bool = False
    permission: str = ""  # beside the panel's


@dataclass(frozen=True, slots=True)
class Panel:
    title: Words
    permission: str
    read: Callable[[], Iterable[Figure]]


_panels: list[Panel] = []
Read = Callable[[], Iterable[Figure]]


def panel(title: Words, *, permission: str) -> Callable[[Read], Read]:
    """Puts the figures that a function gives on the admin's first page, after those before it."""

    def register(read: Read) -> Read:
        _panels.append(Panel(title, permission, read))
        return read

    return register


def shown_to(user: Any) -> list[tuple[Words, list[Figure]]]:
    """The panels that the user may see, each with its figures as of now."""
    return [
        (each.title, [one for one in each.read() if _may(user, one.permission)])
        for each in _panels
        if user.has_perm(each.permission)
    ]


def _may(user: Any, permission: str) -> bool:
    return not permission or user.has_perm(permission)


def bounded(rows: QuerySet[Any], most: int = MOST) -> str:
    """How many rows there are, and "1000+" where there are more: no table is counted whole."""
    number = rows.order_by()[: most + 1].count()
    return str(number) if number <= most else f"{most}+"


@panel(gettext_lazy("Queue: what needs a person, the worst first"), permission="trials.change_fact")
def queue() -> Iterable[Figure]:
    for kind, size in sizes():
        page = f"{reverse('queue')}?{urlencode({'kind': kind.name})}"
        value = f"{MOST_OF_A_KIND}+" if size > MOST_OF_A_KIND else str(size)
        oldest = kind.oldest() if size else None
        age = _age(oldest) if oldest else ""
        yield Figure(kind.label, value, age, page if size else "", permission=kind.permission)


def _age(oldest: datetime) -> str:
    days = (timezone.now() - oldest).days
    words = ngettext("oldest: %(days)s day", "oldest: %(days)s days", days)
    return words % {"days": days} if days > 0 else _("oldest: today")


@panel(gettext_lazy("Readers’ reports"), permission="trials.view_report")
def reports() -> Iterable[Figure]:
    waiting = Report.objects.for_queue()
    oldest = waiting.values_list("made_at", flat=True).first()
    page = reverse("admin:trials_report_changelist")
    yield Figure(
        _("Open"),
        bounded(Report.objects.open()),
        _("the oldest for %(time)s") % {"time": timesince(oldest)} if oldest else "",
        f"{page}?state=open",
    )


@panel(gettext_lazy("Refresh from the registry"), permission="trials.view_refreshrun")
def refreshes() -> Iterable[Figure]:
    fresh, now = freshness(), timezone.now()
    yield Figure(
        _("Data as of"),
        fresh.data_date or "–",
        _("too old") if fresh.stale(now) else "",
        trouble=fresh.stale(now),
    )
    if fresh.last:
        at = date_format(timezone.localtime(fresh.last.started_at), "Y-m-d H:i")
        yield Figure(
            _("Last refresh"),
            fresh.last.get_status_display(),
            at,
            reverse("admin:trials_refreshrun_change", args=[fresh.last.pk]),
            trouble=fresh.broken is not None,
        )


@panel(gettext_lazy("Health of the data"), permission="trials.view_refreshrun")
def health() -> Iterable[Figure]:
    """By what the last refresh noted: nothing is counted for this page."""
    last = freshness().last
    run = RefreshRun.objects.get(pk=last.pk) if last else RefreshRun()
    page = reverse("admin:trials_refreshrun_change", args=[run.pk]) if run.pk else ""
    for label, number in (
        (_("Studies that were skipped"), len(run.skipped)),
        (_("Values that are new to us"), len(run.unknown_values)),
        (_("Gone from the registry"), run.gone),
    ):
        yield Figure(label, str(number), "", page if number else "", trouble=bool(number))
