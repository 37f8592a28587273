"""Every parameter of a question: what it means, and how a wrong value is told."""

from datetime import date

import pytest
from django.http import QueryDict
from django.utils.translation import override
from pytest_django import DjangoAssertNumQueries

from catalog.faults import Fault
from catalog.filters import TrialFilter, ask
from tests.builders import (
    make_fact,
    make_indication,
    make_publication,
    make_site,
    make_source,
    make_sponsor,
    make_trial,
)
from trials.models import Intervention, Trial
from trials.partial_date import PartialDate
from trials.vocabulary import FactKind, SponsorRole, Status

pytestmark = pytest.mark.django_db


def found(question: str) -> list[str]:
    """The numbers of the trials, in the order of the list; the question must be right."""
    asked = ask(QueryDict(question))
    assert asked.faults == ()
    return [trial.number for trial in asked.trials]


def fault(question: str) -> Fault:
    """The one fault of a question."""
    (only,) = ask(QueryDict(question)).faults
    return only


def named(*letters: str, **changes: object) -> list[Trial]:
    """Trials SCT-0001, SCT-0002 … all alike."""
    return [make_trial(f"SCT-000{letter}", **changes) for letter in letters]  # type: ignore[arg-type]


def test_nothing_asked_is_the_whole_catalogue() -> None:
    named("1", "2")
    make_trial("SCT-0003", screening="excluded")
    make_trial("SCT-0004", screening="review")
    assert found("") == ["SCT-0001", "SCT-0002"]


def test_values_of_one_parameter_are_or_and_parameters_are_and() -> None:
    make_trial("SCT-0001", countries=("CN",), phases=("PHASE1",))
    make_trial("SCT-0002", countries=("TW",), phases=("PHASE1", "PHASE2"))
    make_trial("SCT-0003", countries=("US",), phases=("PHASE1",))
    make_trial("SCT-0004", countries=("CN",), phases=("PHASE3",))
    assert found("country=CN&country=TW&phase=PHASE1") == ["SCT-0001", "SCT-0002"]


def test_a_trial_with_many_matching_rows_comes_once() -> None:
    make_trial("SCT-0001", countries=("CN", "CN", "TW"), phases=("PHASE1", "PHASE2"))
    assert found("country=CN&country=TW&phase=PHASE1&phase=PHASE2") == ["SCT-0001"]


def test_a_parent_covers_its_children_and_not_the_other_way_round() -> None:
    make_source("whartons-jelly", "umbilical-cord")
    make_trial("SCT-0001", sources=("umbilical-cord",))
    make_trial("SCT-0002", sources=("whartons-jelly",))
    make_trial("SCT-0003", sources=("cord-blood",))
    assert found("cell_source=umbilical-cord") == ["SCT-0001", "SCT-0002"]
    assert found("cell_source=whartons-jelly") == ["SCT-0002"]


def test_only_facts_that_stand_are_asked() -> None:
    trial = make_trial("SCT-0001", sources=("bone-marrow",))
    make_fact(trial, FactKind.CELL_SOURCE, "adipose", basis="curator")
    assert found("cell_source=bone-marrow") == []
    assert found("cell_source=adipose") == ["SCT-0001"]


def test_a_controls_cells_are_not_what_a_trial_studies() -> None:
    trial = make_trial("SCT-0001")
    make_fact(trial, FactKind.CELL_SOURCE, "bone-marrow", role="comparator")
    assert found("cell_source=bone-marrow") == []
    assert found("cell_source=not-stated") == ["SCT-0001"]


@pytest.mark.parametrize(
    ("parameter", "builder", "value"),
    [
        ("cell_source", "sources", "placenta"),
        ("donor_type", "donors", "allogeneic"),
        ("preparation", "preparations", "expanded"),
        ("route", "routes", "intradiscal"),
        ("indication", "indications", "disc-degeneration"),
        ("phase", "phases", "NA"),
        ("country", "countries", "HK"),
    ],
)
def test_not_stated_is_a_value(parameter: str, builder: str, value: str) -> None:
    make_trial("SCT-0001", **{builder: (value,)})  # type: ignore[arg-type]
    make_trial("SCT-0002")
    assert found(f"{parameter}={value}") == ["SCT-0001"]
    assert found(f"{parameter}=not-stated") == ["SCT-0002"]
    assert found(f"{parameter}=not-stated&{parameter}={value}") == ["SCT-0001", "SCT-0002"]


