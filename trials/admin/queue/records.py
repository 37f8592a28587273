"""Items that are no trial's fact: studies near the line, and words that are new to us."""

from __future__ import annotations

import re
from functools import cached_property
from typing import Self

from django.contrib.auth.models import User
from django.utils.translation import gettext as _

from trials import curation
from trials.admin.queue.facts import NOTES
from trials.admin.queue.items import Action, Item, Sent, shows, skip
from trials.models import Doubt, StoredRecord
from trials.quotes import Marked
from trials.refresh.entering import Unreadable, study_of
from trials.vocabulary import DoubtKind, spelled

TAKEN_IN = "Looked at in the queue: a study for this catalogue."
_QUOTED = re.compile(r"“([^”]+)”")


@shows("screening")
class RecordItem(Item):
    """A stored study that the rules neither take in nor leave out."""

    template = "admin/queue/_record.html"

    def __init__(self, kind: str, record: StoredRecord) -> None:
        self.kind, self.record, self.key = kind, record, record.registry_id
        self.title = f"{record.registry_id} · {record.title}"
        self.said = record.content_hash
        self.trial = record.trial
        basis = record.trial.screening_basis if record.trial else ""
        self.seen = f"{record.screening} {basis} {record.content_hash[:16]}"

    @classmethod
    def open(cls, kind: str, key: str, *, hold: bool = False) -> Self | None:
        records = StoredRecord.objects.select_related("trial")
        if hold:
            records = records.select_for_update(of=("self",))
        record = records.filter(registry_id=key).first()
        return None if record is None else cls(kind, record)

    def actions(self) -> list[Action]:
        return [
            Action("take-in", "a", _("Take it into the catalogue")),
            Action("exclude", "x", _("Leave it out of the catalogue")),
            skip(),
        ]

    def answer(self, action: str, sent: Sent, *, by: User) -> str:
        if action == "skip":
            return self.leave(by)
        note = str(sent.get("note", "")).strip()
        take_in = action == "take-in"
        usual = TAKEN_IN if take_in else NOTES["exclude"]
        trial = curation.screen_record(self.record, take_in=take_in, by=by, note=note or usual)
        words = _("%(trial)s is in the catalogue.") if take_in else _("%(trial)s is left out.")
        return words % {"trial": trial.number}

    @cached_property
    def texts(self) -> list[Marked]:
        """What the study says of itself, the words that the rules rest on marked."""
        try:
            study = study_of(self.record)
        except Unreadable:
            return []
        texts = {
            "briefTitle": study.title,
            "officialTitle": study.official_title,
            "conditions": ", ".join(study.conditions),
            "keywords": ", ".join(study.keywords),
            "briefSummary": study.brief_summary,
        }
        for n, arm in enumerate(study.arms):
            texts |= {f"armGroups[{n}].label": arm.label}
            texts |= {f"armGroups[{n}].description": arm.description}
        for n, given in enumerate(study.interventions):
            texts |= {f"interventions[{n}].name": given.name}
            texts |= {f"interventions[{n}].description": given.description}
        quotes = _QUOTED.findall(self.record.screening_reason)
        return [Marked(place, _pieces(text, quotes)) for place, text in texts.items() if text]


def _pieces(text: str, quotes: list[str]) -> tuple[tuple[str, bool], ...]:
    if not quotes:
        return ((text, False),)
    parts = re.split("(" + "|".join(map(re.escape, quotes)) + ")", text)
    return tuple((part, part in quotes) for part in parts if part)


@shows(DoubtKind.NEW_VALUE)
class WordItem(Item):
    """A word of the registry's that no list of ours has: it is shown spelled out until one does."""

    template = "admin/queue/_word.html"
    takes_note = False

    def __init__(self, kind: str, doubt: Doubt) -> None:
        self.kind, self.doubt, self.key, self.said = kind, doubt, doubt.key, doubt.said
        self.title = doubt.aspect
        self.seen = doubt.said
        self.place, _colon, word = doubt.aspect.partition(": ")
        self.word, self.spelled = word, spelled(word)

    @classmethod
    def open(cls, kind: str, key: str, *, hold: bool = False) -> Self | None:
        doubt = Doubt.objects.filter(kind=kind, key=key).first()
        return None if doubt is None else cls(kind, doubt)

    def actions(self) -> list[Action]:
        return [Action("skip", "s", _("Noted"))]

    def answer(self, action: str, sent: Sent, *, by: User) -> str:
        return self.leave(by)
