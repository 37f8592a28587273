"""Which trials a paper belongs to: decided by editors on its page, by curators on the trial's."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tests.builders import make_curator, make_publication, make_trial
from tests.trials.admin.posting import errors_of
from trials.curation import link_paper, name_in_chinese
from trials.models import Decision, Publication, Trial

pytestmark = pytest.mark.django_db

ROW = "trial_links-0-"


def page_of(paper: Publication) -> str:
    return reverse("admin:trials_publication_change", args=[paper.pk])


def as_sent(client: Client, paper: Publication) -> dict[str, Any]:
    """Open the paper's page; what would come back with nothing touched."""
    context = client.get(page_of(paper)).context
    sent: dict[str, Any] = {}
    formset = context["inline_admin_formsets"][0].formset
    for form in (context["adminform"].form, formset.management_form, *formset.forms):
        for field in form:
            value = field.value()
            if value is not None and value is not False:
                sent[field.html_name] = value
    return sent


def belongs(paper: Publication) -> dict[str, tuple[str, str]]:
    rows = paper.trial_links.select_related("trial")
    return {row.trial.number: (row.relation, row.basis) for row in rows}


def test_an_editor_adds_a_trial_to_a_paper_and_the_decision_is_undone(as_editor: Client) -> None:
    paper, trial = make_publication("lee-2021"), make_trial()
    new = {f"{ROW}trial": trial.pk, f"{ROW}relation": "results", f"{ROW}basis": "Its table 1."}
    sent = as_sent(as_editor, paper) | new
    sent |= {"trial_links-TOTAL_FORMS": 1, "decision_note": "Read it."}
    response = as_editor.post(page_of(paper), sent)
    assert (response.status_code, errors_of(response)) == (302, "")
    assert belongs(paper) == {trial.number: ("results", "Its table 1.")}
    decision = trial.decisions.get()
    assert decision.note == "Read it."
    undo = reverse("decision-undo", args=[decision.pk])
    about = as_editor.get(reverse("admin:trials_trial_change", args=[trial.pk])).content.decode()
    assert f'<a href="{undo}">Undo</a>' in about
    as_editor.post(undo, {"note": "Another trial."})
    assert belongs(paper) == {}


def test_an_editor_changes_and_takes_away_a_trial(as_editor: Client) -> None:
    trial, other = make_trial(), make_trial()
    paper = make_publication("lee-2021", trial)
    sent = as_sent(as_editor, paper) | {f"{ROW}relation": "derived", "decision_note": "Read it."}
    assert as_editor.post(page_of(paper), sent).status_code == 302
    assert belongs(paper) == {trial.number: ("derived", "Read it.")}
    sent = as_sent(as_editor, paper) | {f"{ROW}trial": other.pk, "decision_note": "That one."}
    assert as_editor.post(page_of(paper), sent).status_code == 302
    assert belongs(paper) == {other.number: ("derived", "Read it.")}
    sent = as_sent(as_editor, paper) | {f"{ROW}DELETE": "on", "decision_note": "Neither."}
    assert as_editor.post(page_of(paper), sent).status_code == 302
    assert belongs(paper) == {}
    assert Decision.objects.count() == 4  # the second took it from one and gave it to the other


def test_a_column_of_the_paper_alone_wants_no_note(as_editor: Client) -> None:
    paper = make_publication("lee-2021", make_trial())
    sent = as_sent(as_editor, paper) | {"journal": "Stem Cells"}
    assert as_editor.post(page_of(paper), sent).status_code == 302
    paper.refresh_from_db()
    assert (paper.journal, Decision.objects.count()) == ("Stem Cells", 0)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({f"{ROW}relation": "derived"}, "Write a note"),
        ({f"{ROW}relation": "", "decision_note": "Read it."}, "required"),
        ({f"{ROW}trial": "joined", "decision_note": "Read it."}, "turned out to be"),
    ],
)
def test_what_cannot_be_decided_is_told_and_nothing_is_written(
    as_editor: Client, changes: dict[str, str], words: str
) -> None:
    trial = make_trial()
    joined = make_trial(joined_to=trial, screening="excluded")
    paper = make_publication("lee-2021", trial)
    before = belongs(paper)
    sent = as_sent(as_editor, paper) | changes | {"journal": "Stem Cells"}
    sent |= {name: joined.pk for name, value in changes.items() if value == "joined"}
    response = as_editor.post(page_of(paper), sent)
    assert (response.status_code, words in errors_of(response)) == (200, True)
    paper.refresh_from_db()
    assert (belongs(paper), paper.journal, Decision.objects.count()) == (before, "", 0)


