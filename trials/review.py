"""Which trials need a person's eye, because what is said about them does not agree."""

from __future__ import annotations

from collections import defaultdict

from django.db.models import Count, Q

from trials.conflicts import WITH_PARENTS, conflicts
from trials.models import Fact
from trials.vocabulary import NOT_STATED, Basis, Screening


def conflicting_trials() -> list[int]:
    """The keys of the trials shown that have a conflict, as `conflicts` finds them, in order.

    The database first leaves out the many of which one author alone speaks.
    """
    ours = {"trial__screening": Screening.INCLUDED, "trial__joined_to": None}
    live = Fact.objects.filter(retired_at=None, **ours).exclude(basis=Basis.INFERRED)
    said = live.exclude(value=NOT_STATED).order_by()
    several = (
        said.values("trial", "kind", "role")
        .annotate(
            bases=Count("basis", distinct=True),
            documents=Count("document", distinct=True),
            sources=Count("source", distinct=True),
            # A curator's decisions are authors each, by their moment.
            moments=Count("decided_at", distinct=True, filter=Q(basis=Basis.CURATOR)),
        )
        .filter(Q(bases__gt=1) | Q(documents__gt=1) | Q(sources__gt=1) | Q(moments__gt=1))
    )
    by_trial: dict[int, list[Fact]] = defaultdict(list)
    facts = live.filter(trial__in=several.values("trial")).select_related(*WITH_PARENTS)
    for fact in facts.order_by("trial", "pk"):
        by_trial[fact.trial_id].append(fact)
    return [trial for trial, of_trial in by_trial.items() if conflicts(of_trial)]
