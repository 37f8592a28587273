"""Users: Django's own screen, without the ways by which one could give oneself more rights."""

from __future__ import annotations

from typing import Any, cast

from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.models import Group, User
from django.db.models import ManyToManyField, Q, QuerySet
from django.http import HttpRequest
from django.utils.text import get_text_list
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from trials.admin.access import BoundedList, NeverDeleted
from trials.admin.second_factor import has_second_factor, take_away
from trials.audit import note_act
from trials.roles import ROLES

admin.site.unregister(User)


@admin.register(User)
class PersonAdmin(BoundedList, NeverDeleted, UserAdmin):
    """An administrator makes users and gives them roles. Superusers are made by superusers alone.

    Nobody is deleted: their decisions keep their name. Who has gone is no longer “active”.
    """

    actions = ("take_second_factor",)
    list_display = ("username", "first_name", "last_name", "is_active", "is_staff", "last_login")

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        above = obj is not None and obj.is_superuser and not request.user.is_superuser
        return super().has_change_permission(request, obj) and not above

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        fields = tuple(super().get_readonly_fields(request, obj))
        if request.user.is_superuser:
            return fields
        return (*fields, "is_superuser", "user_permissions")

    def formfield_for_manytomany(
        self, db_field: ManyToManyField[Any, Any], request: HttpRequest, **kwargs: Any
    ) -> Any:
        if db_field.name == "groups" and not request.user.is_superuser:
            kwargs["queryset"] = _grantable(request)
        field = super().formfield_for_manytomany(db_field, request, **kwargs)
        if field is not None and db_field.name == "groups":
            field.help_text = gettext(
                "A person’s roles: %(groups)s. Tick “Staff status” above as well."
            ) % {"groups": get_text_list([f"“{name}”" for name in ROLES], gettext("or"))}
        return field

    @admin.action(
        description=_("Take away the second factor: the phone is lost"), permissions=["change"]
    )
    def take_second_factor(self, request: HttpRequest, chosen: QuerySet[User]) -> None:
        by = cast(User, request.user)
        for person in chosen:
            if self.has_change_permission(request, person) and has_second_factor(person):
                take_away(person)
                note_act(person, by=by, words=gettext("took away the second factor"))
                said = gettext("%(name)s logs in by the password alone now.")
                messages.success(request, said % {"name": person.get_username()})


def _grantable(request: HttpRequest) -> Any:
    """Our roles, and what the person has already: else saving would take it away."""
    match = request.resolver_match
    key = match.kwargs.get("object_id") if match else None
    return Group.objects.filter(Q(name__in=ROLES) | Q(user=key)).distinct()
