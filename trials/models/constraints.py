"""Rules that the database itself keeps, so that no form, script or import can get round them."""

from django.db import models
from django.db.models.functions import Upper


def one_of(
    field: str, choices: type[models.TextChoices], *, or_blank: bool = False
) -> models.CheckConstraint:
    """The column holds one of the listed values, and nothing else (or nothing at all)."""
    values = [*choices.values, ""] if or_blank else list(choices.values)
    return models.CheckConstraint(
        condition=models.Q(**{f"{field}__in": values}),
        name=f"%(app_label)s_%(class)s_{field}_listed",
    )


def registry_words(*fields: str) -> models.CheckConstraint:
    """Each column holds nothing or one word in capitals, known or new.

    Not a regular expression, which SQLite asks Python about for every row that is written.
    """
    condition = models.Q()
    for field in fields:
        condition &= models.Q(**{field: Upper(field)}) & ~models.Q(**{f"{field}__contains": " "})
    return models.CheckConstraint(
        condition=condition, name="%(app_label)s_%(class)s_words_in_capitals"
    )


def filled(field: str) -> models.CheckConstraint:
    """The text is not empty."""
    return models.CheckConstraint(
        condition=~models.Q(**{field: ""}), name=f"%(app_label)s_%(class)s_{field}_filled"
    )
