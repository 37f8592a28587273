"""Two sponsors whose names are alike: not the same by one key, the same by a preview."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Self
from urllib.parse import urlencode

from django.contrib.auth.models import User
from django.urls import reverse
from django.utils.translation import gettext as _

from trials import curation
from trials.admin.merging import parts_of, told_of
from trials.admin.queue.items import Action, Item, Sent, shows
from trials.models import SponsorPair

APART = "Two organisations with like names."


@shows("sponsors")
class PairItem(Item):
    template = "admin/queue/_pair.html"
    readers_see_note = False

    def __init__(self, kind: str, pair: SponsorPair) -> None:
        self.kind, self.pair, self.key = kind, pair, str(pair.pk)
        self.title = str(pair)
        merged = (pair.one.merged_into_id, pair.other.merged_into_id)
        self.is_open = not pair.apart and merged == (None, None)
        self.said = str(pair.likeness) if self.is_open else ""
        self.seen = f"{pair.apart} {merged}"
        self.takes_note = self.is_open
        self.row: dict[str, Any] = told_of(pair, parts_of((pair.one_id, pair.other_id)))

    @classmethod
    def open(cls, kind: str, key: str, *, hold: bool = False) -> Self | None:
        pairs = SponsorPair.objects.select_related("one", "other")
        pairs = pairs.prefetch_related("one__aliases", "other__aliases")
        if hold:
            pairs = pairs.select_for_update(of=("self",))
        pair = pairs.filter(pk=key).first() if key.isdecimal() else None
        return None if pair is None else cls(kind, pair)

    def actions(self) -> Sequence[Action]:
        if not self.is_open:
            return []
        return [
            Action("same", "a", _("The same: see what would move")),
            Action("apart", "n", _("Not the same")),
            Action("skip", "s", _("Skip: it stays in the list of pairs")),
        ]

    def answer(self, action: str, sent: Sent, *, by: User) -> str:
        if action == "skip":
            return self.leave(by)
        if action == "same":  # nothing is written: the preview asks
            two = [self.row["gone"].pk, self.row["keep"].pk]
            only = urlencode({"queue": sent.get("only", "")})
            self.after = f"{reverse('admin:trials_sponsor_merge', args=two)}?{only}"
            return ""
        note = str(sent.get("note", "")).strip()
        curation.tell_apart(self.pair, by=by, note=note or APART)
        words = _("“%(one)s” and “%(other)s” are not the same.")
        return words % {"one": self.pair.one, "other": self.pair.other}

    def leave(self, by: User) -> str:
        super().leave(by)
        return _("Skipped: %(title)s stays in the list of pairs.") % {"title": self.title}
