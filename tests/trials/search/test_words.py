"""Words as people type and paste them: addresses, numbers, punctuation, places, both scripts."""

import pytest
from django.http import QueryDict

from catalog.filters import ask
from tests.builders import make_indication, make_site, make_source, make_sponsor, make_trial
from trials.search.chinese import spellings
from trials.search.words import read_words

pytestmark = pytest.mark.django_db


def found(words: str, **further: str) -> list[str]:
    question = QueryDict(mutable=True)
    question.update({"q": words, **further})
    asked = ask(question)
    assert asked.faults == ()
    return [trial.number for trial in asked.trials]


@pytest.mark.parametrize(
    "pasted",
    [
        "https://clinicaltrials.gov/study/NCT03166865",
        "https://clinicaltrials.gov/ct2/show/NCT03166865?term=knee",
        "ClinicalTrials.gov Identifier: NCT03166865.",
        "03166865",
        "3166865",
        "3166865?",
    ],
)
def test_a_pasted_number_finds_its_trial(pasted: str) -> None:
    make_trial("NCT03166865")
    make_trial("NCT02784964")
    assert found(pasted) == ["NCT03166865"]


@pytest.mark.parametrize(
    "pasted", ["NCT03166865, NCT02784964", "3166865 02784964", "NCT03166865；02784964"]
)
def test_of_several_numbers_each_is_found(pasted: str) -> None:
    for number in ("NCT02784964", "NCT03166865", "NCT00000003"):
        make_trial(number)
    assert found(pasted) == ["NCT02784964", "NCT03166865"]


def test_words_beside_numbers_still_narrow() -> None:
    make_trial("NCT02784964", title="Knee")
    make_trial("NCT03166865", title="Hip")
    assert found("hip NCT03166865 NCT02784964") == ["NCT03166865"]


def test_digits_are_looked_for_in_the_texts_too() -> None:
    make_trial("NCT03166865")
    make_trial("NCT00000002", org_study_id="LOCAL-03166865")
    assert found("03166865") == ["NCT00000002", "NCT03166865"]
    assert found("03166865", ordering="relevance") == ["NCT03166865", "NCT00000002"]


@pytest.mark.parametrize(
    "text",
    [
        "knee?",
        "knee.",
        "(knee",
        "-knee",
        "knee*",
        "knee。",
        "（knee）",
        "knee？",
        "，knee",
        "'knee':",
    ],
)
def test_punctuation_round_a_word_is_no_part_of_it(text: str) -> None:
    assert read_words(text).words == ("knee",)


@pytest.mark.parametrize("text", ["wj-msc", "100%", "cd34+", "il-1β", "st. john's"])
def test_punctuation_within_a_word_and_signs_that_mean_something_stay(text: str) -> None:
    assert " ".join(read_words(text).words) == text.replace(".", "")


def test_a_phrase_in_quotes_keeps_its_punctuation() -> None:
    assert read_words('"knee?" (hip)').words == ("knee?", "hip")


@pytest.mark.parametrize(
    "words", ["Taiwan", "taiwan", "台湾", "臺灣", "台灣", "Taipei", "New Taipei"]
)
def test_a_country_or_a_city_finds_its_trials(words: str) -> None:
    make_site(make_trial("NCT00000001"), "TW", city="New Taipei-City")
    make_site(make_trial("NCT00000002"), "CN", city="Shanghai")
    assert found(words) == ["NCT00000001"]


@pytest.mark.parametrize("words", ["pain", "cell", "国", "alp"])
def test_a_part_of_a_places_name_does_not_find_it(words: str) -> None:
    make_site(make_trial("NCT00000001", title="Knee"), "ES", city="Palmacells")
    make_site(make_trial("NCT00000002", title="Knee"), "CN", city="Alpine")
    assert found(words) == []


@pytest.mark.parametrize(
    "words",
    ["软骨", "軟骨", "脐带", "臍帶", "膝关节", "膝關節", "国玺", "國璽", "臺灣大學", "台灣大學"],
)
def test_either_script_finds_what_is_written_in_the_other(words: str) -> None:
    make_trial(
        "NCT00000001",
        title_zh="膝关节",
        sponsor=make_sponsor("gwo-xi", aliases=("國璽",)),
        sources=(make_source("umbilical-cord", name_zh="脐带"),),
        indications=(make_indication("cartilage-defect", name_zh="软骨缺损"),),
        keywords=["台湾大学"],
    )
    make_trial("NCT00000002")
    assert found(words) == ["NCT00000001"]


def test_a_word_without_chinese_letters_has_one_spelling() -> None:
    assert spellings("knee 膝") == ("knee 膝",)


@pytest.mark.parametrize(
    ("words", "meant"),
    [
        ("kneee", "knee"),
        ("osteoarthritus", "osteoarthritis"),
        ("knee osteoarthritus", "knee osteoarthritis"),
        ("膝骨关结炎", "膝骨关节炎"),
        ("medpost", "medipost"),
        ("zzz", None),
        ("Spain", None),
        ("knee", None),
    ],
)
def test_a_misspelt_word_is_told_the_nearest_that_finds_something(
    words: str, meant: str | None
) -> None:
    indication = make_indication("ko", name="Knee osteoarthritis", name_zh="膝骨关节炎")
    make_trial(title="Pain", indications=(indication,), sponsor=make_sponsor("m", name="Medipost"))
    question = QueryDict(f"q={words}&country=CN&ordering=relevance")
    suggestion = ask(question).did_you_mean
    assert (suggestion and suggestion.words) == meant
    if suggestion:
        assert QueryDict(suggestion.query).dict() == {**question.dict(), "q": meant}


@pytest.mark.parametrize(
    ("words", "title"),
    [
        ("膝盖疼", "Cells for knee pain"),
        ("膝关节痛", "Cells for knee pain"),
        ("腰痛", "Cells for chronic low back pain"),
        ("lower back pain", "Cells for chronic low back pain"),
        ("arthrosis", "Cells for osteoarthritis"),
        ("slipped disc", "Cells for lumbar disc herniation"),
        ("椎间盘突出", "Cells for lumbar disc herniation"),
    ],
)
def test_what_a_patient_calls_it_finds_what_the_registry_calls_it(words: str, title: str) -> None:
    make_trial("NCT00000001", title=title)
    make_trial("NCT00000002", title="Cells for the shoulder")
    assert found(words) == ["NCT00000001"]
