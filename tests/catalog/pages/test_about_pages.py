"""The pages of what is covered and of how facts are read, and the quotes on a trial's page."""

import re
from html import unescape

import pytest
from django.test import Client

from tests.builders import make_fact, make_harvested, make_left_out, make_term, make_trial
from trials.extraction.examples import own_scores
from trials.extraction.measured import measured
from trials.extraction.tables import lexicon
from trials.lexicon import words_in_use
from trials.models import HarvestQuery
from trials.vocabulary import Basis, FactKind

pytestmark = pytest.mark.django_db


def read(client: Client, address: str, status: int = 200, **params: str) -> str:
    response = client.get(address, params)
    assert response.status_code == status
    return unescape(response.content.decode())


def test_what_was_left_out_is_listed_with_the_reason(client: Client) -> None:
    make_left_out("NCT00000007", "background", title="Cells of the knee")
    text = read(client, "/about/coverage/")
    assert 'href="https://clinicaltrials.gov/study/NCT00000007"' in text
    for words in ("Cells of the knee", "1 study", "“MSC” (condition 1) named, but none given"):
        assert words in text


def test_that_no_cells_are_named_is_said_once(client: Client) -> None:
    make_left_out(rule="no-cells", screening_reason="no cells or cell product named")
    text = read(client, "/about/coverage/")
    assert "No cells named in titles, arms or interventions" in text
    assert "no cells or cell product named" not in text


def test_the_registrys_own_total_stands_beside_what_came(client: Client) -> None:
    query = HarvestQuery.objects.create(name="spine", term="disc AND cells")
    make_harvested(query, make_left_out().registry_id, expected=1)
    text = read(client, "/about/coverage/")
    assert "<code>disc AND cells</code>" in text
    cells = re.findall(r'<td class="figure">([^<]*)</td>', text)
    assert cells[:5] == ["1", "1", "0", "1", "0"]


def test_a_query_that_was_never_asked_has_no_empty_columns(client: Client) -> None:
    HarvestQuery.objects.create(name="spine", term="disc AND cells")
    assert "Registry’s total" not in read(client, "/about/coverage/")
    knee = HarvestQuery.objects.create(name="knee", term="knee")
    make_harvested(knee, make_left_out().registry_id)
    text = read(client, "/about/coverage/")
    assert "Registry’s total" in text
    assert "not asked yet, as it is worded now" in text


def test_markup_in_a_record_is_text(client: Client) -> None:
    make_left_out(title="<script>alert(1)</script>", screening_reason="<b>(conditions[0])</b>")
    text = client.get("/about/coverage/").content.decode()
    assert "<script>" not in text
    assert "<b>" not in text


@pytest.mark.parametrize(
    ("params", "status"),
    [
        ({"reason": "backgroud"}, 400),
        ({"q": "x" * 201}, 400),
        ({"q": "\x00"}, 400),
        ({"page": "2"}, 404),
        ({"reason": "background", "q": "knee"}, 200),
        ({"reason": "", "q": ""}, 200),
    ],
)
def test_a_question_is_understood_or_refused(
    client: Client, params: dict[str, str], status: int
) -> None:
    make_left_out()
    read(client, "/about/coverage/", status, **params)


def test_pages_of_the_list_keep_the_question_and_the_place(client: Client) -> None:
    for _ in range(51):
        make_left_out(title="A knee")
    text = read(client, "/about/coverage/", q="knee")
    assert 'rel="next" href="?q=knee&page=2#left-out"' in text


@pytest.mark.parametrize(
    ("language", "words"), [("en", "How the facts are read"), ("zh-hans", "事实是怎样读出来的")]
)
def test_the_method_is_told_in_both_languages_with_its_scores(
    client: Client, language: str, words: str
) -> None:
    text = read(client, "/about/method/", lang=language)
    assert f"<h1>{words}</h1>" in text
    source = own_scores().evaluation.scores["sources"].as_json()
    unseen = measured()
    for share in (
        *(source["precision"], source["recall"]),
        *(unseen.precision["sources"], unseen.recall["sources"]),
    ):
        assert f'<td class="figure">{100 * share:.1f} %</td>' in text
    for date in (own_scores().labelled, measured().day):
        assert f'datetime="{date:%Y-%m-%d}"' in text
    assert f"<code>{lexicon().version}</code>" in text


def test_the_method_names_the_lists_with_what_editors_added(client: Client) -> None:
    make_term("golden drops")
    text = read(client, "/about/method/")
    # The scores beside it may be those of the very lists that the files have.
    assert f"word lists: version <code>{words_in_use().version}</code>" in text
    assert words_in_use().version != lexicon().version


def test_a_quote_is_marked_in_its_sentence(client: Client) -> None:
    trial = make_trial(
        brief_summary="We do this. Cells of <i>bone marrow</i> are given. Then that."
    )
    make_fact(
        trial,
        FactKind.CELL_SOURCE,
        "bone-marrow",
        basis=Basis.RULE,
        rule="cell_source-phrase-2@0123abcd",
        quote="bone marrow",
        place="briefSummary",
    )
    text = client.get(trial.get_absolute_url()).content.decode()
    sentence = "Cells of &lt;i&gt;<mark>bone marrow</mark>&lt;/i&gt; are given."
    assert f'<blockquote lang="en">{sentence}</blockquote>' in text
    assert "cell_source-phrase-2@0123abcd" in text
    assert f'<a href="https://clinicaltrials.gov/study/{trial.number}" rel="noopener">' in text


def test_the_strip_says_how_much_is_stated(client: Client) -> None:
    trial = make_trial(donors=("autologous",), routes=("intra-articular",))
    make_fact(trial, FactKind.CELL_SOURCE)  # "not stated"
    make_fact(trial, FactKind.PREPARATION, "expanded", role="comparator")  # the control's alone
    assert "2 of 5 stated" in read(client, trial.get_absolute_url())


def test_the_page_of_a_trial_that_was_left_out_says_why(client: Client) -> None:
    make_left_out("NCT00000007", "background")
    text = read(client, "/trials/NCT00000007/", 404)
    assert "Cells named, but none given" in text
    assert "“MSC” (condition 1) named, but none given" in text
    assert 'href="/about/coverage/?q=NCT00000007#left-out"' in text
