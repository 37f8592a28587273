"""A curator decides about a trial in the admin: what is saved, what is refused, what is said."""

from __future__ import annotations

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group, User
from django.test import Client

from tests.builders import make_curator, make_fact, make_source, make_trial
from tests.trials.admin.posting import address, errors_of, page_as_sent
from trials.curation import confirm_donor, standing_decisions
from trials.models import Fact, Trial
from trials.roles import CURATORS
from trials.vocabulary import Basis, FactKind, Role

pytestmark = pytest.mark.django_db


def shown(trial: Trial, kind: str) -> list[str]:
    return sorted(fact.slug for fact in trial.facts.filter(kind=kind, shown=True))


def test_curator_corrects_source_and_donor(as_curator: Client, curator: User) -> None:
    trial = make_trial(sources=("bone-marrow",), donors=("autologous",))
    placenta = make_source("placenta")
    sent = page_as_sent(as_curator, trial) | {
        "cell_source": [placenta.pk],
        "donor_type": ["allogeneic"],
        "decision_note": "The second arm says so.",
    }
    response = as_curator.post(address(trial), sent)
    assert (response.status_code, errors_of(response)) == (302, "")
    decisions = standing_decisions(trial)
    assert {kind: decision.label for kind, decision in decisions.items()} == {
        FactKind.CELL_SOURCE: "Placenta",
        FactKind.DONOR_TYPE: "Allogeneic (a donor's)",
    }
    for decision in decisions.values():
        assert (decision.by, decision.note) == (curator, "The second arm says so.")
        assert decision.at is not None
    assert shown(trial, FactKind.CELL_SOURCE) == ["placenta"]
    assert shown(trial, FactKind.DONOR_TYPE) == ["allogeneic"]


def test_a_value_that_was_not_touched_is_no_decision(as_curator: Client) -> None:
    trial = make_trial(sources=("bone-marrow",), donors=("autologous",))
    sent = page_as_sent(as_curator, trial) | {
        "donor_type": ["allogeneic"],
        "decision_note": "Arm 2.",
    }
    as_curator.post(address(trial), sent)
    assert set(standing_decisions(trial)) == {FactKind.DONOR_TYPE}


def test_sources_of_the_control_are_kept_apart(as_curator: Client) -> None:
    trial = make_trial(sources=("bone-marrow",))
    adipose = make_source("adipose")
    sent = page_as_sent(as_curator, trial)
    as_curator.post(
        address(trial), sent | {"cell_source_comparators": [adipose.pk], "decision_note": "Arm 2."}
    )
    facts = trial.facts.filter(shown=True).order_by("pk")
    assert [(fact.slug, fact.role) for fact in facts] == [
        ("bone-marrow", Role.EXPERIMENTAL),
        ("adipose", Role.COMPARATOR),
    ]


def test_nothing_ticked_is_not_stated(as_curator: Client) -> None:
    trial = make_trial(donors=("autologous",))
    sent = page_as_sent(as_curator, trial) | {"donor_type": [], "decision_note": "It does not say."}
    as_curator.post(address(trial), sent)
    assert shown(trial, FactKind.DONOR_TYPE) == ["not-stated"]


def test_curator_confirms_what_a_rule_read(as_curator: Client, curator: User) -> None:
    trial = make_trial()
    make_fact(trial, FactKind.DONOR_TYPE, "autologous", basis=Basis.RULE)
    sent = page_as_sent(as_curator, trial) | {"confirm": ["donor_type"], "decision_note": "Right."}
    as_curator.post(address(trial), sent)
    decision = standing_decisions(trial)[FactKind.DONOR_TYPE]
    assert (decision.facts[0].value, decision.by) == ("autologous", curator)


def test_preparation_and_route_are_decided_on_the_same_page(as_curator: Client) -> None:
    trial = make_trial()
    sent = page_as_sent(as_curator, trial)
    as_curator.post(
        address(trial),
        sent
        | {"preparation": ["expanded"], "route": ["intra-articular"], "decision_note": "Arm 1."},
    )
    assert shown(trial, FactKind.PREPARATION) == ["expanded"]
    assert shown(trial, FactKind.ROUTE) == ["intra-articular"]


