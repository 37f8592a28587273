"""The Curators group exists after migrate, with what it needs and no more."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Group, Permission

from trials.roles import CURATORS, grant_roles

pytestmark = pytest.mark.django_db


def granted() -> set[str]:
    return set(Group.objects.get(name=CURATORS).permissions.values_list("codename", flat=True))


def test_curators_see_everything_and_change_only_facts() -> None:
    views = Permission.objects.filter(
        content_type__app_label="trials", codename__startswith="view_"
    )
    expected = {*views.values_list("codename", flat=True), "add_fact", "change_fact"}
    assert granted() == expected


def test_granting_again_keeps_what_was_granted_by_hand() -> None:
    by_hand = Permission.objects.get(codename="change_product")
    Group.objects.get(name=CURATORS).permissions.add(by_hand)
    grant_roles()
    assert "change_product" in granted()


def test_granting_gives_back_what_was_taken() -> None:
    Group.objects.get(name=CURATORS).permissions.clear()
    grant_roles()
    assert "change_fact" in granted()
