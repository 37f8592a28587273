"""The form in which a curator decides about a trial; it saves through `trials.curation` alone."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from tree_queries.forms import TreeNodeMultipleChoiceField

from trials import curation
from trials.admin.terms import named
from trials.curation.values import as_seen
from trials.models import CellSource, Fact, Trial
from trials.models.fact import LINKED
from trials.vocabulary import NOT_STATED, DonorType, FactKind, Preparation, Role, Route

COMPARATORS = "cell_source_comparators"
# The kinds that the form decides; each is the name of the form's field too.
KINDS = (FactKind.CELL_SOURCE, FactKind.DONOR_TYPE, FactKind.PREPARATION, FactKind.ROUTE)
FIELDS = ("cell_source", COMPARATORS, "donor_type", "preparation", "route")
# No field bears the name of a trial's column: the admin would fill it with the column's value.
CONTROLS = ("confirm", "withdraw", "decision_note", "seen")


def fields_of(kind: str) -> tuple[str, ...]:
    return (kind, COMPARATORS) if kind == FactKind.CELL_SOURCE else (kind,)


class TreeTicks(forms.CheckboxSelectMultiple):
    """Ticks for the terms of a tree; each says its depth, by which the stylesheet moves it in."""

    def create_option(self, name: str, value: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        option = super().create_option(name, value, *args, **kwargs)
        option["attrs"]["data-depth"] = value.instance.tree_depth
        return option


def _sources(label: Any, help_text: Any = "") -> TreeNodeMultipleChoiceField:
    return TreeNodeMultipleChoiceField(
        queryset=CellSource.objects.all(),
        label_from_instance=named,
        label=label,
        help_text=help_text,
        required=False,
        widget=TreeTicks,
    )


def _words(choices: Any, label: Any) -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        choices=choices, label=label, required=False, widget=forms.CheckboxSelectMultiple
    )


class DecisionForm(forms.ModelForm):
    """Opens with what is shown now. What differs when it comes back is a decision."""

    cell_source = _sources(_("Cell source"))
    cell_source_comparators = _sources(
        _("Cell source, control only"),
        _("Tissues of cells that only a control group receives."),
    )
    donor_type = _words(DonorType.choices, _("Donor"))
    preparation = _words(Preparation.choices, _("Preparation"))
    route = _words(Route.choices, _("Route"))
    confirm = forms.MultipleChoiceField(
        choices=[(kind.value, kind.label) for kind in KINDS],
        label=_("Confirm as it is"),
        help_text=_("You looked, and what is ticked above is right. Nothing ticked: not stated."),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    withdraw = forms.MultipleChoiceField(
        label=_("Withdraw the decision"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    decision_note = forms.CharField(
        label=_("Note"),
        help_text=_("Needed: what the decision rests on. Readers of the trial's page see it."),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    class Meta:
        model = Trial
        fields: tuple[str, ...] = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.is_bound:
            curation.hold(self.instance)  # until the save: what is read here is what is replaced
        facts = self.instance.facts.filter(shown=True).select_related(*LINKED.values())
        self.shown = {kind: [fact for fact in facts if fact.kind == kind] for kind in KINDS}
        self.decisions = curation.standing_decisions(self.instance)
        for kind in KINDS:
            self.initial.update(_ticked(kind, self.shown[kind]))
        self.initial["seen"] = " ".join(version(kind, self.shown[kind]) for kind in KINDS)
        withdraw = self.fields["withdraw"]
        assert isinstance(withdraw, forms.MultipleChoiceField)  # noqa: S101 - declared above
        withdraw.choices = [
            (kind.value, describe(self.decisions[kind])) for kind in KINDS if kind in self.decisions
        ]
        if not self.decisions:
            withdraw.help_text = gettext("No curator's decision stands on this trial.")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        curation.hold_to_decide(self.instance)
        self._refuse_if_moved()
        if self.errors:
            return cleaned
        given = dict(cleaned)  # an error takes its field out of `cleaned`
        for kind in KINDS:
            self._check(kind, given)
        if not (self.to_decide() or given["withdraw"]):
            raise ValidationError(
                _("Nothing was chosen: change a value, confirm one, or withdraw a decision.")
            )
        if not given["decision_note"]:
            self.add_error(
                "decision_note", _("Write a note: what the decision rests on. Nothing was saved.")
            )
        return cleaned

    def to_decide(self) -> list[FactKind]:
        """The kinds about which the curator decides, by a change or by a confirmation."""
        changed, confirmed = set(self.changed_data), self.cleaned_data.get("confirm", ())
        return [kind for kind in KINDS if kind in confirmed or changed & set(fields_of(kind))]

    def record(self, *, by: User) -> str:
        """Hand the decisions over, and say what they are. Wants a valid form in a transaction."""
        note, said = self.cleaned_data["decision_note"], []
        for kind in self.to_decide():
            values, comparators = self._values(kind, self.cleaned_data)
            new = curation.decide(
                self.instance, kind=kind, values=values, comparators=comparators, by=by, note=note
            )
            words = gettext("%(kind)s decided: %(values)s.")
            again = gettext("%(kind)s was decided so before: %(values)s. Its note stays.")
            label = curation.standing_decisions(self.instance)[kind].label
            said.append((words if new else again) % {"kind": kind.label, "values": label})
        for kind in map(FactKind, self.cleaned_data["withdraw"]):
            curation.withdraw(self.instance, kind=kind, by=by, note=note)
            said.append(gettext("%(kind)s: the decision is withdrawn.") % {"kind": kind.label})
        return " ".join(said)

    def summary(self) -> str:
        """What was done, for the history of the trial's page."""
        decided = ", ".join(str(kind.label) for kind in self.to_decide())
        withdrawn = ", ".join(str(FactKind(kind).label) for kind in self.cleaned_data["withdraw"])
        parts = (
            gettext("Decided: %(kinds)s.") % {"kinds": decided} if decided else "",
            gettext("Withdrawn: %(kinds)s.") % {"kinds": withdrawn} if withdrawn else "",
            self.cleaned_data["decision_note"],
        )
        return " ".join(part for part in parts if part)

    def _values(self, kind: FactKind, cleaned: dict[str, Any]) -> tuple[list[Any], list[Any]]:
        both = kind == FactKind.CELL_SOURCE
        return list(cleaned[kind]), list(cleaned[COMPARATORS]) if both else []

    def _check(self, kind: FactKind, given: dict[str, Any]) -> None:
        if kind in given["withdraw"] and kind in self.to_decide():
            self.add_error(
                "withdraw",
                _("Either withdraw the decision or decide anew about “%(kind)s”, not both.")
                % {"kind": kind.label},
            )
        values, comparators = self._values(kind, given)
        try:
            curation.check_values(kind=kind, values=values, comparators=comparators)
        except ValidationError as error:
            self.add_error(kind, error)

    def _refuse_if_moved(self) -> None:
        """Tell a curator whose page shows what stands no longer; nothing is overwritten unseen."""
        now = self.initial["seen"].split()
        seen = str(self.data.get(self.add_prefix("seen"), "")).split()
        moved = [kind for kind, version in zip(KINDS, now, strict=True) if version not in seen]
        if not moved:
            return
        sent: Any = self.data
        self.data = sent = sent.copy()
        sent[self.add_prefix("seen")] = self.initial["seen"]
        for kind in moved:
            for name in fields_of(kind):
                sent.setlist(self.add_prefix(name), [str(v) for v in self.initial[name]])
            self.add_error(None, self._moved(kind))

    def _moved(self, kind: FactKind) -> str:
        decision = self.decisions.get(kind)
        if decision is None:
            return gettext(
                "“%(kind)s” changed after you opened this page. Nothing was saved. "
                "It is ticked below as it stands now: look at it, then save again."
            ) % {"kind": kind.label}
        return gettext(
            "Meanwhile a decision was made. %(decision)s. Nothing of yours was saved. "
            "It is ticked below as it stands now: look at it, then save again."
        ) % {"decision": describe(decision)}


def _ticked(kind: str, shown: Iterable[Fact]) -> dict[str, list[Any]]:
    """The boxes that are ticked for these facts."""
    stated = [fact for fact in shown if fact.value != NOT_STATED]
    if kind != FactKind.CELL_SOURCE:
        return {kind: list(dict.fromkeys(fact.value for fact in stated))}
    ticked: dict[str, list[Any]] = {kind: [], COMPARATORS: []}
    for fact in stated:
        ticked[kind if fact.role == Role.EXPERIMENTAL else COMPARATORS].append(fact.cell_source_id)
    return {name: list(dict.fromkeys(values)) for name, values in ticked.items()}


def version(kind: str, shown: Iterable[Fact]) -> str:
    """A word for what is shown of one kind."""
    return f"{kind}:{as_seen(shown)}"


def describe(decision: curation.Standing) -> str:
    """What was decided, by whom and when."""
    return gettext("%(kind)s: %(values)s (%(who)s, %(when)s)") % {
        "kind": decision.kind.label,
        "values": decision.label,
        "who": decision.by.get_username(),
        "when": date_format(localtime(decision.at), "DATETIME_FORMAT"),
    }