def test_a_trial_of_no_registry_is_found_by_the_status_that_is_not_stated() -> None:
    make_trial("SCT-0001", status="COMPLETED")
    make_trial("SCT-0002", status="")
    assert found("status=not-stated") == ["SCT-0002"]
    assert found("status=not-stated&status=COMPLETED") == ["SCT-0001", "SCT-0002"]


def test_a_document_finds_the_trials_that_it_names() -> None:
    make_trial("SCT-0001", documents=("list", "list"))
    make_trial("SCT-0002", documents=("news",))
    assert found("document=list") == ["SCT-0001"]


def test_a_product_finds_its_trials() -> None:
    make_trial("SCT-0001", products=("cartistem",))
    make_trial("SCT-0002", products=("jointstem",))
    assert found("product=cartistem") == ["SCT-0001"]


@pytest.mark.parametrize(
    "name", ["abelzeta", "AbelZeta Ltd.", "cellular-biomedicine-group", "西比曼", "ABELZETA LTD"]
)
def test_a_sponsor_is_found_by_slug_and_by_any_name(name: str) -> None:
    aliases = ("Cellular Biomedicine Group", "西比曼")
    sponsor = make_sponsor("abelzeta", name="AbelZeta Ltd.", aliases=aliases)
    make_trial("SCT-0001", sponsor=sponsor)
    make_trial("SCT-0002", sponsor="other")
    assert found(f"sponsor={name}") == ["SCT-0001"]


def test_a_sponsor_is_found_by_the_name_that_chinese_pages_show() -> None:
    """It stands beside the sponsor, not among its aliases; one that was merged keeps its own."""
    sponsor = make_sponsor("liaocheng", name_zh="聊城市人民医院")
    make_sponsor("old", name_zh="聊城医院", merged_into=sponsor)
    make_trial("SCT-0001", sponsor=sponsor)
    make_trial("SCT-0002", sponsor="other")
    assert found("sponsor=聊城市人民医院") == ["SCT-0001"]
    assert found("sponsor=%20聊城医院&sponsor=other") == ["SCT-0001", "SCT-0002"]
    assert fault("sponsor=%20").parameter == "sponsor"


def test_the_sponsor_is_the_lead() -> None:
    trial = make_trial("SCT-0001", sponsor=make_sponsor("lead", sponsor_class="INDUSTRY"))
    helper = make_sponsor("helper", sponsor_class="NIH")
    trial.sponsorships.create(sponsor=helper, role=SponsorRole.COLLABORATOR)
    assert (found("sponsor=helper"), found("sponsor_class=NIH")) == ([], [])
    assert found("sponsor=lead&sponsor_class=INDUSTRY") == ["SCT-0001"]


def test_status_and_study_type() -> None:
    make_trial("SCT-0001", status="COMPLETED", study_type="OBSERVATIONAL")
    make_trial("SCT-0002", status="UNKNOWN", study_type="OBSERVATIONAL")
    assert found("status=COMPLETED&study_type=OBSERVATIONAL") == ["SCT-0001"]
    assert found("status=UNKNOWN&status=COMPLETED") == ["SCT-0001", "SCT-0002"]


@pytest.mark.parametrize(
    ("question", "numbers"),
    [
        ("start_from=2016-03", ["1", "2", "3", "4"]),
        ("start_from=2016-03-16", ["1", "2", "4"]),
        ("start_from=2017", ["4"]),
        ("start_to=2016-03-15", ["1", "2", "3"]),
        ("start_to=2015", []),
        ("start_from=2016-03&start_to=2016-03", ["1", "2", "3"]),
    ],
)
def test_a_partial_date_is_an_interval(question: str, numbers: list[str]) -> None:
    for number, start in enumerate(("2016", "2016-03", "2016-03-15", "2017-01-01", None), start=1):
        make_trial(f"SCT-000{number}", start_date=start and PartialDate(start))
    assert found(question) == [f"SCT-000{number}" for number in numbers]


