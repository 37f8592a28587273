"""The kinds of parameters: what each takes, how it refuses the rest, how the schema says so."""

from __future__ import annotations

import re
from collections.abc import Mapping
from copy import copy
from typing import Any, Self

import django_filters
from django import forms
from django.db.models import QuerySet, TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from catalog.faults import Refused, echo, unknown_value
from trials.partial_date import PartialDate
from trials.search import Terms
from trials.vocabulary import NOT_STATED, WORD, RegistryList

LONGEST_VALUE = 300  # letters
MOST = 2_147_483_647  # the largest whole number that the database's columns take
_WHOLE = re.compile(r"[0-9]{1,10}")
NAME = "[a-z0-9]+(?:-[a-z0-9]+)*"


def word_schema(*known: str | None) -> dict[str, Any]:
    """The schema of a word of the registry: those that are known, and any that it may add."""
    return {"type": "string", "anyOf": [{"enum": list(known)}, {"pattern": f"^{WORD.pattern}$"}]}


class _Field(forms.Field):
    """A form field that hands each value to its parameter."""

    widget: type[forms.Widget] = forms.TextInput

    def __init__(self, *, parameter: Parameter, **kwargs: Any) -> None:
        self.parameter = parameter
        super().__init__(required=False, **kwargs)

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        """Itself: it is made for one set of parameters, and no other form has it."""
        return self

    def clean(self, value: Any) -> Any:
        return None if value in (None, "") else self.parameter.understand(value)


class _SeveralField(_Field):
    """As `_Field`, for a parameter that may be repeated."""

    widget = forms.SelectMultiple

    def clean(self, value: Any) -> Any:
        understood: dict[Any, None] = {}  # a value given twice is one value
        refused: list[Refused] = []
        for one in value or ():
            try:
                understood[self.parameter.understand(one)] = None
            except Refused as error:
                refused.append(error)
        if refused:
            raise forms.ValidationError(list(refused))
        return tuple(understood)


class Parameter(django_filters.Filter):
    """A parameter of a question: its words, its values, its place in the schema."""

    several = False
    longest = LONGEST_VALUE  # letters
    separated = False  # its values may stand in one, with commas between them
    narrows = True  # whether it takes trials away; ordering and paging do not

    def __init__(
        self, label: str | Promise, help_text: str | Promise, *, example: str = "", **kwargs: Any
    ) -> None:
        self.words = label
        self.help_text = help_text
        self.example = example
        super().__init__(label=label, **kwargs)

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        """The parameter of one set: only what it belongs to is another. Every page asks for it."""
        return copy(self)

    @property
    def name(self) -> str:
        return str(self.field_name)

    @property
    def terms(self) -> Terms:
        terms: Terms = self.parent.terms
        return terms

    @property
    def field(self) -> forms.Field:
        kind = _SeveralField if self.several else _Field
        # Without the help: it would be translated for each question, and no form shows it.
        return kind(parameter=self, label=self.words)

    def is_empty(self, value: str) -> bool:
        """Whether nothing was asked, as a form sends it."""
        return not value

    def understand(self, value: str) -> Any:
        """What the value means; `Refused` says what would be right."""
        raise NotImplementedError

    def filter(self, qs: QuerySet[Any], value: Any) -> QuerySet[Any]:
        """Left to the set: one question is answered whole, by `trials.search`."""
        return qs

    def name_of(self, value: str) -> str:
        """A value in the reader's language."""
        return value

    def schema(self) -> dict[str, Any]:
        """The value's JSON schema."""
        return {"type": "string"}


class OneOf(Parameter):
    """One of a few words that never change."""

    def __init__(self, *args: Any, choices: Mapping[str, Any], **kwargs: Any) -> None:
        self.choices = choices  # each word, and what it stands for
        super().__init__(*args, **kwargs)

    def understand(self, value: str) -> Any:
        if value not in self.choices:
            raise unknown_value(self.name, value, {word: word for word in self.choices})
        return self.choices[value]

    def name_of(self, value: str) -> str:
        meaning = self.choices[value]
        if isinstance(meaning, bool):
            return _("Yes") if meaning else _("No")
        return str(getattr(meaning, "label", meaning))

    def schema(self) -> dict[str, Any]:
        return {"type": "string", "enum": list(self.choices)}


