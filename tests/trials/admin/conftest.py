"""People who open the admin, each in a browser of their own."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Group, User
from django.test import Client

from trials.roles import ADMINISTRATORS, CURATORS, EDITORS


@pytest.fixture
def curator(db: None) -> User:
    return _in_group("wei", CURATORS)


@pytest.fixture
def as_curator(curator: User) -> Client:
    return _logged_in(curator)


@pytest.fixture
def as_editor(db: None) -> Client:
    return _logged_in(_in_group("mei", EDITORS))


@pytest.fixture
def as_administrator(db: None) -> Client:
    return _logged_in(_in_group("ada", ADMINISTRATORS))


@pytest.fixture
def as_superuser(db: None) -> Client:
    return _logged_in(User.objects.create_superuser("root"))


@pytest.fixture
def as_staff(db: None) -> Client:
    """A member of the staff without a group."""
    return _logged_in(User.objects.create_user("staff", is_staff=True))


def _in_group(name: str, group: str) -> User:
    person = User.objects.create_user(name, is_staff=True)
    person.groups.add(Group.objects.get(name=group))
    return person


def _logged_in(person: User) -> Client:
    client = Client()
    client.force_login(person)
    return client
