"""Items about one kind of fact of a trial: who says what, on which words, and what is right."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any, Self

from django import forms
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from tree_queries.forms import TreeNodeMultipleChoiceField

from trials import curation
from trials.admin.deciding import TreeTicks, describe
from trials.admin.queue.items import Action, Item, Sent, shows, skip
from trials.admin.terms import named
from trials.conflicts import author
from trials.curation.values import Value, as_seen
from trials.models import CellSource, Doubt, Fact, Indication, Product, Trial
from trials.models.fact import LINKED
from trials.queue.finding import DECIDED, digest, dissenting
from trials.queue.keeping import heard_of
from trials.quotes import Marked, marked
from trials.vocabulary import FACT_VALUES, NOT_STATED, Basis, DoubtKind, FactKind, Role

KIND = "fact"  # any fact of a trial, though nothing of it waits
# Kept with the decision, and shown to readers, where the curator writes no other.
NOTES = {
    "accept": "Looked at in the queue: right as shown.",
    "choose": "Looked at in the queue, and chosen there.",
    "not-stated": "Looked at in the queue: the record does not say.",
    "exclude": "Looked at in the queue: no study for this catalogue.",
}
MOST_SAYINGS = 9  # one key each


@dataclass(frozen=True, slots=True)
class Saying:
    """What one author says: the values of the studied product, and of a control."""

    values: tuple[Value, ...]
    comparators: tuple[Value, ...]
    label: str


@shows(KIND, DoubtKind.CONFLICT, DoubtKind.DISSENT, DoubtKind.UNSURE, DoubtKind.NO_SOURCE)
class FactItem(Item):
    template = "admin/queue/_facts.html"

    def __init__(self, kind: str, trial: Trial, aspect: FactKind) -> None:
        self.kind, self.trial, self.aspect = kind, trial, aspect
        self.key = f"{trial.pk}:{aspect}"
        self.title = f"{trial.number} · {aspect.label}"
        facts = trial.facts.filter(kind=aspect, retired_at=None)
        self.facts = list(
            facts.select_related("document", "decided_by", *LINKED.values()).order_by(
                "-shown", "basis", "pk"
            )
        )
        doubt = Doubt.objects.filter(kind=kind, key=self.key).first()
        self.said = doubt.said if doubt else ""
        # All that is said, in its order: an answer may be the number of what one of them says.
        offered = (
            f"{fact.role} {fact.slug} {fact.basis} {fact.document_id}" for fact in self.facts
        )
        self.seen = digest([trial.screening, self.said, as_seen(self._shown), *offered])

    @classmethod
    def open(cls, kind: str, key: str, *, hold: bool = False) -> Self | None:
        pk, _colon, aspect = key.partition(":")
        trials = Trial.objects.prefetch_related("arms", "interventions")
        trial = trials.filter(pk=pk).first() if pk.isdecimal() else None
        if trial is None or aspect not in FactKind.values:
            return None
        if hold:
            curation.hold(trial)
            trial.refresh_from_db(fields=["screening"])
        return cls(kind, trial, FactKind(aspect))

    def actions(self) -> list[Action]:
        keep = self.kind == DoubtKind.DISSENT
        actions = []
        if keep:
            words = _("Keep the decision: %(values)s")
            actions.append(Action("keep", "a", words % {"values": self._shown_in_words}))
        elif self.decidable and self._shown:
            words = _("Accept: %(values)s")
            actions.append(Action("accept", "a", words % {"values": self._shown_in_words}))
        actions += [
            Action(f"say-{n}", str(n), saying.label)
            for n, saying in enumerate(self.sayings[:MOST_SAYINGS], start=1)
        ]
        if self.decidable:
            actions.append(Action("not-stated", "n", _("Not stated")))
        return [*actions, Action("exclude", "x", _("Leave it out of the catalogue")), skip()]

    def answer(self, action: str, sent: Sent, *, by: User) -> str:
        note = str(sent.get("note", "")).strip()
        if action in ("skip", "keep"):
            return self.leave(by)
        if action == "exclude":
            curation.screen(self.trial, take_in=False, by=by, note=note or NOTES[action])
            return _("%(trial)s is not in the catalogue any more.") % {"trial": self.trial.number}
        return self.decide(action, sent, by=by, note=note)

    def decide(
        self, action: str, sent: Sent, *, by: User, note: str, at: datetime | None = None
    ) -> str:
        """Decide what the answer stands for, and say it. Raises ValidationError."""
        saying, usual = self._said_by(action, sent)
        new = curation.decide(
            self.trial,
            kind=self.aspect,
            values=saying.values,
            comparators=saying.comparators,
            by=by,
            note=note or usual,
            at=at,
        )
        label = curation.standing_decisions(self.trial)[self.aspect].label
        words = _("%(trial)s, %(kind)s: %(values)s") if new else _("Decided so before: %(values)s")
        return words % {"trial": self.trial.number, "kind": self.aspect.label, "values": label}

    def moved(self) -> str:
        decision = curation.standing_decisions(self.trial).get(self.aspect)
        if decision is None:
            return super().moved()
        words = _("Meanwhile somebody decided. %(decision)s. Nothing of yours was saved.")
        return words % {"decision": describe(decision)}

    @property
    def decidable(self) -> bool:
        return self.aspect in DECIDED

    @cached_property
    def new(self) -> list[Fact]:
        """What is said against the decision that stands, and was not when it was made."""
        heard = heard_of({self.trial.pk: self.facts})[self.trial.pk][self.aspect]
        return dissenting(self.facts, heard) if self.kind == DoubtKind.DISSENT else []

    @cached_property
    def sayings(self) -> list[Saying]:
        """What the others say that differs from what is shown, each once."""
        if not self.decidable:
            return []
        by_author: dict[Any, list[Fact]] = {}
        for fact in self.facts:
            if fact.value != NOT_STATED:
                by_author.setdefault(author(fact), []).append(fact)
        taken, found = {_meant(self._shown)}, []
        for facts in by_author.values():
            if (meant := _meant(facts)) not in taken:
                taken.add(meant)
                found.append(_saying(facts))
        return found

    @cached_property
    def choosing(self) -> forms.Form | None:
        return _choosing(self.aspect, self._shown) if self.decidable else None

    @cached_property
    def texts(self) -> list[Marked]:
        return marked(self.trial, self.facts)

    @property
    def _shown(self) -> list[Fact]:
        return [fact for fact in self.facts if fact.shown]

    @property
    def _shown_in_words(self) -> str:
        return _in_words(self._shown)

    def _said_by(self, action: str, sent: Sent) -> tuple[Saying, str]:
        """The values that the answer stands for, and the note where none is written."""
        shown = _saying(self._shown)
        if action == "accept":
            return shown, NOTES["accept"]
        if action == "not-stated":
            return Saying((), (), ""), NOTES["not-stated"]
        number = action.removeprefix("say-")
        if number.isdecimal() and 0 < int(number) <= len(self.sayings):
            saying = self.sayings[int(number) - 1]
            return saying, f"Looked at in the queue: {saying.label}."
        form = _choosing(self.aspect, self._shown, sent) if action == "choose" else None
        if form is None or not form.is_valid():
            raise ValidationError(_("Nothing was chosen: tick at least one value."))
        values = tuple(form.cleaned_data["values"])
        left = tuple(one for one in shown.comparators if one not in values)
        return Saying(values, left, ""), NOTES["choose"]


def _saying(facts: Sequence[Fact]) -> Saying:
    def values(role: str) -> tuple[Value, ...]:
        of_role = (fact for fact in facts if fact.role == role and fact.value != NOT_STATED)
        return tuple(dict.fromkeys(fact.linked or fact.value for fact in of_role))

    words = _in_words(facts)
    label = f"{words} – {_who(facts[0])}" if facts else words
    return Saying(values(Role.EXPERIMENTAL), values(Role.COMPARATOR), label)


def _meant(facts: Sequence[Fact]) -> frozenset[tuple[str, str]]:
    return frozenset((fact.role, fact.slug) for fact in facts)


def _in_words(facts: Sequence[Fact]) -> str:
    labels = (
        f"{fact.label} ({fact.get_role_display()})" if fact.role == Role.COMPARATOR else fact.label
        for fact in facts
    )
    return ", ".join(dict.fromkeys(labels))


def _who(fact: Fact) -> str:
    if fact.basis == Basis.DOCUMENT and fact.document is not None:
        return fact.document.title
    return fact.get_basis_display()


def _choosing(kind: FactKind, shown: Sequence[Fact], sent: Sent | None = None) -> forms.Form:
    """The form with all values of the kind, those of the studied product ticked."""
    studied = _saying(shown).values
    trees = {FactKind.CELL_SOURCE: CellSource, FactKind.INDICATION: Indication}
    field: forms.Field
    if kind in trees:
        field = TreeNodeMultipleChoiceField(
            queryset=trees[kind].objects.all(), label_from_instance=named, widget=TreeTicks
        )
    elif kind == FactKind.PRODUCT:
        products = Product.objects.all()
        field = forms.ModelMultipleChoiceField(products, widget=forms.CheckboxSelectMultiple)
    else:
        choices = FACT_VALUES[kind].choices
        field = forms.MultipleChoiceField(choices=choices, widget=forms.CheckboxSelectMultiple)
    field.label = kind.label
    field.initial = [value if isinstance(value, str) else value.pk for value in studied]
    form = forms.Form(sent)
    form.fields["values"] = field
    return form
