"""Each fault that the check of the catalogue knows is found, and a sound catalogue has none."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date

import pytest
from django.core.management import call_command

from tests.builders import (
    THEN,
    make_claim,
    make_curator,
    make_document,
    make_fact,
    make_indication,
    make_mention,
    make_record,
    make_site,
    make_source,
    make_sponsor,
    make_trial,
)
from trials.checking import CHECKS, check_catalogue
from trials.models import CellSource, Fact, Sponsor, SponsorAlias, Trial, TrialAlias
from trials.models.sponsor import normalise_name
from trials.search.kept import catch_up
from trials.vocabulary import Basis, FactKind

pytestmark = pytest.mark.django_db


def faults() -> list[str]:
    catch_up("default")
    return [f"{fault.check}: {fault.subject}: {fault.words}" for fault in check_catalogue()]


def sound_trial(number: str = "NCT00000001") -> Trial:
    trial = make_trial(number, sponsor="beike", countries=("CN",), start_date="2016-03")
    make_fact(trial, FactKind.DONOR_TYPE, "autologous", quote="their own")
    return trial


def hide_what_stands() -> str:
    sound_trial()
    Fact.objects.update(shown=False)
    fact = Fact.objects.get()
    return f"shown-in-step: NCT00000001, donor_type (fact {fact.pk}): stands, but is not shown"


def show_what_is_overruled() -> str:
    rule = make_fact(sound_trial(), FactKind.DONOR_TYPE, "allogeneic", basis=Basis.RULE, rule="d1")
    Fact.objects.update(shown=True)
    return (
        f"shown-in-step: NCT00000001, donor_type (fact {rule.pk}): "
        "is shown, but something of a higher basis stands, or it ended"
    )


def decide_without_a_note() -> str:
    fact = make_fact(
        sound_trial(), FactKind.ROUTE, "topical", basis=Basis.CURATOR, note=" ", quote="skin"
    )
    return (
        f"facts-explained: NCT00000001, route (fact {fact.pk}): "
        "is a curator's decision without a note or an author"
    )


def name_no_document() -> str:
    fact = make_fact(
        sound_trial(), FactKind.ROUTE, "topical", basis=Basis.DOCUMENT, quote="on the skin"
    )
    return (
        f"facts-explained: NCT00000001, route (fact {fact.pk}): "
        "is said by a document or paper, but names none"
    )


def name_no_rule() -> str:
    fact = make_fact(sound_trial(), FactKind.ROUTE, "topical", basis=Basis.RULE, quote="skin")
    return (
        f"facts-explained: NCT00000001, route (fact {fact.pk}): was read by a rule, but names none"
    )


def rest_on_nothing() -> str:
    fact = make_fact(sound_trial(), FactKind.ROUTE, "topical")
    return f"facts-explained: NCT00000001, route (fact {fact.pk}): does not say what it rests on"


def leave_the_title_blank() -> str:
    sound_trial()
    Trial.objects.update(title="  ")
    return "trials-complete: NCT00000001: has no title"


def leave_out_the_lead() -> str:
    make_trial("NCT00000001")
    return "trials-complete: NCT00000001: is registered, but has no lead sponsor"


def give_a_number_twice() -> str:
    TrialAlias.objects.create(trial=sound_trial(), number="NCT00000002")
    sound_trial("NCT00000002")
    return "numbers-agree: NCT00000001: has the other number NCT00000002, which a trial has itself"


def joined_trial() -> Trial:
    """A trial that turned out to be NCT00000012, with everything as it should be."""
    into = make_trial("NCT00000012", sponsor="beike", aliases=("NCT00000011",))
    return make_trial("NCT00000011", sponsor="beike", joined_to=into, screening="excluded")


def lead_nowhere() -> str:
    joined_trial()
    TrialAlias.objects.all().delete()
    return "joined-trials-empty: NCT00000011: turned out to be NCT00000012, but does not lead there"


def lead_on() -> str:
    joined_trial()
    last = make_trial("NCT00000013", sponsor="beike", aliases=("NCT00000012",))
    Trial.objects.filter(number="NCT00000012").update(joined_to=last, screening="excluded")
    return "joined-trials-empty: NCT00000011: turned out to be NCT00000012, which is joined itself"


def say_something_of_a_joined_trial() -> str:
    fact = make_fact(joined_trial(), FactKind.DONOR_TYPE, "autologous", quote="their own")
    return (
        f"joined-trials-empty: NCT00000011, donor_type (fact {fact.pk}): "
        "is said of a trial that turned out to be NCT00000012"
    )


def sort_by_another_day() -> str:
    sound_trial()
    Trial.objects.update(start_earliest=date(2015, 1, 1))
    return "dates-in-step: NCT00000001: starts 2016-03, but is sorted as 2015-01-01"


def be_in_an_unknown_country() -> str:
    make_site(sound_trial(), None, country_name="Ruritania")
    return (
        "countries-known: NCT00000001: has a site in Ruritania, which the catalogue does not know"
    )


def spell_an_alias_wrongly() -> str:
    sound_trial()
    alias = SponsorAlias.objects.create(
        sponsor=make_sponsor("beike"), name="Beike Bio", normalised="beiky", kind="other"
    )
    return f"sponsors-named: beike: is not found by its name “{alias.name}”"


def drop_the_own_name() -> str:
    sound_trial()
    SponsorAlias.objects.all().delete()
    return "sponsors-named: beike: does not have its own name among those it is found by"


def leave_out_a_row() -> str:
    trial, listed = sound_trial(), make_document("list")
    make_mention(trial, listed, position=1)
    make_mention(trial, listed, position=4)
    return "documents-whole: list: has no trial for its rows 2, 3"


def say_nothing() -> str:
    make_document("empty")
    return "documents-whole: empty: names no trial or paper and makes no claim"


def store_a_record_of_no_trial() -> str:
    record = make_record(sound_trial())
    type(record).objects.update(trial=None)
    return "records-joined: NCT00000001: is a stored record of the catalogue, but has no trial"


def store_a_record_of_another_trial() -> str:
    make_record(sound_trial(), registry_id="NCT00000009")
    return "records-joined: NCT00000009: is the stored record of NCT00000001"


def lose_the_record() -> str:
    sound_trial()
    Trial.objects.update(refreshed_at=THEN)
    return "records-joined: NCT00000001: was refreshed, but its record is not stored"


WRONGS = (
    hide_what_stands,
    show_what_is_overruled,
    decide_without_a_note,
    name_no_document,
    name_no_rule,
    rest_on_nothing,
    leave_the_title_blank,
    leave_out_the_lead,
    give_a_number_twice,
    lead_nowhere,
    lead_on,
    say_something_of_a_joined_trial,
    sort_by_another_day,
    be_in_an_unknown_country,
    spell_an_alias_wrongly,
    drop_the_own_name,
    leave_out_a_row,
    say_nothing,
    store_a_record_of_no_trial,
    store_a_record_of_another_trial,
    lose_the_record,
)


def test_sound_catalogue_has_no_fault() -> None:
    trial, listed = sound_trial(), make_document("list")
    make_mention(trial, listed, position=1)
    make_claim(make_document("claims"))
    make_source("amnion", parent="placenta")
    make_record(trial)
    joined_trial()
    cut = make_sponsor("long", name="S" * 300)
    cut.aliases.update(normalised=normalise_name("S" * 400))
    make_sponsor("signs", name="…")
    by = make_curator()
    make_fact(trial, FactKind.ROUTE, "topical", basis=Basis.CURATOR, decided_by=by, note="Read.")
    assert faults() == []


@pytest.mark.parametrize("wrong", WRONGS, ids=lambda wrong: wrong.__name__)
def test_fault_is_found_and_nothing_else(wrong: Callable[[], str]) -> None:
    assert [wrong()] == faults()


def test_circle_in_a_tree_is_found_at_each_of_its_terms() -> None:
    amnion = make_source("amnion", parent="placenta")
    make_source("chorion", parent=amnion)
    make_indication("knee-osteoarthritis")
    CellSource.objects.filter(slug="placenta").update(parent=amnion)
    assert sorted(faults()) == [
        "trees-end: amnion: is above itself in the tree",
        "trees-end: placenta: is above itself in the tree",
    ]


def test_a_trial_that_is_not_found_by_its_words_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    sound_trial()
    with pytest.raises(SystemExit):
        call_command("check_catalogue")
    assert capsys.readouterr().out == (
        "NCT00000001: is not found by its words: `manage.py migrate` makes them anew"
        " (words-in-step)\n"
    )
    call_command("migrate", verbosity=0)
    assert list(check_catalogue()) == []


def test_a_merged_sponsor_that_has_something_is_a_fault() -> None:
    kept, gone = make_sponsor("kept"), make_sponsor("gone")
    Sponsor.objects.filter(pk=gone.pk).update(merged_into=kept)
    words = "was merged into another, but has aliases"
    assert [(fault.subject, fault.words) for fault in check_catalogue()] == [("gone", words)]


def test_command_prints_a_line_a_fault_and_fails(capsys: pytest.CaptureFixture[str]) -> None:
    make_trial("NCT00000001")
    catch_up("default")
    with pytest.raises(SystemExit) as ended:
        call_command("check_catalogue")
    out, err = capsys.readouterr()
    line = "NCT00000001: is registered, but has no lead sponsor (trials-complete)\n"
    assert (ended.value.code, out, err) == (1, line, "checks: 13; faults: 1\n")


def test_command_prints_one_json_object(capsys: pytest.CaptureFixture[str]) -> None:
    make_trial("NCT00000001")
    catch_up("default")
    with pytest.raises(SystemExit):
        call_command("check_catalogue", json=True)
    assert json.loads(capsys.readouterr().out) == {
        "checks": list(CHECKS),
        "faults": [
            {
                "check": "trials-complete",
                "subject": "NCT00000001",
                "words": "is registered, but has no lead sponsor",
            }
        ],
    }


def test_command_ends_well_on_a_sound_catalogue(capsys: pytest.CaptureFixture[str]) -> None:
    sound_trial()
    catch_up("default")
    call_command("check_catalogue")
    assert capsys.readouterr().out == ""