def test_updates_are_days() -> None:
    make_trial("SCT-0001", last_updated=date(2024, 1, 31))
    make_trial("SCT-0002", last_updated=date(2024, 2, 1))
    make_trial("SCT-0003")
    assert found("updated_from=2024-01&updated_to=2024-01") == ["SCT-0001"]
    assert found("updated_from=2024") == ["SCT-0002", "SCT-0001"]


def test_unknown_enrollment_is_never_zero() -> None:
    make_trial("SCT-0001", enrollment_count=0)
    make_trial("SCT-0002", enrollment_count=20)
    make_trial("SCT-0003")
    assert found("enrollment_max=0") == ["SCT-0001"]
    assert found("enrollment_min=0") == ["SCT-0001", "SCT-0002"]
    assert found("enrollment_min=1&enrollment_max=20") == ["SCT-0002"]


def test_results_and_publications_are_yes_or_no() -> None:
    first, second, _unread = named("1", "2", "3")
    Trial.objects.filter(pk=first.pk).update(has_results=True)
    Trial.objects.filter(pk=second.pk).update(has_results=False)
    make_publication("paper", first)
    assert (found("has_results=yes"), found("has_results=no")) == (["SCT-0001"], ["SCT-0002"])
    assert found("has_publication=yes") == ["SCT-0001"]
    assert found("has_publication=no") == ["SCT-0002", "SCT-0003"]


@pytest.mark.parametrize(
    ("age", "numbers"), [(17, ["3"]), (18, ["1", "3"]), (75, ["1", "3"]), (76, ["2", "3"])]
)
def test_age_asks_who_could_join(age: int, numbers: list[str]) -> None:
    limits = {"minimum_age": "18 Years", "minimum_age_days": 6574}
    make_trial("SCT-0001", maximum_age="75 Years", maximum_age_days=27393, **limits)
    make_trial("SCT-0002", minimum_age="76 Years", minimum_age_days=27759)
    make_trial("SCT-0003", sex="ALL")
    make_trial("SCT-0004")  # nobody has read its criteria
    assert found(f"age={age}") == [f"SCT-000{number}" for number in numbers]


def test_female_is_not_found_in_the_word_male() -> None:
    for number, sex in enumerate(("ALL", "FEMALE", "MALE", ""), start=1):
        make_trial(f"SCT-000{number}", sex=sex)
    assert found("sex=FEMALE") == ["SCT-0001", "SCT-0002"]
    assert found("sex=MALE") == ["SCT-0001", "SCT-0003"]


def test_near_finds_trials_with_a_site_in_reach() -> None:
    shanghai, taipei, nowhere = named("1", "2", "3")
    make_site(shanghai, "CN", city="Shanghai", latitude=31.22, longitude=121.46)
    make_site(taipei, "TW", city="Taipei", latitude=25.05, longitude=121.53)
    make_site(nowhere, "CN", city="Somewhere")
    assert found("near=31.23,121.47") == ["SCT-0001"]
    assert found("near=shanghai&within_km=686&ordering=distance") == ["SCT-0001"]
    assert found("near=Taipei&within_km=687&ordering=distance") == ["SCT-0002", "SCT-0001"]
    assert found("near=-31.23,-58.53&within_km=20016&ordering=distance") != []


def test_a_city_that_two_countries_have_must_be_told_apart() -> None:
    one, two = named("1", "2")
    make_site(one, "US", city="Cambridge", latitude=42.37, longitude=-71.11)
    make_site(two, "DE", city="Cambridge", latitude=52.2, longitude=0.12)
    wrong = fault("near=Cambridge")
    assert wrong.allowed == ("Cambridge, DE", "Cambridge, US")
    assert found("near=Cambridge, us") == ["SCT-0001"]


