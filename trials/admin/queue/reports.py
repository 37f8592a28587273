"""A reader's report in the queue: what the reader says, what is shown, and what becomes of it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Any, Self

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from trials import curation
from trials.admin.queue.facts import MOST_SAYINGS, NOTES, FactItem
from trials.admin.queue.items import Action, Item, Sent, shows
from trials.models import Report
from trials.queue.finding import digest
from trials.quotes import Marked, marked
from trials.vocabulary import FactKind, ReportOutcome, Screening

REPORT = "report"
# What is noted where the curator writes no other.
CLOSING_NOTES = {
    ReportOutcome.CORRECTED: "Looked at in the queue: corrected.",
    ReportOutcome.RIGHT: "Looked at in the queue: right as shown.",
    ReportOutcome.REGISTRY: "Looked at in the queue: the registry's own words.",
    ReportOutcome.UNCLEAR: "Looked at in the queue: it cannot be told.",
    ReportOutcome.SPAM: "Looked at in the queue: no report.",
}
_WHOLE = ("", "screening")  # what is reported is the trial's place in the catalogue, or anything


@shows(REPORT)
class ReportItem(Item):
    """The fact that a reader speaks of is decided here as everywhere in the queue."""

    template = "admin/queue/_reported.html"

    def __init__(self, kind: str, report: Report) -> None:
        self.kind, self.report, self.key = kind, report, report.reference
        self.trial = report.trial
        self.title = f"{report.trial.number} · {report.about}"
        self.said = "" if report.closed_at else report.digest
        is_fact = report.aspect in FactKind.values
        self.fact = FactItem(kind, report.trial, FactKind(report.aspect)) if is_fact else None
        trial = report.trial
        stands = self.fact.seen if self.fact else f"{trial.screening} {trial.title_zh}"
        self.seen = digest([str(report.closed_at), stands])
        # The note of a closing alone is the curators' own; that of a decision is shown.
        self.readers_see_note = bool(self._corrections()) and not report.closed_at

    @classmethod
    def open(cls, kind: str, key: str, *, hold: bool = False) -> Self | None:
        reports = Report.objects.select_related("trial", "closed_by").prefetch_related(
            "trial__arms", "trial__interventions"
        )
        report = reports.filter(reference=key).first()
        if report is None:
            return None
        if hold:
            curation.hold(report.trial)
            report.refresh_from_db(fields=["closed_at", "closed_by", "outcome", "note"])
            report.trial.refresh_from_db(fields=["screening", "title_zh"])
        return cls(kind, report)

    def actions(self) -> Sequence[Action]:
        if self.report.closed_at is not None:
            return [Action("reopen", "o", _("Open it again"))]
        return [
            Action(ReportOutcome.RIGHT, "a", ReportOutcome.RIGHT.label),
            *self._corrections(),
            Action(ReportOutcome.CORRECTED, "m", _("It is corrected by now")),
            Action(ReportOutcome.REGISTRY, "r", ReportOutcome.REGISTRY.label),
            Action(ReportOutcome.UNCLEAR, "t", ReportOutcome.UNCLEAR.label),
            Action(ReportOutcome.SPAM, "z", ReportOutcome.SPAM.label),
            Action("skip", "s", _("Skip: it stays open in the list of reports")),
        ]

    def answer(self, action: str, sent: Sent, *, by: User) -> str:
        note, at = str(sent.get("note", "")).strip(), timezone.now()
        if action == "skip":
            return self.leave(by)
        if action == "reopen":
            curation.reopen_report(self.report, by=by, note=note or "Looked at again in the queue.")
            return _("It waits again.")
        done: list[str] = []
        outcome = action
        if action not in ReportOutcome.values:
            done.append(self._correct(action, sent, by=by, note=note, at=at))
            outcome = ReportOutcome.CORRECTED
        usual = CLOSING_NOTES[ReportOutcome(outcome)]
        curation.close_report(self.report, outcome=outcome, by=by, note=note or usual, at=at)
        return " · ".join([f"{self.key}: {ReportOutcome(outcome).label}", *done])

    def moved(self) -> str:
        if self.report.closed_by is not None:
            said = {"who": self.report.closed_by, "outcome": self.report.get_outcome_display()}
            return _("It is closed already, by %(who)s: %(outcome)s.") % said
        return self.fact.moved() if self.fact else super().moved()

    def leave(self, by: User) -> str:
        super().leave(by)
        return _("Skipped: %(reference)s stays open in the list of reports.") % {
            "reference": self.key
        }

    @property
    def aspect(self) -> Any:
        return self.fact.aspect if self.fact else None

    @property
    def choosing(self) -> Any:
        return self.fact.choosing if self.fact and not self.report.closed_at else None

    @cached_property
    def texts(self) -> list[Marked]:
        return self.fact.texts if self.fact else marked(self.trial, [])

    def _corrections(self) -> list[Action]:
        """What mends the catalogue and closes the report at once."""
        words = _("Correct it: %(values)s")
        actions = []
        if self.fact and self.fact.decidable:
            actions = [
                Action(f"say-{n}", str(n), words % {"values": saying.label})
                for n, saying in enumerate(self.fact.sayings[:MOST_SAYINGS], start=1)
            ]
            actions.append(Action("not-stated", "n", words % {"values": _("Not stated")}))
        if self.report.aspect in _WHOLE and self.trial.screening == Screening.INCLUDED:
            actions.append(Action("exclude", "x", _("Leave it out of the catalogue")))
        return actions

    def _correct(self, action: str, sent: Sent, **who: Any) -> str:
        """The decision, of the same moment as the closing: they are taken back together."""
        if action == "exclude":
            who["note"] = who["note"] or NOTES[action]
            curation.screen(self.trial, take_in=False, **who)
            return _("%(trial)s is left out.") % {"trial": self.trial.number}
        if self.fact is None:
            raise ValidationError(_("That is no answer to this."))
        return self.fact.decide(action, sent, **who)
