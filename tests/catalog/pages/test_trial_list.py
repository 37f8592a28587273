"""The list of trials as a reader sees it: filters, chips, counts, faults, emptiness."""

import re
from html import unescape

import pytest
from django.test import Client

from catalog.filters import FacetRow, TrialFilter
from catalog.pages.groups import filter_groups
from tests.builders import (
    make_fact,
    make_publication,
    make_site,
    make_source,
    make_sponsor,
    make_trial,
)
from trials.vocabulary import NOT_STATED, FactKind, Status

pytestmark = pytest.mark.django_db


def read(client: Client, address: str, status: int = 200) -> str:
    response = client.get(address)
    assert response.status_code == status
    return unescape(response.content.decode())


def numbers(text: str) -> list[str]:
    return re.findall(r'class="number">([^<]+)<', text)


def hidden(text: str) -> list[tuple[str, str]]:
    return re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', text)


def test_the_heading_is_the_number_of_trials(client: Client) -> None:
    make_trial()
    make_trial()
    assert "<h1>2 trials</h1>" in read(client, "/trials/")


def test_a_filter_leaves_the_trials_that_fit(client: Client) -> None:
    fits = make_trial(sources=("placenta",))
    make_trial(sources=("adipose",))
    assert numbers(read(client, "/trials/?cell_source=placenta")) == [fits.number]


def test_a_checked_value_stays_checked_and_has_a_chip_that_removes_it(client: Client) -> None:
    make_trial(sources=("placenta",), countries=("CN",))
    text = read(client, "/trials/?cell_source=placenta&country=CN")
    assert 'name="cell_source" value="placenta" checked' in text
    assert re.search(r'class="chip" href="/trials/\?country=CN"', text)
    assert re.search(r'class="chip" href="/trials/\?cell_source=placenta"', text)


def test_the_number_on_a_choice_is_what_choosing_it_gives(client: Client) -> None:
    make_source("svf", parent="adipose")
    make_trial(sources=("svf",), countries=("CN",))
    make_trial(sources=("adipose",), countries=("CN", "TW"))
    make_trial(sources=("bone-marrow",), countries=("TW",))
    text = read(client, "/trials/?country=CN")
    choices = re.findall(r'name="cell_source" value="([^"]+)".*?<b>(\d+)</b>', text)
    assert ("adipose", "2") in choices
    for value, count in choices:
        found = numbers(read(client, f"/trials/?country=CN&cell_source={value}"))
        assert len(found) == int(count)


def test_what_the_form_has_no_field_for_is_kept_by_it(client: Client) -> None:
    make_trial(countries=("CN",))
    text = read(client, "/trials/?country=TW&lang=en&page=1")
    assert hidden(text) == [("lang", "en")]
    assert 'name="country" value="TW" checked' in text


def test_a_value_whose_box_is_not_shown_is_kept_by_the_form(client: Client) -> None:
    make_trial()
    text = read(client, "/trials/?country=CN&country=ZW")
    boxes = re.findall(r'name="country" value="([A-Z]{2})" checked', text)
    assert sorted([*boxes, *(value for _name, value in hidden(text))]) == ["CN", "ZW"]


def test_an_order_is_kept_where_nothing_is_found_and_nothing_can_be_ordered(client: Client) -> None:
    make_trial()
    text = read(client, "/trials/?country=CN&ordering=title&page_size=10")
    assert hidden(text) == [("ordering", "title"), ("page_size", "10")]


def test_a_sponsor_given_by_another_name_is_one_box_and_no_more(client: Client) -> None:
    make_trial(sponsor=make_sponsor("beike", name="Beike", aliases=("Beike Biotech",)))
    text = read(client, "/trials/?sponsor=Beike+Biotech")
    assert 'name="sponsor" value="beike" checked' in text
    assert hidden(text) == []


def test_a_parameter_that_does_not_exist_is_said_and_not_obeyed(client: Client) -> None:
    make_trial(countries=("CN",))
    make_trial(countries=("TW",))
    text = read(client, "/trials/?cell_sorce=placenta&country=CN", status=400)
    assert "cell_sorce" in text
    assert text.count("Did you mean") == 1
    assert "It was not filtered by what was not understood." in text
    assert "<h1>1 trial</h1>" in text


def test_when_nothing_matches_each_filter_can_be_taken_away(client: Client) -> None:
    make_trial(sources=("placenta",), countries=("CN",))
    make_trial(sources=("adipose",), countries=("TW",))
    text = read(client, "/trials/?cell_source=placenta&country=TW")
    assert "No trial matches all of this" in text
    way = '<a href="/trials/?{}">without {}</a> <span class="quiet">{}</span>'
    assert way.format("country=TW", "Cell source: Placenta", "1 trial") in text
    assert "The last trials were taken away by" not in text  # either of the two would free some
    assert way.format("cell_source=placenta", "Country: Taiwan", "1 trial") in text