@pytest.mark.parametrize(
    ("ordering", "numbers"),
    [
        ("-updated", ["2", "1", "3", "4"]),
        ("updated", ["1", "2", "3", "4"]),
        ("start", ["2", "3", "1", "4"]),
        ("-start", ["1", "2", "3", "4"]),
        ("enrollment", ["3", "1", "2", "4"]),
        ("-enrollment", ["2", "1", "3", "4"]),
        ("title", ["4", "3", "2", "1"]),
    ],
)
def test_what_is_unknown_comes_last_and_the_number_breaks_ties(
    ordering: str, numbers: list[str]
) -> None:
    rows = (
        ("2024-01-01", "2018", 10, "d"),
        ("2024-02-01", "2016", 20, "C"),
        (None, "2016-01-01", 0, "b"),
        (None, None, None, "A"),
    )
    for number, (updated, start, enrollment, title) in enumerate(rows, start=1):
        make_trial(
            f"SCT-000{number}",
            last_updated=updated and date.fromisoformat(updated),
            start_date=start and PartialDate(start),
            enrollment_count=enrollment,
            title=title,
        )
    assert found(f"ordering={ordering}") == [f"SCT-000{number}" for number in numbers]


def test_relevance_puts_the_title_first() -> None:
    make_trial("SCT-0001", title="Cells", keywords=["knee"])
    make_trial("SCT-0002", title="Knee")
    assert found("q=knee&ordering=relevance") == ["SCT-0002", "SCT-0001"]


@pytest.mark.parametrize(
    "words",
    [
        "knee cells",
        "CELLS KNEE",
        "“cells for the knee”",
        '"cells for"',
        "膝",
        "软骨",
        "自体",
        "wj-msc",
        "华通",
        "cartilage",
        "koa",
        "knees",
        "hornetcorn",
        "黄蜂",
        "injection",
        "stempeucel",
        "autologous",
        "nct 03166865",
        "NCT3166865",
        "ＮＣＴ０３１６６８６５",
        "NCT-03166865 knee",
        "03166865",
        "SCT-0077",
        "CHN-01",
        "100%",
    ],
)
def test_words_are_found_wherever_they_stand(words: str) -> None:
    make_source("whartons-jelly", name_zh="华通氏胶", synonyms=["WJ-MSC"])
    make_indication("cartilage-defect", name_zh="软骨缺损")
    trial = make_trial(
        "NCT03166865",
        title="Cells for the knee: 100% own",
        title_zh="自体细胞",
        conditions=["膝骨关节炎"],
        keywords=["KOA"],
        secondary_ids=["CHN-01"],
        sponsor=make_sponsor("hornetcorn", name="Hornetcorn", aliases=("深圳市黄蜂玉米",)),
        sources=("whartons-jelly",),
        indications=("cartilage-defect",),
        donors=("autologous",),
        aliases=("SCT-0077",),
    )
    Intervention.objects.create(
        trial=trial, position=0, name="Injection", other_names=["Stempeucel"]
    )
    make_trial("NCT00000002", title="Something else")
    assert found(QueryDict(f"q={words.replace('%', '%25')}").urlencode()) == ["NCT03166865"]


@pytest.mark.parametrize(
    "words", ["kneecap", "cells hip", '"the cells"', "_nee", "%25ee", "NCT03166866", "\\", "'"]
)
def test_words_that_a_trial_does_not_say_do_not_find_it(words: str) -> None:
    make_trial("NCT03166865", title="Cells for the knee")
    asked = ask(QueryDict(f"q={words}"))
    assert list(asked.trials) == [] or asked.faults


def test_an_empty_value_is_not_asked() -> None:
    named("1")
    assert found("country=&q=+&age=&page=&ordering=&sex=") == ["SCT-0001"]


def test_a_misspelt_parameter_is_refused_with_the_nearest_and_all_right_ones() -> None:
    assert fault("contry=CN") == Fault(
        "contry",
        "CN",
        "There is no parameter “contry”.",
        "country",
        tuple(TrialFilter.base_filters),
    )


def test_further_parameters_of_a_surface_are_known_and_kept_in_links() -> None:
    named("1", phases=("PHASE1",))
    asked = ask(QueryDict("lang=en&phase=PHASE1"), extra=frozenset({"lang"}))
    assert asked.faults == ()
    assert [chip.query for chip in asked.chips] == ["lang=en"]