def test_curator_withdraws_a_decision(as_curator: Client, curator: User) -> None:
    trial = make_trial(donors=("autologous",))
    confirm_donor(trial, donors=["allogeneic"], by=make_curator("lan"), note="Guess.")
    sent = page_as_sent(as_curator, trial) | {
        "withdraw": ["donor_type"],
        "decision_note": "No ground.",
    }
    as_curator.post(address(trial), sent)
    assert shown(trial, FactKind.DONOR_TYPE) == ["autologous"]
    ended = Fact.objects.get(basis=Basis.CURATOR)
    assert (ended.retired_by, ended.retired_note) == (curator, "No ground.")


def test_decision_without_a_note_is_refused_and_nothing_is_saved(as_curator: Client) -> None:
    trial = make_trial(donors=("autologous",))
    sent = page_as_sent(as_curator, trial) | {"donor_type": ["allogeneic"]}
    response = as_curator.post(address(trial), sent)
    assert response.status_code == 200
    assert "Write a note: what the decision rests on. Nothing was saved." in errors_of(response)
    assert standing_decisions(trial) == {}


def test_saving_with_nothing_chosen_says_so(as_curator: Client) -> None:
    trial = make_trial(donors=("autologous",))
    sent = page_as_sent(as_curator, trial) | {"decision_note": "Fine."}
    response = as_curator.post(address(trial), sent)
    assert "Nothing was chosen" in errors_of(response)
    assert standing_decisions(trial) == {}


def test_deciding_and_withdrawing_at_once_is_refused(as_curator: Client) -> None:
    trial = make_trial()
    confirm_donor(trial, donors=["allogeneic"], by=make_curator("lan"), note="Guess.")
    sent = page_as_sent(as_curator, trial)
    sent |= {"donor_type": ["autologous"], "withdraw": ["donor_type"], "decision_note": "Both."}
    response = as_curator.post(address(trial), sent)
    assert "not both" in errors_of(response)
    assert shown(trial, FactKind.DONOR_TYPE) == ["allogeneic"]


def test_source_of_product_and_control_only_at_once_is_refused(as_curator: Client) -> None:
    trial, adipose = make_trial(), make_source("adipose")
    sent = page_as_sent(as_curator, trial)
    sent |= {
        "cell_source": [adipose.pk],
        "cell_source_comparators": [adipose.pk],
        "decision_note": "Both.",
    }
    response = as_curator.post(address(trial), sent)
    assert "in the control only" in errors_of(response)
    assert standing_decisions(trial) == {}


def test_value_that_the_list_does_not_have_is_refused(as_curator: Client) -> None:
    trial = make_trial()
    sent = page_as_sent(as_curator, trial) | {"donor_type": ["martian"], "decision_note": "Mars."}
    response = as_curator.post(address(trial), sent)
    assert "martian" in errors_of(response)
    assert standing_decisions(trial) == {}


def test_second_curator_is_told_of_the_first_and_overwrites_nothing(as_curator: Client) -> None:
    trial = make_trial(donors=("autologous",))
    sent = page_as_sent(as_curator, trial)
    confirm_donor(trial, donors=["xenogeneic"], by=make_curator("lan"), note="Pig cells.")
    response = as_curator.post(
        address(trial), sent | {"donor_type": ["allogeneic"], "decision_note": "?"}
    )
    errors = errors_of(response)
    assert "Donor: Xenogeneic (an animal's) (lan, " in errors
    assert "Nothing of yours was saved" in errors
    assert shown(trial, FactKind.DONOR_TYPE) == ["xenogeneic"]


def test_second_curator_can_decide_after_having_been_told(as_curator: Client) -> None:
    trial = make_trial(donors=("autologous",))
    sent = page_as_sent(as_curator, trial)
    confirm_donor(trial, donors=["xenogeneic"], by=make_curator("lan"), note="Pig cells.")
    told = as_curator.post(
        address(trial), sent | {"donor_type": ["allogeneic"], "decision_note": "No."}
    )
    form = told.context["adminform"].form
    assert form["donor_type"].value() == ["xenogeneic"]
    again = sent | {
        "seen": form["seen"].value(),
        "donor_type": ["allogeneic"],
        "decision_note": "No.",
    }
    as_curator.post(address(trial), again)
    assert shown(trial, FactKind.DONOR_TYPE) == ["allogeneic"]


def test_value_that_moved_under_an_untouched_field_is_not_put_back(as_curator: Client) -> None:
    trial = make_trial()
    rule = make_fact(trial, FactKind.PREPARATION, "expanded", basis=Basis.RULE)
    sent = page_as_sent(as_curator, trial)
    Fact.objects.filter(pk=rule.pk).update(value="minimally-manipulated")
    as_curator.post(
        address(trial), sent | {"donor_type": ["allogeneic"], "decision_note": "Arm 1."}
    )
    assert standing_decisions(trial) == {}