def test_unknown_participants_are_unknown_and_none_are_zero(client: Client) -> None:
    make_trial("NCT00000001", enrollment_count=None)
    make_trial("NCT00000002", enrollment_count=0, enrollment_type="ACTUAL")
    known = re.compile(r"<dt>Participants</dt><dd>(.*?)</dd>")
    unknown, zero = known.findall(read(client, "/trials/?ordering=title"))
    assert unknown == '<span class="unstated">unknown</span>'
    assert zero == '0 <span class="quiet">actual</span>'


def test_a_fact_that_is_not_stated_is_said_to_be_so(client: Client) -> None:
    make_fact(make_trial(), FactKind.CELL_SOURCE, NOT_STATED)
    text = read(client, "/trials/")
    assert re.search(
        r'<dt>Cells from</dt><dd><span class="unstated">not stated</span>\s*</dd>', text
    )


def test_a_start_known_to_the_month_stays_a_month(client: Client) -> None:
    make_trial(start_date="2016-03")
    assert '<time datetime="2016-03">2016-03</time>' in read(client, "/trials/")


def test_an_excluded_trial_is_not_listed(client: Client) -> None:
    make_trial(screening="excluded")
    assert "<h1>0 trials</h1>" in read(client, "/trials/")


def test_the_same_question_is_offered_as_json(client: Client) -> None:
    make_trial(countries=("CN",))
    assert 'href="/api/v1/trials/?country=CN"' in read(client, "/trials/?country=CN")


def test_paging_keeps_the_question(client: Client) -> None:
    for _ in range(3):
        make_trial(countries=("CN",))
    text = read(client, "/trials/?country=CN&page_size=2")
    assert 'rel="next" href="?country=CN&page_size=2&page=2"' in text


def test_words_in_an_address_are_never_html(client: Client) -> None:
    make_trial()
    text = client.get("/trials/", {"q": '"><script>alert(1)</script>'}).content.decode()
    assert "<script>" not in text
    assert "alert(1)" in text


@pytest.mark.parametrize("address", ["/", "/trials/", "/countries/CN/"])
def test_a_status_has_the_date_of_its_record(client: Client, address: str) -> None:
    make_trial(registry_as_of="2022-10-06", countries=("CN",))
    assert 'Recruiting</span> <span class="asof">as of 2022-10</span>' in read(client, address)


def test_a_status_of_no_known_date_says_nothing_about_it(client: Client) -> None:
    make_trial()
    assert 'class="asof"' not in read(client, "/trials/")


def test_what_a_reader_says_about_himself_stays_in_the_form(client: Client) -> None:
    make_trial(sex="FEMALE")
    text = read(client, "/trials/?age=62&sex=FEMALE&near=31.2,121.4&within_km=50")
    assert re.search(r'name="age" type="number"[^>]* value="62"', text)
    assert '<option value="FEMALE" selected>' in text
    assert re.search(r'name="near" type="text"[^>]* value="31.2,121.4"', text)
    assert re.search(r'name="within_km"[^>]* value="50"', text)
    assert '<details class="group group--fields" id="by-person" open>' in text
    assert 'type="hidden" name="age"' not in text


def test_fields_that_are_left_empty_ask_nothing(client: Client) -> None:
    make_trial()
    text = read(client, "/trials/?q=&age=&sex=&near=&within_km=")
    assert "<h1>1 trial</h1>" in text
    assert '<details class="group group--fields" id="by-person">' in text
    assert 'role="alert"' not in text


def test_a_distance_that_nobody_wrote_is_empty(client: Client) -> None:
    make_trial()
    assert re.search(r'name="within_km"[^>]* value=""', read(client, "/trials/?near=31.2,121.4"))


@pytest.mark.parametrize(("question", "offered"), [("", False), ("?near=31.2,121.4", True)])
def test_the_nearest_first_is_offered_where_a_place_is_asked(
    client: Client, question: str, offered: bool
) -> None:
    make_site(make_trial(), latitude=31.2, longitude=121.4)
    text = read(client, f"/trials/{question}")
    assert ('<option value="distance">' in text) is offered


def test_a_long_group_is_folded_but_for_its_first_values(client: Client) -> None:
    for n in range(13):
        make_trial(sources=(f"source-{n}",))
    text = read(client, "/trials/?cell_source=source-9")
    folded = text[text.index('<details class="rest" open><summary>6 more</summary>') :]
    assert 'value="source-9" checked' in folded


def test_the_filter_that_took_the_last_trials_away_is_named(client: Client) -> None:
    make_trial(sources=("placenta",), countries=("CN",), phases=("PHASE1",))
    make_trial(countries=("TW",), phases=("PHASE2",))
    text = read(client, "/trials/?cell_source=placenta&country=CN&phase=PHASE2")
    assert "The last trials were taken away by “Phase: Phase 2”." in text


