"""What a search finds: stems, other names in both languages, the best match first."""

import pytest
from django.http import QueryDict

from catalog.filters import ask
from tests.builders import make_fact, make_indication, make_source, make_sponsor, make_trial
from trials.models import Intervention, Sponsor, SponsorAlias, TrialText
from trials.search.names import Names, table
from trials.search.tokens import phrases
from trials.search.vocabularies import Vocabularies
from trials.vocabulary import FactKind

pytestmark = pytest.mark.django_db


def found(words: str, **further: str) -> list[str]:
    question = QueryDict(mutable=True)
    question.update({"q": words, **further})
    asked = ask(question)
    assert asked.faults == ()
    return [trial.number for trial in asked.trials]


@pytest.fixture
def _vocabulary() -> None:
    make_source("whartons-jelly", name="Wharton's jelly", synonyms=["WJ-MSC", "华通胶"])
    make_source("umbilical-cord", name="Umbilical cord", name_zh="脐带", synonyms=["UC-MSC"])
    make_indication(
        "knee-osteoarthritis", name="Knee osteoarthritis", name_zh="膝骨关节炎", synonyms=["KOA"]
    )


@pytest.mark.parametrize(
    "words",
    [
        *("knees", "injected", "injections", "CARTILAGES", "stem-cell", "stem cell"),
        *("膝", "软骨", "膝关节", "注射", "间充质干细胞", "膝软骨", "干细胞注射"),
    ],
)
def test_an_english_title_is_found_by_its_words_and_in_chinese(words: str) -> None:
    make_trial("NCT00000001", title="Injection of mesenchymal stem cells: cartilage of the knee")
    make_trial("NCT00000002", title="Hip surgery")
    assert found(words) == ["NCT00000001"]


@pytest.mark.parametrize(
    "words", ["Wharton's jelly", "WJ-MSC", "wjmsc", "华通胶", "wharton", "华通胶间充质干细胞"]
)
@pytest.mark.usefixtures("_vocabulary")
def test_a_cell_source_is_found_by_every_name(words: str) -> None:
    make_trial("NCT00000001", title="MSC for knees", sources=("whartons-jelly",))
    make_trial("NCT00000002", title="MSC for knees", sources=("adipose",))
    assert found(words) == ["NCT00000001"]


@pytest.mark.parametrize(
    "words", ["骨关节炎", "osteoarthritis", "膝骨关节炎", "KOA", "脐带骨关节炎"]
)
@pytest.mark.usefixtures("_vocabulary")
def test_an_indication_is_found_in_both_languages(words: str) -> None:
    make_trial(
        "NCT00000001",
        title="A trial",
        sources=("umbilical-cord",),
        indications=("knee-osteoarthritis",),
    )
    make_trial("NCT00000002", title="A trial")
    assert found(words) == ["NCT00000001"]


@pytest.mark.usefixtures("_vocabulary")
def test_a_text_without_the_fact_is_found_by_the_other_names_too() -> None:
    make_trial("NCT00000001", title="Knee OA", conditions=["膝骨关节炎"])
    assert found("knee osteoarthritis") == found("KOA") == ["NCT00000001"]


def test_words_in_quotes_stand_together_and_have_no_other_names() -> None:
    make_trial("NCT00000001", title="Stem cells for the knee")
    make_trial("NCT00000002", title="Cells of a stem, the knee")
    make_trial("NCT00000003", title="干细胞")
    assert found("stem cells") == ["NCT00000001", "NCT00000002", "NCT00000003"]
    assert found('"stem cells"') == ["NCT00000001"]


def test_no_phrase_goes_from_one_text_into_the_next() -> None:
    make_trial("NCT00000001", title="Hip", conditions=["Knee", "Pain"])
    assert found('"knee pain"') == found('"hip knee"') == []


@pytest.mark.parametrize("words", ["cells for the knee", "cells knee", "the knee", "for"])
def test_idle_words_take_nothing_away_unless_they_are_all(words: str) -> None:
    make_trial("NCT00000001", title="Cells for a knee")
    make_trial("NCT00000002", title="Hip")
    assert found(words) == ["NCT00000001"]


def test_eligibility_is_looked_at_only_if_it_is_asked_for() -> None:
    make_trial("NCT00000001", title="Cells", eligibility_criteria="Exclusion: diabetes, gout")
    make_trial("NCT00000002", title="Gout")
    assert found("gout") == ["NCT00000002"]
    assert found("gout", **{"in": "eligibility"}) == ["NCT00000001", "NCT00000002"]
    assert found("gout", **{"in": "eligibility", "ordering": "relevance"})[0] == "NCT00000002"
    assert found("cells diabetes", **{"in": "eligibility"}) == ["NCT00000001"]


