"""Trials side by side: the address and its spellings, other comparisons, and the ways to it."""

import re
from html import unescape
from typing import Any

import pytest
from django.test import Client

from catalog.pages.compare import LONGEST, MOST
from tests.builders import (
    make_document,
    make_fact,
    make_left_out,
    make_publication,
    make_sponsorship,
    make_trial,
)
from tests.queries import price
from trials.models import Trial
from trials.vocabulary import Basis, FactKind

pytestmark = pytest.mark.django_db

ONE, OTHER, THIRD = "NCT03166865", "NCT02118519", "SCT-0001"
BOTH = f"/compare/?trial={ONE}&trial={OTHER}"


def read(client: Client, address: str, status: int = 200) -> str:
    response = client.get(address)
    assert response.status_code == status
    return unescape(response.content.decode())


def heads(text: str) -> list[str]:
    """The numbers of the columns."""
    return re.findall(r'<th scope="col".*?class="number">([^<]+)<', text, re.DOTALL)


def rows(text: str) -> dict[str, tuple[bool, list[str]]]:
    """Each question: whether the trials differ, and the words of each cell."""
    found = {}
    for differs, asked, cells in re.findall(
        r'<tr role="row" class="(differs|same)">.*?compare__asked">(.*?)</span>.*?</th>(.*?)</tr>',
        text,
        re.DOTALL,
    ):
        parts = re.split(r'<span class="compare__whose.*?</span>', cells)[1:]
        words = [" ".join(re.sub(r"<[^>]*>", " ", part).split()) for part in parts]
        title = " ".join(re.sub(r"<[^>]*>", " ", asked).split())
        found[title] = (differs == "differs", words)
    return found


def make_both(one: dict[str, Any] | None = None, other: dict[str, Any] | None = None) -> None:
    make_trial(ONE, **(one or {}))
    make_trial(OTHER, **(other or {}))


# --- The address


def test_the_columns_are_in_the_order_of_the_address(client: Client) -> None:
    make_both()
    assert heads(read(client, BOTH)) == [ONE, OTHER]
    assert heads(read(client, f"/compare/?trial={OTHER}&trial={ONE}")) == [OTHER, ONE]


@pytest.mark.parametrize(
    "asked",
    [
        "trial=nct3166865&trial=NCT02118519",
        "trial=NCT00000042&trial=NCT02118519",
        "trial=NCT03166865&trial=&trial=NCT02118519",
        "trial=NCT03166865&trial=NCT02118519&trial=NCT03166865",
        "trial=NCT03166865&trial=NCT02118519&trial=NCT00000042",
        "trial=NCT03166865,+NCT+02118519",
        "trial=3166865%0D%0A02118519",
        "trial=https://clinicaltrials.gov/study/NCT03166865%0Anct-2118519;",
        "trial=NCT03166865+and+2118519",
        "trial=NCT03166865%E4%B8%8ENCT02118519",  # 与
        "trial=%EF%BB%BF%E2%80%9CNCT03166865%E2%80%9D+%26+(NCT02118519)%E2%80%8B",  # “ ” and BOM
        "trial=%E2%80%A2+NCT03166865%0A%E2%80%A2+NCT02118519",  # •
    ],
)
def test_every_spelling_and_older_number_leads_to_the_one_address(
    client: Client, asked: str
) -> None:
    make_both({"aliases": ("NCT00000042",)})
    response = client.get(f"/compare/?{asked}")
    assert (response.status_code, response["Location"]) == (301, BOTH)


def test_the_one_address_keeps_what_else_was_asked(client: Client) -> None:
    make_both()
    response = client.get(f"/compare/?lang=en&rows=different&trial={ONE}%20{OTHER}")
    assert response["Location"] == f"{BOTH}&rows=different&lang=en"


def test_a_number_of_no_trial_is_said_and_the_others_are_compared(client: Client) -> None:
    make_both()
    text = read(client, f"{BOTH}&trial=NCT99999999", status=404)
    assert heads(text) == [ONE, OTHER]
    banner = text[text.index('class="banner"') : text.index("<table")]
    assert "https://clinicaltrials.gov/study/NCT99999999" in banner


def test_a_number_that_was_left_out_is_said_with_the_reason(client: Client) -> None:
    make_both()
    make_left_out("NCT00000077", "background")
    text = read(client, f"{BOTH}&trial=nct77", status=404)
    assert re.search(r"NCT00000077</span> The registry has it.*Cells named, but none given", text)
    assert '<a href="/about/coverage/?q=NCT00000077#left-out">' in text


