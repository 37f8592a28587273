"""A person links a paper to a trial, or parts them; files, joining and undo keep to it."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from django.conf import settings
from django.core.exceptions import ValidationError

from tests.builders import THEN, make_curator, make_publication, make_run, make_trial
from trials.curation import link_paper, part_paper, undo
from trials.models import Publication, Trial, TrialPublication
from trials.refresh.joining import join
from trials.search.kept import writing
from trials.seeding import seed

pytestmark = pytest.mark.django_db

FOLDER = settings.BASE_DIR / "fixtures"


def links(trial: Trial) -> dict[str, tuple[str, str]]:
    rows = trial.publication_links.select_related("publication")
    return {row.publication.slug: (row.relation, row.basis) for row in rows}


def linked() -> tuple[Trial, Publication]:
    """A trial of the files with its paper."""
    seed(FOLDER, now=THEN)
    row = TrialPublication.objects.select_related("trial", "publication").order_by("pk")[0]
    return row.trial, row.publication


def test_a_paper_is_linked_with_how_we_know_and_taken_back() -> None:
    trial, paper = make_trial(), make_publication("lee-2021")
    assert link_paper(trial, paper, relation="results", by=make_curator(), note="Names the number.")
    assert links(trial) == {"lee-2021": ("results", "Names the number.")}
    decision = trial.decisions.get()
    assert (decision.paper, decision.parts_paper) == (paper.title, False)
    undo(decision, by=make_curator(), note="Another trial.")
    assert links(trial) == {}


def test_a_paper_is_parted_and_comes_back_as_it_was() -> None:
    trial = make_trial()
    paper = make_publication("lee-2021", trial)
    before = links(trial)
    assert part_paper(trial, paper, by=make_curator(), note="Another trial.")
    decision = trial.decisions.get()
    assert (links(trial), decision.parts_paper) == ({}, True)
    undo(decision, by=make_curator(), note="It is.")
    assert links(trial) == before


def test_the_same_again_is_no_decision() -> None:
    trial, paper = make_trial(), make_publication("lee-2021")
    for expected in (True, False):
        made = link_paper(trial, paper, relation="results", by=make_curator(), note="Seen.")
        assert made is expected


@pytest.mark.parametrize(
    ("relation", "note", "words"),
    [("results", " ", "Write a note"), (" ", "Seen.", "Say how"), ("x" * 61, "Seen.", "Say how")],
)
def test_what_cannot_be_decided_is_told(relation: str, note: str, words: str) -> None:
    trial, paper = make_trial(), make_publication("lee-2021")
    with pytest.raises(ValidationError, match=words):
        link_paper(trial, paper, relation=relation, by=make_curator(), note=note)
    assert not trial.decisions.exists()


def test_an_earlier_decision_about_the_same_paper_is_undone_last() -> None:
    trial, paper, other = make_trial(), make_publication("a"), make_publication("b")
    link_paper(trial, paper, relation="results", by=make_curator(), note="One.")
    first = trial.decisions.get()
    link_paper(trial, other, relation="results", by=make_curator(), note="Two.")
    link_paper(trial, paper, relation="derived", by=make_curator(), note="Three.")
    with pytest.raises(ValidationError, match="undo that one first"):
        undo(first, by=make_curator(), note="Back.")
    latest = trial.decisions.first()
    assert latest is not None
    undo(latest, by=make_curator(), note="Back.")
    undo(first, by=make_curator(), note="Back.")
    assert links(trial) == {"b": ("results", "Two.")}


def test_a_paper_that_is_gone_is_told_where_its_parting_would_be_undone() -> None:
    trial = make_trial()
    paper = make_publication("lee-2021", trial)
    part_paper(trial, paper, by=make_curator(), note="Another trial.")
    paper.delete()
    with pytest.raises(ValidationError, match="no more"):
        undo(trial.decisions.get(), by=make_curator(), note="It is.")


def test_a_link_to_a_paper_that_is_gone_is_in_the_way_of_no_undoing() -> None:
    trial, paper = make_trial(), make_publication("lee-2021")
    link_paper(trial, paper, relation="results", by=make_curator(), note="Names the number.")
    paper.delete()
    undo(trial.decisions.get(), by=make_curator(), note="Another trial.")
    assert links(trial) == {}


def test_a_seed_parts_and_links_nothing_otherwise_until_the_decision_is_undone() -> None:
    trial, paper = linked()
    before = links(trial)
    link_paper(trial, paper, relation="background", by=make_curator(), note="Read it.")
    changed = trial.decisions.first()
    seed(FOLDER, now=THEN)
    assert links(trial)[paper.slug] == ("background", "Read it.")
    part_paper(trial, paper, by=make_curator(), note="Another trial.")
    parted = trial.decisions.first()
    seed(FOLDER, now=THEN)
    assert paper.slug not in links(trial)
    for decision in (parted, changed):
        assert decision is not None
        undo(decision, by=make_curator(), note="Back.")
    seed(FOLDER, now=THEN)
    assert links(trial) == before


def test_a_decided_paper_stays_when_the_files_no_longer_have_it(tmp_path: Path) -> None:
    trial, paper = linked()
    link_paper(trial, paper, relation="results", by=make_curator(), note="Read it.")
    folder = shutil.copytree(FOLDER, tmp_path / "fixtures")
    entry = re.compile(r"\n\[\[trial\.publications\]\](?:\n(?!\[).*)*")
    for path in (folder / "trials").glob("*.toml"):
        path.write_text(entry.sub("\n", path.read_text("utf-8")), "utf-8")
    seed(folder, now=THEN)
    assert links(trial) == {paper.slug: ("results", "Read it.")}
    assert TrialPublication.objects.count() == 1  # of all others the files are the only source


def test_decisions_about_papers_come_with_a_trial_that_turns_out_to_be_another() -> None:
    old, into = make_trial(), make_trial()
    parted, kept = make_publication("a", old), make_publication("b", into)
    TrialPublication.objects.create(trial=into, publication=parted, relation="results")
    part_paper(old, parted, by=make_curator(), note="Another trial.")
    link_paper(old, kept, relation="derived", by=make_curator(), note="Names it.")
    with writing():
        join(old, into, run=make_run(), now=THEN)
    assert links(into) == {"b": ("derived", "Names it.")}
