"""What a curator decides about a trial's cells, and its end.

What stands is the curator's live facts of one kind; what a decision replaces is ended, with who
and why.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeAlias
from uuid import UUID

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.text import get_text_list
from django.utils.translation import gettext as _

from trials.curation.decisions import check_note, hold, hold_to_decide, record, undoes
from trials.models import CellSource, Decision, Fact, Indication, Product, Trial
from trials.models.fact import LINKED
from trials.queue.finding import voices
from trials.search.kept import writing
from trials.showing import settle
from trials.vocabulary import (
    FACT_VALUES,
    NOT_STATED,
    Basis,
    DecisionKind,
    DonorType,
    FactKind,
    Role,
)

Value: TypeAlias = CellSource | Indication | Product | str

_MODELS: dict[str, type[CellSource | Indication | Product]] = {
    FactKind.CELL_SOURCE: CellSource,
    FactKind.INDICATION: Indication,
    FactKind.PRODUCT: Product,
}


@dataclass(frozen=True, slots=True)
class Standing:
    """What a curator decided about one kind of fact, and how it stands now."""

    kind: FactKind
    facts: tuple[Fact, ...]

    @property
    def keys(self) -> list[int]:
        return [fact.pk for fact in self.facts]

    @property
    def by(self) -> User:
        decider = self.facts[0].decided_by
        assert decider is not None  # noqa: S101 - the database refuses a decision without a name
        return decider

    @property
    def at(self) -> datetime:
        return self.facts[0].decided_at

    @property
    def note(self) -> str:
        return self.facts[0].note

    @property
    def label(self) -> str:
        """The decided values in words."""
        return ", ".join(
            f"{fact.label} ({fact.get_role_display()})"
            if fact.role == Role.COMPARATOR
            else fact.label
            for fact in self.facts
        )


def standing_decisions(trial: Trial) -> dict[FactKind, Standing]:
    """The decisions that are in force for the trial, by kind."""
    live = trial.facts.filter(basis=Basis.CURATOR, retired_at__isnull=True).select_related(
        "decided_by", *LINKED.values()
    )
    by_kind: dict[FactKind, list[Fact]] = {}
    for fact in live.order_by("pk"):
        by_kind.setdefault(FactKind(fact.kind), []).append(fact)
    return {kind: Standing(kind, tuple(facts)) for kind, facts in by_kind.items()}


def confirm_source(  # noqa: PLR0913 - all but the trial are named where it is called
    trial: Trial,
    *,
    sources: Sequence[CellSource],
    comparators: Sequence[CellSource] = (),
    by: User,
    note: str,
    at: datetime | None = None,
) -> bool:
    """Decide which tissues the studied cells come from, and those that only a control receives.

    No sources: the decision is "not stated". False where the same decision stands already.
    Raises ValidationError as `decide` does.
    """
    return decide(
        trial,
        kind=FactKind.CELL_SOURCE,
        values=sources,
        comparators=comparators,
        by=by,
        note=note,
        at=at,
    )


def confirm_donor(
    trial: Trial,
    *,
    donors: Sequence[DonorType | str],
    by: User,
    note: str,
    at: datetime | None = None,
) -> bool:
    """Decide whose cells are given; several where arms differ, none for "not stated".

    False where the same decision stands already. Raises ValidationError as `decide` does.
    """
    return decide(trial, kind=FactKind.DONOR_TYPE, values=donors, by=by, note=note, at=at)


@writing()
def decide(  # noqa: PLR0913 - all but the trial are named where it is called
    trial: Trial,
    *,
    kind: FactKind,
    values: Sequence[Value],
    comparators: Sequence[Value] = (),
    by: User,
    note: str,
    at: datetime | None = None,
    batch: UUID | None = None,
) -> bool:
    """Decide about one kind of fact; the curators' earlier decision of that kind ends.

    `batch` names the decisions that were made together. No values: the decision is "not stated".
    Returns False, and changes nothing, where the same values are decided already. Raises
    ValidationError for a missing note, a value that is none of the kind's, one that is given to
    the studied arms and to "only the control" at once, and for a trial that turned out to be
    another.
    """
    note = check_note(note)
    facts = _facts(kind, values, comparators)
    hold_to_decide(trial)
    earlier = standing_decisions(trial).get(kind)
    if earlier and {_said(fact) for fact in earlier.facts} == {_said(fact) for fact in facts}:
        return False
    at = at or timezone.now()
    if earlier:
        _end(earlier.keys, by=by, note=note, at=at)
    for fact in facts:
        fact.trial, fact.decided_by, fact.decided_at, fact.note = trial, by, at, note
    Fact.objects.bulk_create(facts)
    settle([trial])
    _record(trial, kind, earlier, facts, by=by, note=note, at=at, batch=batch)
    return True


@writing()
def withdraw(
    trial: Trial, *, kind: FactKind, by: User, note: str, at: datetime | None = None
) -> bool:
    """End the standing decision of this kind; what was said before it stands again.

    False where no decision stands. Raises ValidationError for a missing note.
    """
    note = check_note(note)
    hold(trial)
    decision = standing_decisions(trial).get(kind)
    if decision is None:
        return False
    at = at or timezone.now()
    _end(decision.keys, by=by, note=note, at=at)
    settle([trial])
    _record(trial, kind, decision, [], by=by, note=note, at=at)
    return True


def _record(
    trial: Trial, kind: FactKind, earlier: Standing | None, facts: list[Fact], **who: Any
) -> None:
    """By the keys of facts: which were ended, and which were made."""
    who["before"] = earlier.keys if earlier else []
    who["after"] = [fact.pk for fact in facts]
    others = trial.facts.filter(kind=kind, retired_at=None).select_related(*LINKED.values())
    who["heard"] = voices(others)
    record(DecisionKind.FACTS, trial=trial, aspect=kind, **who)


@undoes(DecisionKind.FACTS)
def _bring_back(decision: Decision, by: User, note: str, at: datetime) -> None:
    """End what stands of it, and say again what was ended: in its author's name, of its own date.

    Not by the keys of `after`: what an earlier undo said again stands under other keys.
    """
    trial = decision.trial
    assert trial is not None  # noqa: S101 - a decision about facts has its trial
    hold(trial)
    stands = trial.facts.filter(kind=decision.aspect, basis=Basis.CURATOR, retired_at=None)
    made = stands.filter(decided_by=decision.by_id, decided_at=decision.at)
    _end(made.values_list("pk", flat=True), by=by, note=note, at=at)
    again = list(Fact.objects.filter(pk__in=decision.before or ()).order_by("pk"))
    for fact in again:
        fact.pk = None
        fact._state.adding = True
        fact.retired_at, fact.retired_by, fact.retired_note = None, None, ""
    Fact.objects.bulk_create(again)
    settle([trial])


def as_seen(facts: Iterable[Fact]) -> str:
    """A word for what these facts say: it changes with a value, and with a new decision."""
    said = sorted(
        f"{fact.basis} {fact.role} {fact.slug} {fact.pk if fact.decided_by_id else ''}"
        for fact in facts
    )
    return hashlib.sha256(repr(said).encode()).hexdigest()[:16]


def check_values(
    *, kind: FactKind, values: Sequence[Value], comparators: Sequence[Value] = ()
) -> None:
    """Raise the ValidationError that `decide` would raise for these values."""
    _facts(kind, values, comparators)


def _end(facts: Iterable[int], *, by: User, note: str, at: datetime) -> None:
    Fact.objects.filter(pk__in=list(facts), retired_at=None).update(
        retired_at=at, retired_by=by, retired_note=note, shown=False
    )


def _facts(kind: FactKind, values: Sequence[Value], comparators: Sequence[Value]) -> list[Fact]:
    """The decision as unsaved facts, each value once, in the order given."""
    both = [value for value in values if value in comparators]
    if both:
        raise ValidationError(
            _("“%(value)s” cannot be in the studied product and in the control only."),
            code="both",
            params={"value": both[0]},
        )
    studied = [_fact(kind, value, Role.EXPERIMENTAL) for value in dict.fromkeys(values)]
    studied = studied or [Fact(kind=kind, value=NOT_STATED, basis=Basis.CURATOR)]
    return studied + [_fact(kind, value, Role.COMPARATOR) for value in dict.fromkeys(comparators)]


def _fact(kind: FactKind, value: Value, role: Role) -> Fact:
    fact = Fact(kind=kind, role=role, basis=Basis.CURATOR)
    if kind in LINKED and isinstance(value, _MODELS[kind]):
        setattr(fact, LINKED[kind], value)
    elif kind in FACT_VALUES and value in FACT_VALUES[kind].values:
        fact.value = str(value)
    else:
        raise _unknown(kind, value)
    return fact


def _unknown(kind: FactKind, value: Value) -> ValidationError:
    if kind in FACT_VALUES:
        allowed = get_text_list(FACT_VALUES[kind].values, _("or"))
        message = _("“%(value)s” is no value of “%(kind)s”: choose %(allowed)s.")
    elif kind in LINKED:
        allowed = ""
        message = _("“%(value)s” is no value of “%(kind)s”: choose one that the catalogue knows.")
    else:
        allowed = ""
        message = _("Nobody can decide about “%(kind)s” yet.")
    params = {"value": value, "kind": kind.label, "allowed": allowed}
    return ValidationError(message, code="unknown", params=params)


def _said(fact: Fact) -> tuple[str, int | None, str]:
    """What the fact says, apart from who says it and when."""
    linked = fact.linked
    return fact.role, linked.pk if linked is not None else None, fact.value
