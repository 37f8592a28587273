"""Model fields of the domain: dates that keep their precision, and the days they can mean."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, cast

from django.core.exceptions import ValidationError
from django.db import models

from trials.partial_date import PartialDate

if TYPE_CHECKING:
    _TextOfDate = models.CharField[PartialDate | str | None, PartialDate | None]
else:
    _TextOfDate = models.CharField


class PartialDateField(_TextOfDate):
    """Stores a `PartialDate` as the registry wrote it; null where there is none."""

    description = "A date known to the year, the month or the day"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.update(max_length=10, null=True, blank=True)
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> tuple[str, str, Sequence[Any], dict[str, Any]]:
        name, path, args, kwargs = super().deconstruct()
        for fixed in ("max_length", "null", "blank"):
            kwargs.pop(fixed, None)
        return name, path, args, kwargs

    def from_db_value(
        self, value: str | None, expression: object, connection: object
    ) -> PartialDate | None:
        return None if value is None else PartialDate(value)

    def to_python(self, value: Any) -> PartialDate | None:
        if value is None or value == "" or isinstance(value, PartialDate):
            return value or None
        try:
            return PartialDate.parse(str(value))
        except ValueError as error:
            raise ValidationError(str(error)) from error

    def get_prep_value(self, value: Any) -> str | None:
        value = self.to_python(value)
        return None if value is None else str(value)

    def clean(self, value: Any, model_instance: models.Model | None) -> PartialDate | None:
        parsed = self.to_python(value)
        self.validate(parsed, model_instance)
        return parsed

    def value_to_string(self, obj: models.Model) -> str:
        return str(self.value_from_object(obj) or "")

    def formfield(self, **kwargs: Any) -> Any:
        return super().formfield(**{"empty_value": None, **kwargs})


class BoundField(models.DateField):
    """The first or the last day that a `PartialDateField` beside it can mean.

    Written by itself whenever the row is: a database compares days, not texts.
    """

    def __init__(self, *args: Any, of: str = "", end: str = "earliest", **kwargs: Any) -> None:
        self.of, self.end = of, end
        kwargs.update(null=True, blank=True, editable=False)
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> tuple[str, str, Sequence[Any], dict[str, Any]]:
        name, path, args, kwargs = super().deconstruct()
        for fixed in ("null", "blank", "editable"):
            kwargs.pop(fixed, None)
        return name, path, args, {**kwargs, "of": self.of, "end": self.end}

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        source = cast(PartialDateField, model_instance._meta.get_field(self.of))
        partial = source.to_python(getattr(model_instance, self.of))
        value = None if partial is None else getattr(partial, self.end)
        setattr(model_instance, self.attname, value)
        return value
