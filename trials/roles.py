"""Who may do what: the groups that exist after `migrate`, and their permissions."""

from __future__ import annotations

from collections.abc import Mapping

from django.contrib.auth.models import Group, Permission
from django.db.models import Q

CURATORS = "Curators"
EDITORS = "Editors"
ADMINISTRATORS = "Administrators"

# Of the catalogue everyone reads everything; nobody changes what the registry owns.
_EDITED = (
    "approval",
    "cellsource",
    "citation",
    "claim",
    "document",
    "excludedstudy",
    "harvestquery",
    "indication",
    "lexiconterm",
    "mention",
    "product",
    "publication",
    "trialpublication",
)
_TAKEN_OUT = ("approval", "citation", "harvestquery", "mention", "trialpublication")
# Of each role, the permissions beside reading: "app.codename".
ROLES: Mapping[str, frozenset[str]] = {
    # Of a sponsor nothing is changed but by a decision: its names, and which two are one.
    CURATORS: frozenset(
        f"trials.{act}" for act in ("add_fact", "change_fact", "change_report", "change_sponsor")
    ),
    EDITORS: frozenset(
        {f"trials.{act}_{model}" for model in _EDITED for act in ("add", "change")}
        | {f"trials.delete_{model}" for model in _TAKEN_OUT}
    ),
    ADMINISTRATORS: frozenset(
        {
            "auth.add_user",
            "auth.change_user",
            "auth.view_user",
            "auth.view_group",
            "admin.view_logentry",
            "trials.add_refreshrun",
        }
    ),
}

APPS = ("trials", "auth", "admin")  # whose permissions these are


def grant_roles(*, using: str = "default") -> None:
    """Make the groups and give them what they are to have; leaves what was granted by hand."""
    permissions = Permission.objects.using(using).select_related("content_type")
    reading = Q(content_type__app_label="trials", codename__startswith="view_")
    for name, allowed in ROLES.items():
        group, _ = Group.objects.using(using).get_or_create(name=name)
        wanted = Q()
        for permission in allowed:
            app, codename = permission.split(".")
            wanted |= Q(content_type__app_label=app, codename=codename)
        group.permissions.add(*permissions.filter(reading | wanted))
