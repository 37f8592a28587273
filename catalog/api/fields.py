"""Kinds of values in the API's objects."""

from __future__ import annotations

from datetime import UTC
from typing import Any

from django.db.models import TextChoices
from django.urls import reverse
from django.utils.http import urlencode
from drf_spectacular.drainage import set_override
from rest_framework import serializers

from catalog.parameters import word_schema
from catalog.titles import short_title
from trials.partial_date import PartialDate
from trials.search.vocabularies import in_language
from trials.vocabulary import RegistryList

URI = {"type": "string", "format": "uri"}


class Maybe(serializers.CharField):
    """Text, or null where there is none: the API never says "" for "not known".

    The schema adds null to the type by itself, because null is allowed.
    """

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"allow_null": True, **kwargs})

    def to_representation(self, value: Any) -> str | None:  # type: ignore[override]
        return str(value) or None


class Moment(serializers.DateTimeField):
    """A moment, in UTC wherever the server stands: "2026-03-15T12:00:00Z" sorts as text."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"default_timezone": UTC, **kwargs})


class Short(Maybe):
    """A title as a list shows it: cut, with an ellipsis, where it is very long."""

    def to_representation(self, value: Any) -> str | None:  # type: ignore[override]
        return short_title(str(value)) or None


def one_of(choices: type[TextChoices], *further: None) -> dict[str, Any]:
    """The schema of one value of a list; a list of the registry's may get new ones."""
    values = (*choices.values, *further)
    if issubclass(choices, RegistryList):
        return word_schema(*values)
    return {"type": "string", "enum": list(values)}


class Listed(Maybe):
    """A value of a list, or null."""

    def __init__(self, choices: type[TextChoices], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        set_override(self, "field", one_of(choices, None))


class MaybeAddress(Maybe):
    """An address elsewhere, or null."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        set_override(self, "field", URI)


class Words(serializers.ListField):
    """A list of plain texts."""

    child = serializers.CharField()


class Each(serializers.Field):
    """One text of each related row."""

    def __init__(self, key: str, **kwargs: Any) -> None:
        self.key = key
        super().__init__(**kwargs)
        set_override(self, "field", {"type": "array", "items": {"type": "string"}})

    def to_representation(self, value: Any) -> list[str]:
        return [getattr(row, self.key) for row in value.all()]


class AnyJson(serializers.JSONField):
    """Any value, null too. Not `allow_null`: the schema would then be "any, or null", not both."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        set_override(self, "field", {"description": "Any value, as the registry has it."})


class ListedWords(serializers.ListField):
    """Several values of a list."""

    def __init__(self, choices: type[TextChoices], **kwargs: Any) -> None:
        super().__init__(child=serializers.CharField(), **kwargs)
        set_override(self, "field", {"type": "array", "items": one_of(choices)})


class PartialDateText(Maybe):
    """A date as its source gives it: to the year, the month or the day."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        schema = {"type": "string", "pattern": r"^\d{4}(-\d{2}(-\d{2})?)?$"}
        set_override(self, "field", {**schema, "examples": ["2016-03"]})

    def to_representation(self, value: PartialDate) -> str | None:  # type: ignore[override]
        return str(value)


class OneOfThese(serializers.CharField):
    """One of these words, never null."""

    def __init__(self, words: tuple[str, ...], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        set_override(self, "field", {"type": "string", "enum": list(words)})


class Address(serializers.Field):
    """The absolute address of an object in the API."""

    def __init__(self, view: str, key: str = "slug", **kwargs: Any) -> None:
        self.view, self.key = view, key
        super().__init__(**{"source": "*", "read_only": True, **kwargs})
        set_override(self, "field", URI)

    def to_representation(self, value: Any) -> str:
        address: str = reverse(f"api:{self.view}", args=[getattr(value, self.key)])
        return absolute(self.context["request"], address)


class TrialsOf(serializers.Field):
    """The address of the list of an object's trials."""

    def __init__(self, parameter: str, key: str = "slug", **kwargs: Any) -> None:
        self.parameter, self.key = parameter, key
        super().__init__(**{"source": "*", "read_only": True, **kwargs})
        set_override(self, "field", URI)

    def to_representation(self, value: Any) -> str:
        query = urlencode({self.parameter: getattr(value, self.key)})
        return absolute(self.context["request"], f"{reverse('api:trials')}?{query}")


class LocalName(serializers.Field):
    """A name in the language of the request, in English where no Chinese one is known."""

    def __init__(self, name: str = "name", **kwargs: Any) -> None:
        self.name = name
        super().__init__(**{"source": "*", "read_only": True, **kwargs})
        set_override(self, "field", {"type": "string"})

    def to_representation(self, value: Any) -> str:
        return in_language(getattr(value, self.name), getattr(value, f"{self.name}_zh", ""))


def absolute(request: Any, address: str) -> str:
    return str(request.build_absolute_uri(address))


def origin(request: Any) -> str:
    """What absolute addresses begin with, without a slash at its end."""
    return absolute(request, "/")[:-1]
