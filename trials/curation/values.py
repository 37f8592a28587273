"""The values that can be decided of each kind of fact, and the facts that say them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from typing import TypeAlias

from django.core.exceptions import ValidationError
from django.utils.text import get_text_list
from django.utils.translation import gettext as _

from trials.models import CellSource, Fact, Indication, Product
from trials.models.fact import LINKED
from trials.vocabulary import FACT_VALUES, NOT_STATED, Basis, FactKind, Role

Value: TypeAlias = CellSource | Indication | Product | str

_MODELS: dict[str, type[CellSource | Indication | Product]] = {
    FactKind.CELL_SOURCE: CellSource,
    FactKind.INDICATION: Indication,
    FactKind.PRODUCT: Product,
}


def check_values(
    *, kind: FactKind, values: Sequence[Value], comparators: Sequence[Value] = ()
) -> None:
    """Raise the ValidationError that `decide` would raise for these values."""
    facts_of(kind, values, comparators)


def facts_of(kind: FactKind, values: Sequence[Value], comparators: Sequence[Value]) -> list[Fact]:
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


def said(fact: Fact) -> tuple[str, int | None, str]:
    """What the fact says, apart from who says it and when."""
    linked = fact.linked
    return fact.role, linked.pk if linked is not None else None, fact.value


def as_seen(facts: Iterable[Fact]) -> str:
    """A word for what these facts say: it changes with a value, and with a new decision."""
    told = sorted(
        f"{fact.basis} {fact.role} {fact.slug} {fact.pk if fact.decided_by_id else ''}"
        for fact in facts
    )
    return hashlib.sha256(repr(told).encode()).hexdigest()[:16]


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
