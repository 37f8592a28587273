"""fixtures/ → rows: loads the files that people edit, again and again without harm."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from time import perf_counter

from trials.models import CellSource, Indication
from trials.search.kept import writing
from trials.seeding.evidence import (
    Keys,
    save_claims,
    save_documents,
    save_excluded,
    save_products,
    save_publications,
)
from trials.seeding.facts import save_facts
from trials.seeding.files import BrokenFixturesError, Fixtures, read_files
from trials.seeding.ledger import follow_joined_trials
from trials.seeding.lexicon import save_terms
from trials.seeding.references import reference_faults
from trials.seeding.report import SeedReport, Tally
from trials.seeding.terms import save_countries, save_queries, save_sponsors, save_tree
from trials.seeding.trials import present_first, save_trial_links, save_trials

__all__ = ["BrokenFixturesError", "Fixtures", "SeedReport", "Tally", "read_fixtures", "seed"]


def read_fixtures(folder: Path) -> Fixtures:
    """The checked content of the folder; raises BrokenFixturesError with every fault at once."""
    fixtures, faults = read_files(folder)
    # An entry of the wrong shape is not there to be referred to: names are checked after shapes.
    faults = faults or reference_faults(fixtures)
    if faults:
        raise BrokenFixturesError(faults)
    return fixtures


def seed(folder: Path, *, now: datetime) -> SeedReport:
    """Load the folder in one transaction; raises BrokenFixturesError, and then nothing is loaded.

    Curators' decisions, rules' verdicts and what a refresh wrote are left alone.
    """
    started = perf_counter()
    fixtures = read_fixtures(folder)
    report = SeedReport()
    with writing():
        _save(fixtures, report, now)
    report.seconds = round(perf_counter() - started, 3)
    return report


def _save(fixtures: Fixtures, report: SeedReport, now: datetime) -> None:
    save_countries(report)
    save_queries(fixtures.queries, report)
    keys = Keys(
        cell_sources=save_tree(CellSource, fixtures.cell_sources, report),
        indications=save_tree(Indication, fixtures.indications, report),
        sponsors=save_sponsors(fixtures.sponsors, report),
        documents=save_documents(fixtures.documents, report),
    )
    keys.publications = save_publications(fixtures.publications, keys, report)
    keys.products = save_products(fixtures.products, keys, report)
    trials = save_trials(fixtures.trials, keys, report)
    keys.trials = {number: trial.pk for number, trial in trials.items()}
    entries = present_first(fixtures.trials, trials)
    follow_joined_trials()
    save_trial_links(entries, keys, report)
    save_facts(entries, trials, keys, report, now=now)
    save_claims(fixtures, keys, report)
    save_excluded(fixtures.excluded, keys, report)
    save_terms(fixtures.terms, report)
