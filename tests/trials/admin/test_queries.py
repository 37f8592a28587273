"""Stored queries in the admin: saved where the registry will read them as they are meant."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client
from django.urls import reverse

from tests.trials.admin.posting import errors_of
from trials.models import HarvestQuery

pytestmark = pytest.mark.django_db
ADD = reverse("admin:trials_harvestquery_add")


def sent(**changes: str) -> dict[str, str]:
    return {"name": "knees", "condition": 'gonarthrosis OR "knee pain"', "active": "on", **changes}


def test_an_editor_saves_a_query(as_staff: Client) -> None:
    editor = User.objects.get(username="staff")
    editor.user_permissions.set(Permission.objects.filter(content_type__model="harvestquery"))

    assert as_staff.post(ADD, sent()).status_code == 302
    assert HarvestQuery.objects.get().condition == 'gonarthrosis OR "knee pain"'


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"condition": ""}, "The query asks nothing: fill in one of these four fields."),
        ({"condition": "  "}, "The query asks nothing: fill in one of these four fields."),
        ({"titles": '"knee'}, 'A quotation mark (") is not closed.'),
        ({"intervention": "(cells OR marrow"}, "The bracket ( has no partner."),
        ({"term": "NCT00000001 OR NCT00000002"}, "NCT numbers alone are no search"),
        ({"condition": "", "term": "NCT00000001"}, "NCT numbers alone are no search"),
        ({"name": "two words"}, "valid “slug”"),
    ],
)
def test_a_query_that_the_registry_would_misread_is_refused(
    as_superuser: Client, changes: dict[str, str], words: str
) -> None:
    errors = errors_of(as_superuser.post(ADD, sent(**changes)))

    assert words in errors
    assert "Constraint" not in errors
    assert not HarvestQuery.objects.exists()


def test_every_fault_of_a_query_is_told_at_once(as_superuser: Client) -> None:
    errors = errors_of(as_superuser.post(ADD, sent(condition="“knee” AND", titles="(marrow")))

    assert errors.count("straight quotation marks") == 1
    assert errors.count("nothing to join") == 1
    assert errors.count("has no partner") == 1


def test_an_active_query_can_be_put_to_rest(as_superuser: Client) -> None:
    query = HarvestQuery.objects.create(name="knees", condition="knee")
    page = reverse("admin:trials_harvestquery_change", args=[query.pk])
    resting = {name: value for name, value in sent().items() if name != "active"}

    assert as_superuser.post(page, resting).status_code == 302
    assert HarvestQuery.objects.get().active is False


def test_a_curator_reads_queries_and_changes_none(as_curator: Client) -> None:
    query = HarvestQuery.objects.create(name="knees", condition="knee")
    page = reverse("admin:trials_harvestquery_change", args=[query.pk])

    assert as_curator.get(page).status_code == 200
    assert as_curator.post(page, sent(condition="hip")).status_code == 403