def test_every_filter_has_a_field(client: Client) -> None:
    make_everything()
    text = read(client, "/trials/")
    without = {"page"}
    asked = {name for name in TrialFilter.parameters() if f' name="{name}"' not in text}
    assert asked == without


def test_each_field_shows_what_was_asked(client: Client) -> None:
    make_trial(start_date="2016-03", enrollment_count=40, enrollment_type="ACTUAL")
    question = "start_from=2016&start_to=2017&enrollment_min=20&enrollment_max=60"
    text = read(client, f"/trials/?{question}&updated_from=&has_publication=no")
    for pair in question.split("&"):
        name, value = pair.split("=")
        assert re.search(rf'name="{name}" type="[a-z]+"[^>]* value="{value}"', text)
    assert 'name="has_publication" value="no" checked' in text
    assert hidden(text) == []
    assert "<h1>1 trial</h1>" in text


def test_a_year_is_a_link_that_asks_for_it(client: Client) -> None:
    make_trial(start_date="2016-03")
    make_trial(start_date="2017")
    text = read(client, "/trials/")
    assert '<a href="/trials/?start_from=2016&start_to=2016">2016 <b>1</b></a>' in text
    assert '" aria-current="true">2016 <b>1</b></a>' in read(
        client, "/trials/?start_from=2016&start_to=2016"
    )


def test_a_trial_without_phases_is_called_the_same_everywhere(client: Client) -> None:
    make_trial(phases=("NA",))
    text = read(client, "/trials/?phase=NA")
    assert text.count("No phase") == 4  # the title, the filter, what is chosen, the row
    assert "Not applicable" not in text


def test_a_facet_that_there_is_not_leaves_no_group() -> None:
    row = FacetRow("CN", "China", 1, False)
    assert [group.parameter for group in filter_groups({"country": (row,)})] == ["country"]


def test_a_group_without_anything_to_choose_is_left_out() -> None:
    row = FacetRow("not-stated", "Not stated", 0, False)
    assert filter_groups({"country": (row,)}) == []


def test_the_number_of_trials_is_a_status_that_stays_while_the_rest_is_exchanged(
    client: Client,
) -> None:
    make_trial()
    text = read(client, "/trials/")
    assert text.index('id="found" role="status"') < text.index('id="answer"')
    assert 'hx-select-oob="#found:innerHTML"' in text


def test_the_list_is_a_table_where_that_is_asked(client: Client) -> None:
    make_trial(countries=("CN",), phases=("PHASE1", "PHASE2"), sponsor="beike")
    text = read(client, "/trials/?view=table")
    assert "<caption" in text
    heads = re.findall(r'<th scope="col"[^>]*>(?:<a [^>]*>)?([^<]+)<', text)
    assert heads == [
        *("Trial", "Status", "Phase", "Cells from", "Donor", "For", "Where", "Sponsor"),
        *("Start", "Participants", "Updated"),
    ]
    assert len(re.findall(r"<t[dh][ >]", text[text.index("<tbody>") :])) == len(heads)
    assert '<article class="entry">' not in text


def test_the_look_is_remembered_and_asked_by_no_other_link(client: Client) -> None:
    make_trial(countries=("CN",))
    response = client.get("/trials/?view=table&country=CN")
    assert response.cookies["view"].value == "table"
    text = unescape(response.content.decode())
    assert re.findall(r'href="([^"]*view=[^"]*)"', text[text.index("<main") :]) == [
        "?country=CN&view=cards",
        "?country=CN&view=table",
    ]
    assert "<caption" in read(client, "/trials/?country=CN")
    assert 'name="view"' not in text


def test_a_look_that_there_is_not_is_said_and_not_kept(client: Client) -> None:
    make_trial()
    response = client.get("/trials/?view=tabel")
    assert response.status_code == 400
    assert "Did you mean “table”?" in response.content.decode()
    assert "view" not in response.cookies


def test_only_a_column_that_has_an_order_is_a_link(client: Client) -> None:
    make_trial()
    text = read(client, "/trials/?view=table&ordering=-start&page=1")
    links = re.findall(r'<th scope="col"[^>]*><a href="([^"]+)">([^<]+)<', text)
    assert links == [
        ("?ordering=title", "Trial"),
        ("?ordering=start", "Start"),
        ("?ordering=-enrollment", "Participants"),
        ("?ordering=-updated", "Updated"),
    ]
    assert re.findall(r'aria-sort="(\w+)"><a [^>]*>(\w+)', text) == [("descending", "Start")]