def test_page_without_what_was_seen_is_refused(as_curator: Client) -> None:
    trial = make_trial(donors=("autologous",))
    as_curator.post(address(trial), {"donor_type": ["allogeneic"], "decision_note": "By hand."})
    assert standing_decisions(trial) == {}


def test_registry_column_cannot_be_posted(as_superuser: Client) -> None:
    trial = make_trial(title="As registered")
    sent = page_as_sent(as_superuser, trial)
    sent |= {"title": "Mine", "status": "COMPLETED", "doubt": "Mine", "donor_type": ["autologous"]}
    before = Trial.objects.values().get()
    as_superuser.post(address(trial), sent | {"decision_note": "Arm 1."})
    assert Trial.objects.values().get() == before
    assert shown(trial, FactKind.DONOR_TYPE) == ["autologous"]


def test_history_of_the_page_says_what_was_decided(as_curator: Client, curator: User) -> None:
    trial = make_trial()
    sent = page_as_sent(as_curator, trial) | {
        "donor_type": ["allogeneic"],
        "decision_note": "Arm 2.",
    }
    as_curator.post(address(trial), sent)
    entry = LogEntry.objects.get()
    assert (entry.user, entry.get_change_message()) == (curator, "Decided: Donor. Arm 2.")


def test_page_lists_every_statement_with_its_words_and_its_end(as_curator: Client) -> None:
    trial = make_trial()
    make_fact(trial, FactKind.DONOR_TYPE, "autologous", quote="their own fat", place="Arm 1")
    lan = make_curator("lan")
    confirm_donor(trial, donors=["allogeneic"], by=lan, note="Guess.")
    confirm_donor(trial, donors=["xenogeneic"], by=lan, note="Pig cells.")
    page = as_curator.get(address(trial)).content.decode()
    for words in ("their own fat", "Arm 1", "overruled", "ended by lan", "Pig cells."):
        assert words in page


def test_visitor_is_sent_to_the_login(client: Client) -> None:
    trial = make_trial()
    response = client.post(address(trial), {"donor_type": ["allogeneic"], "decision_note": "Mine."})
    assert (response.status_code, "/admin/login/" in response.headers["Location"]) == (302, True)
    assert trial.facts.count() == 0


def test_staff_without_the_group_may_not_decide(as_staff: Client) -> None:
    trial = make_trial()
    response = as_staff.post(
        address(trial), {"donor_type": ["allogeneic"], "decision_note": "Mine."}
    )
    assert (response.status_code, trial.facts.count()) == (403, 0)


def test_curator_without_staff_status_may_not_decide(client: Client) -> None:
    person = User.objects.create_user("lan")
    person.groups.add(Group.objects.get(name=CURATORS))
    client.force_login(person)
    trial = make_trial()
    response = client.post(address(trial), {"donor_type": ["allogeneic"], "decision_note": "Mine."})
    assert (response.status_code, trial.facts.count()) == (302, 0)


def test_reader_of_the_admin_sees_the_page_without_the_form(client: Client) -> None:
    person = User.objects.create_user("reader", is_staff=True)
    group = Group.objects.create(name="Readers")
    group.permissions.set(
        Group.objects.get(name=CURATORS).permissions.filter(codename__startswith="view_")
    )
    person.groups.add(group)
    client.force_login(person)
    trial = make_trial(title="As registered")
    response = client.get(address(trial))
    assert response.status_code == 200
    assert 'name="decision_note"' not in response.content.decode()
    sent = {"donor_type": ["allogeneic"], "decision_note": "Mine."}
    assert client.post(address(trial), sent).status_code == 403


def test_nobody_decides_about_a_trial_that_turned_out_to_be_another(as_curator: Client) -> None:
    into = make_trial("NCT00000002", title="Knees")
    trial = make_trial("NCT00000001", joined_to=into, screening="excluded")
    response = as_curator.get(address(trial))
    text = response.content.decode()
    assert f'<a href="{address(into)}">NCT00000002 Knees</a>' in text
    assert 'name="decision_note"' not in text
    sent = {"donor_type": ["allogeneic"], "decision_note": "Mine."}
    assert as_curator.post(address(trial), sent).status_code == 403
