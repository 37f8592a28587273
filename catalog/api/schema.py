"""The schema (OpenAPI 3.1): every parameter from its declaration, every error as a problem."""

from __future__ import annotations

from typing import Any

from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiExample, OpenApiParameter

from catalog.api.answers import Problem
from catalog.api.errors import PROBLEM
from catalog.parameters import Parameter


def described(parameter: Parameter) -> OpenApiParameter:
    """The parameter as the schema has it; repeated where it takes several values."""
    schema, example = parameter.schema(), parameter.example
    value: Any = int(example) if schema["type"] in ("integer", "number") else example
    if parameter.several:
        schema, value = {"type": "array", "items": schema}, [value]
    return OpenApiParameter(
        parameter.name,
        schema,
        description=str(parameter.help_text),
        explode=True if parameter.several else None,
        style="form" if parameter.several else None,
        examples=[OpenApiExample(example, value)],
    )


class ApiSchema(AutoSchema):
    """Reads parameters and errors off the view."""

    def get_override_parameters(self) -> list[Any]:
        view: Any = self.view  # a StrictView, which DRF's types do not know
        of_path = getattr(view, "path_parameters", ())
        return [*of_path, *map(described, view.parameters.parameters().values())]

    def get_filter_backends(self) -> list[Any]:
        return []

    def get_response_serializers(self) -> Any:
        codes = [400, 404, 405, 406, 500]
        return {
            200: super().get_response_serializers(),
            **{(code, PROBLEM): Problem for code in codes},
        }

    def get_description(self) -> str:  # type: ignore[override]  # as drf-spectacular calls it
        return str(self.view.__doc__ or "").strip()