@pytest.mark.parametrize(
    ("question", "guess"),
    [
        ("phase=PHASE_2", "PHASE2"),
        ("phase=phase2", "PHASE2"),
        ("phase=2", "PHASE2"),
        ("status=Recruiting", "RECRUITING"),
        ("status=COMPLETE", "COMPLETED"),
        ("country=cn", "CN"),
        ("country=Taiwan", "TW"),
        ("cell_source=umbilical_cord", "umbilical-cord"),
        ("cell_source=Umbilical cord", "umbilical-cord"),
        ("donor_type=allogenic", "allogeneic"),
        ("donor_type=not stated", "not-stated"),
        ("sponsor=tokai-universty", "tokai-university"),
        ("has_results=1", None),
        ("has_results=YES", "yes"),
        ("sex=female", "FEMALE"),
        ("ordering=updatd", "updated"),
        ("near=Shangai", "Shanghai"),
    ],
)
def test_a_wrong_value_is_refused_with_the_nearest(question: str, guess: str | None) -> None:
    trial = make_trial("SCT-0001", sources=("umbilical-cord",), sponsor="tokai-university")
    make_site(trial, "CN", city="Shanghai", latitude=31.2, longitude=121.5)
    wrong = fault(question)
    assert (wrong.parameter, wrong.value) == tuple(question.split("="))
    assert wrong.did_you_mean == guess
    assert guess is None or guess in wrong.allowed


def test_a_long_list_of_right_values_is_cut_to_the_nearest_and_says_so() -> None:
    for number in range(70):
        make_sponsor(f"sponsor-{number}")
    wrong = fault("sponsor=sponsor-700")
    assert wrong.did_you_mean == "sponsor-70" or wrong.did_you_mean in wrong.allowed
    assert len(wrong.allowed) == 10
    assert wrong.detail.endswith("It has 70 values; the nearest are listed.")


@pytest.mark.parametrize(
    "question",
    [
        "start_from=2016-13",
        "start_from=16",
        "start_to=2016-02-30",
        "updated_from=0000",
        "updated_to=today",
        "enrollment_min=-1",
        "enrollment_max=1.5",
        "enrollment_min=9999999999",
        "enrollment_min=99999999999999999999999",
        "enrollment_min=1e3",
        "enrollment_min=٣",
        "age=131",
        "age=-1",
        "age=x",
        "page=0",
        "page=-1",
        "page=99999999999",
        "page_size=0",
        "page_size=101",
        "near=91,0",
        "near=0,181",
        "near=nan,0",
        "near=,",
        "within_km=5",
        "ordering=relevance",
        "ordering=distance",
        "ordering=random",
        "sex=ALL",
        "q=%00",
        "country=C%00N",
        "q=" + "a" * 201,
        "q=" + "a" * 301,
        "q=" + "+".join("abcdefghijklmnopqrstu"),
        "q=%22%22",
        "sponsor=" + "a" * 100_000,
        "product=cartistem",
        "age=30&age=31",
        "q=a&q=b",
        "page=1&page=2",
        "ordering=start&ordering=title",
        "x=",
    ],
)
def test_a_malformed_value_is_one_fault_and_filters_nothing(question: str) -> None:
    named("1", "2")
    asked = ask(QueryDict(question))
    assert len(asked.faults) == 1
    assert len(asked.faults[0].value) <= 101
    assert len(asked.trials) == 2


NEW_WORDS = ("status=PAUSED", "phase=PHASE5", "study_type=REGISTER", "sponsor_class=FUND")


def trial_of_new_words() -> Trial:
    fund = make_sponsor("fund", sponsor_class="FUND")
    words = {"status": "PAUSED", "study_type": "REGISTER"}
    return make_trial("SCT-0001", **words, phases=("PHASE5",), sponsor=fund)  # type: ignore[arg-type]


@pytest.mark.parametrize("question", NEW_WORDS)
def test_a_word_that_the_registry_added_can_be_asked_for(question: str) -> None:
    trial_of_new_words()
    make_trial("SCT-0002")
    assert found(question) == ["SCT-0001"]


@pytest.mark.parametrize("question", NEW_WORDS)
def test_a_new_word_that_no_trial_has_is_refused(question: str) -> None:
    make_trial("SCT-0001")
    assert fault(question).parameter == question.partition("=")[0]


def test_a_refusal_names_the_words_that_the_registry_added() -> None:
    trial_of_new_words()
    wrong = fault("status=PAUSE")
    assert (wrong.did_you_mean, wrong.allowed) == (
        "PAUSED",
        (*Status.values, "PAUSED", "not-stated"),
    )