def test_where_to_look_needs_words_and_is_one_of_few() -> None:
    (fault,) = ask(QueryDict("in=eligibility")).faults
    assert (fault.parameter, fault.value) == ("in", "eligibility")
    (fault,) = ask(QueryDict("q=knee&in=elegibility")).faults
    assert (fault.parameter, fault.did_you_mean) == ("in", "eligibility")


def test_a_form_with_no_word_in_it_asks_for_no_order_of_words() -> None:
    asked = ask(QueryDict("q=&ordering=relevance&in=eligibility"))
    assert (asked.faults, asked.params.urlencode()) == ((), "")


def test_the_best_match_comes_first() -> None:
    make_trial("NCT00000005", title="Hip", official_title="Cells for cartilage repair")
    make_trial("NCT00000004", title="Hip", conditions=["Cartilage repair"])
    make_trial("NCT00000003", title="Repair of cartilage")
    make_trial("NCT00000002", title="Cartilage repair")
    make_trial("NCT00000001", title="Knee")
    numbers = found("cartilage repair", ordering="relevance")
    assert numbers == ["NCT00000002", "NCT00000003", "NCT00000004", "NCT00000005"]


def test_a_sponsor_that_is_renamed_is_found_by_its_new_name_at_once() -> None:
    sponsor = make_sponsor("beike", name="Beike")
    make_trial("NCT00000001", title="Knee", sponsor=sponsor)
    assert found("hornetcorn") == []
    Sponsor.objects.filter(pk=sponsor.pk).update(name="Hornetcorn")
    assert found("hornetcorn") == ["NCT00000001"]
    SponsorAlias.objects.create(sponsor=sponsor, name="黄蜂", normalised="黄蜂", kind="other")
    assert found("黄蜂") == ["NCT00000001"]


def test_what_is_taken_away_is_found_no_more() -> None:
    trial = make_trial("NCT00000001", title="Knee")
    given = Intervention.objects.create(trial=trial, position=0, name="Stempeucel")
    assert found("stempeucel") == ["NCT00000001"]
    given.delete()
    assert found("stempeucel") == []
    trial.delete()
    assert (found("knee"), TrialText.objects.count()) == ([], 0)


@pytest.mark.parametrize(
    "words", ["'); DROP TABLE", "a:*", "knee & !hip", "NEAR(knee hip)", "*", "^a"]
)
def test_signs_of_the_databases_own_languages_say_nothing(words: str) -> None:
    make_trial("NCT00000001", title="Knee")
    assert ask(QueryDict(f"q={words.replace('&', '%26')}")).trials.count() in (0, 1)


def test_every_word_of_the_table_has_something_to_look_for() -> None:
    for row in table()["same"]:
        assert len(row) > 1
        assert [word for word in row if not phrases(word)] == []
    names = [word.casefold() for row in table()["same"] for word in row]
    assert sorted({name for name in names if names.count(name) > 1}) == []


def test_a_run_of_chinese_is_cut_where_a_known_name_begins_or_ends() -> None:
    names = Names(Vocabularies())
    assert names.pieces("某某脐带间充质干细胞治疗膝关节炎") == [
        *("某某", "脐带", "间充质干细胞", "治疗", "膝关节", "炎"),
    ]


@pytest.mark.parametrize("words", ["placebo", "安慰剂", "PRP", "platelet-rich plasma"])
def test_what_is_given_beside_the_cells_is_found(words: str) -> None:
    trial = make_trial("NCT00000001", title="A trial")
    make_fact(trial, FactKind.COMPARATOR, "placebo")
    make_fact(trial, FactKind.ADJUNCT, "platelet-rich-plasma")
    make_trial("NCT00000002", title="A trial")
    assert found(words) == ["NCT00000001"]


@pytest.mark.usefixtures("_vocabulary")
def test_a_search_of_words_with_very_many_names_is_answered() -> None:
    make_indication("many", name="Osteoarthritis", synonyms=[f"name {n} of it" for n in range(600)])
    make_trial("NCT00000001", title="Name 599 of it")
    assert found("osteoarthritis") == ["NCT00000001"]


@pytest.mark.parametrize("words", ["膝" * 200, "某" * 200, "a-" * 100, "x " * 12, "１" * 200])
def test_a_search_as_long_as_can_be_is_answered(words: str) -> None:
    make_trial("NCT00000001", title="Hip")
    assert found(words.strip()) == []
