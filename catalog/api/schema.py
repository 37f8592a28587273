"""The schema (OpenAPI 3.1): every parameter from its declaration, every error as a problem."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiParameter, PolymorphicProxySerializer

from catalog.api.answers import Problem
from catalog.api.errors import PROBLEM
from catalog.parameters import Parameter


def described(parameter: Parameter) -> OpenApiParameter:
    """The parameter as the schema has it; repeated where it takes several values."""
    schema = parameter.schema()
    if parameter.several:
        schema = {"type": "array", "items": schema}
    # In words: the docs page would send every `example` at once, and no trial answers them all.
    example = _("For example: %(example)s") % {"example": f"`{parameter.example}`"}
    return OpenApiParameter(
        parameter.name,
        schema,
        description=f"{parameter.help_text} {example}",
        explode=not parameter.separated if parameter.several else None,
        style="form" if parameter.several else None,
    )


class ApiSchema(AutoSchema):
    """Reads parameters and errors off the view."""

    def get_override_parameters(self) -> list[Any]:
        view: Any = self.view  # a StrictView, which DRF's types do not know
        of_path = getattr(view, "path_parameters", ())
        return [*of_path, *map(described, view.parameters.parameters().values())]

    def _get_parameters(self) -> list[Any]:
        """A value that is empty is one that was not given, as forms send it."""
        parameters: list[Any] = super()._get_parameters()
        for parameter in parameters:
            if parameter["in"] == "query":
                parameter["allowEmptyValue"] = True
        return parameters

    def get_filter_backends(self) -> list[Any]:
        return []

    def get_response_serializers(self) -> Any:
        view: Any = self.view
        codes = [400, 404, 405, 406, *getattr(view, "further_codes", ()), 429, 500]
        answers = getattr(view, "answers", ())
        either = answers and PolymorphicProxySerializer(
            component_name=f"{view.__class__.__name__}Row",
            serializers=answers,
            resource_type_field_name=None,
        )
        return {
            200: either or super().get_response_serializers(),
            **{(code, PROBLEM): Problem for code in codes},
        }

    def get_description(self) -> str:  # type: ignore[override]  # as drf-spectacular calls it
        return str(self.view.__doc__ or "").strip()
