"""Users: Django's own screen, with a word on how a person becomes a curator."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.models import User
from django.db.models import ManyToManyField
from django.http import HttpRequest
from django.utils.translation import gettext as _

from trials.roles import CURATORS

admin.site.unregister(User)


@admin.register(User)
class PersonAdmin(UserAdmin):
    def formfield_for_manytomany(
        self, db_field: ManyToManyField[Any, Any], request: HttpRequest, **kwargs: Any
    ) -> Any:
        field = super().formfield_for_manytomany(db_field, request, **kwargs)
        if field is not None and db_field.name == "groups":
            field.help_text = _(
                "To make a curator, choose the group “%(group)s” and tick “Staff status” above."
            ) % {"group": CURATORS}
        return field