@pytest.mark.parametrize("changes", [{f"{ROW}relation": "background"}, {f"{ROW}DELETE": "on"}])
def test_what_somebody_decided_meanwhile_is_not_overwritten(
    as_editor: Client, changes: dict[str, str]
) -> None:
    trial = make_trial()
    paper = make_publication("lee-2021", trial)
    sent = as_sent(as_editor, paper) | {**changes, "decision_note": "Read it."}
    link_paper(trial, paper, relation="derived", by=make_curator(), note="Names it.")
    assert "changed after you opened" in errors_of(as_editor.post(page_of(paper), sent))
    assert belongs(paper) == {trial.number: ("derived", "Names it.")}


def answer(client: Client, trial: Trial, action: str, **sent: str) -> Any:
    page = reverse("queue-item", args=["trial", trial.pk])
    seen = client.get(page).context["item"].seen
    return client.post(page, {"action": action, "seen": seen, **sent})


@pytest.mark.parametrize(
    "typed",
    [
        *("10.1000/XYZ", "https://doi.org/10.1000/xyz", "1234", "lee-2021"),
        *("/publications/lee-2021/", "https://here.test/publications/lee-2021/?lang=zh-hans"),
    ],
)
def test_a_curator_links_a_paper_by_any_of_its_names(as_curator: Client, typed: str) -> None:
    trial, paper = make_trial(), make_publication("lee-2021", doi="10.1000/xyz", pmid="1234")
    response = answer(as_curator, trial, "link", paper=typed, relation="results", note="Read it.")
    assert response.status_code == 302
    assert belongs(paper) == {trial.number: ("results", "Read it.")}
    as_curator.post(reverse("queue-undo"))
    assert belongs(paper) == {}


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({"paper": "10.9/none", "relation": "results", "note": "x"}, "No paper of the catalogue"),
        ({"paper": "/", "relation": "results", "note": "x"}, "No paper of the catalogue"),
        ({"paper": "10.9/lee-2021", "relation": "results", "note": "x"}, "No paper of the catal"),
        ({"paper": "", "relation": "results", "note": "x"}, "Name the paper"),
        ({"paper": "lee-2021", "relation": "results"}, "Write a note"),
        ({"paper": "lee-2021", "relation": "cites", "note": "x"}, "Select a valid choice"),
    ],
)
def test_a_link_that_cannot_be_is_refused_in_words(
    as_curator: Client, sent: dict[str, str], words: str
) -> None:
    trial, paper = make_trial(), make_publication("lee-2021")
    response = answer(as_curator, trial, "link", **sent)
    assert (response.status_code, words in response.content.decode()) == (422, True)
    assert belongs(paper) == {}


def test_a_curator_parts_a_paper_from_a_trial_with_a_note(as_curator: Client) -> None:
    trial = make_trial()
    paper = make_publication("lee-2021", trial)
    assert answer(as_curator, trial, "part-1").status_code == 422
    assert answer(as_curator, trial, "part-1", note="Another trial.").status_code == 302
    assert belongs(paper) == {}


def test_who_may_not_decide_about_papers_undoes_nothing_of_them(
    as_staff: Client, as_editor: Client, as_curator: Client
) -> None:
    trial, paper = make_trial(), make_publication("lee-2021")
    link_paper(trial, paper, relation="results", by=make_curator(), note="Read it.")
    name_in_chinese(trial, title="膝", by=make_curator(), note="Own words.")
    papers, titles = (
        reverse("decision-undo", args=[Decision.objects.get(kind=kind).pk])
        for kind in ("publication", "title")
    )
    asked = {"staff": as_staff, "editor": as_editor, "curator": as_curator}
    got = {
        who: (client.get(papers).status_code, client.get(titles).status_code)
        for who, client in asked.items()
    }
    assert got == {"staff": (403, 403), "editor": (200, 403), "curator": (200, 200)}
    assert as_curator.get(reverse("decision-undo", args=[10**9])).status_code == 404


def test_every_fact_is_decided_from_the_trials_page_product_too(as_curator: Client) -> None:
    trial = make_trial()
    page = as_curator.get(reverse("queue-item", args=["trial", trial.pk])).content.decode()
    product = reverse("queue-item", args=["fact", f"{trial.pk}:product"])
    assert f'<a href="{product}">Product</a>' in page
    back = reverse("queue-item", args=["trial", trial.pk])
    assert (
        f'<a href="{back}">About the trial itself</a>' in as_curator.get(product).content.decode()
    )


def test_a_new_paper_comes_with_its_trial(as_editor: Client) -> None:
    trial, page = make_trial(), reverse("admin:trials_publication_add")
    assert as_editor.get(page).status_code == 200
    sent = {
        "slug": "new",
        "title": "A new paper",
        "trial_links-TOTAL_FORMS": 1,
        "trial_links-INITIAL_FORMS": 0,
        f"{ROW}trial": trial.pk,
        f"{ROW}relation": "results",
    }
    assert "Write a note" in errors_of(as_editor.post(page, sent))
    response = as_editor.post(page, {**sent, "decision_note": "Its table 1."})
    assert (response.status_code, errors_of(response)) == (302, "")
    assert belongs(Publication.objects.get(slug="new")) == {
        trial.number: ("results", "Its table 1.")
    }
