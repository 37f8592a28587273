"""Role × action × object, each asked over HTTP: who may do what in the admin, and nothing else."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib import admin
from django.contrib.auth.models import Group, User
from django.db import connection
from django.test import Client
from django.urls import reverse

from tests.trials.admin.test_lists import make_rows
from trials.roles import ADMINISTRATORS, CURATORS
from trials.tasks import refresh_from_registry

pytestmark = pytest.mark.django_db

MODELS = {model._meta.model_name or "": model for model in admin.site._registry}
CATALOGUE = {name for name, model in MODELS.items() if model._meta.app_label == "trials"}
PEOPLE = {"user", "group", "logentry"}
TASKS = {"dbtaskresult"}  # a library's own list, of which nobody but superusers is told
EDITED = {
    "cellsource",
    "claim",
    "document",
    "excludedstudy",
    "harvestquery",
    "indication",
    "lexiconterm",
    "product",
    "publication",
}
NOBODYS = {"country", "fact", "recordchange", "refreshrun", "storedrecord", "logentry"}
NONE: set[str] = set()
# For each action the objects that it is open for; of who is not named, none.
OPEN: dict[str, dict[str, set[str]]] = {
    "anonymous": {},
    "staff": {},
    "curator": {"read": CATALOGUE, "change": {"trial", "report", "sponsor"}},
    "editor": {
        "read": CATALOGUE,
        "change": EDITED,
        "add": EDITED,
        "delete": {"harvestquery"},
    },
    "administrator": {"read": CATALOGUE | PEOPLE, "change": {"user"}, "add": {"user"}},
    "superuser": {
        "read": CATALOGUE | PEOPLE | TASKS,
        "change": (CATALOGUE | PEOPLE) - NOBODYS,
        "add": EDITED | {"user", "group"},
        "delete": EDITED - {"document", "lexiconterm"} | {"group"},
    },
}
ACTIONS: dict[str, Callable[[Client, str, str], Any]] = {
    "list": lambda client, name, key: client.get(_page(name, "changelist")),
    "open": lambda client, name, key: client.get(_page(name, "change", key)),
    "history": lambda client, name, key: client.get(_page(name, "history", key)),
    # Sent empty: refused by the form where it is open, by the door where it is not.
    "change": lambda client, name, key: client.post(_page(name, "change", key), {}),
    "add": lambda client, name, key: client.post(_page(name, "add"), {}),
    "add page": lambda client, name, key: client.get(_page(name, "add")),
    # Not confirmed: the page that asks is all that comes.
    "delete": lambda client, name, key: client.post(_page(name, "delete", key), {}),
    "delete many": lambda client, name, key: client.post(
        _page(name, "changelist"), {"action": "delete_selected", "_selected_action": [key]}
    ),
}
MEANS = {"list": "read", "open": "read", "history": "read", "add page": "add"} | {
    "delete many": "delete"
}


def _page(name: str, view: str, *key: str) -> str:
    return reverse(f"admin:{MODELS[name]._meta.app_label}_{name}_{view}", args=key)


def is_open(action: str, response: Any) -> bool:
    """Of an action that is not there, the list comes again as if nothing had been asked."""
    if action == "delete many" and response.status_code == 200:
        return "admin/delete_selected_confirmation.html" in response.template_name
    return bool(response.status_code == 200)


def rows() -> dict[str, list[Any]]:
    """All that the catalogue holds."""
    return {name: list(MODELS[name]._default_manager.order_by("pk").values()) for name in CATALOGUE}


@pytest.fixture
def actors(
    as_staff: Client,
    as_curator: Client,
    as_editor: Client,
    as_administrator: Client,
    as_superuser: Client,
) -> dict[str, Client]:
    return {
        "anonymous": Client(),
        "staff": as_staff,
        "curator": as_curator,
        "editor": as_editor,
        "administrator": as_administrator,
        "superuser": as_superuser,
    }


@pytest.mark.parametrize("who", OPEN)
def test_each_role_can_do_its_own_and_nothing_else(who: str, actors: dict[str, Client]) -> None:
    if connection.vendor == "postgresql" and who not in ("anonymous", "curator"):
        pytest.skip("what a role may do is the same on both databases: once is enough")
    make_rows(1)
    refresh_from_registry.enqueue()
    reader = User.objects.create_user("reader")
    actors["superuser"].post(
        reverse("admin:auth_group_add"), {"name": "Guests"}
    )  # so that the log has a line
    keys = {name: str(model.objects.first().pk) for name, model in MODELS.items()}  # type: ignore[union-attr]
    keys["user"] = str(reader.pk)
    before = rows()
    done = {
        (action, name): ask(actors[who], name, keys[name])
        for action, ask in ACTIONS.items()
        for name in sorted(MODELS)
    }
    opened = {pair for pair, response in done.items() if is_open(pair[0], response)}
    wanted = {
        (action, name)
        for action in ACTIONS
        for name in OPEN[who].get(MEANS.get(action, action), NONE)
    }
    assert opened == wanted
    assert rows() == before
    if who == "anonymous":
        assert {response.status_code for response in done.values()} == {302}
        assert {response["Location"].split("?")[0] for response in done.values()} == {
            reverse("admin:login")
        }


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("anonymous", 302),
        ("staff", 403),
        ("curator", 403),
        ("editor", 403),
        ("administrator", 302),
        ("superuser", 302),
    ],
)
def test_administrators_alone_ask_for_a_refresh(
    who: str, status: int, actors: dict[str, Client]
) -> None:
    response = actors[who].post(reverse("admin:trials_refreshrun_ask"))
    assert response.status_code == status
    told = response["Location"].split("?")[0] if status == 302 else ""
    asked = told == reverse("admin:trials_refreshrun_changelist")
    assert asked == (who in ("administrator", "superuser"))


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("anonymous", 302),
        ("staff", 403),
        ("curator", 200),
        ("editor", 403),
        ("administrator", 403),
        ("superuser", 200),
    ],
)
@pytest.mark.parametrize("screen", ["trials_sponsor_pairs", "trials_trial_sheet"])
def test_curators_alone_open_the_screens_of_decisions(
    screen: str, who: str, status: int, actors: dict[str, Client]
) -> None:
    assert actors[who].get(reverse(f"admin:{screen}")).status_code == status


@pytest.mark.parametrize("who", ["staff", "curator", "editor"])
def test_nobody_else_gives_a_password(who: str, actors: dict[str, Client]) -> None:
    other = User.objects.create_user("other")
    page = reverse("admin:auth_user_password_change", args=[other.pk])
    assert actors[who].get(page).status_code == 403


# --- An administrator gets no more rights than the role has


def sent(client: Client, person: User, **changed: Any) -> Any:
    page = reverse("admin:auth_user_change", args=[person.pk])
    joined = {"date_joined_0": "2026-01-01", "date_joined_1": "12:00:00"}
    return client.post(page, {"username": person.username, **joined, **changed})


def test_an_administrator_makes_a_curator(as_administrator: Client) -> None:
    person = User.objects.create_user("lan")
    group = Group.objects.get(name=CURATORS)
    sent(as_administrator, person, is_active="on", is_staff="on", groups=[group.pk])
    person.refresh_from_db()
    assert (person.is_staff, [*person.groups.all()]) == (True, [group])


def test_an_administrator_makes_no_superuser(as_administrator: Client) -> None:
    person = User.objects.create_user("lan")
    answered = sent(
        as_administrator, person, is_active="on", is_superuser="on", user_permissions=["1"]
    )
    person.refresh_from_db()
    assert (answered.status_code, person.is_superuser) == (302, False)
    assert not person.user_permissions.exists()


def test_an_administrator_gives_no_group_of_unknown_rights(as_administrator: Client) -> None:
    person, mighty = User.objects.create_user("lan"), Group.objects.create(name="Mighty")
    assert sent(as_administrator, person, is_active="on", groups=[mighty.pk]).status_code == 200
    assert not person.groups.exists()


def test_a_group_that_was_given_by_hand_is_kept(as_administrator: Client) -> None:
    person, mighty = User.objects.create_user("lan"), Group.objects.create(name="Mighty")
    person.groups.add(mighty)
    page = as_administrator.get(reverse("admin:auth_user_change", args=[person.pk]))
    choices = {str(group) for group in page.context["adminform"].form.fields["groups"].queryset}
    assert choices == {"Mighty", "Curators", "Editors", ADMINISTRATORS}


@pytest.mark.parametrize("view", ["change", "password_change"])
def test_an_administrator_does_not_touch_a_superuser(as_administrator: Client, view: str) -> None:
    root = User.objects.create_superuser("root")
    page = reverse(f"admin:auth_user_{view}", args=[root.pk])
    assert as_administrator.post(page, {"username": "mine"}).status_code == 403


# --- Acts are logged


def test_an_act_is_in_the_log_and_nobody_changes_the_log(
    as_superuser: Client, as_administrator: Client
) -> None:
    as_superuser.post(reverse("admin:auth_group_add"), {"name": "Guests"})
    page = as_administrator.get(reverse("admin:admin_logentry_changelist")).content.decode()
    assert "Guests" in page


def test_a_refresh_that_was_asked_for_is_in_the_log(as_administrator: Client) -> None:
    as_administrator.post(reverse("admin:trials_refreshrun_ask"), {"full": "1"})
    page = as_administrator.get(reverse("admin:admin_logentry_changelist")).content.decode()
    assert "asked for a refresh of everything" in page
