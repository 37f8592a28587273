"""Columns of the registry's own words: those we know have a name, and a newer one is kept too."""

from __future__ import annotations

from functools import partialmethod
from typing import TYPE_CHECKING, Any

from django import forms
from django.db import models

from trials.vocabulary import WORD, WORD_LENGTH, spelled

if TYPE_CHECKING:
    _Text = models.CharField[str, str]
else:
    _Text = models.CharField


class WordSelect(forms.Select):
    """Offers the words that are known, and the one that the row has."""

    def optgroups(self, name: str, value: Any, attrs: Any = None) -> Any:
        known = {str(word) for word, _label in self.choices}
        newer = [(word, spelled(word)) for word in map(str, value) if word and word not in known]
        self.choices = [*self.choices, *newer]
        return super().optgroups(name, value, attrs)


class WordChoice(forms.TypedChoiceField):
    """Takes a word that the registry may have added: to save a row must not take it away."""

    widget = WordSelect

    def valid_value(self, value: Any) -> bool:
        return super().valid_value(value) or bool(WORD.fullmatch(str(value)))


class RegistryWordField(_Text):
    """A word of one of the registry's lists. `choices` names those that are known."""

    description = "A word of the registry"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", WORD_LENGTH)
        super().__init__(*args, **kwargs)

    def contribute_to_class(
        self, cls: type[models.Model], name: str, private_only: bool = False
    ) -> None:
        super().contribute_to_class(cls, name, private_only)
        # Not Django's own, which shows a word that it does not know in capitals and underscores.
        setattr(cls, f"get_{name}_display", partialmethod(_display, field=self))

    def validate(self, value: Any, model_instance: models.Model | None) -> None:
        if not (isinstance(value, str) and WORD.fullmatch(value)):
            super().validate(value, model_instance)

    def formfield(self, **kwargs: Any) -> Any:
        return super().formfield(**{"choices_form_class": WordChoice, **kwargs})


def _display(row: models.Model, field: RegistryWordField) -> str:
    word = str(getattr(row, field.attname))
    return str(dict(field.flatchoices).get(word) or spelled(word))
