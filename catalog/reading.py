"""Reads an address's parameters strictly: what was understood, and a fault for all the rest."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import django_filters
from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext as _

from catalog.faults import Fault, Refused, echo, unknown_parameter
from catalog.parameters import LONGEST_VALUE, Parameter
from trials.models import Trial
from trials.search import Terms

MOST_VALUES = 100  # in one question
PAGE_SIZE = 25


class ParameterSet(django_filters.FilterSet):
    """A declared set of parameters.

    `needs` names, for a parameter or a "parameter=value", the parameter without which it says
    nothing.
    """

    needs: ClassVar[Mapping[str, str]] = {}

    def __init__(
        self, data: QueryDict, *, terms: Terms | None = None, max_page_size: int = 100
    ) -> None:
        self.terms = terms or Terms()
        self.max_page_size = max_page_size
        super().__init__(data, queryset=Trial.objects.all())

    @classmethod
    def get_filters(cls) -> dict[str, Parameter]:
        """By the parameter's name: one that Python keeps for itself is declared as "in_"."""
        filters = {name.removesuffix("_"): one for name, one in super().get_filters().items()}
        for name, one in filters.items():
            one.field_name = name
        return filters

    @classmethod
    def parameters(cls) -> dict[str, Parameter]:
        return dict(cls.base_filters)

    def get_form_class(self) -> type[forms.Form]:
        """With the fields of what was asked alone: of thirty parameters a page asks for two."""
        fields = {name: one.field for name, one in self.filters.items() if name in self.data}
        return type("AskedForm", (forms.Form,), fields)

    @property
    def values(self) -> dict[str, Any]:
        """What was understood, without what was not asked."""
        cleaned = self.form.cleaned_data if self.is_valid() else {}
        return {name: value for name, value in cleaned.items() if value not in (None, ())}


@dataclass(frozen=True)
class Reading:
    """An address as it was understood, and what is wrong with the rest of it."""

    faults: tuple[Fault, ...]
    asked: ParameterSet
    params: QueryDict

    @property
    def values(self) -> dict[str, Any]:
        return self.asked.values

    @property
    def page(self) -> int:
        return int(self.values.get("page", 1))

    @property
    def page_size(self) -> int:
        return int(self.values.get("page_size", PAGE_SIZE))


def read(
    kind: type[ParameterSet],
    params: QueryDict,
    *,
    max_page_size: int = 100,
    extra: frozenset[str] = frozenset(),
    terms: Terms | None = None,
) -> Reading:
    """Never raises. A value that is empty is not asked, as a form sends it.

    `terms`: those of an earlier reading in the same request, which need not be read again.
    """
    reader = _Reader(kind, params, max_page_size, extra, terms or Terms())
    return reader.reading()


class _Reader:
    """Collects faults while it takes out of the parameters what cannot be understood."""

    def __init__(
        self,
        kind: type[ParameterSet],
        params: QueryDict,
        max_page_size: int,
        extra: frozenset[str],
        terms: Terms,
    ) -> None:
        self.kind, self.max_page_size, self.extra = kind, max_page_size, extra
        self.known = kind.parameters()
        self.terms = terms
        self.faults: list[Fault] = []
        self.given = {name: self._split(name, values) for name, values in params.lists()}
        self.left: dict[str, list[str]] = {}
        self._made: ParameterSet | None = None

    def _split(self, name: str, values: list[str]) -> list[str]:
        """The values that are not empty."""
        if name not in self.known:
            return [value for value in values if value]
        if self.known[name].separated:
            values = [part for value in values for part in value.split(",")]
        return [value for value in values if not self.known[name].is_empty(value)]

    def reading(self) -> Reading:
        if sum(map(len, self.given.values())) > MOST_VALUES:
            detail = _("A question has at most %(most)d values.") % {"most": MOST_VALUES}
            self.faults.append(Fault("", "", detail))
        else:
            self._take_names()
            self._take_values()
            self._take_dependents()
        return Reading(tuple(self.faults), self._set(), self._params())

    def _params(self) -> QueryDict:
        """In the order of declaration, so that one question has one address."""
        params = QueryDict(mutable=True)
        for name in (*self.known, *sorted(self.extra)):
            if values := self.left.get(name):
                params.setlist(name, list(dict.fromkeys(values)))
        return params

    def _set(self) -> ParameterSet:
        """The set of what is left; the same one again where nothing was taken out meanwhile."""
        params = self._params()
        if self._made is None or self._made.data != params:
            self._made = self.kind(params, terms=self.terms, max_page_size=self.max_page_size)
        return self._made

    def _take_names(self) -> None:
        for name, values in self.given.items():
            if name not in self.known and name not in self.extra:
                known = (*self.known, *sorted(self.extra))
                self.faults.append(unknown_parameter(name, "".join(values[:1]), known))
            elif values:
                self._take(name, values)

    def _take(self, name: str, values: list[str]) -> None:
        sane = [value for value in values if self._is_sane(name, value)]
        several = name in self.known and self.known[name].several
        if len(sane) > 1 and not several:
            detail = _("“%(name)s” takes one value; %(count)d were given.")
            words = {"name": name, "count": len(sane)}
            self.faults.append(Fault(name, echo(", ".join(sane)), detail % words))
        elif sane:
            self.left[name] = sane

    def _is_sane(self, name: str, value: str) -> bool:
        longest = self.known[name].longest if name in self.known else LONGEST_VALUE
        if "\x00" in value:
            detail = _("A value cannot hold the character NUL.")
        elif len(value) > longest:
            detail = _("A value has at most %(most)d letters; this one has %(count)d.") % {
                "most": longest,
                "count": len(value),
            }
        else:
            return True
        self.faults.append(Fault(name, echo(value), detail))
        return False

    def _take_values(self) -> None:
        for name, errors in self._set().form.errors.as_data().items():
            for error in errors:
                self._refuse(name, error)

    def _refuse(self, name: str, error: ValidationError) -> None:
        if not isinstance(error, Refused):
            self.left.pop(name, None)
            self.faults.append(Fault(name, "", "".join(error.messages)))
            return
        self.faults.append(error.fault(name))
        kept = [value for value in self.left[name] if value != error.value]
        self.left[name] = kept if self.known[name].several else []

    def _take_dependents(self) -> None:
        for dependent, needed in self.kind.needs.items():
            name, _equals, value = dependent.partition("=")
            asked = self.left.get(name)
            if not asked or self.left.get(needed) or (value and value not in asked):
                continue
            self.left.pop(name)
            # A form sends its empty fields too, and a value that was wrong has its fault already.
            if needed not in self.given:
                detail = _("“%(dependent)s” needs “%(needed)s” too.")
                words = {"dependent": dependent, "needed": needed}
                self.faults.append(Fault(name, echo(asked[0]), detail % words, None, ()))
