"""Rules that the database itself keeps, so that no form, script or import can get round them."""

from django.db import models


def one_of(
    field: str, choices: type[models.TextChoices], *, or_blank: bool = False
) -> models.CheckConstraint:
    """The column holds one of the listed values, and nothing else (or nothing at all)."""
    values = [*choices.values, ""] if or_blank else list(choices.values)
    return models.CheckConstraint(
        condition=models.Q(**{f"{field}__in": values}),
        name=f"%(app_label)s_%(class)s_{field}_listed",
    )


def filled(field: str) -> models.CheckConstraint:
    """The text is not empty."""
    return models.CheckConstraint(
        condition=~models.Q(**{field: ""}), name=f"%(app_label)s_%(class)s_{field}_filled"
    )
