"""What no reader wrote: texts, titles and lists of sites without end, and addresses not whole."""

from time import perf_counter

import pytest
from django.test import Client

from catalog.templatetags.registry_text import LONGEST_MARKDOWN, LONGEST_SHOWN, registry_text
from catalog.titles import LONGEST, short_title
from tests.builders import make_country, make_document, make_mention, make_publication, make_trial
from trials.models import Site

RECORD = "https://clinicaltrials.gov/study/NCT00000001"


@pytest.mark.parametrize(
    "address",
    [
        "//evil.example",
        "/admin/",
        "admin",
        "#top",
        "mailto:ann@example.org",
        "javascript:x",
        "data:text/html,x",
        "ftp://example.org",
        "https:evil.example",
        "https:///evil.example",
        "http:\\\\evil.example",
    ],
)
def test_an_address_that_is_not_whole_is_no_link(address: str) -> None:
    shown = registry_text(f"[z]({address}) and <{address}>")

    assert "<a" not in shown


@pytest.mark.parametrize("address", ["http://example.org", "HTTPS://example.org/a?b=1"])
def test_a_whole_web_address_is_a_link(address: str) -> None:
    assert registry_text(f"[z]({address})") == (
        f'<p><a href="{address}" rel="nofollow noopener">z</a></p>\n'
    )


def test_a_very_long_text_is_plain_paragraphs() -> None:
    long = "*a* <b>\n\n" * (LONGEST_MARKDOWN // 9 + 1)

    assert registry_text(long).count("<p>*a* &lt;b&gt;</p>") == LONGEST_MARKDOWN // 9 + 1


def test_a_text_that_readers_wrote_keeps_its_markdown() -> None:
    assert registry_text("*a*" + "a" * (LONGEST_MARKDOWN - 3)).startswith("<p><em>a</em>")


def test_a_text_without_end_is_cut_and_says_where_the_rest_is() -> None:
    shown = registry_text("a" * 5_000_000, RECORD)

    assert shown == (
        f"<p>{'a' * LONGEST_SHOWN}</p>"
        "<p><strong>The first 300,000 of 5,000,000 characters are shown.</strong>"
        f' <a href="{RECORD}" rel="noopener">The whole text is in the registry’s record.</a></p>'
    )


def test_a_cut_text_of_a_trial_without_a_record_names_none() -> None:
    assert registry_text("a" * (LONGEST_SHOWN + 1)).endswith(
        "<p><strong>The first 300,000 of 300,001 characters are shown.</strong></p>"
    )


@pytest.mark.parametrize("sign", ["* _ [ ", "[", "<", "\n\n", "a@b.de "])
def test_a_text_made_to_be_slow_takes_a_moment(sign: str) -> None:
    began = perf_counter()

    registry_text(sign * (5_000_000 // len(sign)))

    assert perf_counter() - began < 3


@pytest.mark.django_db
def test_a_trials_page_says_where_a_cut_text_is_whole(client: Client) -> None:
    trial = make_trial("NCT00000001", brief_summary="a" * (LONGEST_SHOWN + 1))

    text = client.get(trial.get_absolute_url()).content.decode()

    assert f'<a href="{RECORD}" rel="noopener">The whole text is in' in text


def test_a_title_of_the_registrys_length_is_whole() -> None:
    assert short_title("a" * LONGEST) == "a" * LONGEST


def test_a_longer_title_ends_in_an_ellipsis() -> None:
    assert short_title("a" * LONGEST + "b") == "a" * (LONGEST - 1) + "…"


@pytest.mark.django_db
@pytest.mark.parametrize(
    "address",
    [
        "/",
        "/trials/",
        "/countries/CN/",
        "/documents/list/",
        "/publications/paper/",
        "/api/v1/trials/",
        "/api/v1/documents/list/",
    ],
)
def test_a_list_cuts_titles_without_end(client: Client, address: str) -> None:
    long = {"title": "a" * 5000, "title_zh": "细" * 5000, "official_title": "b" * 5000}
    trial = make_trial(countries=("CN",), **long)
    make_mention(trial, make_document("list"))
    make_publication("paper", trial)

    text = client.get(address).content.decode()

    assert "a" * 299 + "…" in text
    assert not any(letter * 300 in text for letter in "a细b")


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/trials/NCT00000001/", "/api/v1/trials/NCT00000001/"])
def test_a_trials_own_address_has_its_titles_whole(client: Client, address: str) -> None:
    titles = {"title": "a" * 5000, "title_zh": "细" * 5000, "official_title": "b" * 5000}
    make_trial("NCT00000001", **titles)

    text = client.get(address).content.decode()

    assert all(title in text for title in titles.values())


def make_sites(count: int) -> None:
    trial = make_trial("NCT00000001")
    codes = [make_country(code) for code in ("CN", "TW")]
    Site.objects.bulk_create(
        Site(trial=trial, position=n, country=codes[n % 2], city=f"City {n}.") for n in range(count)
    )


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("count", "more"), [(201, "1 more site is"), (1400, "1,200 more sites are")]
)
def test_a_trials_page_lists_200_sites_and_counts_the_others(
    client: Client, count: int, more: str
) -> None:
    make_sites(count)

    text = client.get("/trials/NCT00000001/").content.decode()

    assert (text.count("City "), "City 199." in text) == (200, True)
    assert f'{more} not listed here.</strong> <a href="{RECORD}"' in text


@pytest.mark.django_db
def test_200_sites_are_all_there_are_and_nothing_is_said(client: Client) -> None:
    make_sites(200)

    assert "not listed here" not in client.get("/trials/NCT00000001/").content.decode()