class AnyOf(Parameter):
    """Any of the values of a vocabulary; repeated to ask for several."""

    several = True

    def __init__(
        self,
        *args: Any,
        closed: type[TextChoices] | None = None,
        may_be_missing: bool = False,
        pattern: str = NAME,
        **kwargs: Any,
    ) -> None:
        self.closed = tuple(closed.values) if closed else ()
        self.of_the_registry = closed is not None and issubclass(closed, RegistryList)
        self.may_be_missing = may_be_missing
        self.pattern = pattern
        super().__init__(*args, **kwargs)

    def understand(self, value: str) -> str:
        if value == NOT_STATED and self.may_be_missing:
            return value
        if value in self.terms.meant(self.name, [value]):
            return value
        vocabulary = self.terms.named(self.name)
        if self.of_the_registry:
            vocabulary = {**vocabulary, **self.terms.newer(self.name)}
        names = {term.value: term.label for term in vocabulary.values()}
        if self.may_be_missing:
            names[NOT_STATED] = _("Not stated")
        raise unknown_value(self.name, value, names)

    def name_of(self, value: str) -> str:
        if value == NOT_STATED:
            return _("Not stated")
        return self.terms.meant(self.name, [value])[value].label

    def schema(self) -> dict[str, Any]:
        missing = (NOT_STATED,) if self.may_be_missing else ()
        if self.of_the_registry:
            return word_schema(*self.closed, *missing)
        if self.closed:
            return {"type": "string", "enum": [*self.closed, *missing]}
        return {"type": "string", "pattern": f"^{self.pattern}$"}


class AnySponsor(AnyOf):
    """Any of the sponsors, by slug or by any name; a name is read as its sponsor's slug."""

    def understand(self, value: str) -> str:
        found = self.terms.find_sponsors([value])
        if value in found:
            return found[value].value
        sponsors = self.terms.all_sponsors.values()
        raise unknown_value(self.name, value, {term.value: term.label for term in sponsors})

    def name_of(self, value: str) -> str:
        return self.terms.find_sponsors([value])[value].label

    def schema(self) -> dict[str, Any]:
        return {"type": "string"}


class WholeNumber(Parameter):
    """A whole number between two bounds."""

    def __init__(self, *args: Any, least: int = 0, most: int = MOST, **kwargs: Any) -> None:
        self.least, self.most = least, most
        super().__init__(*args, **kwargs)

    def understand(self, value: str) -> int:
        stripped = value.strip()  # of signs too that `int` does not take for blanks
        number = int(stripped) if _WHOLE.fullmatch(stripped) else None
        if number is None or not self.least <= number <= self.most:
            detail = _("“%(value)s” is no whole number from %(least)d to %(most)d.")
            bounds = {"value": echo(value), "least": self.least, "most": self.most}
            raise Refused(value, detail % bounds)
        return number

    def schema(self) -> dict[str, Any]:
        return {"type": "integer", "minimum": self.least, "maximum": self.most}


class Day(Parameter):
    """A date known to the year, the month or the day: an interval."""

    def understand(self, value: str) -> PartialDate:
        try:
            return PartialDate.parse(value)
        except ValueError as error:
            detail = _("“%(value)s” is no date: write 2016, 2016-03 or 2016-03-15.")
            raise Refused(value, detail % {"value": echo(value)}) from error

    def schema(self) -> dict[str, Any]:
        return {"type": "string", "pattern": r"^\d{4}(-\d{2}(-\d{2})?)?$"}


class Parts(OneOf):
    """Some of the parts that an answer can have; it changes no answer to what was asked."""

    several = separated = True
    narrows = False


class Ordering(OneOf):
    """How the list is ordered."""

    narrows = False


class PageNumber(WholeNumber):
    """Which page of the list."""

    narrows = False


class PageSize(WholeNumber):
    """How many trials a page has; each surface has its own bound."""

    narrows = False

    def understand(self, value: str) -> int:
        self.most = self.parent.max_page_size
        return super().understand(value)
