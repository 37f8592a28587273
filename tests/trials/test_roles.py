"""The groups exist after migrate, each with what it needs and no more."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Group, Permission

from trials.roles import CURATORS, ROLES, grant_roles

pytestmark = pytest.mark.django_db


def granted(role: str) -> set[str]:
    permissions = Group.objects.get(name=role).permissions.select_related("content_type")
    return {f"{each.content_type.app_label}.{each.codename}" for each in permissions}


@pytest.mark.parametrize("role", ROLES)
def test_a_role_reads_the_catalogue_and_has_its_own_permissions_and_no_more(role: str) -> None:
    views = Permission.objects.filter(
        content_type__app_label="trials", codename__startswith="view_"
    )
    reading = {f"trials.{codename}" for codename in views.values_list("codename", flat=True)}
    assert granted(role) == reading | ROLES[role]


def test_granting_again_keeps_what_was_granted_by_hand() -> None:
    by_hand = Permission.objects.get(codename="change_product")
    Group.objects.get(name=CURATORS).permissions.add(by_hand)
    grant_roles()
    assert "trials.change_product" in granted(CURATORS)


def test_granting_gives_back_what_was_taken() -> None:
    Group.objects.get(name=CURATORS).permissions.clear()
    grant_roles()
    assert "trials.change_fact" in granted(CURATORS)