def test_a_trial_that_the_catalogue_does_not_show_is_not_compared(client: Client) -> None:
    make_trial(ONE)
    make_trial(OTHER, screening="excluded", title="Secret")
    assert "Secret" not in read(client, BOTH, status=404)


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("trial=rubbish", "“rubbish” is no trial of the catalogue"),
        ("trial=nct2118519+or+rubbish", "“or rubbish” is no trial of the catalogue"),
        ("trial=%00", "A value cannot hold the character NUL."),
        ("trial=NCT1%00", "A value cannot hold the character NUL."),
        ("trial=%26", "“&” is no trial of the catalogue"),
        (f"trial={'a' * (LONGEST + 1)}", f"at most {LONGEST} letters"),
        ("trail=NCT03166865", "There is no parameter “trail”. Did you mean “trial”?"),
        ("rows=diferent", "Did you mean “different”?"),
        ("rows=all&rows=different", "“rows” takes one value"),
    ],
)
def test_what_is_not_understood_is_said_and_the_rest_is_compared(
    client: Client, asked: str, said: str
) -> None:
    make_both()
    text = read(client, f"{BOTH}&{asked}", status=400)
    assert said in text
    assert "\x00" not in text
    assert heads(text) == [ONE, OTHER]


def test_more_trials_than_a_window_holds_are_said_and_the_first_are_compared(
    client: Client,
) -> None:
    numbers = [make_trial().number for _ in range(MOST + 2)]
    text = read(client, f"/compare/?trial={'+'.join(numbers)}", status=400)
    assert "A comparison has at most 6 trials; 8 were given. The first are shown." in text
    assert heads(text) == numbers[:MOST]
    text = read(client, "/compare/?" + "&".join(f"trial={n}" for n in numbers[:MOST]))
    assert heads(text) == numbers[:MOST]


def test_a_question_without_end_is_refused(client: Client) -> None:
    text = read(client, f"/compare/?{'&'.join(f'trial=NCT{n:08}' for n in range(1, 200))}", 400)
    assert "A question has at most 100 values." in text


def test_words_in_an_address_are_never_html(client: Client) -> None:
    make_both({"title": "<b>Bold</b>", "why_stopped": "<i>x</i>"})
    response = client.get(f"{BOTH}&trial=<script>alert(1)</script>&<script>=1")
    text = response.content.decode()
    assert "<script>alert" not in text
    assert "&lt;b&gt;Bold&lt;/b&gt;" in text
    assert "<i>x</i>" not in text


def test_a_comparison_has_an_address_of_its_own_and_is_no_page_for_search_engines(
    client: Client,
) -> None:
    make_both()
    text = read(client, BOTH)
    assert f"<title>{ONE}, {OTHER} side by side" in text
    assert f'<link rel="canonical" href="http://127.0.0.1:8000{BOTH}">' in text
    assert '<meta name="robots" content="noindex">' in text
    assert 'content="noindex"' not in read(client, "/compare/")


def test_a_browser_may_ask_for_the_head_alone(client: Client) -> None:
    make_both()
    assert client.head(BOTH).status_code == 200


# --- The beginning


def test_without_a_trial_there_is_a_form_and_ways_on(client: Client) -> None:
    text = read(client, "/compare/")
    assert "<table" not in text
    assert '<textarea id="trial" name="trial"' in text
    assert '<a href="/trials/">The list of trials</a>' in text


def test_what_was_pasted_stays_to_be_corrected(client: Client) -> None:
    text = client.get("/compare/?trial=NCT316%0A</textarea>%00").content.decode()
    assert ">NCT316\n&lt;/textarea&gt;</textarea>" in text


def test_one_trial_takes_another_and_those_like_it_are_offered(client: Client) -> None:
    alike = {"sources": ("adipose",), "indications": ("knee-osteoarthritis",)}
    make_both({**alike, "title": "Fat"}, alike)
    text = read(client, f"/compare/?trial={ONE}")
    assert "<table" not in text
    assert '<a href="/trials/NCT03166865/">Fat</a>' in text
    assert f'<input type="hidden" name="trial" value="{ONE}">' in text
    assert f'href="{BOTH}"' in text


# --- Other comparisons


