"""How a curator is called where readers see it."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from trials.models.constraints import filled


class PublicName(models.Model):
    """The name that a curator chose for readers: nobody's log-in name is shown without it."""

    person = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, primary_key=True, related_name="public_name"
    )
    name = models.CharField(_("name that readers see"), max_length=80)

    class Meta:
        verbose_name = _("public name")
        verbose_name_plural = _("public names")
        constraints = (filled("name"),)

    def __str__(self) -> str:
        return self.name


def public_name(person: Any) -> str:
    """What readers call the person: the name that they chose, never the one they log in with."""
    chosen: PublicName | None = getattr(person, "public_name", None)
    return chosen.name if chosen else gettext("a curator")