def test_a_new_word_is_spelled_in_its_chip() -> None:
    trial_of_new_words()
    chips = ask(QueryDict("phase=PHASE5&phase=PHASE1&status=PAUSED")).chips
    assert [chip.label for chip in chips] == ["Phase 5", "Phase 1", "Paused"]


def test_known_words_are_understood_without_a_query(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    trial_of_new_words()
    question = "&".join(f"status={word}" for word in Status.values)
    with django_assert_num_queries(0):
        assert ask(QueryDict(f"{question}&phase=PHASE1&phase=not-stated")).faults == ()


@pytest.mark.parametrize("km", ["0", "-5", "inf", "nan", "20017", "x"])
def test_a_distance_is_above_zero_and_on_earth(km: str) -> None:
    assert fault(f"near=1,2&within_km={km}").parameter == "within_km"


def test_what_was_understood_still_filters() -> None:
    make_trial("SCT-0001", countries=("CN",))
    make_trial("SCT-0002", countries=("TW",))
    asked = ask(QueryDict("country=CN&country=XX&age=old"))
    assert [wrong.parameter for wrong in asked.faults] == ["country", "age"]
    assert [trial.number for trial in asked.trials] == ["SCT-0001"]
    assert asked.params.urlencode() == "country=CN"


def test_a_flood_of_values_is_one_fault() -> None:
    (only,) = ask(QueryDict("&".join(f"country={number}" for number in range(101)))).faults
    assert only.detail == "A question has at most 100 values."


def test_chips_name_the_filters_and_lead_to_the_list_without_each() -> None:
    make_trial("SCT-0001", countries=("CN",), sponsor=make_sponsor("a-b", name="A, B"))
    question = "country=CN&country=not-stated&sponsor=a+b&has_results=yes&age=40&page=2"
    chips = [(chip.name, chip.label, chip.query) for chip in ask(QueryDict(question)).chips]
    assert chips == [
        ("Country", "China", "country=not-stated&sponsor=a+b&has_results=yes&age=40"),
        ("Country", "Not stated", "country=CN&sponsor=a+b&has_results=yes&age=40"),
        ("Sponsor", "A, B", "country=CN&country=not-stated&has_results=yes&age=40"),
        ("Results", "Yes", "country=CN&country=not-stated&sponsor=a+b&age=40"),
        ("Age", "40", "country=CN&country=not-stated&sponsor=a+b&has_results=yes"),
    ]


def test_removing_the_words_removes_the_order_that_needs_them() -> None:
    (chip,) = ask(QueryDict("q=knee&ordering=relevance&page_size=10")).chips
    assert chip.query == "page_size=10"
    (place,) = ask(QueryDict("near=1,2&within_km=5&ordering=distance")).chips
    assert place.query == ""


def test_labels_are_in_the_readers_language() -> None:
    make_trial("SCT-0001", countries=("CN",), sources=(make_source("placenta", name_zh="胎盘"),))
    with override("zh-hans"):
        labels = [chip.label for chip in ask(QueryDict("country=CN&cell_source=placenta")).chips]
    assert labels == ["胎盘", "中国"]


def test_the_filter_set_answers_by_itself() -> None:
    make_trial("SCT-0001", countries=("CN",))
    make_trial("SCT-0002")
    assert [trial.number for trial in TrialFilter(QueryDict("country=CN")).qs] == ["SCT-0001"]


@pytest.mark.parametrize("parameter", ["page_size", "page", "age", "enrollment_min"])
def test_odd_blanks_round_a_number_are_no_fault(parameter: str) -> None:
    """`str.strip` takes away signs that `int` refuses."""
    asked = ask(QueryDict(f"{parameter}=1%1f"))
    assert (asked.faults, asked.values[parameter]) == (
        (),
        ask(QueryDict(f"{parameter}=1")).values[parameter],
    )


def test_odd_blanks_round_kilometres_are_no_fault() -> None:
    asked = ask(QueryDict("near=31.2,121.5&within_km=50%1f"))
    assert (asked.faults, asked.values["within_km"]) == ((), 50.0)