def test_each_trial_can_be_taken_away_or_moved(client: Client) -> None:
    make_both()
    make_trial(THIRD)
    text = read(client, f"{BOTH}&trial={THIRD}&rows=different")
    tools = re.findall(r'<span class="compare__tools">(.*?)\n', text)

    def to(*numbers: str) -> str:
        return "/compare/?" + "&".join(f"trial={n}" for n in numbers) + "&rows=different"

    assert [re.findall(r'href="([^"]+)"', one) for one in tools] == [
        [to(OTHER, ONE, THIRD), to(OTHER, THIRD)],
        [to(OTHER, ONE, THIRD), to(ONE, THIRD, OTHER), to(ONE, THIRD)],
        [to(ONE, THIRD, OTHER), to(ONE, OTHER)],
    ]


def test_one_more_is_added_by_a_form_until_there_are_six(client: Client) -> None:
    make_both()
    text = read(client, f"{BOTH}&rows=different")
    form = text[text.index('<form class="add"') :].partition("</form>")[0]
    assert re.findall(r'name="(\w+)" value="([^"]*)"', form) == [
        ("trial", ONE), ("trial", OTHER), ("rows", "different"),
    ]  # fmt: skip
    numbers = [ONE, OTHER, *(make_trial().number for _ in range(MOST - 2))]
    text = read(client, "/compare/?" + "&".join(f"trial={n}" for n in numbers))
    assert '<form class="add"' not in text
    assert "at most 6 trials: remove one to add another" in text


# --- The ways to it


def test_a_trials_page_leads_to_a_comparison_with_each_similar_trial(client: Client) -> None:
    alike = {"sources": ("adipose",), "indications": ("knee-osteoarthritis",)}
    make_both({**alike, "last_updated": "2026-01-01"}, {**alike, "last_updated": "2026-01-02"})
    third = make_trial(THIRD, **alike)
    text = read(client, third.get_absolute_url())
    assert re.findall(r'href="(/compare/[^"]+)"', text) == [
        f"/compare/?trial={THIRD}",
        f"/compare/?trial={THIRD}&trial={OTHER}",
        f"/compare/?trial={THIRD}&trial={ONE}",
        f"/compare/?trial={THIRD}&trial={OTHER}&trial={ONE}",
    ]


@pytest.mark.parametrize("view", ["cards", "table"])
def test_each_trial_of_the_list_can_be_ticked_for_a_form_of_its_own(
    client: Client, view: str
) -> None:
    make_both()
    text = read(client, f"/trials/?view={view}&ordering=title")
    boxes = re.findall(r'type="checkbox" name="trial" value="([^"]+)" form="chosen"', text)
    assert boxes == [OTHER, ONE]
    assert '<form class="chosen" id="chosen" action="/compare/">' in text
    assert text.index("</form>") < text.index('<form class="chosen"')


@pytest.mark.parametrize("address", ["/countries/CN/", "/trials/?country=TW"])
def test_a_list_without_that_form_has_no_boxes_for_it(client: Client, address: str) -> None:
    make_trial(countries=("CN",))
    text = read(client, address)
    assert 'name="trial"' not in text
    assert 'class="chosen"' not in text


@pytest.mark.parametrize("count", [2, MOST])
@pytest.mark.django_db(transaction=True)
def test_a_comparison_costs_the_same_queries_for_any_number_of_trials(
    client: Client, count: int
) -> None:
    numbers = [make_full(n).number for n in range(count)]
    address = "/compare/?" + "&".join(f"trial={number}" for number in numbers)
    assert price(client, address) == 15
    assert price(client, f"{address}&rows=different") == 15


def make_full(n: int) -> Trial:
    """A trial with several of everything that is compared."""
    trial = make_trial(
        sponsor=f"sponsor-{n}",
        countries=("CN", "TW"),
        phases=("PHASE1", "PHASE2"),
        sources=("adipose", f"source-{n}"),
        indications=("knee-osteoarthritis", f"indication-{n}"),
        products=("elixcyte", f"product-{n}"),
        donors=("allogeneic",),
        aliases=(f"NCT{2_000_000 + n:08d}",),
    )
    make_fact(trial, FactKind.ROUTE, "intravenous", basis=Basis.CURATOR)
    make_fact(
        trial, FactKind.ROUTE, "topical", basis=Basis.DOCUMENT, document=make_document(f"list-{n}")
    )
    make_sponsorship(trial, f"partner-{n}", role="collaborator")
    for position in range(2):
        arm = trial.arms.create(position=position, label=f"Arm {position}")
        trial.interventions.create(position=position, name=f"Cells {position}").arms.set([arm])
        trial.outcomes.create(position=position, kind="primary", measure=f"Pain {position}")
        trial.references.create(position=position, citation=f"Li {position}")
        make_publication(trial=trial)
    return trial
