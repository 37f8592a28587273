"""Who may do what: the groups that exist after `migrate`, and their permissions."""

from django.contrib.auth.models import Group, Permission

CURATORS = "Curators"

# Curators read everything and decide about facts; they change nothing that the registry owns.
_CURATOR_PERMISSIONS = ("add_fact", "change_fact")


def grant_roles(*, using: str = "default") -> None:
    """Make the groups and give them what they are to have; leaves what was granted by hand."""
    group, _ = Group.objects.using(using).get_or_create(name=CURATORS)
    ours = Permission.objects.using(using).filter(content_type__app_label="trials")
    group.permissions.add(
        *ours.filter(codename__startswith="view_"), *ours.filter(codename__in=_CURATOR_PERMISSIONS)
    )
