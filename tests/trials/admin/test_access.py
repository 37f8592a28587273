"""Who may open, change and delete what in the admin, asked over HTTP."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

import pytest
from django.contrib import admin
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from tests.trials.admin.test_lists import make_rows
from trials.models import Trial

pytestmark = pytest.mark.django_db
OURS = sorted(
    m._meta.model_name or "" for m in admin.site._registry if m._meta.app_label == "trials"
)
READ_ONLY = {"country", "fact", "recordchange", "refreshrun", "storedrecord"}
NEVER_DELETED = READ_ONLY | {"trial", "document", "sponsor", "report"}
WITH_SLUG = {
    "cellsource",
    "claim",
    "document",
    "excludedstudy",
    "indication",
    "product",
    "publication",
    "sponsor",
}
NEVER_ADDED = READ_ONLY | {"trial", "sponsor", "report"}


def model_of(name: str) -> Any:
    return next(m for m in admin.site._registry if m._meta.label_lower == f"trials.{name}")


def change_page(name: str) -> str:
    return reverse(f"admin:trials_{name}_change", args=[model_of(name).objects.first().pk])


def answers(client: Client, addresses: dict[str, str], **sent: str) -> dict[str, int]:
    """The status of each page, opened, or posted to where something is sent."""
    ask = client.post if sent else client.get
    return {name: ask(address, sent).status_code for name, address in addresses.items()}


def change_pages(names: Iterable[str]) -> dict[str, str]:
    return {name: change_page(name) for name in names}


def delete_pages(names: Iterable[str]) -> dict[str, str]:
    return {name: change_page(name).replace("/change/", "/delete/") for name in names}


def add_pages(names: Iterable[str]) -> dict[str, str]:
    return {name: reverse(f"admin:trials_{name}_add") for name in names}


def test_curator_sees_every_list_and_every_row(as_curator: Client) -> None:
    make_rows(1)
    lists = {name: reverse(f"admin:trials_{name}_changelist") for name in OURS}
    every = dict.fromkeys(OURS, 200)
    assert answers(as_curator, lists) == every
    assert answers(as_curator, change_pages(OURS)) == every


def test_curator_changes_nothing_but_decisions(as_curator: Client) -> None:
    make_rows(1)
    others = sorted(set(OURS) - {"trial", "report", "sponsor"})
    refused = dict.fromkeys(others, 403)
    before = {name: list(model_of(name).objects.values()) for name in OURS}
    for pages in (change_pages(others), add_pages(others), delete_pages(others)):
        assert answers(as_curator, pages, name="Mine", post="yes") == refused
    assert {name: list(model_of(name).objects.values()) for name in OURS} == before


def test_staff_without_a_group_sees_nothing(as_staff: Client) -> None:
    make_rows(1)
    assert answers(as_staff, change_pages(OURS)) == dict.fromkeys(OURS, 403)


def test_superuser_opens_every_page(as_superuser: Client) -> None:
    make_rows(1)
    assert answers(as_superuser, change_pages(OURS)) == dict.fromkeys(OURS, 200)
    expected = {name: 403 if name in NEVER_ADDED else 200 for name in OURS}
    assert answers(as_superuser, add_pages(OURS)) == expected


def test_not_even_a_superuser_deletes_what_is_kept(as_superuser: Client) -> None:
    make_rows(1)
    kept = answers(as_superuser, delete_pages(NEVER_DELETED), post="yes")
    assert kept == dict.fromkeys(NEVER_DELETED, 403)


def test_not_even_a_superuser_edits_what_is_read_only(as_superuser: Client) -> None:
    make_rows(1)
    answered = answers(as_superuser, change_pages(READ_ONLY), note="Mine")
    assert answered == dict.fromkeys(READ_ONLY, 403)


def test_trials_cannot_be_deleted_in_bulk(as_superuser: Client) -> None:
    make_rows(1)
    sent = {"action": "delete_selected", "_selected_action": [Trial.objects.get().pk], "post": "y"}
    as_superuser.post(reverse("admin:trials_trial_changelist"), sent)
    assert Trial.objects.count() == 1


def test_pages_carry_no_script_or_style_of_their_own(as_superuser: Client) -> None:
    make_rows(1)
    inline = r"<script(?![^>]*(?:\bsrc=|application/json))|<style\b|\sstyle=|\son[a-z]+="
    pages = {name: as_superuser.get(page) for name, page in change_pages(OURS).items()}
    found = {name: re.findall(inline, page.content.decode()) for name, page in pages.items()}
    assert found == {name: [] for name in OURS}


def test_admin_carries_the_projects_name(as_curator: Client) -> None:
    page = as_curator.get(reverse("admin:index")).content.decode()
    assert "Stem-cell trials: curation" in page
    assert "Django" not in page


def test_users_page_names_the_roles(as_superuser: Client) -> None:
    person = User.objects.create_user("lan")
    page = as_superuser.get(reverse("admin:auth_user_change", args=[person.pk])).content.decode()
    assert "A person’s roles: “Curators”, “Editors” or “Administrators”." in page


@pytest.mark.parametrize("name", sorted(WITH_SLUG - NEVER_ADDED))
def test_slug_is_chosen_once(as_superuser: Client, name: str) -> None:
    make_rows(1)
    added = as_superuser.get(add_pages([name])[name]).content.decode()
    changed = as_superuser.get(change_page(name)).content.decode()
    assert ('name="slug"' in added, 'name="slug"' in changed) == (True, False)


def test_every_admin_of_rows_with_a_slug_keeps_it() -> None:
    slugs = {
        name
        for name in set(OURS) - READ_ONLY
        if any(field.name == "slug" for field in model_of(name)._meta.get_fields())
    }
    assert slugs == WITH_SLUG


def test_links_of_a_claim_stay_editable(as_superuser: Client) -> None:
    make_rows(1)
    page = as_superuser.get(change_page("claim")).content.decode()
    links = {"trials", "publications", "products", "contradicts"}
    assert {name for name in links if f'<select name="{name}"' in page} == links
