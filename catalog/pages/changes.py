"""What changed in the registry's records: of all trials by day, and of one trial in full."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from catalog.differences import Difference, differences
from catalog.field_words import Wording
from catalog.methods import only_read
from catalog.pages.listing import Paged, page_of, read_page, show
from catalog.parameters import OneOf
from catalog.word_differences import Effort
from trials.history import MOST_UPDATES, Update, Updates
from trials.models import Trial
from trials.numbers import proper_number
from trials.vocabulary import ChangeKind

PAGE_SIZE = 50  # updates of all trials, each in a few lines
PAGE_SIZE_OF_ONE = 20  # updates of one trial, each in full
MOST_LINES = 8  # of an update among those of other trials
# Kinds of changes that concern the record as a whole.
_MARKED = (ChangeKind.FIRST, ChangeKind.GONE, ChangeKind.BACK, ChangeKind.RENUMBERED)


class Changed(Paged):
    """The parameters of a list of changes."""

    kind = OneOf(
        _("Kind"),
        _("Only changes of what is said, or all, with those of the way it is written."),
        choices={"material": False, "all": True},
        example="all",
    )


@dataclass(frozen=True, slots=True)
class Told:
    """An update in words. `more`: how many of its changes are not told here."""

    update: Update
    differences: list[Difference]
    more: int = 0

    @property
    def marks(self) -> list[ChangeKind]:
        return [kind for kind in _MARKED if kind in self.update.kinds]


@only_read
def changes(request: HttpRequest) -> HttpResponse:
    """Updates of all trials, the newest first; `kind=all` adds what is only written differently."""
    reading = read_page(request, Changed)
    everything = reading.values.get("kind", False)
    updates: Any = Updates(with_cosmetic=everything)
    page = page_of(updates, reading.page, PAGE_SIZE)
    context = {
        "page": page,
        "days": by_day(page.object_list),
        "params": reading.params,
        "everything": everything,
        "most": MOST_UPDATES if page.paginator.count >= MOST_UPDATES else 0,
    }
    return show(request, "changes", context, reading)


def by_day(updates: Iterable[Update]) -> list[tuple[date, list[Told]]]:
    """The updates in brief, by the day on which they were seen."""
    wording = Wording()
    days = groupby(updates, key=lambda update: timezone.localdate(update.seen_at))
    return [(day, [in_brief(update, wording) for update in seen]) for day, seen in days]


def in_brief(update: Update, wording: Wording) -> Told:
    """Without the sentences about the record as a whole, which its marks say."""
    told = differences(update.changes, wording, effort=None)
    lines = [change for change in told if change.name or change.pair]
    return Told(update, lines[:MOST_LINES], more=max(0, len(lines) - MOST_LINES))


@only_read
def trial_changes(request: HttpRequest, number: str) -> HttpResponse:
    """The updates of one trial in full; other spellings of its number lead to its one address."""
    found: Any = Trial.objects.published().numbered(number).first()
    if found is None:
        unknown = {"number": proper_number(number) or number[:100]}
        return render(request, "catalog/trial_unknown.html", unknown, status=404)
    if found.number != number:
        return redirect("trial-changes", found.number, permanent=True)
    reading = read_page(request, Changed)
    everything = reading.values.get("kind", False)
    updates: Any = Updates(found, with_cosmetic=everything)
    page = page_of(updates, reading.page, PAGE_SIZE_OF_ONE)
    wording, effort = Wording(), Effort()
    context = {
        "trial": found,
        "page": page,
        "updates": [
            Told(update, differences(update.changes, wording, effort))
            for update in page.object_list
        ],
        "params": reading.params,
        "everything": everything,
    }
    return show(request, "trial_changes", context, reading)
