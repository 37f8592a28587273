"""What a curator decides about a trial's cells, and its end.

What stands is the curator's live facts of one kind; what a decision replaces is ended, with who
and why.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias
from uuid import UUID

from django.contrib.auth.models import User
from django.utils import timezone

from trials.curation.decisions import check_note, hold, hold_to_decide, record_all, undoes_many
from trials.curation.values import Value, facts_of, said
from trials.models import CellSource, Decision, Fact, Trial
from trials.models.fact import LINKED
from trials.queue.finding import voices
from trials.search.kept import writing
from trials.showing import settle
from trials.vocabulary import Basis, DecisionKind, DonorType, FactKind, Role

_ByKind: TypeAlias = dict[FactKind, "Standing"]


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


@dataclass(frozen=True, slots=True)
class Asked:
    """What is to be decided about one kind of fact of one trial, and why."""

    trial: Trial
    kind: FactKind
    values: Sequence[Value]
    comparators: Sequence[Value]
    note: str


@dataclass(frozen=True, slots=True)
class _Made:
    """A decision that is made: what it ended, and what it says now."""

    trial: Trial
    kind: FactKind
    earlier: Standing | None
    facts: Sequence[Fact]
    note: str


def standing_decisions(trial: Trial) -> dict[FactKind, Standing]:
    """The decisions that are in force for the trial, by kind."""
    return _standing_of([trial]).get(trial.pk, {})


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
    one = Asked(trial, kind, values, comparators, note)
    return decide_many([one], by=by, at=at, batch=batch) == 1


@writing()
def decide_many(
    asked: Sequence[Asked], *, by: User, at: datetime | None = None, batch: UUID | None = None
) -> int:
    """The same about many trials, in as many queries as about one; the number of new decisions.

    About each kind of fact of a trial once. All or none: raises ValidationError as `decide` does.
    """
    at = at or timezone.now()
    wanted = [
        (one, check_note(one.note), facts_of(one.kind, one.values, one.comparators))
        for one in asked
    ]
    hold_to_decide(*(one.trial for one in asked))
    standing = _standing_of([one.trial for one in asked])
    made: list[_Made] = []
    for one, note, facts in wanted:
        earlier = standing.get(one.trial.pk, {}).get(one.kind)
        if earlier and {said(fact) for fact in earlier.facts} == {said(fact) for fact in facts}:
            continue
        for fact in facts:
            fact.trial, fact.decided_by, fact.decided_at, fact.note = one.trial, by, at, note
        made.append(_Made(one.trial, one.kind, earlier, facts, note))
    _write(made, by=by, at=at, batch=batch)
    return len(made)


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
    made = _Made(trial, kind, decision, (), note)
    _write([made], by=by, at=at or timezone.now(), batch=None)
    return True


def _standing_of(trials: Iterable[Trial]) -> dict[int, _ByKind]:
    """The decisions that are in force, by the trial's key."""
    live = Fact.objects.filter(
        trial__in={trial.pk for trial in trials}, basis=Basis.CURATOR, retired_at=None
    )
    grouped: dict[tuple[int, FactKind], list[Fact]] = {}
    for fact in live.select_related("decided_by", *LINKED.values()).order_by("pk"):
        grouped.setdefault((fact.trial_id, FactKind(fact.kind)), []).append(fact)
    standing: dict[int, _ByKind] = {}
    for (trial, kind), facts in grouped.items():
        standing.setdefault(trial, {})[kind] = Standing(kind, tuple(facts))
    return standing


def _write(made: Sequence[_Made], *, by: User, at: datetime, batch: UUID | None) -> None:
    """End what is replaced, say what is decided, settle, and note each decision."""
    if not made:
        return
    ended: dict[str, list[int]] = {}
    for one in made:
        if one.earlier:
            ended.setdefault(one.note, []).extend(one.earlier.keys)
    for note, keys in ended.items():
        _end(keys, by=by, note=note, at=at)
    Fact.objects.bulk_create(fact for one in made for fact in one.facts)
    settle({one.trial.pk: one.trial for one in made}.values())
    others = _others(made)
    record_all(
        Decision(
            kind=DecisionKind.FACTS,
            trial=one.trial,
            aspect=one.kind,
            before=one.earlier.keys if one.earlier else [],
            after=[fact.pk for fact in one.facts],
            heard=voices(others.get((one.trial.pk, one.kind), ())),
            by=by,
            note=one.note,
            at=at,
            batch=batch,
        )
        for one in made
    )


def _others(made: Sequence[_Made]) -> dict[tuple[int, str], list[Fact]]:
    """What others than curators say of what is decided, by trial and kind."""
    live = Fact.objects.filter(
        trial__in={one.trial.pk for one in made},
        kind__in={one.kind for one in made},
        retired_at=None,
    ).exclude(basis=Basis.CURATOR)
    others: dict[tuple[int, str], list[Fact]] = {}
    for fact in live.select_related(*LINKED.values()):
        others.setdefault((fact.trial_id, fact.kind), []).append(fact)
    return others


@undoes_many(DecisionKind.FACTS)
def _bring_back(decisions: Sequence[Decision], by: User, note: str, at: datetime) -> None:
    """End what stands of them, and say again what was ended: in its author's name, of its date.

    Not by the keys of `after`: what an earlier undo said again stands under other keys.
    """
    trials = {decision.trial_id: decision.trial for decision in decisions if decision.trial}
    made = {(one.trial_id, one.aspect, one.by_id, one.at) for one in decisions}
    stands = Fact.objects.filter(trial__in=trials, basis=Basis.CURATOR, retired_at=None)
    others = _said_by_others(decisions)
    ending = [
        fact.pk
        for fact in stands
        if (fact.trial_id, fact.kind, fact.decided_by_id, fact.decided_at) in made
        and fact.pk not in others
    ]
    _end(ending, by=by, note=note, at=at)
    before = [key for decision in decisions for key in decision.before or ()]
    again = list(Fact.objects.filter(pk__in=before).order_by("pk"))
    for fact in again:
        fact.pk = None
        fact._state.adding = True
        fact.retired_at, fact.retired_by, fact.retired_note = None, None, ""
    Fact.objects.bulk_create(again)
    settle(trials.values())


def _said_by_others(decisions: Sequence[Decision]) -> set[int]:
    """What other decisions about these trials said, by its keys.

    Two trials that were decided at once may have turned out to be one.
    """
    trials = {decision.trial_id for decision in decisions}
    standing = Decision.objects.filter(kind=DecisionKind.FACTS, trial__in=trials, undone_at=None)
    ours = {decision.pk for decision in decisions}
    said = standing.order_by().values_list("pk", "after")
    return {key for pk, keys in said if pk not in ours for key in keys or ()}


def _end(facts: Iterable[int], *, by: User, note: str, at: datetime) -> None:
    Fact.objects.filter(pk__in=list(facts), retired_at=None).update(
        retired_at=at, retired_by=by, retired_note=note, shown=False
    )