def test_the_words_of_a_search_are_marked_where_they_begin_a_word(client: Client) -> None:
    make_trial(title="Knee & knees, not akneed", title_zh="膝关节软骨")
    assert (
        "<mark>Knee</mark> &amp; <mark>knees</mark>, not akneed"
        in client.get("/trials/?q=knee").content.decode()
    )
    assert "膝<mark>关节</mark>软骨" in read(client, "/trials/?q=關節")


def test_the_twins_are_asked_the_question_alone(client: Client) -> None:
    for _ in range(3):
        make_trial(countries=("CN",))
    text = read(client, "/trials/?country=CN&page_size=2&page=2&view=table&lang=en")
    assert re.findall(r'<li><a href="([^"]+)">(CSV|JSON Lines|JSON|RIS|Atom)</a>', text) == [
        ("/trials.csv?country=CN", "CSV"),
        ("/trials.ndjson?country=CN", "JSON Lines"),
        ("/api/v1/trials/?country=CN", "JSON"),
        ("/trials.ris?country=CN", "RIS"),
        ("/trials.atom?country=CN", "Atom"),
    ]
    head = text[: text.index("</head>")]
    assert (
        '<link rel="alternate" type="text/csv" href="/trials.csv?country=CN" title="CSV">' in head
    )


def test_who_finds_nothing_can_wait_for_the_first_trial(client: Client) -> None:
    make_trial()
    text = read(client, "/trials/?status=COMPLETED&page_size=10")
    assert '<a href="/trials.atom?status=COMPLETED">Hear of the first trial that matches' in text


def make_everything() -> None:
    """A trial with a value of every facet."""
    make_trial(
        sources=("adipose",),
        indications=("knee-osteoarthritis",),
        products=("elixcyte",),
        donors=("allogeneic",),
        preparations=("expanded",),
        routes=("intra-articular",),
        documents=("list",),
        countries=("CN",),
        phases=("PHASE2",),
        sponsor=make_sponsor("beike", sponsor_class="INDUSTRY"),
        start_date="2016",
    )


LARGEST = 120 * 1024  # bytes of a page of 25 trials, before it is compressed


@pytest.mark.parametrize("view", ["cards", "table"])
def test_a_page_of_a_catalogue_with_many_values_stays_small(client: Client, view: str) -> None:
    fill_with_many_values()
    response = client.get("/trials/", {"view": view})
    text = response.content.decode()
    assert text.count('type="checkbox"') > 270
    assert len(numbers(text)) == 25
    assert len(response.content) < LARGEST


def fill_with_many_values() -> None:
    """As many sources, indications, countries … as a catalogue of this field may come to have."""
    sources = [f"source-of-cells-{n}" for n in range(30)]
    indications = [f"disease-of-a-joint-{n}" for n in range(70)]
    codes = [first + second for first in "ABCDEF" for second in "ABCDEFGHIJ"]
    for n in range(60):
        trial = make_trial(
            title=f"Efficacy and Safety of Stem Cells in Patients With Osteoarthritis, {n:02} " * 2,
            title_zh="干细胞治疗膝关节骨关节炎的有效性和安全性研究",
            sources=(sources[n % 30], sources[(n + 1) % 30]),
            indications=(indications[n], indications[(n + 10) % 70]),
            products=(f"product-with-a-name-{n % 40}",),
            donors=(("autologous", "allogeneic", "xenogeneic")[n % 3],),
            preparations=(("expanded", "minimally-manipulated", "cell-free")[n % 3],),
            routes=(("intra-articular", "intravenous")[n % 2],),
            documents=(f"a-document-of-a-clinic-{n % 8}",),
            countries=(codes[n],),
            phases=(("PHASE1", "PHASE2", "PHASE3", "PHASE4", "NA")[n % 5],),
            sponsor=make_sponsor(
                f"university-hospital-of-the-city-{n}", sponsor_class=("INDUSTRY", "OTHER")[n % 2]
            ),
            status=list(Status)[n % len(Status)],
            start_date=f"{1995 + n % 30}-03",
            enrollment_count=n,
            registry_as_of="2025-03-04",
        )
        make_publication(trial=trial)


@pytest.mark.parametrize("address", ["/", "/sponsors/"])
def test_a_search_from_another_page_opens_with_the_best_match(client: Client, address: str) -> None:
    make_trial("NCT00000002", title="Hip", conditions=["Knee pain"], last_updated="2026-02-01")
    make_trial("NCT00000001", title="Knee pain", last_updated="2026-01-01")
    assert '<input type="hidden" name="ordering" value="relevance">' in read(client, address)
    text = read(client, "/trials/?ordering=relevance&q=knee+pain")
    assert re.findall(r'class="number">(NCT\d+)', text) == ["NCT00000001", "NCT00000002"]
    assert read(client, "/trials/?ordering=relevance&q=").count("<article") == 2
