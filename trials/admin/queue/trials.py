"""A trial as a whole: in the catalogue or not, and its Chinese title. No kind of the queue."""

from __future__ import annotations

from typing import Self

from django.contrib.auth.models import User
from django.urls import reverse
from django.utils.translation import gettext as _

from trials import curation
from trials.admin.queue.facts import NOTES
from trials.admin.queue.items import Action, Item, Sent, shows
from trials.admin.queue.records import TAKEN_IN
from trials.models import Trial
from trials.queue.finding import digest
from trials.vocabulary import Screening

KIND = "trial"
TITLED = "Title written by hand."


@shows(KIND)
class TrialItem(Item):
    template = "admin/queue/_trial.html"

    def __init__(self, kind: str, trial: Trial) -> None:
        self.kind, self.trial, self.key, self.said = kind, trial, str(trial.pk), ""
        self.title = str(trial)
        self.after = reverse("admin:trials_trial_change", args=[trial.pk])
        self.seen = digest([trial.screening, trial.screening_basis, trial.title_zh])

    @classmethod
    def open(cls, kind: str, key: str, *, hold: bool = False) -> Self | None:
        trials = Trial.objects.filter(joined_to=None)
        if hold:
            trials = trials.select_for_update(of=("self",))
        trial = trials.filter(pk=key).first() if key.isdecimal() else None
        return None if trial is None else cls(kind, trial)

    def actions(self) -> list[Action]:
        name = Action("title", "t", _("Save the Chinese title below"))
        if self.trial.screening == Screening.INCLUDED:
            return [name, Action("exclude", "x", _("Leave it out of the catalogue"))]
        return [name, Action("take-in", "a", _("Take it into the catalogue"))]

    def answer(self, action: str, sent: Sent, *, by: User) -> str:
        note = str(sent.get("note", "")).strip()
        if action == "title":
            title = str(sent.get("title", ""))
            curation.name_in_chinese(self.trial, title=title, by=by, note=note or TITLED)
            return _("Chinese title: %(title)s") % {"title": self.trial.title_zh or "–"}
        take_in = action == "take-in"
        usual = TAKEN_IN if take_in else NOTES["exclude"]
        curation.screen(self.trial, take_in=take_in, by=by, note=note or usual)
        words = _("%(trial)s is in the catalogue.") if take_in else _("%(trial)s is left out.")
        return words % {"trial": self.trial.number}
