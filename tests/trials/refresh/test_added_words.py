"""What an editor added to the lexicon is read by: in a refresh, when facts are worked out again."""

import io

import pytest
from django.core.management import call_command

from tests.builders import THEN, make_curator, make_term
from tests.records import study_record
from trials.extraction import aside
from trials.extraction.tables import lexicon
from trials.lexicon import words_in_use
from trials.models import Fact, StoredRecord, Trial
from trials.refresh.entering import verdict_of
from trials.refresh.rereading import reread
from trials.vocabulary import Basis, FactKind, Screening

pytestmark = pytest.mark.usefixtures("vocabularies")
NUMBER = "NCT90000001"
# Nothing that the files know says whence the cells of "Golden drops" come, nor what they are for.
RECORD = study_record(
    NUMBER,
    identificationModule={"briefTitle": "Golden drops cells", "officialTitle": None},
    conditionsModule={"conditions": ["Rusty knees of sailors"], "keywords": None},
    descriptionModule=None,
    armsInterventionsModule={
        "armGroups": None,
        "interventions": [{"type": "BIOLOGICAL", "name": "Mesenchymal stem cells"}],
    },
)
SAILORS = {"table": "indications", "section": "said"}


def sources() -> list[Fact]:
    facts = Fact.objects.filter(kind=FactKind.CELL_SOURCE, basis=Basis.RULE, retired_at=None)
    return list(facts.select_related("cell_source"))


def make_sailors() -> None:
    make_term("rusty knees", "knee-osteoarthritis", **SAILORS)


def test_without_the_words_the_study_is_left_out(load):
    load(RECORD)
    assert not Trial.objects.exists()


@pytest.mark.parametrize("worth_a_process", [0, 300])
def test_a_refresh_screens_and_reads_by_them_here_and_beside(load, monkeypatch, worth_a_process):
    monkeypatch.setattr(aside, "WORTH_A_PROCESS", worth_a_process)
    make_sailors()
    make_term("golden drops")
    load(RECORD)
    (source,) = sources()
    assert (source.trial.number, source.cell_source.slug) == (NUMBER, "adipose")
    assert source.rule.partition("@")[2] == words_in_use().version != lexicon().version


def test_facts_worked_out_again_are_read_by_them_and_end_when_they_are_withdrawn(load):
    make_sailors()
    load(RECORD)
    term = make_term("golden drops")
    assert sources() == []

    assert reread().facts_new == 1
    (source,) = sources()
    assert (source.cell_source.slug, source.quote) == ("adipose", "Golden drops")

    term.withdrawn_at, term.withdrawn_by = THEN, make_curator()
    term.save()
    assert reread().facts_ended == 1
    assert sources() == []


def test_a_study_is_screened_again_by_them(load):
    load(RECORD)
    make_sailors()
    assert verdict_of(StoredRecord.objects.get()).included
    assert reread().taken_in == [NUMBER]
    assert Trial.objects.get().screening == Screening.INCLUDED


def test_the_command_names_the_version_that_has_them(load):
    load(RECORD)
    make_sailors()
    said = io.StringIO()
    call_command("extract", dry_run=True, stdout=said, stderr=said)
    assert f"tables {words_in_use().version}" in said.getvalue()
    assert f"taken in: {NUMBER}" in said.getvalue()
